package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Backup writes a consistent copy of a SQLite database to a new file while others go on
// reading and writing, and says what is in it. The database is looked through before, because
// a copy of a damaged one can look whole, and the copy after; it has its name once it is whole
// and on the disk. Only its owner may read it. Fault: ErrDamaged.
func (db *DB) Backup(ctx context.Context, to string) (out Inspected, err error) {
	if db.dialect != SQLite {
		return out, errors.New("back up PostgreSQL with pg_dump or your provider's snapshots")
	}
	if _, err := os.Stat(to); err == nil {
		return out, fmt.Errorf("%s exists; choose a new name", to)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return out, err
	}
	if err := db.Whole(ctx); err != nil {
		return out, err
	}
	part := to + ".part"
	if err := removePart(part); err != nil {
		return out, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removePart(part))
		}
	}()
	if err := db.vacuumInto(ctx, part); err != nil {
		return out, err
	}
	if out, err = Inspect(ctx, part); err != nil {
		return out, err
	}
	if err := SyncFile(part); err != nil {
		return out, err
	}
	if err := os.Rename(part, to); err != nil {
		return out, err
	}
	return out, SyncDir(filepath.Dir(to))
}

// removePart takes what a copy left that did not come to its end: on a full disk SQLite leaves the
// journal of its writing, too.
func removePart(part string) error {
	for _, path := range []string{part, part + "-journal"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// vacuumInto writes what is alive in the database: what was deleted is in no page of it.
func (db *DB) vacuumInto(ctx context.Context, to string) error {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // SQLite takes an empty file as it is
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	// A connection of its own: the readers' are query-only, the writer must not wait.
	conn, err := sql.Open("sqlite", SQLiteURI(db.path)+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "VACUUM INTO $1", to)
	return err
}

// SyncFile has a file's content on the disk.
func SyncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// SyncDir has the names in a directory on the disk; Windows knows no such thing.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
