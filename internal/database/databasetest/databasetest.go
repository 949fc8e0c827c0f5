// Package databasetest gives each test its own migrated database, on both engines.
package databasetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"

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

// Another returns a second empty database on the engine of the first.
func Another(t testing.TB, db *database.DB) *database.DB {
	t.Helper()
	if db.Dialect() == database.PostgreSQL {
		return PostgreSQL(t)
	}
	return SQLite(t)
}

// SQLite returns a migrated database in a temporary folder.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.OpenSQLite(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	return db
}

var (
	templateOnce sync.Once
	templateName string
	templateErr  error
)

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
	templateOnce.Do(func() { templateName, templateErr = makeTemplate(server) })
	if templateErr != nil {
		t.Fatal(templateErr)
	}
	name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := onServer(server, "CREATE DATABASE "+name+" TEMPLATE "+templateName); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := onServer(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Log(err)
		}
	})
	return withDatabase(server, name)
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
	db, err := database.OpenPostgreSQL(context.Background(), PostgreSQLURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func makeTemplate(server string) (string, error) {
	ctx := context.Background()
	name := "template_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := onServer(server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	db, err := database.OpenPostgreSQL(ctx, withDatabase(server, name))
	if err != nil {
		return "", err
	}
	defer db.Close()
	return name, db.Migrate(ctx, false)
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
