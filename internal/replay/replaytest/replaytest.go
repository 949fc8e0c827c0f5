// Package replaytest compares what a journal gives back with the tables it was written beside.
package replaytest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/replay"
	"yunchou/internal/replay/replaydb"
)

// Compare finds the rows of tables that one database has and another has not, but for what is
// left out on purpose.
func Compare(t testing.TB, db, again *database.DB, tables ...string) {
	t.Helper()
	ctx := context.Background()
	for _, table := range tables {
		var d replaydb.Difference
		must(t, db.Read(ctx, func(was database.Tx) error {
			return again.Read(ctx, func(now database.Tx) (err error) {
				d, err = replaydb.Compare(ctx, was, now, table)
				return err
			})
		}))
		for i, list := range [][]replaydb.Row{d.Missing, d.Extra} {
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

// Tables are the tables of a database that hold what companies have.
func Tables(t testing.TB, db *database.DB) (out []string) {
	t.Helper()
	must(t, db.Read(context.Background(), func(tx database.Tx) (err error) {
		out, err = replaydb.Tables(context.Background(), tx)
		return err
	}))
	return out
}

// Columns are the columns of a table, by name.
func Columns(t testing.TB, db *database.DB, table string) (out []string) {
	t.Helper()
	must(t, db.Read(context.Background(), func(tx database.Tx) (err error) {
		out, err = replaydb.Columns(context.Background(), tx, table)
		return err
	}))
	return out
}

// Rows reads every row of a query as texts; nothing is "".
func Rows(t testing.TB, db *database.DB, query string) (out [][]string) {
	t.Helper()
	must(t, db.Read(context.Background(), func(tx database.Tx) error {
		return replaydb.Each(context.Background(), tx, query, func(values []any) error {
			line := make([]string, len(values))
			for i, v := range values {
				line[i] = replaydb.Text(v)
			}
			out = append(out, line)
			return nil
		})
	}))
	return out
}

// Copy copies a table as it is.
func Copy(t testing.TB, from, to *database.DB, table string) {
	t.Helper()
	must(t, from.Read(context.Background(), func(tx database.Tx) error {
		return replaydb.Copy(context.Background(), tx, to, table)
	}))
}
