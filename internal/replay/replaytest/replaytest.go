// Package replaytest compares what a journal gives back with the tables it was written beside.
package replaytest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/replay"
)

// Compare finds the rows of tables that one database has and another has not, but for what is
// left out on purpose.
func Compare(t testing.TB, db, again *database.DB, tables ...string) {
	t.Helper()
	for _, table := range tables {
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

// Only has a service play the kinds with one of some prefixes, and nothing else of a journal.
func Only(t testing.TB, db *database.DB, r *replay.Service, prefixes ...string) {
	t.Helper()
	for _, row := range Rows(t, db, "SELECT DISTINCT kind FROM journal") {
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(row[0], p) }) {
			r.Kinds[row[0]] = replay.Nothing
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
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

// Tables are the tables of a database that hold what companies have.
func Tables(t testing.TB, db *database.DB) (out []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
	if db.Dialect() == database.PostgreSQL {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`
	}
	for _, r := range Rows(t, db, query) {
		if !strings.HasPrefix(r[0], "goose") && !strings.HasPrefix(r[0], "schema") {
			out = append(out, r[0])
		}
	}
	return out
}

// rowsOf writes each row of a table as a line: its columns by name, without those left out.
func rowsOf(t testing.TB, db *database.DB, table string) (out []string) {
	t.Helper()
	var columns []string
	without := map[string][]string{}
	for _, c := range Columns(t, db, table) {
		if replay.Left[table][c] == "" {
			columns = append(columns, c)
		}
	}
	for left := range replay.Left[table] {
		if c, key, of := strings.Cut(left, ":"); of {
			without[c] = append(without[c], key)
		}
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + table
	if replay.LeftRows[table] != "" {
		query += " WHERE NOT (" + leftRows[table] + ")"
	}
	for _, r := range Rows(t, db, query) {
		parts := []string{}
		for i, v := range r {
			if keys := without[columns[i]]; len(keys) > 0 {
				v = lessKeys(t, v, keys)
			}
			if v != "" {
				parts = append(parts, columns[i]+"="+v)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	slices.Sort(out)
	return out
}

// leftRows are the rows replay.LeftRows speaks of.
var leftRows = map[string]string{
	"custom_value": "field_id IN (SELECT f.id FROM custom_field f WHERE f.type = 'text' OR f.record_kind = 'contact')",
	"external_ref": "record_kind = 'contact'",
}

// Columns are the columns of a table, by name.
func Columns(t testing.TB, db *database.DB, table string) (out []string) {
	t.Helper()
	must(t, db.Read(context.Background(), func(tx database.Tx) error {
		rows, err := tx.Query(context.Background(), "SELECT * FROM "+table+" WHERE 1 = 0")
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

// Rows reads every row of a query as texts; nothing is "".
func Rows(t testing.TB, db *database.DB, query string) (out [][]string) {
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
func valuesBy(t testing.TB, db *database.DB, query string) (out [][]any) {
	t.Helper()
	must(t, db.Read(context.Background(), func(tx database.Tx) error {
		rows, err := tx.Query(context.Background(), query)
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

// Copy copies a table as it is; before is run in its transaction first.
func Copy(t testing.TB, from, to *database.DB, table string, before ...string) {
	t.Helper()
	columns := Columns(t, from, table)
	list := strings.Join(columns, ", ")
	rows := valuesBy(t, from, "SELECT "+list+" FROM "+table)
	must(t, to.Write(context.Background(), func(tx database.Tx) error {
		for _, statement := range before {
			if _, err := tx.Exec(context.Background(), statement); err != nil {
				return err
			}
		}
		for some := range slices.Chunk(rows, 100) {
			if err := tx.InsertMany(context.Background(), table, list, "", some); err != nil {
				return err
			}
		}
		return nil
	}))
}

// lessKeys is JSON without some keys, wherever they are in it.
func lessKeys(t testing.TB, raw string, keys []string) string {
	t.Helper()
	var v any
	must(t, json.Unmarshal([]byte(raw), &v))
	dropKeys(v, keys)
	out, err := json.Marshal(v)
	must(t, err)
	return string(out)
}

func dropKeys(v any, keys []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range keys {
			delete(v, k)
		}
		for _, inner := range v {
			dropKeys(inner, keys)
		}
	case []any:
		for _, inner := range v {
			dropKeys(inner, keys)
		}
	}
}
