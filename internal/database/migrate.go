package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"yunchou/internal/database/migrations"

	"github.com/pressly/goose/v3"
)

var (
	// ErrNewer: the database was written by a newer program.
	ErrNewer = errors.New("the database is newer than this program: install the newer version, or restore a backup made before the upgrade")
	// ErrBackupFirst: a PostgreSQL schema change waits for the operator's word.
	ErrBackupFirst = errors.New("the database needs a schema change: make a backup (pg_dump), then start once with --backup-done")
)

// Migrate brings the schema up to date. On SQLite it first copies an existing
// database into backups/ beside it and makes sure of the copy; on PostgreSQL it changes an existing schema
// only when backupDone says that a backup was made.
func (db *DB) Migrate(ctx context.Context, backupDone bool) error {
	conn := db.write
	if db.dialect == SQLite {
		// Foreign keys off: inside a transaction the pragma is ignored, and
		// rebuilding a parent would empty its cascading children.
		var err error
		conn, err = sql.Open("sqlite", SQLiteURI(db.path)+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(0)&_pragma=journal_mode(WAL)&_pragma=cache_size(-32000)&_pragma=secure_delete(FAST)")
		if err != nil {
			return err
		}
		conn.SetMaxOpenConns(1)
		defer conn.Close()
	}
	provider, err := db.provider(conn)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if have > want {
		return ErrNewer
	}
	// Not by the newest alone: a change may have come to be numbered below one that a data directory has already.
	if pending, err := provider.HasPending(ctx); err != nil || !pending {
		return err
	}
	if have > 0 {
		if db.dialect == PostgreSQL && !backupDone {
			return ErrBackupFirst
		}
		if db.dialect == SQLite {
			if err := db.backupBefore(ctx, want); err != nil {
				return fmt.Errorf("backup before the schema change: %w", err)
			}
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("schema change: %w", err)
	}
	if db.dialect == SQLite {
		// All of the change is in the log: the next write is not to wait until it is copied.
		if _, err := conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			return err
		}
		rows, err := conn.QueryContext(ctx, "PRAGMA foreign_key_check")
		if err != nil {
			return err
		}
		defer rows.Close()
		if rows.Next() {
			return errors.New("schema change left a dangling reference; restore the backup and report this")
		}
	}
	return nil
}

// backupBefore makes the copy before a schema change, while nobody writes.
func (db *DB) backupBefore(ctx context.Context, schema int64) error {
	dir := filepath.Join(filepath.Dir(db.path), "backups")
	left, err := filepath.Glob(filepath.Join(dir, "before-schema-*.part*")) // by a program that was killed
	for _, l := range left {
		err = errors.Join(err, os.Remove(l))
	}
	if err != nil {
		return err
	}
	name := filepath.Join(dir, fmt.Sprintf("before-schema-%d-%s.db", schema, time.Now().UTC().Format("20060102-150405.000")))
	if _, err := db.Backup(ctx, name); err != nil {
		return err
	}
	if err := db.Verify(ctx, name); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// provider knows the migrations of the engine.
func (db *DB) provider(conn *sql.DB) (*goose.Provider, error) {
	files, dialect, dir := fs.FS(migrations.SQLite), goose.DialectSQLite3, "sqlite"
	if db.dialect == PostgreSQL {
		files, dialect, dir = migrations.PostgreSQL, goose.DialectPostgres, "postgres"
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, conn, sub, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
}

// ErrOlder: the schema is that of an older program.
var ErrOlder = errors.New("the database has an older schema: start the server once, which brings it up to date")

// Current refuses a database whose schema is not this program's, and changes nothing.
func (db *DB) Current(ctx context.Context) error {
	provider, err := db.provider(db.read)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("schema version: %w", err)
	case have > want:
		return ErrNewer
	case have < want:
		return ErrOlder
	}
	return nil
}
