// Package creditdb is the SQL of credit lines.
package creditdb

import (
	"context"
	"database/sql"

	"yunchou/internal/credit"
	"yunchou/internal/database"
)

// Rows implements credit.Rows.
type Rows struct{}

const columns = `id, fact_id, stay_id, outcome, member_id, team_id, position_id, kind, product_line_id, share_bp, amount_minor,
	currency, credited_on, seq, reverses, reversal, basis`

// Insert writes lines.
func (Rows) Insert(ctx context.Context, tx database.Tx, tenant string, lines []credit.Line) error {
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{tenant, "win", l.ID, l.FactID, database.Null(l.StayID), l.Outcome, l.MemberID, database.Null(l.TeamID),
			database.Null(l.PositionID), l.Kind, database.Null(l.ProductLineID), l.ShareBP, l.AmountMinor, l.Currency, database.Null(l.On),
			l.Seq, database.Null(l.Reverses), database.Null(l.Reversal), database.Null(l.Basis)}
	}
	return tx.InsertMany(ctx, "credit_line", "tenant_id, fact_kind, "+columns, "", rows)
}

// Of reads the lines of some records.
func (Rows) Of(ctx context.Context, tx database.Tx, tenant string, facts []string) ([]credit.Line, error) {
	if err := tx.Settle(ctx, "credit_line"); err != nil {
		return nil, err
	}
	args := &database.Args{}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM credit_line WHERE tenant_id = `+args.Add(tenant)+` AND fact_id IN `+
		database.In(args, facts)+` ORDER BY seq, id`, args.Values...)
	return database.All(rows, err, func(r *sql.Rows) (l credit.Line, err error) {
		return l, r.Scan(&l.ID, &l.FactID, database.Into(&l.StayID), &l.Outcome, &l.MemberID, database.Into(&l.TeamID),
			database.Into(&l.PositionID), &l.Kind, database.Into(&l.ProductLineID), &l.ShareBP, &l.AmountMinor, &l.Currency,
			database.Into(&l.On), &l.Seq, database.Into(&l.Reverses), database.Into(&l.Reversal), database.Into(&l.Basis))
	})
}
