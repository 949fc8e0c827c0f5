package app_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/replay"
)

// TestTheJournalGivesBackTheTables lives through a history, plays its journal into an empty
// database and compares every table, but for what is left out on purpose.
func TestTheJournalGivesBackTheTables(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newCheck(t, db, 88)
		x.Play(150)
		again := databasetest.Another(t, db)
		played(t, db, again, x.Player)
	})
}

// played plays the journal of one database into another and compares the two.
func played(t *testing.T, db, again *database.DB, p *apptest.Player) {
	t.Helper()
	tenant := p.Admin.TenantID
	must(t, p.Opportunities.Follow(t.Context(), p.As("管理员"), apptest.Start)) // the day's job
	copyWhole(t, db, again, "journal")
	b := app.New(again, t.TempDir(), p.Log, p.Now)
	r := b.Replay()
	only(t, db, again, r)
	if err := r.Run(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	for _, table := range tablesOf(t, db) {
		if table == "journal" || replay.Left[table]["*"] != "" {
			continue
		}
		want, got := rowsOf(t, db, table), rowsOf(t, again, table)
		missing, extra := less(want, got), less(got, want)
		for i, list := range [][]string{missing, extra} {
			for _, row := range list[:min(3, len(list))] {
				t.Errorf("%s: %s %s", table, []string{"is not given back:", "was never there:"}[i], row)
			}
			if len(list) > 3 {
				t.Errorf("%s: and %d more", table, len(list)-3)
			}
		}
	}
}

// only plays, while replay is being written, what YUNCHOU_REPLAY names, by the prefixes of its
// kinds ("opportunity.,evidence."), over the tables it names behind a colon, which are copied.
func only(t *testing.T, db, again *database.DB, r *replay.Service) {
	kinds, tables, some := strings.Cut(os.Getenv("YUNCHOU_REPLAY"), ":")
	if !some {
		return
	}
	off := map[bool]string{true: "SET session_replication_role = replica", false: "PRAGMA defer_foreign_keys = ON"}[db.Dialect() == database.PostgreSQL]
	for _, table := range strings.Split(tables, ",") {
		copyWith(t, db, again, table, off)
	}
	for _, row := range rowsBy(t, db, "SELECT DISTINCT kind FROM journal") {
		if !slices.ContainsFunc(strings.Split(kinds, ","), func(p string) bool { return strings.HasPrefix(row[0], p) }) {
			r.Kinds[row[0]] = replay.Nothing
		}
	}
}

// less are the rows of one list that are not in another, as often.
func less(list, other []string) (out []string) {
	n := map[string]int{}
	for _, r := range other {
		n[r]++
	}
	for _, r := range list {
		if n[r]--; n[r] < 0 {
			out = append(out, r)
		}
	}
	return out
}

func tablesOf(t *testing.T, db *database.DB) (out []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
	if db.Dialect() == database.PostgreSQL {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`
	}
	for _, r := range rowsBy(t, db, query) {
		if !strings.HasPrefix(r[0], "goose") && !strings.HasPrefix(r[0], "schema") {
			out = append(out, r[0])
		}
	}
	return out
}

// rowsOf writes each row of a table as a line: its columns by name, without those left out.
func rowsOf(t *testing.T, db *database.DB, table string) (out []string) {
	t.Helper()
	var columns []string
	for _, c := range columnsOf(t, db, table) {
		if replay.Left[table][c] == "" {
			columns = append(columns, c)
		}
	}
	for _, r := range rowsBy(t, db, "SELECT "+strings.Join(columns, ", ")+" FROM "+table) {
		parts := []string{}
		for i, v := range r {
			if v != "" {
				parts = append(parts, columns[i]+"="+v)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	slices.Sort(out)
	return out
}

func columnsOf(t *testing.T, db *database.DB, table string) (out []string) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), "SELECT * FROM "+table+" WHERE 1 = 0")
		if err != nil {
			return err
		}
		defer rows.Close()
		out, err = rows.Columns()
		return err
	}))
	slices.Sort(out)
	return out
}

// rowsBy reads every row of a query as texts; nothing is "".
func rowsBy(t *testing.T, db *database.DB, query string) (out [][]string) {
	t.Helper()
	for _, r := range valuesBy(t, db, query) {
		line := make([]string, len(r))
		for i, v := range r {
			switch v := v.(type) {
			case nil:
			case []byte:
				line[i] = string(v)
			default:
				line[i] = fmt.Sprint(v)
			}
		}
		out = append(out, line)
	}
	return out
}

// valuesBy reads every row of a query.
func valuesBy(t *testing.T, db *database.DB, query string) (out [][]any) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx database.Tx) error {
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
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			out = append(out, values)
		}
		return rows.Err()
	}))
	return out
}

// copyWhole copies a table as it is.
func copyWhole(t *testing.T, from, to *database.DB, table string) {
	copyWith(t, from, to, table, "SELECT 1")
}

func copyWith(t *testing.T, from, to *database.DB, table, before string) {
	t.Helper()
	columns := columnsOf(t, from, table)
	list := strings.Join(columns, ", ")
	rows := valuesBy(t, from, "SELECT "+list+" FROM "+table)
	must(t, to.Write(t.Context(), func(tx database.Tx) error {
		if _, err := tx.Exec(t.Context(), before); err != nil {
			return err
		}
		for len(rows) > 0 {
			n := min(len(rows), 100)
			marks := []string{}
			args := []any{}
			for _, r := range rows[:n] {
				one := []string{}
				for _, v := range r {
					args = append(args, v)
					one = append(one, fmt.Sprintf("$%d", len(args)))
				}
				marks = append(marks, "("+strings.Join(one, ", ")+")")
			}
			if _, err := tx.Exec(t.Context(), "INSERT INTO "+table+" ("+list+") VALUES "+strings.Join(marks, ", "), args...); err != nil {
				return err
			}
			rows = rows[n:]
		}
		return nil
	}))
}

// TestWhatIsLeftOutIsThere: the list names tables and columns there are.
func TestWhatIsLeftOutIsThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tables := tablesOf(t, db)
		for table, columns := range replay.Left {
			if !slices.Contains(tables, table) {
				t.Errorf("there is no table %s", table)
				continue
			}
			have := columnsOf(t, db, table)
			for c := range columns {
				if c != "*" && !slices.Contains(have, c) {
					t.Errorf("%s has no column %s", table, c)
				}
			}
		}
	})
}
