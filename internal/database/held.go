package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// held is a transaction of SQLite run at its connection. database/sql's own begins a goroutine for
// each transaction and query, and the driver another for each statement whose context can end: of a
// move they were a fifth. Here statements have contexts that never end, and the connection watches
// the transaction's.
type held struct {
	conn  *sql.Conn
	lite  *sqliteConn
	tx    driver.Tx
	ended bool
}

// hold begins a transaction on one of a pool's connections. Whoever begins one ends it and closes it.
func hold(ctx context.Context, pool *sql.DB, opts driver.TxOptions) (*held, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	h := &held{conn: conn}
	err = h.raw(func(c *sqliteConn) (err error) {
		h.lite = c
		h.tx, err = c.BeginTx(context.Background(), opts)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return h, nil
}

func (h *held) raw(fn func(*sqliteConn) error) error {
	return h.conn.Raw(func(c any) error { return fn(c.(*sqliteConn)) })
}

// Commit ends the transaction.
func (h *held) Commit() error {
	h.ended = true
	return h.raw(func(*sqliteConn) error { return h.tx.Commit() })
}

// Close takes back what was not committed and gives the connection back.
func (h *held) Close() {
	if !h.ended {
		h.raw(func(*sqliteConn) error { return h.tx.Rollback() }) //nolint:errcheck // a connection that cannot is closed, which takes it back
	}
	h.conn.Close() //nolint:errcheck // it has nothing to say
}

// lost is why the transaction is not there any more, if it is not.
func (h *held) lost() error { return h.raw(func(c *sqliteConn) error { return c.lost }) }

// watch has the connection's statements end with a context, until end is called.
func (h *held) watch(ctx context.Context) (end func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	w := &watch{conn: h.lite}
	h.lite.ends = ctx
	stop := context.AfterFunc(ctx, w.interrupt)
	return func() {
		stop()
		w.mu.Lock()
		w.over = true
		w.mu.Unlock()
		h.lite.ends = nil
	}
}

// watch interrupts a connection until nobody is to be interrupted any more.
type watch struct {
	conn *sqliteConn
	mu   sync.Mutex
	over bool // held while interrupting: what comes after is somebody else's
}

// again is how long a watch waits before it interrupts once more: SQLite forgets an interruption
// that comes between two statements.
const interruptAgain = 20 * time.Millisecond

func (w *watch) interrupt() {
	for ; ; time.Sleep(interruptAgain) {
		w.mu.Lock()
		if w.over {
			w.mu.Unlock()
			return
		}
		w.conn.interrupt()
		w.mu.Unlock()
	}
}

// interrupt ends what the connection is doing, from any goroutine.
func (c *sqliteConn) interrupt() {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.handle != 0 {
		sqlite3.Xsqlite3_interrupt(nil, c.handle) // one atomic store; it asks nothing of a thread
	}
}

// over tells why nothing runs on the connection any more: what its transaction is watched for came.
func (c *sqliteConn) over() error {
	if c.ends == nil {
		return nil
	}
	return c.ends.Err()
}

// failed is what a statement failed of: the end of what is watched rather than the interruption.
func (c *sqliteConn) failed(err error) error {
	if err == nil || c.over() == nil {
		return err
	}
	return c.over()
}

// handleOf is SQLite's own handle of the driver's connection, which the driver keeps to itself.
func handleOf(c sqliteDriverConn) (uintptr, error) {
	if v := reflect.Indirect(reflect.ValueOf(c)); v.Kind() == reflect.Struct {
		if db := v.FieldByName("db"); db.IsValid() && db.Kind() == reflect.Uintptr && db.Uint() != 0 {
			return uintptr(db.Uint()), nil
		}
	}
	return 0, fmt.Errorf("database: %T keeps SQLite's handle elsewhere", c)
}
