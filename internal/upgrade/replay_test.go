package upgrade_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
)

// TestAnUpgradedCompanyIsPlayedFromItsBaseline: every row but its texts.
func TestAnUpgradedCompanyIsPlayedFromItsBaseline(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		tenant := figures(t).Tenant
		again := databasetest.Another(t, db)
		copyJournal(t, db, again, tenant)
		r := replay.Service{DB: again, Kinds: upgrade.Replays(upgradedb.Rows{}),
			Actor: func(context.Context, database.Tx, string, journal.Entry) (org.Actor, error) {
				return org.Actor{TenantID: tenant}, nil
			}}
		if err := r.Run(t.Context(), tenant); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, k := range upgrade.Kinds {
			for _, p := range k.Parts {
				if k.Kind != "import" && !seen[p.Table] {
					seen[p.Table] = true
					sameRows(t, db, again, p.Table)
				}
			}
		}
	})
}

// sameRows compares a table but its texts.
func sameRows(t *testing.T, db, again *database.DB, table string) {
	t.Helper()
	var columns []string
	err := db.Read(t.Context(), func(tx database.Tx) (err error) {
		columns, err = upgradedb.Rows{}.Columns(t.Context(), tx, table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want, got := listed(t, db, table, columns), listed(t, again, table, columns)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("%s: %d rows are %d\n%s\n%s", table, len(want), len(got), strings.Join(want[:min(3, len(want))], "\n"), strings.Join(got[:min(3, len(got))], "\n"))
	}
}

func copyJournal(t *testing.T, from, to *database.DB, tenant string) {
	t.Helper()
	const columns = `tenant_id, seq, id, recorded_at, happened_on, actor_id, on_behalf_of, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload`
	var list [][]any
	err := from.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT `+columns+` FROM journal WHERE tenant_id = $1`, tenant)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			row, into := make([]any, 15), make([]any, 15)
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			list = append(list, row)
		}
		return rows.Err()
	})
	if err == nil {
		err = to.Write(t.Context(), func(tx database.Tx) error { return tx.InsertMany(t.Context(), "journal", columns, "", list) })
	}
	if err != nil {
		t.Fatal(err)
	}
}
