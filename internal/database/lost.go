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
type sqliteTx struct {
	driver.Tx
	conn *sqliteConn
}

// BeginTx implements driver.ConnBeginTx.
func (c *sqliteConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	t, err := c.sqliteDriverConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.begun, c.lost = true, nil
	return sqliteTx{t, c}, nil
}

// Commit implements driver.Tx.
func (t sqliteTx) Commit() error {
	if lost := t.conn.end(); lost != nil {
		return lost
	}
	return t.Tx.Commit()
}

// Rollback implements driver.Tx.
func (t sqliteTx) Rollback() error {
	lost := t.conn.end()
	if err := t.Tx.Rollback(); lost == nil {
		return err
	}
	return nil
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
