package accountdb

import (
	"context"
	"database/sql"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

func (Rows) Experts(ctx context.Context, tx database.Tx, tenant string, on calendar.Date) ([]account.Expert, error) {
	rows, err := tx.Query(ctx, `SELECT product_line_id, member_id, from_on FROM product_expert
		WHERE tenant_id = $1 AND from_on <= $2 AND (to_on IS NULL OR to_on > $2) ORDER BY product_line_id, from_on, member_id LIMIT 5000`, tenant, string(on))
	return database.All(rows, err, func(r *sql.Rows) (x account.Expert, err error) {
		return x, r.Scan(&x.ProductLineID, &x.MemberID, &x.From)
	})
}

func (Rows) AddExpert(ctx context.Context, tx database.Tx, tenant string, x account.Expert) error {
	_, err := tx.Exec(ctx, `INSERT INTO product_expert (tenant_id, product_line_id, member_id, from_on) VALUES ($1,$2,$3,$4)
		ON CONFLICT (tenant_id, product_line_id, member_id, from_on) DO UPDATE SET to_on = NULL`, tenant, x.ProductLineID, x.MemberID, string(x.From))
	return err
}

func (Rows) EndExpert(ctx context.Context, tx database.Tx, tenant, product, member string, on calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE product_expert SET to_on = $4 WHERE tenant_id = $1 AND product_line_id = $2 AND member_id = $3 AND to_on IS NULL`,
		tenant, product, member, string(on))
	return err
}
