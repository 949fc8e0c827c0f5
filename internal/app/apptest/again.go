package apptest

import (
	"slices"

	"yunchou/internal/app"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/replay/replaytest"
)

// Again plays what the journal says by kinds with some prefixes into another database, and
// compares tables.
func (w *World) Again(prefixes []string, tables ...string) *app.App {
	w.T.Helper()
	other := databasetest.Another(w.T, w.DB)
	replaytest.Copy(w.T, w.DB, other, "journal")
	b := app.New(other, w.T.TempDir(), w.Log, w.Now)
	r := b.Replay()
	if !slices.Contains(prefixes, "") {
		replaytest.Only(w.T, w.DB, r, prefixes...)
	}
	w.must(r.Run(w.Ctx, w.Admin.TenantID))
	for _, table := range tables {
		if len(replaytest.Rows(w.T, w.DB, "SELECT 1 FROM "+table+" LIMIT 1")) == 0 {
			w.T.Errorf("%s is empty: nothing is compared", table)
		}
	}
	replaytest.Compare(w.T, w.DB, other, tables...)
	return b
}
