package demo_test

import (
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/demo"
	"yunchou/internal/replay/replaytest"
)

// TestTheDemo makes the demo, three years of sixty people, plays its whole journal into an
// empty database and compares every table, but for what is left out on purpose (smaller
// histories are played on both databases in internal/app); and walks its facts.
func TestTheDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the demo and plays it")
	}
	now := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	db, again := databasetest.SQLite(t), databasetest.SQLite(t)
	a := apptest.Reopen(t, db, now)
	if _, err := demo.Make(t.Context(), a, 1, "zh-CN"); err != nil {
		t.Fatal(err)
	}
	all, err := a.Org.Companies(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d companies, %v", len(all), err)
	}
	t.Run("its journal gives back its tables", func(t *testing.T) { givesBack(t, db, again, all[0].ID, now) })
	t.Run("no fact contradicts another", func(t *testing.T) { contradictNothing(t, db) })
}

func givesBack(t *testing.T, db, again *database.DB, company string, now func() time.Time) {
	a := apptest.Reopen(t, db, now)
	actor, err := a.Org.System(t.Context(), company, "", "job")
	if err == nil {
		err = a.Opportunities.Follow(t.Context(), actor, calendar.Date("2020-01-01")) // the day's job
	}
	if err != nil {
		t.Fatal(err)
	}
	replaytest.Copy(t, db, again, "journal")
	b := apptest.Reopen(t, again, now)
	began := time.Now()
	if err := b.Replay().Run(t.Context(), company); err != nil {
		t.Fatal(err)
	}
	entries := len(replaytest.Rows(t, db, "SELECT seq FROM journal"))
	t.Logf("%d entries in %.1f s", entries, time.Since(began).Seconds())
	replaytest.Compare(t, db, again, replaytest.Tables(t, db)...)
}
