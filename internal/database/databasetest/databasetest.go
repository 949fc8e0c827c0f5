// Package databasetest gives each test its own migrated database, on both engines.
package databasetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/migrations"

	"github.com/google/uuid"
)

// Each runs the test on SQLite and on PostgreSQL. Without YUNCHOU_TEST_POSTGRES
// (a URL whose user may create databases) the second is skipped on a laptop and
// fails under CI, so that green always means both.
func Each(t *testing.T, run func(t *testing.T, db *database.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, SQLite(t))
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		run(t, PostgreSQL(t))
	})
}

// InTurn runs one of a test's many random histories: the first on SQLite, the next on PostgreSQL and
// so on; each on both in make soak.
func InTurn(t *testing.T, turn int, run func(t *testing.T, db *database.DB)) {
	t.Helper()
	if os.Getenv("YUNCHOU_SOAK") != "" {
		Each(t, run)
		return
	}
	name, open := "sqlite", SQLite
	if turn%2 == 1 {
		name, open = "postgresql", PostgreSQL
	}
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		run(t, open(t))
	})
}

// Another returns a second empty database on the engine of the first.
func Another(t testing.TB, db *database.DB) *database.DB {
	t.Helper()
	if db.Dialect() == database.PostgreSQL {
		return PostgreSQL(t)
	}
	return SQLite(t)
}

// SQLite returns a migrated database in a temporary folder: a copy of one that was migrated once
// for all tests of the process, because the migrations take longer than most tests.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	file, err := migratedSQLite()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, database.FileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return SQLiteIn(t, dir)
}

// SQLiteIn opens the database in a folder, or makes one there, migrated.
func SQLiteIn(t testing.TB, dir string) *database.DB {
	t.Helper()
	db, err := database.OpenSQLite(dir)
	if err == nil {
		err = db.Migrate(context.Background(), false)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	rehearse(db)
	return db
}

// rehearse has each write run twice where YUNCHOU_TEST_TWICE is set.
func rehearse(db *database.DB) {
	if os.Getenv("YUNCHOU_TEST_TWICE") != "" {
		db.Rehearse()
	}
}

// migratedSQLite is the file of a database that is migrated and empty.
var migratedSQLite = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "yunchou-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := database.OpenSQLite(dir)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Migrate(context.Background(), false), db.Close()); err != nil { // closed, all of it is in the one file
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, database.FileName))
})

// migratedPostgreSQL is how CREATE DATABASE says which database of the server to copy.
var migratedPostgreSQL = sync.OnceValues(func() (string, error) {
	server := os.Getenv("YUNCHOU_TEST_POSTGRES")
	name, err := makeTemplate(server)
	if err != nil {
		return "", err
	}
	words, err := asFiles(server)
	return "TEMPLATE " + name + words, err
})

// asFiles has a template copied as files, which takes a third of the time its pages take through the
// log. PostgreSQL 15 has to be asked for it; older ones know nothing else.
func asFiles(server string) (string, error) {
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	var version int
	if err := pool.QueryRow("SELECT current_setting('server_version_num')::int").Scan(&version); err != nil || version < 150000 {
		return "", err
	}
	return " STRATEGY FILE_COPY", nil
}

// PostgreSQLURL creates an empty-but-migrated database and returns its URL.
func PostgreSQLURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("YUNCHOU_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("YUNCHOU_TEST_POSTGRES is not set: CI must test both engines")
		}
		t.Skip("YUNCHOU_TEST_POSTGRES is not set; `make test` starts a server and sets it")
	}
	template, err := migratedPostgreSQL()
	if err != nil {
		t.Fatal(err)
	}
	name := made(t, server, template)
	t.Cleanup(func() {
		if err := onServer(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Log(err)
		}
	})
	return withDatabase(server, name)
}

// made makes a database of the test server of a template, and returns its name.
func made(t testing.TB, server, template string) string {
	t.Helper()
	name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := onServer(server, "CREATE DATABASE "+name+" "+template); err != nil {
		t.Fatal(err)
	}
	return name
}

// PostgreSQLIn opens the database of the test server whose name lies in a folder, or makes one,
// migrated, which is there for the next who asks.
func PostgreSQLIn(t testing.TB, dir string) *database.DB {
	t.Helper()
	server, path := os.Getenv("YUNCHOU_TEST_POSTGRES"), filepath.Join(dir, "database")
	name, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		template, failed := migratedPostgreSQL()
		if failed != nil {
			t.Fatal(failed)
		}
		name = []byte(made(t, server, template))
		err = errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(path, name, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, withDatabase(server, string(name)))
}

// FromSQL creates a database on the test server that holds what a dump says (pg_dump
// --inserts, without psql's own commands), and returns its URL.
func FromSQL(t testing.TB, dump string) string {
	t.Helper()
	target := PostgreSQLURL(t)
	for _, statement := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public", dump} {
		if err := onServer(target, statement); err != nil {
			t.Fatal(err)
		}
	}
	return target
}

// PostgreSQL returns a migrated database of its own on the test server.
func PostgreSQL(t testing.TB) *database.DB {
	t.Helper()
	return opened(t, PostgreSQLURL(t))
}

// opened opens a database of the test server until the test ends.
func opened(t testing.TB, url string) *database.DB {
	t.Helper()
	db, err := database.OpenPostgreSQL(context.Background(), url)
	if err == nil {
		err = db.Migrate(context.Background(), false)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	rehearse(db)
	return db
}

// makeTemplate migrates a database once for all processes that test on a server with this schema;
// its name is made of the migrations', and is given once it is whole.
func makeTemplate(server string) (name string, err error) {
	ctx := context.Background()
	if name, err = templateName(); err != nil {
		return "", err
	}
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close() // and with it the lock goes
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	half := name + "_half" // of a process that was killed
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + half + " WITH (FORCE)", "CREATE DATABASE " + half} {
		if err := onServer(server, statement); err != nil {
			return "", err
		}
	}
	db, err := database.OpenPostgreSQL(ctx, withDatabase(server, half))
	if err != nil {
		return "", err
	}
	if err := errors.Join(db.Migrate(ctx, false), db.Close()); err != nil {
		return "", err
	}
	return name, onServer(server, "ALTER DATABASE "+half+" RENAME TO "+name)
}

// templateName tells one schema from another by what its migrations say.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.PostgreSQL, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := migrations.PostgreSQL.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("template_%x", sum.Sum(nil)[:16]), err
}

// onServer retries: PostgreSQL refuses two copies of one template at a time.
func onServer(server, statement string) error {
	conn, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer conn.Close()
	for try := 0; ; try++ {
		_, err = conn.Exec(statement)
		if err == nil || try == 50 || !strings.Contains(err.Error(), "being accessed by other users") {
			if err != nil {
				err = fmt.Errorf("%s: %w", statement, err)
			}
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

// CPU is what this process has used, and, where they serve it, the PostgreSQL processes of
// this database.
func CPU(db *database.DB) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	total := time.Duration(r.Utime.Nano() + r.Stime.Nano())
	if db.Dialect() == database.SQLite {
		return total
	}
	var name string
	ctx := context.Background()
	err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, `SELECT current_database()`).Scan(&name) })
	if err != nil {
		panic(err)
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(raw), "(postgres)") {
			continue
		}
		if title, err := os.ReadFile(strings.TrimSuffix(path, "stat") + "cmdline"); err != nil || !strings.Contains(string(title), name) {
			continue
		}
		fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+2:]))
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		total += time.Duration(user+system) * 10 * time.Millisecond // in clock ticks
	}
	return total
}
