package database

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"sync"

	"modernc.org/sqlite"
)

// SQLite parses and plans each statement anew, a fifth of the time of a small request;
// connections that remember keep what they prepared last.
const (
	mostRemembered    = 200
	longestRemembered = 4096 // bytes: multi-row inserts are longer, and seldom the same
)

// remembering is a connector of SQLite whose connections remember.
type remembering struct {
	dsn    string
	begins string // how a transaction that may write begins
	driver sqlite.Driver
}

func (r *remembering) Driver() driver.Driver { return &r.driver }

func (r *remembering) Connect(context.Context) (driver.Conn, error) {
	c, err := r.driver.Open(r.dsn)
	if err != nil {
		return nil, err
	}
	lite := &sqliteConn{sqliteDriverConn: c.(sqliteDriverConn), of: map[string]*list.Element{}, recent: list.New(), begins: r.begins}
	if lite.handle, err = handleOf(lite.sqliteDriverConn); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return lite, nil
}

// sqliteDriverConn is what the driver's connection can do.
type sqliteDriverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is a prepared one.
type statement struct {
	driver.Stmt
	query string
}

// sqliteConn is a connection that remembers. Like every driver's connection it is used by
// one at a time.
type sqliteConn struct {
	sqliteDriverConn
	of     map[string]*list.Element // by text; one in use is not among them
	recent *list.List               // of *statement, the last used in front
	begun  bool                     // a transaction, not ended by us yet
	lost   error                    // why there is none although it was begun
	begins string                   // how a transaction that may write begins
	ends   context.Context          // that nothing runs beyond; nil while nothing is watched

	closing sync.Mutex // held while closing and interrupting, which come from two goroutines
	handle  uintptr    // SQLite's own, 0 once closed
}

// take prepares a statement or takes a remembered one into use.
func (c *sqliteConn) take(ctx context.Context, query string) (*statement, error) {
	if e := c.of[query]; e != nil {
		delete(c.of, query)
		return c.recent.Remove(e).(*statement), nil
	}
	s, err := c.PrepareContext(ctx, query)
	return &statement{s, query}, err
}

// give remembers a statement no longer in use. One that failed, or whose like was given
// back before, is closed.
func (c *sqliteConn) give(s *statement, failed error) error {
	if failed != nil || c.of[s.query] != nil || len(s.query) > longestRemembered {
		return s.Close()
	}
	c.of[s.query] = c.recent.PushFront(s)
	if c.recent.Len() <= mostRemembered {
		return nil
	}
	oldest := c.recent.Remove(c.recent.Back()).(*statement)
	delete(c.of, oldest.query)
	return oldest.Close()
}

// ExecContext implements driver.ExecerContext.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.refuses(); err != nil {
		return nil, err
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, c.look(c.failed(err))
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	if e := c.give(s, err); e != nil {
		err = errors.Join(err, e)
	}
	return result, c.look(c.failed(err))
}

// QueryContext implements driver.QueryerContext; the statement is in use until the rows are
// closed.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.refuses(); err != nil {
		return nil, err
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, c.look(c.failed(err))
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, c.look(c.failed(errors.Join(err, c.give(s, err))))
	}
	return &rowsInUse{rows, c, s}, nil
}

// refuses is why no statement runs: the transaction is not there any more, or its time is over.
func (c *sqliteConn) refuses() error {
	if c.lost != nil {
		return c.lost
	}
	return c.over()
}

// Close forgets all and closes the connection.
func (c *sqliteConn) Close() (err error) {
	c.closing.Lock()
	defer c.closing.Unlock()
	c.handle = 0
	for e := c.recent.Front(); e != nil; e = e.Next() {
		err = errors.Join(err, e.Value.(*statement).Close())
	}
	return errors.Join(err, c.sqliteDriverConn.Close())
}

// rowsInUse gives their statement back when they are closed.
type rowsInUse struct {
	driver.Rows
	conn *sqliteConn
	of   *statement
}

// Next implements driver.Rows.
func (r *rowsInUse) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return r.conn.look(r.conn.failed(err))
}

func (r *rowsInUse) Close() error {
	err := r.Rows.Close()
	return errors.Join(err, r.conn.give(r.of, err))
}
