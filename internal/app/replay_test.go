package app_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal/journaltest"
	"yunchou/internal/replay"
	"yunchou/internal/replay/replaytest"
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
	replaytest.Copy(t, db, again, "journal")
	b := app.New(again, t.TempDir(), p.Log, p.Now)
	r := b.Replay()
	if err := r.Run(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	replaytest.Compare(t, db, again, replaytest.Tables(t, db)...)
	keptOf(t, db, r)
}

// keptOf fails where a kind of entry that can be played, or one in a journal, has none kept
// in the entries.txt of its capability.
func keptOf(t *testing.T, db *database.DB, r *replay.Service) {
	t.Helper()
	files, err := filepath.Glob("../*/testdata/entries.txt")
	must(t, err)
	kept := journaltest.Kinds(t, files...)
	for _, row := range replaytest.Rows(t, db, "SELECT DISTINCT kind, version FROM journal") {
		if !kept[row[0]+" "+row[1]] {
			t.Errorf("no %s version %s is kept", row[0], row[1])
		}
	}
	names := map[string]bool{}
	for kind := range kept {
		name, _, _ := strings.Cut(kind, " ")
		names[name] = true
	}
	for kind := range r.Kinds {
		if !names[kind] {
			t.Errorf("no %s is kept", kind)
		}
	}
}

// TestWhatIsLeftOutIsThere: the list names tables and columns there are.
func TestWhatIsLeftOutIsThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tables := replaytest.Tables(t, db)
		for table, columns := range replay.Left {
			if !slices.Contains(tables, table) {
				t.Errorf("there is no table %s", table)
				continue
			}
			have := replaytest.Columns(t, db, table)
			for c := range columns {
				if c, _, _ = strings.Cut(c, ":"); c != "*" && !slices.Contains(have, c) {
					t.Errorf("%s has no column %s", table, c)
				}
			}
		}
	})
}
