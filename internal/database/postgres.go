package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConnector connects to PostgreSQL.
type postgresConnector struct{ driver.Connector }

func (p postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &postgresConn{Conn: c.(*stdlib.Conn)}, nil
}

// postgresConn is a connection that puts off what nobody asks the outcome of, and sends it together
// with the next statement: each journey there and back costs both sides more than most statements
// do. A transaction's BEGIN is put off in the same way, and its last writes go with the COMMIT.
type postgresConn struct {
	*stdlib.Conn
	soon    []putOff
	abreast *abreast         // while reads are asked abreast
	glances int              // 0 within a transaction, else what was asked and one
	answers pgx.BatchResults // of queries that were sent together, while they are read
	ends    context.Context  // that nothing runs beyond; nil while nothing is watched
}

// putOff is a statement that waits for the next.
type putOff struct {
	query string
	args  []any
}

// onPostgres runs fn with a connection's driver.
func onPostgres(conn *sql.Conn, fn func(*postgresConn) error) error {
	return conn.Raw(func(driver any) error { return fn(driver.(*postgresConn)) })
}

// send sends what was put off and one more statement; the caller closes the answer.
func (c *postgresConn) send(ctx context.Context, last ...putOff) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	for _, s := range c.soon {
		batch.Queue(s.query, s.args...)
	}
	for _, s := range last {
		batch.Queue(s.query, s.args...)
	}
	first := len(c.soon)
	c.soon = nil
	answer := c.Conn.Conn().SendBatch(ctx, batch)
	for range first {
		if _, err := answer.Exec(); err != nil {
			return nil, errors.Join(translate(err), closed(answer, err)) // whoever is told asked something else
		}
	}
	return answer, nil
}

// closed closes an answer; what failed already is not told twice.
func closed(answer pgx.BatchResults, failed error) error {
	if err := answer.Close(); failed == nil {
		return err
	}
	return nil
}

// settle sends what was put off.
func (c *postgresConn) settle(ctx context.Context) error {
	if len(c.soon) == 0 {
		return nil
	}
	answer, err := c.send(ctx)
	if err != nil {
		return err
	}
	return answer.Close()
}

// ExecContext implements driver.ExecerContext. A statement without values may be several, which go
// by themselves.
func (c *postgresConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.abreast != nil {
		return nil, errReads
	}
	result, err := c.exec(ctx, query, args)
	return result, c.failed(err)
}

func (c *postgresConn) exec(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.over(); err != nil {
		return nil, err
	}
	if c.glances > 0 {
		return nil, errGlance
	}
	if len(c.soon) == 0 || len(args) == 0 {
		if err := c.settle(ctx); err != nil {
			return nil, err
		}
		return c.Conn.ExecContext(ctx, query, args)
	}
	answer, err := c.send(ctx, putOff{query, values(args)})
	if err != nil {
		return nil, err
	}
	tag, err := answer.Exec()
	if err := errors.Join(err, closed(answer, err)); err != nil {
		return nil, err
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

// QueryContext implements driver.QueryerContext.
func (c *postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.abreast != nil {
		return c.abreast.answer(query, args)
	}
	rows, err := c.query(ctx, query, args)
	return rows, c.failed(err)
}

func (c *postgresConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.over(); err != nil {
		return nil, err
	}
	if err := c.glanced(); err != nil {
		return nil, err
	}
	if c.answers != nil {
		rows, err := given(c.answers)
		return postgresRowsOf{rows, c}, err
	}
	if len(c.soon) == 0 || len(args) == 0 {
		if err := c.settle(ctx); err != nil {
			return nil, err
		}
		rows, err := c.Conn.QueryContext(ctx, query, args)
		if err != nil {
			return nil, err
		}
		return postgresRowsOf{rows, c}, nil
	}
	answer, err := c.send(ctx, putOff{query, values(args)})
	if err != nil {
		return nil, err
	}
	rows, err := answer.Query()
	more := err == nil && rows.Next() // what fails at the first row fails the query
	if err == nil && !more {
		err = rows.Err()
	}
	if err != nil {
		return nil, errors.Join(err, closed(answer, err))
	}
	return postgresRowsOf{&postgresRows{rows: rows, answer: answer, ahead: true, more: more}, c}, nil
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *postgresConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	return c.Conn.PrepareContext(ctx, query)
}

func values(args []driver.NamedValue) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}

// postgresRows are the rows of a query that was sent with others.
type postgresRows struct {
	rows        pgx.Rows
	answer      pgx.BatchResults
	ahead, more bool // the first row was looked for before it was asked for, and is there
}

func (r *postgresRows) Columns() []string {
	fields := r.rows.FieldDescriptions()
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

func (r *postgresRows) Close() error {
	r.rows.Close()
	if r.answer == nil { // others are not read yet
		return nil
	}
	return r.answer.Close()
}

func (r *postgresRows) Next(dest []driver.Value) error {
	more := r.more
	if !r.ahead {
		more = r.rows.Next()
	}
	r.ahead = false
	if !more {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	return r.scan(dest)
}

// scan reads the row as database/sql is given values.
func (r *postgresRows) scan(dest []driver.Value) error {
	types := r.rows.Conn().TypeMap()
	for i, raw := range r.rows.RawValues() {
		dest[i] = nil
		if raw == nil {
			continue
		}
		field := r.rows.FieldDescriptions()[i]
		known, ok := types.TypeForOID(field.DataTypeOID)
		if !ok {
			dest[i] = string(raw)
			continue
		}
		v, err := known.Codec.DecodeDatabaseSQLValue(types, field.DataTypeOID, field.Format, raw)
		if err != nil {
			return fmt.Errorf("column %s: %w", field.Name, err)
		}
		dest[i] = v
	}
	return nil
}

// BeginTx implements driver.ConnBeginTx: the BEGIN goes with the first statement.
func (c *postgresConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	begin := "begin"
	switch sql.IsolationLevel(opts.Isolation) {
	case sql.LevelDefault:
	case sql.LevelRepeatableRead:
		begin += " isolation level repeatable read"
	default:
		return nil, fmt.Errorf("database: isolation %v is not asked of PostgreSQL", opts.Isolation)
	}
	if opts.ReadOnly {
		begin += " read only"
	}
	c.soon, c.abreast, c.answers = []putOff{{query: begin}}, nil, nil
	return &postgresTx{c, ctx}, nil
}

// postgresTx is a transaction of a connection that puts things off.
type postgresTx struct {
	conn *postgresConn
	ctx  context.Context
}

// begun tells whether PostgreSQL knows of the transaction.
func (t *postgresTx) begun() bool { return t.conn.Conn.Conn().PgConn().TxStatus() != 'I' }

// Commit implements driver.Tx.
func (t *postgresTx) Commit() error {
	if !t.begun() && len(t.conn.soon) <= 1 { // nothing was done
		t.conn.soon = nil
		return nil
	}
	answer, err := t.conn.send(t.ctx, putOff{query: "commit"})
	if err != nil {
		return errors.Join(err, t.Rollback())
	}
	tag, err := answer.Exec()
	err = errors.Join(err, closed(answer, err))
	if err == nil && tag.String() != "COMMIT" {
		err = pgx.ErrTxCommitRollback
	}
	if err != nil && t.begun() {
		err = errors.Join(err, t.Rollback())
	}
	return err
}

// Rollback implements driver.Tx.
func (t *postgresTx) Rollback() error {
	t.conn.soon, t.conn.abreast, t.conn.answers = nil, nil, nil
	if !t.begun() || t.conn.Conn.Conn().IsClosed() {
		return nil
	}
	_, err := t.conn.Conn.Conn().Exec(t.ctx, "rollback")
	if err != nil { // whatever it is in, nobody uses it again
		err = errors.Join(err, t.conn.Conn.Conn().Close(context.Background()))
	}
	return err
}

// Soon runs a statement nobody asks the outcome of: on PostgreSQL it is sent with the next, which
// fails where it fails.
func (tx Tx) Soon(ctx context.Context, query string, args ...any) error {
	if tx.conn == nil {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}
	query, args = tx.sent(ctx, query, args)
	return onPostgres(tx.conn, func(c *postgresConn) error {
		c.soon = append(c.soon, putOff{query, args})
		return nil
	})
}
