package app_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
)

// TestTheDryRunSaysWhatTheRunDoes: of every kind of file, for what is new and for what is there, with
// hand edits between; the same file again changes nothing.
func TestTheDryRunSaysWhatTheRunDoes(t *testing.T) {
	for seed := range uint64(2) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			newSource(w, everything, everyKind(20)).dryRunSaysTheSame()
			if b := newSource(w, everything, everyKind(20)).dryRunSaysTheSame(); len(b.Summary.Updated) > 0 {
				t.Errorf("the same again changes %v", b.Summary.Updated)
			}
			g := &gamble{&source{World: w}, rand.New(rand.NewPCG(seed, 3))}
			for n := range 4 {
				g.files(g.deals(1, 12)).dryRunSaysTheSame()
				ids := g.ids()
				for _, id := range ids[:min(3, len(ids))] {
					name := "手改" + string(rune('一'+n))
					if _, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), id, 0, opportunity.Patch{Name: &name}); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// TestLogsUndoneInAnyOrderLeaveWhatTheOthersSay: and nothing once all are undone.
func TestLogsUndoneInAnyOrderLeaveWhatTheOthersSay(t *testing.T) {
	for seed := range uint64(3) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			r := rand.New(rand.NewPCG(seed, 11))
			rows := logRows(r, 12)
			parts := make([][]string, 3)
			for _, row := range rows {
				k := r.IntN(3)
				parts[k] = append(parts[k], row)
			}
			w := apptest.New(t, db)
			s := newSource(w, logMapping, nil)
			var batches []string
			for _, part := range parts {
				batches = append(batches, newSource(w, logMapping, logFile(part)).run().ID)
			}
			first := r.IntN(3)
			s.undo(batches[first])
			s.undoRest(batches[first])
			left := s.sameIDs(s.saidOfCases())
			other := apptest.New(t, databasetest.Another(t, db))
			alone := newSource(other, logMapping, nil)
			for k, part := range parts {
				if k != first {
					newSource(other, logMapping, logFile(part)).run()
				}
			}
			want := alone.sameIDs(alone.saidOfCases())
			if first > 0 { // what the first file made stays while the others stand
				compareCases(t, "undone", left, want)
			}
			for _, k := range r.Perm(3) {
				_, _ = s.Intake.Undo(s.Ctx, s.As("管理员"), batches[k]) // one is undone already
			}
			s.undoRest(batches...)
			if now := s.saidOfCases(); len(now) > 0 {
				t.Errorf("left: %v", slices.Collect(maps.Keys(now)))
			}
		})
	}
}
