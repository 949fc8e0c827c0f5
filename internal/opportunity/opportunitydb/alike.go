package opportunitydb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/scopedb"
)

// WonLike looks at the last deals that were won: those closed last are found by their index, whoever's they are.
func (Rows) WonLike(ctx context.Context, tx database.Tx, tenant, id string, since calendar.Date, limit int) ([]opportunity.Winner, error) {
	rows, err := tx.Query(ctx, `SELECT w.owner_id, count(*) FROM (SELECT o.id, o.owner_id, o.account_id FROM opportunity o
			WHERE o.tenant_id = $1 AND o.state = 'won' AND o.closed_on >= $3 AND o.deleted_at IS NULL AND o.owner_id IS NOT NULL AND o.id <> $2
			ORDER BY o.closed_on DESC, o.id DESC LIMIT 2000) w
		WHERE EXISTS (SELECT 1 FROM opportunity x WHERE x.tenant_id = $1 AND x.id = $2 AND `+scopedb.SameIndustry("x.tenant_id", "x.account_id", "w.account_id")+`)
			OR EXISTS (SELECT 1 FROM opportunity_line xl JOIN opportunity_line wl ON wl.tenant_id = xl.tenant_id AND wl.opportunity_id = w.id
				AND wl.product_line_id = xl.product_line_id WHERE xl.tenant_id = $1 AND xl.opportunity_id = $2)
		GROUP BY w.owner_id ORDER BY 2 DESC, 1 LIMIT $4`, tenant, id, string(since), limit)
	return database.All(rows, err, func(r *sql.Rows) (x opportunity.Winner, err error) {
		err = r.Scan(&x.MemberID, &x.Won)
		return x, err
	})
}
