package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// lived makes a company with a small history in a new database, and returns the flags that
// name it, for whoever may only read.
func lived(t *testing.T, pg bool) (*apptest.World, []string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--data", dir}
	var db *database.DB
	var err error
	if pg {
		url := databasetest.PostgreSQLURL(t)
		db, err = database.OpenPostgreSQL(t.Context(), url)
		sep := "?"
		if strings.Contains(url, "?") {
			sep = "&"
		}
		args = []string{"--database-url", url + sep + "options=-c%20default_transaction_read_only%3Don"}
	} else {
		db, err = database.OpenSQLite(dir)
	}
	if err == nil {
		err = db.Migrate(t.Context(), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := apptest.New(t, db)
	for _, name := range []string{"一号线", "二期改造", "三厂扩建"} {
		w.Opportunity("陈露", name)
	}
	return w, args
}

func checked(t *testing.T, args []string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := dispatch(t.Context(), append([]string{"check", "--replay"}, args...), &out)
	return out.String(), err
}

// TestTheOperatorIsToldWhatTheJournalDoesNotGiveBack: whole, a database passes. What somebody
// changed, took away or put in by hand is named by its id and its columns, and nothing a
// person wrote is printed.
func TestTheOperatorIsToldWhatTheJournalDoesNotGiveBack(t *testing.T) {
	for name, pg := range map[string]bool{"sqlite": false, "postgresql": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, args := lived(t, pg)
			list := w.Opportunity("陈露", "秘密项目")
			before := sum(t, w.DB)
			if out, err := checked(t, args); err != nil || !strings.Contains(out, "gives back all") {
				t.Fatalf("%v\n%s", err, out)
			}
			if sum(t, w.DB) != before {
				t.Error("checking changed the database")
			}
			byHand(t, w.DB, `UPDATE opportunity SET amount_minor = 4711471147, name = '别的' WHERE id = '`+list.ID+`'`,
				`DELETE FROM dated_value WHERE record_id = '`+list.ID+`' AND field = 'amount'`,
				`UPDATE stay SET entered_on = '2026-02-01' WHERE opportunity_id = '`+list.ID+`'`,
				`INSERT INTO competitor (tenant_id, id, name, name_key) VALUES ('`+w.Admin.TenantID+`', 'planted', '恒泰', '恒泰')`)
			out, err := checked(t, args)
			if !errors.Is(err, errDiffers) {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, want := range []string{list.ID + ": amount_minor", "opportunity: 1 rows", "dated_value: 0 rows only in the table, 1 only from the journal",
				"stay: 1 rows", ": entered_on", "competitor: 1 rows only in the table, 0 only", "only in the table      planted"} {
				if !strings.Contains(out, want) {
					t.Errorf("does not say %q", want)
				}
			}
			for _, secret := range []string{"秘密", "别的", "恒泰", "陈露", "4711471147"} {
				if strings.Contains(out+err.Error(), secret) {
					t.Errorf("says %q", secret)
				}
			}
			if t.Failed() {
				t.Log(out, err)
			}
		})
	}
}

// TestAnOlderDatabaseIsNotCheckedAndNotTouched: checking brings nothing up to date.
func TestAnOlderDatabaseIsNotCheckedAndNotTouched(t *testing.T) {
	raw := schema5(t, "v5.sqlite.gz")
	dir := t.TempDir()
	path := filepath.Join(dir, database.FileName)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := database.OpenSQLite(dir) // which has its log beside it from now on
	if err == nil {
		err = db.Close()
	}
	if err == nil {
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checked(t, []string{"--data", dir}); !errors.Is(err, database.ErrOlder) {
		t.Errorf("checked: %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || sha256.Sum256(got) != sha256.Sum256(raw) {
		t.Errorf("changed: %v", err)
	}
	if _, err := checked(t, []string{"--data", t.TempDir()}); err == nil {
		t.Error("where there is no database one is checked")
	}
}

func byHand(t *testing.T, db *database.DB, statements ...string) {
	t.Helper()
	err := db.Write(context.Background(), func(tx database.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(context.Background(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sum is a SQLite database's file and log, "" on PostgreSQL, which lets nobody write here.
func sum(t *testing.T, db *database.DB) string {
	t.Helper()
	if db.Path() == "" {
		return ""
	}
	h := sha256.New()
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(db.Path() + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	return string(h.Sum(nil))
}
