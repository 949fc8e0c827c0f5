// Package funneldb answers funnel questions in SQL, over the facts docs/facts.md defines:
// stays, dated values, ownership, credit lines and rates, each with the day it holds from
// and the entries that wrote and ended it. It is slow beside the in-memory engine and
// stays as the reference the engine is compared with.
//
// Every answer begins with the same relations (question.go): the stays that are live as of
// the day, known at the entry; what was stated of each record then; where each record
// stands; and of these the ones that count in the asked figure, with their rate.
// Attribution and scope are attribution.go's, amounts sums.go's, the path reach.go's.
package funneldb

import (
	"context"
	"database/sql"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// Source implements funnel.Source.
type Source struct{}

// Ready has nothing to wait for.
func (Source) Ready(context.Context, string) error { return nil }

// Begin keeps PostgreSQL from walking one computed relation for each row of
// another: it takes them for small, because it cannot know how many rows a window
// function leaves.
func (s Source) Begin(ctx context.Context, tx database.Tx, _ funnel.Query) (funnel.Source, error) {
	if tx.Dialect() != database.PostgreSQL {
		return s, nil
	}
	if err := tx.PlanAnew(ctx); err != nil {
		return s, err
	}
	return s, tx.Soon(ctx, "SET LOCAL enable_nestloop = off")
}

// Foresee has nothing to do ahead.
func (Source) Foresee(context.Context, database.Tx, funnel.Query, funnel.Foreseen) error { return nil }

// ProductNames are the names of all product lines by id.
func (Source) ProductNames(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT id, name FROM product_line WHERE tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

// Rates returns the rate in force of every currency: the last from_on up to the day, of
// several the one stated last.
func (Source) Rates(
	ctx context.Context, tx database.Tx, tenant string, on calendar.Date, known int64,
) (map[string]int64, error) {
	bound := funnel.Query{Known: known}.LastKnown()
	rows, err := tx.Query(ctx, `SELECT currency, rate FROM exchange_rate
		WHERE tenant_id = $1 AND from_on <= $2 AND seq <= $3 ORDER BY from_on, seq`, tenant, string(on), bound)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var currency string
		var rate int64
		if err := rows.Scan(&currency, &rate); err != nil {
			return nil, err
		}
		out[currency] = rate
	}
	return out, rows.Err()
}

// run scans every row of the answer.
func run[T any](ctx context.Context, tx database.Tx, x *question, body string, scan func(*sql.Rows) (T, error)) ([]T,
	error) {
	rows, err := tx.Query(ctx, x.sql(body), x.args.Values...)
	return database.All(rows, err, scan)
}
