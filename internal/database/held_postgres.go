package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"time"
)

// heldPostgres is a transaction of PostgreSQL run at its connection, as held is on SQLite: database/sql's
// own begins a goroutine for each transaction and each query, whose waking and ending was a tenth of a
// small request. Here statements have contexts that never end, and the connection watches the
// transaction's.
type heldPostgres struct {
	conn    *sql.Conn
	pg      *postgresConn
	tx      driver.Tx
	ended   bool
	unwatch func()
}

// holdPostgres begins a transaction on a connection, whose statements end with a context. Whoever begins one
// closes it, and gives the connection back.
func holdPostgres(ctx context.Context, conn *sql.Conn, opts driver.TxOptions) (*heldPostgres, error) {
	h := &heldPostgres{conn: conn}
	err := onPostgres(conn, func(c *postgresConn) (err error) {
		h.pg = c
		h.tx, err = c.BeginTx(context.Background(), opts)
		return err
	})
	if err != nil {
		return nil, err
	}
	h.unwatch = h.pg.watch(ctx)
	return h, nil
}

// Commit ends the transaction.
func (h *heldPostgres) Commit() error {
	h.ended = true
	return h.pg.failed(onPostgres(h.conn, func(*postgresConn) error { return h.tx.Commit() }))
}

// Close takes back what was not committed.
func (h *heldPostgres) Close() {
	defer h.unwatch()
	if !h.ended {
		onPostgres(h.conn, func(*postgresConn) error { return h.tx.Rollback() }) //nolint:errcheck // a connection that cannot is closed, which takes it back
	}
}

// errGlance: a second query where there is no transaction, or anything but a query.
var errGlance = errors.New("database: a glance is one query")

// glance has the connection asked one query, outside a transaction.
func (c *postgresConn) glance(ctx context.Context) (end func(), err error) {
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	c.soon, c.abreast, c.answers, c.glances = nil, nil, nil, 1
	unwatch := c.watch(ctx)
	return func() { c.glances = 0; unwatch() }, nil
}

// glanced refuses what is asked beyond a glance.
func (c *postgresConn) glanced() error {
	if c.glances == 0 {
		return nil
	}
	if c.glances++; c.glances > 2 || len(c.soon) > 0 {
		return errGlance
	}
	return nil
}

// watch has the connection's statements end with a context, until end is called. A connection that was
// interrupted is closed: what it was asked may be answered yet.
func (c *postgresConn) watch(ctx context.Context) (end func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	var mu sync.Mutex
	over, interrupted := false, false
	socket := c.Conn.Conn().PgConn().Conn()
	c.ends = ctx
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if !over { // what comes after is somebody else's
			interrupted = true
			socket.SetDeadline(time.Unix(0, 1)) //nolint:errcheck // of a socket that is gone nothing is waited for
		}
	})
	return func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		over = true
		c.ends = nil
		if interrupted {
			c.Conn.Conn().Close(ctx) //nolint:errcheck // it is not used again
		}
	}
}

// over tells why nothing runs on the connection any more: what its transaction is watched for came.
func (c *postgresConn) over() error {
	if c.ends == nil {
		return nil
	}
	return c.ends.Err()
}

// failed is what a statement failed of: the end of what is watched rather than the interruption.
func (c *postgresConn) failed(err error) error {
	if err == nil || c.over() == nil {
		return err
	}
	return errors.Join(c.over(), err)
}

// postgresRowsOf are the rows of a query that was sent alone.
type postgresRowsOf struct {
	driver.Rows
	conn *postgresConn
}

// Next implements driver.Rows.
func (r postgresRowsOf) Next(dest []driver.Value) error { return r.conn.failed(r.Rows.Next(dest)) }
