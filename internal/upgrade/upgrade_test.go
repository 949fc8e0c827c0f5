package upgrade_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
)

// upgraded is the instant the tests upgrade at: the morning the figures are of.
var upgraded = time.Date(2026, 6, 5, 2, 0, 0, 0, time.UTC)

func unpacked(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// open makes a database as schema 5 left it, and migrates it.
func open(t *testing.T, dialect database.Dialect) *database.DB {
	t.Helper()
	var db *database.DB
	var err error
	if dialect == database.PostgreSQL {
		db, err = database.OpenPostgreSQL(t.Context(), databasetest.FromSQL(t, string(unpacked(t, "v5.postgres.sql.gz"))))
	} else {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, database.FileName), unpacked(t, "v5.sqlite.gz"), 0o600); err != nil {
			t.Fatal(err)
		}
		db, err = database.OpenSQLite(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	return db
}

// each runs a test on the company of schema 5, migrated and not carried over.
func each(t *testing.T, run func(t *testing.T, db *database.DB)) {
	for name, dialect := range map[string]database.Dialect{"sqlite": database.SQLite, "postgresql": database.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, open(t, dialect))
		})
	}
}

func service(db *database.DB) *upgrade.Service {
	return &upgrade.Service{DB: db, Rows: upgradedb.Rows{}, Now: func() time.Time { return upgraded }}
}

// figures is what the released program showed.
func figures(t testing.TB) (f struct {
	Tenant string
	Deals  map[string]string
	IDs    map[string]string
	Rows   map[string]int64
}) {
	t.Helper()
	raw, err := os.ReadFile("testdata/v5.figures.json")
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// dump is every row of a table as text, in order, without the columns named: ids made by the
// upgrade differ from run to run.
func dump(t *testing.T, db *database.DB, query string) []string {
	t.Helper()
	var out []string
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), query)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			values := make([]sql.NullString, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			line := ""
			for i, v := range values {
				if v.Valid {
					line += columns[i] + "=" + v.String + " "
				}
			}
			out = append(out, line)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// facts are all the rows an upgrade writes.
func facts(t *testing.T, db *database.DB) (out []string) {
	for _, q := range []string{
		"SELECT * FROM dated_value",
		"SELECT opportunity_id, ord, seq, ended_seq, accepted_seq, loss_kind, loss_reason, competitor_id, signed_on, contract_minor, amount_minor, currency FROM stay",
		"SELECT record_id, ord, member_id, team_id, from_on, to_on, seq, ended_seq, basis FROM ownership",
		"SELECT fact_id, stay_id, outcome, member_id, team_id, position_id, kind, product_line_id, share_bp, amount_minor, currency, credited_on, seq, reversal, basis FROM credit_line",
		"SELECT currency, from_on, seq, rate FROM exchange_rate",
		"SELECT year, seq FROM holiday_year",
		"SELECT id, seq FROM pipeline_version",
		"SELECT id, created_seq FROM team",
		"SELECT id, seq, ended_seq FROM team_parent",
		"SELECT seat_id, member_id, from_on, to_on, seq, ended_seq FROM seat_holder",
		"SELECT id, reporting_minor FROM opportunity",
		"SELECT seq, kind, path, subject_id, happened_on FROM journal",
	} {
		out = append(out, dump(t, db, q)...)
	}
	return out
}

func TestAnUpgradeIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		var told []upgrade.Progress
		s := service(db)
		s.Tell = func(p upgrade.Progress) { told = append(told, p) }
		if err := s.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(told, func(p upgrade.Progress) bool { return p.Step == "opportunities" && p.Done == 41 && p.Total == 41 }) {
			t.Errorf("nobody heard that all are done: %+v", told)
		}
		once := facts(t, db)
		told = nil
		if err := s.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(told) > 0 || !slices.Equal(once, facts(t, db)) {
			t.Error("run again, it did something")
		}
	})
}

// TestNamesAreReadAsThisProgramReadsThem: what an older one kept of a name is kept anew, once.
func TestNamesAreReadAsThisProgramReadsThem(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		const old = `UPDATE account SET name = '重庆钢铁', pinyin = 'zhongqinggangtie', initials = 'zqgt' WHERE id = (SELECT MIN(id) FROM account)`
		if err := db.Write(t.Context(), func(tx database.Tx) error {
			_, err := tx.Exec(t.Context(), old)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := dump(t, db, `SELECT pinyin, initials, spelled FROM account WHERE name = '重庆钢铁'`)
		if len(got) != 1 || !strings.Contains(got[0], "chongqinggangtie") || !strings.Contains(got[0], "'chong'qing'gang'tie") {
			t.Errorf("read as %v", got)
		}
		for _, table := range upgrade.Named {
			if left := dump(t, db, `SELECT id FROM `+table+` WHERE spelled IS NULL`); len(left) > 0 {
				t.Errorf("%d names of %s are not read", len(left), table)
			}
		}
	})
}

// What a company chose is carried back to always, with the number of the upgrade's own entry.
func TestACompanysChoicesAreCarriedOver(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := dump(t, db, `SELECT v.field, v.day, v.number_value, v.text_value, v.basis FROM dated_value v
			JOIN carried c ON c.tenant_id = v.tenant_id AND c.step = 'facts' AND c.baseline_seq = v.seq
			WHERE v.record_id = v.tenant_id`)
		want := []string{"field=sums_with_tax day=0001-01-01 number_value=1 basis=carried ",
			"field=work_calendar day=0001-01-01 text_value=CN basis=carried "}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestAnUpgradeThatIsCutShortGoesOnWhereItWas(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		s := service(db)
		s.Chunk = 3
		runs := 0
		for done := false; !done && runs < 100; runs++ {
			ctx, stop := context.WithCancel(t.Context())
			s.Tell = func(upgrade.Progress) { stop() } // after every single chunk
			err := s.Run(ctx)
			done = err == nil
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			stop()
		}
		if runs < 15 || runs == 100 {
			t.Errorf("%d runs", runs)
		}
		at := open(t, db.Dialect())
		if err := service(at).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		differ(t, facts(t, at), facts(t, db))
	})
}

func TestTwoProcessesTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		done := make(chan error, 2)
		for range 2 {
			go func() {
				s := service(db)
				s.Chunk = 3
				done <- s.Run(context.Background())
			}()
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
		alone := open(t, db.Dialect())
		if err := service(alone).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		differ(t, facts(t, alone), facts(t, db))
	})
}

// differ names the lines that are in one of two sorted lists alone.
func differ(t *testing.T, a, b []string) {
	t.Helper()
	in := func(list []string) map[string]int {
		m := map[string]int{}
		for _, l := range list {
			m[l]++
		}
		return m
	}
	x, y := in(a), in(b)
	for l := range x {
		if x[l] != y[l] {
			t.Errorf("%d and %d times: %s", x[l], y[l], l)
		}
	}
	for l := range y {
		if _, ok := x[l]; !ok {
			t.Errorf("only in the second: %s", l)
		}
	}
}
