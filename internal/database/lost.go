package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// errLost: SQLite took the transaction back by itself, as it does when an INSERT is
// interrupted or the disk is full. What comes after would be written at once, statement by
// statement; so nothing comes after.
var errLost = errors.New("database: SQLite took the transaction back")

// sqliteTx is a transaction of a connection that notices when it is lost.
type sqliteTx struct{ conn *sqliteConn }

// BeginTx implements driver.ConnBeginTx.
func (c *sqliteConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	begin := c.begins
	if opts.ReadOnly || begin == "" {
		begin = "BEGIN"
	}
	if err := c.plain(ctx, begin); err != nil {
		return nil, err
	}
	c.begun, c.lost = true, nil
	return sqliteTx{c}, nil
}

// plain runs a statement without values, remembered like any other.
func (c *sqliteConn) plain(ctx context.Context, query string) error {
	s, err := c.take(ctx, query)
	if err != nil {
		return err
	}
	_, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, nil)
	return errors.Join(err, c.give(s, err))
}

// Commit implements driver.Tx.
func (t sqliteTx) Commit() error {
	if lost := t.conn.end(); lost != nil {
		return lost
	}
	err := t.conn.plain(context.Background(), "COMMIT")
	if err != nil {
		t.conn.plain(context.Background(), "ROLLBACK") //nolint:errcheck // it is there no more where the commit took it back
	}
	return err
}

// Rollback implements driver.Tx.
func (t sqliteTx) Rollback() error {
	if lost := t.conn.end(); lost != nil {
		return nil
	}
	return t.conn.plain(context.Background(), "ROLLBACK")
}

func (c *sqliteConn) end() (lost error) {
	lost = c.lost
	c.begun, c.lost = false, nil
	return lost
}

// look asks, after a statement failed, whether the transaction is still there, and returns
// the failure: a BEGIN fails within a transaction, and only there.
func (c *sqliteConn) look(failure error) error {
	if failure == nil || failure == io.EOF || !c.begun || c.lost != nil {
		return failure
	}
	_, err := c.sqliteDriverConn.ExecContext(context.Background(), "BEGIN", nil)
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code() == sqlite3.SQLITE_ERROR {
		return failure
	}
	c.lost = fmt.Errorf("%w: %w", errLost, failure)
	if err == nil {
		_, err = c.sqliteDriverConn.ExecContext(context.Background(), "ROLLBACK", nil)
	}
	return errors.Join(failure, err)
}
