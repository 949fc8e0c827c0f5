package database

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyFrom is how many rows are worth a COPY: it asks the table's types first, one more
// round trip, and then saves the parsing of a placeholder per value.
const copyFrom = 40

// InsertMany writes rows of equal width: on PostgreSQL, where there are many and nothing
// is appended, by COPY, else in as few statements as the engines' limit on bound values
// allows. suffix is appended ("ON CONFLICT …"). Rows that hold the number of an entry of
// this transaction wait until it is known.
func (tx Tx) InsertMany(ctx context.Context, table, columns, suffix string, rows [][]any) error {
	if waits(rows) {
		tx.pending.keep(table, columns, suffix, rows)
		return nil
	}
	return tx.insert(ctx, into{table, columns, suffix}, rows, func(query string, args ...any) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// InsertSoon is InsertMany of rows nobody asks the outcome of, as Soon.
func (tx Tx) InsertSoon(ctx context.Context, table, columns, suffix string, rows [][]any) error {
	return tx.insert(ctx, into{table, columns, suffix}, rows, func(query string, args ...any) error { return tx.Soon(ctx, query, args...) })
}

// into is what rows are inserted into, and what is appended.
type into struct{ table, columns, suffix string }

func (tx Tx) insert(ctx context.Context, to into, rows [][]any, exec func(query string, args ...any) error) error {
	maxBound := 8000
	if tx.dialect == SQLite {
		maxBound = 400 // its driver looks each value up among all: measured best at 300 to 600
	}
	if len(rows) == 0 {
		return nil
	}
	if tx.conn != nil && to.suffix == "" && len(rows) >= copyFrom {
		return tx.copyIn(ctx, to.table, to.columns, rows)
	}
	width := len(rows[0])
	step := max(1, maxBound/width)
	for len(rows) > 0 {
		n := min(step, len(rows))
		var q strings.Builder
		q.WriteString("INSERT INTO " + to.table + " (" + to.columns + ") VALUES ")
		args := make([]any, 0, n*width)
		for i, row := range rows[:n] {
			if i > 0 {
				q.WriteByte(',')
			}
			for j := range row {
				if j == 0 {
					q.WriteByte('(')
				} else {
					q.WriteByte(',')
				}
				if tx.dialect == SQLite {
					q.WriteByte('?') // named parameters are looked up one by one there: quadratic in their number
					continue
				}
				q.WriteByte('$')
				q.WriteString(strconv.Itoa(len(args) + j + 1))
			}
			q.WriteByte(')')
			args = append(args, row...)
		}
		q.WriteString(" " + to.suffix)
		if err := exec(q.String(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// copyIn writes rows by PostgreSQL's COPY, within the transaction.
func (tx Tx) copyIn(ctx context.Context, table, columns string, rows [][]any) error {
	names := strings.Split(columns, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return onPostgres(tx.conn, func(c *postgresConn) error {
		if err := c.settle(tx.within(ctx)); err != nil {
			return translate(err)
		}
		_, err := c.Conn.Conn().CopyFrom(tx.within(ctx), pgx.Identifier{table}, names,
			pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return bind(rows[i]), nil }))
		return translate(err)
	})
}
