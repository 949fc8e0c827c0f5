package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestANewVersionsLimitsHoldInEveryProcessAtOnce: what one process publishes, the other
// counts by with the next question, though it keeps limits for a while.
func TestANewVersionsLimitsHoldInEveryProcessAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		here := apptest.New(t, db)
		there := apptest.Reopen(t, db, here.Clock.Now)
		stage := here.Bid.First()
		for _, w := range []*app.App{here.App, there} {
			by, known, err := w.Funnel.Limits(t.Context(), here.Admin.TenantID)
			if got := by[stage.ID].Stalled; err != nil || !known || got != stage.StandardDays {
				t.Fatalf("stalled after %d days, want %d (%v)", got, stage.StandardDays, err)
			}
		}
		draft := here.Bid
		draft.Stages = slices.Clone(draft.Stages)
		draft.Stages[0].StandardDays, draft.Stages[0].MaxDays = stage.StandardDays+3, stage.MaxDays+30
		_, err := here.Pipelines.Publish(t.Context(), here.As("管理员"), here.Bid.PipelineID, here.Bid.ID, draft, nil)
		must(t, err)
		for name, w := range map[string]*app.App{"here": here.App, "there": there} {
			by, known, err := w.Funnel.Limits(t.Context(), here.Admin.TenantID)
			if got := by[stage.ID].Stalled; err != nil || !known || got != stage.StandardDays+3 {
				t.Errorf("%s: stalled after %d days, want %d (%v)", name, got, stage.StandardDays+3, err)
			}
		}
	})
}

// slowly is a source whose limits are there when the gate opens.
type slowly struct {
	funnel.Source
	gate  chan struct{}
	asked atomic.Int64
}

func (s *slowly) WonStays(ctx context.Context, tx database.Tx, tenant string) ([]funnel.WonSpan, error) {
	s.asked.Add(1)
	select {
	case <-s.gate:
		return s.Source.WonStays(ctx, tx, tenant)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestNoPageWaitsForLimits: while they are computed, once however many ask, a record and a list
// are shown without; then with them; and after a start with those of before, renewed beside.
func TestNoPageWaitsForLimits(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		at := func(dir string) (*slowly, *funnel.Service) {
			s := &slowly{Source: w.Engine, gate: make(chan struct{})}
			return s, &funnel.Service{DB: w.DB, Source: s, Pipelines: w.Pipelines, Opportunities: w.Opportunities, Calendar: w.Org.Calendar,
				Choices: w.Org.ChoicesKnown, Now: w.Now, Dir: dir, Wait: time.Millisecond}
		}
		ask := func(f *funnel.Service) (map[string]opportunity.Limits, bool) {
			by, known, err := f.Limits(t.Context(), w.Admin.TenantID)
			must(t, err)
			return by, known
		}
		source, f := at(w.Funnel.Dir)
		for range 20 {
			if by, known := ask(f); known {
				t.Fatalf("known before they are computed: %v", by)
			}
		}
		time.Sleep(150 * time.Millisecond) // so that it was dear
		close(source.gate)
		f.Wait = time.Minute
		want, known := ask(f)
		if n := source.asked.Load(); !known || n != 1 || len(want) == 0 {
			t.Errorf("computed %d times, known %v: %v", n, known, want)
		}
		w.Clock.Set("2026-03-30") // long after
		if by, known := ask(f); !known || len(by) != len(want) {
			t.Errorf("what is dear and old is shown while it is renewed: %v", by)
		}
		again := t.TempDir()
		w.Eventually("they are written down", func() bool {
			files, _ := filepath.Glob(filepath.Join(w.Funnel.Dir, w.Admin.TenantID+"*"))
			return len(files) > 0 && filepath.Ext(files[0]) != ".new"
		})
		must(t, os.CopyFS(again, os.DirFS(w.Funnel.Dir)))
		source, f = at(again) // another start
		by, known := ask(f)
		if !known || fmt.Sprint(by) != fmt.Sprint(want) {
			t.Errorf("after a start: %v %v, want %v", known, by, want)
		}
		close(source.gate)
		must(t, w.Engine.Forget(w.Admin.TenantID))
		if left, _ := filepath.Glob(filepath.Join(w.Funnel.Dir, w.Admin.TenantID+"*")); len(left) > 0 {
			t.Errorf("left of a company that is no more: %v", left)
		}
	})
}

// TestDesksDoNotWaitForWhatWaitsForTheirConnections: as many desks as read aside at once need limits
// nobody has computed, which are computed on the same connections.
func TestDesksDoNotWaitForWhatWaitsForTheirConnections(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, ctx := apptest.New(t, db), database.Aside(t.Context())
		n := map[database.Dialect]int{database.SQLite: 2, database.PostgreSQL: 4}[db.Dialect()]
		must(t, w.Engine.Ready(t.Context(), w.Admin.TenantID)) // as a desk waits for, before it reads
		var begun sync.WaitGroup
		begun.Add(n)
		start, ended := time.Now(), make(chan error)
		for range n {
			go func() {
				ended <- db.Read(ctx, func(tx database.Tx) error {
					begun.Done()
					begun.Wait()
					by, err := w.Funnel.StageLimits(ctx, tx, w.Admin.TenantID)
					if err == nil && len(by) == 0 {
						err = errors.New("no limits")
					}
					return err
				})
			}()
		}
		for range n {
			must(t, <-ended)
		}
		if took := time.Since(start); took > 900*time.Millisecond {
			t.Errorf("limits of %d desks took %s", n, took)
		}
		w.Funnel.Settle()
	})
}
