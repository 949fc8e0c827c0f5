package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// errReaders: others read what the log still holds.
var errReaders = errors.New("the log is being read; later")

// EmptyLog has SQLite's log taken into the file and emptied, so that what was overwritten is
// nowhere in it. It is refused while somebody reads an older state.
func (db *DB) EmptyLog(ctx context.Context) error {
	if db.dialect != SQLite {
		return nil
	}
	var busy, frames, moved int
	if err := db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return translate(err)
	}
	if busy != 0 {
		return errReaders
	}
	return nil
}

// Rewrite writes SQLite's file anew from what is alive in it, and empties the log: what was
// deleted or overwritten is in no page any more. Writes wait meanwhile. PostgreSQL is vacuumed,
// every table, for an erasure looks through all that holds text.
func (db *DB) Rewrite(ctx context.Context) error {
	if db.dialect == PostgreSQL {
		return db.Vacuum(ctx)
	}
	// The writer's own connection, so that writes wait in turn instead of failing. What
	// VACUUM sets aside is as large as the database: to a file, not to memory.
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	for _, q := range []string{"PRAGMA temp_store = 1", "VACUUM", "PRAGMA temp_store = 2"} {
		if _, e := conn.ExecContext(context.WithoutCancel(ctx), q); e != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", q, e))
		}
	}
	if err := errors.Join(translate(err), conn.Close()); err != nil {
		return err
	}
	return db.EmptyLog(ctx)
}

// Vacuum has PostgreSQL use the space of what was deleted again, in every table or in those named;
// SQLite needs none, or its Rewrite has done so.
func (db *DB) Vacuum(ctx context.Context, tables ...string) error {
	if db.dialect == SQLite {
		return nil
	}
	_, err := db.write.ExecContext(ctx, "VACUUM "+strings.Join(tables, ", "))
	return translate(err)
}

// Size is how large the SQLite file is, 0 on PostgreSQL.
func (db *DB) Size() int64 {
	about, err := os.Stat(db.path)
	if err != nil {
		return 0
	}
	return about.Size()
}
