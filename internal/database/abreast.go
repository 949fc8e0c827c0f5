package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"reflect"
	"slices"
)

// errAsked answers a query of reads that are asked abreast, until all of them have asked.
var errAsked = errors.New("database: asked with others, not answered yet")

// abreast is what reads ask together, and what they were answered.
type abreast struct {
	asked    []putOff
	waiting  int // how often something was asked that is not answered yet
	answered []answered
}

// answered is a query and its rows.
type answered struct {
	putOff
	columns []string
	rows    [][]driver.Value
}

// mostRounds bounds how often reads are run for what they ask next: one that asks something else each
// time it runs is answered as it asks.
const mostRounds = 20

// Abreast runs reads that do not wait for one another's answers. On PostgreSQL what they ask is asked
// together: each runs until its first query, all these are sent in one journey, then each runs again
// with the answers until its next, and so on. So they set nothing outside but what they set again,
// write nothing, and their answers are held in memory: it is for a page's parts, not for lists.
func (tx Tx) Abreast(ctx context.Context, reads ...func(Tx) error) error {
	if tx.conn == nil || len(tx.pending.later) > 0 || len(tx.pending.entries) > 0 || len(reads) < 2 {
		return tx.inTurn(reads)
	}
	among := false
	a := &abreast{}
	err := onPostgres(tx.conn, func(c *postgresConn) error {
		if among = c.abreast != nil; !among {
			c.abreast = a
		}
		return nil
	})
	if err != nil {
		return err
	}
	if among { // with whom these are asked
		var first error
		for _, read := range reads {
			if err := read(tx); first == nil {
				first = err
			}
		}
		return first
	}
	end := func() error { return onPostgres(tx.conn, func(c *postgresConn) error { c.abreast = nil; return nil }) }
	defer end() //nolint:errcheck // a connection that is gone remembers nothing
	for range mostRounds {
		var again []func(Tx) error
		for _, read := range reads {
			before := a.waiting
			err := read(tx)
			if a.waiting > before {
				again = append(again, read)
			} else if err != nil {
				return err
			}
		}
		if reads = again; len(reads) == 0 {
			return nil
		}
		if err := onPostgres(tx.conn, func(c *postgresConn) error { return c.ask(tx.within(ctx), a) }); err != nil {
			return translate(err)
		}
	}
	return errors.Join(end(), tx.inTurn(reads))
}

func (tx Tx) inTurn(reads []func(Tx) error) error {
	for _, read := range reads {
		if err := read(tx); err != nil {
			return err
		}
	}
	return nil
}

// Abreast runs reads of one snapshot that do not wait for one another's answers, as Tx.Abreast does;
// they may be of any capability, and seek by keys.
func (db *DB) Abreast(ctx context.Context, reads ...func(context.Context) error) error {
	return db.AtOnce(ctx, func(ctx context.Context) error {
		tx, _ := db.sharing(ctx)
		if err := tx.PlanOnce(ctx); err != nil {
			return err
		}
		of := make([]func(Tx) error, len(reads))
		for i, read := range reads {
			of[i] = func(Tx) error { return read(ctx) }
		}
		return tx.Abreast(ctx, of...)
	})
}

// answer is what a query among others was answered, or that it is not yet.
func (a *abreast) answer(query string, args []driver.NamedValue) (driver.Rows, error) {
	q := putOff{query, values(args)}
	for _, known := range a.answered {
		if known.is(q) {
			return &answerRows{columns: known.columns, rows: known.rows}, nil
		}
	}
	a.waiting++
	if !slices.ContainsFunc(a.asked, q.is) {
		a.asked = append(a.asked, q)
	}
	return nil, errAsked
}

func (p putOff) is(other putOff) bool {
	return p.query == other.query && reflect.DeepEqual(p.args, other.args)
}

// ask asks what reads wait for.
func (c *postgresConn) ask(ctx context.Context, a *abreast) (err error) {
	defer func() { err = c.failed(err) }()
	if err := c.over(); err != nil {
		return err
	}
	if c.glances > 0 {
		return errGlance
	}
	queries := a.asked
	a.asked = nil
	answer, err := c.send(ctx, queries...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closed(answer, err)) }()
	for _, q := range queries {
		rows, err := answer.Query()
		if err != nil {
			return err
		}
		got := &postgresRows{rows: rows}
		known := answered{putOff: q, columns: got.Columns()}
		for rows.Next() {
			row := make([]driver.Value, len(known.columns))
			if err := got.scan(row); err != nil {
				return err
			}
			known.rows = append(known.rows, row)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		a.answered = append(a.answered, known)
	}
	return nil
}

// answerRows are rows that are there.
type answerRows struct {
	columns []string
	rows    [][]driver.Value
}

func (r *answerRows) Columns() []string { return r.columns }
func (r *answerRows) Close() error      { return nil }

func (r *answerRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}
