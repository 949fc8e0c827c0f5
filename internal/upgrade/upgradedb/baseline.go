package upgradedb

import (
	"context"
	"database/sql"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// IDs reads a run of the ids of a kind's own table.
func (Rows) IDs(ctx context.Context, tx database.Tx, company string, p upgrade.Part, after string, limit int) ([]string, error) {
	column := "tenant_id"
	if p.Table == "tenant" {
		column = "id"
	}
	rows, err := tx.Query(ctx, `SELECT `+p.Key+` FROM `+p.Table+` WHERE `+column+` = $1 AND `+p.Key+` > $2 ORDER BY `+p.Key+` LIMIT $3`, company, after, limit)
	return database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// Columns are the columns of a table that a baseline has, in their order.
func (Rows) Columns(ctx context.Context, tx database.Tx, table string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range all {
		if c != "tenant_id" && !upgrade.Texts[c] && !upgrade.Texts[table+"."+c] {
			out = append(out, c)
		}
	}
	return out, rows.Err()
}

// Part reads the rows of a part that belong to some records.
func (r Rows) Part(ctx context.Context, tx database.Tx, company, kind string, p upgrade.Part, ids []string) ([]upgrade.Row, error) {
	columns, err := r.Columns(ctx, tx, p.Table)
	if err != nil {
		return nil, err
	}
	args := &database.Args{}
	where := p.Key + " IN " + database.In(args, ids)
	if p.Table != "tenant" && p.Key != "tenant_id" {
		where = "tenant_id = " + args.Add(company) + " AND " + where
	}
	if p.Kind != "" {
		where += " AND " + p.Kind + " = " + args.Add(kind)
	}
	rows, err := tx.Query(ctx, `SELECT `+p.Key+`, `+strings.Join(columns, ", ")+` FROM `+p.Table+` WHERE `+where+` ORDER BY `+p.Key, args.Values...)
	return database.All(rows, err, func(row *sql.Rows) (out upgrade.Row, err error) {
		out.Values = make([]any, len(columns))
		into := []any{&out.ID}
		for i := range out.Values {
			into = append(into, &out.Values[i])
		}
		err = row.Scan(into...)
		return out, err
	})
}
