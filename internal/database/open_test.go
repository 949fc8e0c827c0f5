package database_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/database"
)

// TestADatabaseIsItsOwnersAlone: the folder may be one everybody looks into.
func TestADatabaseIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", f.Name(), info.Mode())
		}
	}
}

// TestNothingGoesToAnotherMachineWithoutSayingHow: libpq's default asks for TLS and goes on
// without it where somebody between says no.
func TestNothingGoesToAnotherMachineWithoutSayingHow(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nothing is asked of the network
	for url, refused := range map[string]bool{
		"postgres://u@db.example/y":                                  true,
		"postgres://u@db.example/y?sslmode=prefer":                   true,
		"postgres://u@db.example/y?sslmode=allow":                    true,
		"postgres://u@127.0.0.1,db.example/y":                        true,
		"host=192.0.2.1 user=u":                                      true,
		"postgres://u@db.example/y?sslmode=verify-full":              false,
		"postgres://u@db.example/y?sslmode=require":                  false,
		"postgres://u@db.example/y?sslmode=disable":                  false,
		"postgres://u@127.0.0.1/y":                                   false,
		"postgres://u@[::1]/y":                                       false,
		"postgres://u@localhost/y":                                   false,
		"postgres://u@one.example,two.example/y?sslmode=verify-full": false,
		"host=/run/postgresql user=u":                                false,
	} {
		_, err := database.OpenPostgreSQL(ctx, url)
		if err == nil {
			t.Fatalf("%s: connected", url)
		}
		if got := strings.Contains(err.Error(), "say how the connection to"); got != refused {
			t.Errorf("%s: %v", url, err)
		}
	}
}
