package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// noted counts trouble, and remembers damage that was met on the way: a database that once was
// is not ready.
func (db *DB) noted(err error) error {
	if err == nil {
		return nil
	}
	trouble := TroubleOf(err)
	if trouble != NoTrouble {
		db.Failed.Add(trouble.String(), 1)
	}
	if trouble == Damaged {
		db.damage.CompareAndSwap(nil, &err)
	}
	return err
}

// Pools are the connections that write and those that read, which on SQLite are one writer
// and its readers.
func (db *DB) Pools() (writes, reads sql.DBStats) { return db.write.Stats(), db.read.Stats() }

// Ready tells whether the database can be worked with: nothing met so far was damaged, and it
// takes a write that changes nothing. It costs a commit.
func (db *DB) Ready(ctx context.Context) error {
	if met := db.damage.Load(); met != nil {
		return *met
	}
	if db.dialect == SQLite {
		return db.Write(ctx, func(tx Tx) error {
			_, err := tx.Exec(ctx, "PRAGMA user_version = 0") // a page that is written, whatever was in it
			return err
		})
	}
	var readOnly bool
	if err := db.write.QueryRowContext(ctx, "SELECT current_setting('transaction_read_only')::boolean").Scan(&readOnly); err != nil {
		return err
	}
	if readOnly {
		return errors.New("the database is read-only")
	}
	return nil
}

// Look goes through every page of a SQLite database while others work, as far as it comes in
// the time it is given, and remembers damage. Fault: ErrDamaged.
func (db *DB) Look(ctx context.Context) error {
	if db.dialect != SQLite {
		return nil
	}
	var found string
	err := db.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found)
	switch {
	case ctx.Err() != nil:
		return nil
	case err == nil && found != "ok":
		err = fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	return db.noted(err)
}
