package guidancedb

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/guidance"
)

// Rules reads what a company said of its guidance; with version 0 it said nothing.
func (Rows) Rules(ctx context.Context, tx database.Tx, tenant string) (r guidance.Rules, err error) {
	err = tx.QueryRow(ctx, `SELECT limit_hours, version FROM guidance_rule WHERE tenant_id = $1`, tenant).Scan(&r.LimitHours, &r.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	} else if err != nil {
		return r, err
	}
	rows, err := tx.Query(ctx, `SELECT team_id, per_week FROM guidance_cadence WHERE tenant_id = $1 ORDER BY team_id`, tenant)
	r.Cadences, err = database.All(rows, err, func(x *sql.Rows) (c guidance.Cadence, err error) { return c, x.Scan(&c.TeamID, &c.PerWeek) })
	return r, err
}

// SetRules writes it whole.
func (Rows) SetRules(ctx context.Context, tx database.Tx, tenant string, r guidance.Rules) error {
	_, err := tx.Exec(ctx, `INSERT INTO guidance_rule (tenant_id, limit_hours, version) VALUES ($1,$2,$3)
		ON CONFLICT (tenant_id) DO UPDATE SET limit_hours = excluded.limit_hours, version = excluded.version`, tenant, r.LimitHours, r.Version)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM guidance_cadence WHERE tenant_id = $1`, tenant)
	}
	if err != nil || len(r.Cadences) == 0 {
		return err
	}
	var rows [][]any
	for _, c := range r.Cadences {
		rows = append(rows, []any{tenant, c.TeamID, c.PerWeek})
	}
	return tx.InsertMany(ctx, "guidance_cadence", "tenant_id, team_id, per_week", "", rows)
}
