package upgradedb

import (
	"context"
	"database/sql"

	"yunchou/internal/database"
	"yunchou/internal/pinyin"
	"yunchou/internal/upgrade"
)

// Unspelt lists names of a table whose readings were not looked up yet.
func (Rows) Unspelt(ctx context.Context, tx database.Tx, table string, limit int) ([]upgrade.Name, error) {
	rows, err := tx.Query(ctx, `SELECT tenant_id, id, name FROM `+table+` WHERE spelled IS NULL ORDER BY tenant_id, id LIMIT $1`, limit)
	return database.All(rows, err, func(r *sql.Rows) (n upgrade.Name, err error) { return n, r.Scan(&n.TenantID, &n.ID, &n.Name) })
}

// Spell keeps the readings of a name.
func (Rows) Spell(ctx context.Context, tx database.Tx, table string, n upgrade.Name) error {
	spelled := pinyin.SpelledOf(n.Name)
	_, err := tx.Exec(ctx, `UPDATE `+table+` SET pinyin = $3, initials = $4, spelled = $5 WHERE tenant_id = $1 AND id = $2`,
		n.TenantID, n.ID, spelled.Full, spelled.Initials, spelled.Others)
	return err
}
