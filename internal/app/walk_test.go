package app_test

import (
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/safekeep/safekeepdb"
)

// TestTheTablesOfARandomHistoryDoNotContradictEachOther: what an operator's check looks at
// holds whatever people do.
func TestTheTablesOfARandomHistoryDoNotContradictEachOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newCheck(t, db, 417)
		x.Play(150)
		err := db.Read(t.Context(), func(tx database.Tx) error {
			return safekeepdb.Walk(t.Context(), tx, func(f safekeepdb.Finding) { t.Errorf("%s: %s", f.Rule, f.ID) })
		})
		must(t, err)
	})
}
