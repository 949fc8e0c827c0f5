// Package savedviewdb is the SQL of saved views.
package savedviewdb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/savedview"
)

// Rows implements savedview.Rows.
type Rows struct{}

const columns = `id, member_id, screen, name, query, shared, created_at`

func scan(r interface{ Scan(...any) error }) (v savedview.View, err error) {
	var created database.Instant
	err = r.Scan(&v.ID, &v.MemberID, &v.Screen, &v.Name, &v.Query, &v.Shared, &created)
	v.CreatedAt = created.Time
	return v, err
}

// Visible returns a member's own views of a screen and the shared ones.
func (Rows) Visible(ctx context.Context, tx database.Tx, tenant, member, screen string) ([]savedview.View, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM saved_view WHERE tenant_id = $1 AND screen = $2 AND (member_id = $3 OR shared = $4) ORDER BY name, id LIMIT 500`, tenant, screen, member, true)
	return database.All(rows, err, func(r *sql.Rows) (savedview.View, error) { return scan(r) })
}

// Holding returns the views of anybody whose question has a text in it.
func (Rows) Holding(ctx context.Context, tx database.Tx, tenant, text string) ([]savedview.View, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM saved_view WHERE tenant_id = $1 AND query LIKE $2 ESCAPE '!' LIMIT 5000`,
		tenant, database.Containing(text))
	return database.All(rows, err, func(r *sql.Rows) (savedview.View, error) { return scan(r) })
}

func (Rows) CountOf(ctx context.Context, tx database.Tx, tenant, member string) (n int, err error) {
	return n, tx.QueryRow(ctx, `SELECT count(*) FROM saved_view WHERE tenant_id = $1 AND member_id = $2`, tenant, member).Scan(&n)
}

func (Rows) Get(ctx context.Context, tx database.Tx, tenant, id string) (savedview.View, error) {
	v, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM saved_view WHERE tenant_id = $1 AND id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return v, savedview.ErrUnknown
	}
	return v, err
}

func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, v savedview.View) error {
	_, err := tx.Exec(ctx, `INSERT INTO saved_view (tenant_id, id, member_id, screen, name, query, shared, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, v.ID, v.MemberID, v.Screen, v.Name, v.Query, v.Shared, v.CreatedAt)
	return err
}

func (Rows) Rename(ctx context.Context, tx database.Tx, tenant, id, name string) error {
	_, err := tx.Exec(ctx, `UPDATE saved_view SET name = $3 WHERE tenant_id = $1 AND id = $2`, tenant, id, name)
	return err
}

func (Rows) Delete(ctx context.Context, tx database.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM saved_view WHERE tenant_id = $1 AND id = $2`, tenant, id)
	return err
}
