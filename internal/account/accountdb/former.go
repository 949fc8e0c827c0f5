package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/database"
)

// Left are the last to leave an account who are not there again, once each.
func (Rows) Left(ctx context.Context, tx database.Tx, tenant, id string) ([]account.Former, error) {
	rows, err := tx.Query(ctx, `SELECT c.id, c.name, e.title, e.to_on, CASE WHEN c.gone_on IS NULL THEN c.account_id END, CASE WHEN c.gone_on IS NULL THEN c.title ELSE '' END,
			COALESCE((SELECT ca.name FROM account ca WHERE ca.tenant_id = c.tenant_id AND ca.id = c.account_id AND c.gone_on IS NULL), '')
		FROM employment e JOIN contact c ON c.tenant_id = e.tenant_id AND c.id = e.contact_id
		WHERE e.tenant_id = $1 AND e.account_id = $2 AND e.to_on IS NOT NULL AND c.deleted_at IS NULL AND (c.account_id IS DISTINCT FROM $2 OR c.gone_on IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM employment l WHERE l.tenant_id = e.tenant_id AND l.contact_id = e.contact_id AND l.account_id = e.account_id
			AND l.to_on IS NOT NULL AND (l.to_on, l.id) > (e.to_on, e.id))
		ORDER BY e.to_on DESC, e.id DESC LIMIT 100`, tenant, id)
	return database.All(rows, err, func(r *sql.Rows) (f account.Former, err error) {
		return f, r.Scan(&f.ID, &f.Name, &f.Title, database.Into(&f.To), database.Into(&f.NowAccountID), &f.NowTitle, &f.NowAccount)
	})
}
