package database_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

func TestADatabaseThatTakesWritesIsReady(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		if err := errors.Join(db.Ready(t.Context()), db.Look(t.Context()), db.Whole(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// TestADatabaseWhoseWritesDoNotGoThroughIsNotReady, and is again when they do.
func TestADatabaseWhoseWritesDoNotGoThroughIsNotReady(t *testing.T) {
	db := databasetest.SQLite(t)
	other, err := database.OpenSQLite(filepath.Dir(db.Path()))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	begun, end, ended := make(chan bool), make(chan bool), make(chan error)
	go func() {
		ended <- other.Write(context.Background(), func(database.Tx) error {
			close(begun)
			<-end
			return nil
		})
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := db.Ready(ctx); err == nil {
		t.Error("ready while no write goes through")
	}
	close(end)
	if err := errors.Join(<-ended, db.Ready(t.Context())); err != nil {
		t.Error(err)
	}
}

// TestDamageThatWasMetIsRemembered: looked for or met on the way, the database is not ready
// any more, no copy is made of it, and its kind is told.
func TestDamageThatWasMetIsRemembered(t *testing.T) {
	dir := t.TempDir()
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		newTenant(t, db, "company"+string(rune('一'+i)))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, database.FileName)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(raw) - 10*4096; i < len(raw); i++ { // behind the schema
		raw[i] = 0x5a
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, meet := range map[string]func(db *database.DB) error{
		"looked for": func(db *database.DB) error { return db.Look(t.Context()) },
		"met on the way": func(db *database.DB) error {
			return db.Read(t.Context(), func(tx database.Tx) error {
				var n int
				return tx.QueryRow(t.Context(), `SELECT count(*) FROM tenant WHERE name <> ''`).Scan(&n)
			})
		},
	} {
		db, err := database.OpenSQLite(dir)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := meet(db); database.TroubleOf(err) != database.Damaged {
			t.Errorf("%s: %v", name, err)
		}
		if err := db.Ready(t.Context()); database.TroubleOf(err) != database.Damaged {
			t.Errorf("%s: ready: %v", name, err)
		}
		to := filepath.Join(t.TempDir(), "copy.db")
		if _, err := db.Backup(t.Context(), to); !errors.Is(err, database.ErrDamaged) {
			t.Errorf("%s: a copy: %v", name, err)
		}
		if left, err := filepath.Glob(to + "*"); err != nil || len(left) > 0 {
			t.Errorf("%s: left %v %v", name, left, err)
		}
		if err := db.Close(); err != nil {
			t.Error(name, err)
		}
	}
}

// TestADatabaseIsWrittenAnewWhileOthersWrite: nobody is refused meanwhile, and the log is empty
// after.
func TestADatabaseIsWrittenAnewWhileOthersWrite(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		wrote := make(chan error)
		go func() {
			var err error
			for range 50 {
				err = errors.Join(err, db.Write(context.Background(), func(tx database.Tx) error {
					_, err := tx.Exec(context.Background(), `UPDATE tenant SET name = 'b' WHERE id = 'a'`)
					return err
				}))
			}
			wrote <- err
		}()
		if err := db.Rewrite(t.Context()); err != nil {
			t.Error(err)
		}
		if err := errors.Join(<-wrote, db.EmptyLog(t.Context())); err != nil {
			t.Error(err)
		}
		if db.Path() == "" {
			return
		}
		if about, err := os.Stat(db.Path() + "-wal"); err != nil || about.Size() != 0 {
			t.Errorf("the log: %v %v", about, err)
		}
	})
}
