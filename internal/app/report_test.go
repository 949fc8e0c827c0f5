package app_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestEveryFigureOpensToAsManyRecordsAsItSays opens every figure of reports over a
// random history and counts.
func TestEveryFigureOpensToAsManyRecordsAsItSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.History(rand.New(rand.NewPCG(7, 7)), 120)
		boss := w.As("管理员")
		mid := apptest.Start.Add(100)
		for name, ask := range map[string]funnel.Ask{
			"whole":       {Group: funnel.ByOwner},
			"window":      {From: apptest.Start.Add(40), To: mid, Group: funnel.ByProduct},
			"as of":       {From: apptest.Start.Add(20), To: mid, AsOf: mid, Group: funnel.ByTeam},
			"region":      {Group: funnel.ByRegion, Filter: opportunity.Filter{Team: w.ID["一组"]}},
			"overstaying": {Group: funnel.ByMonth, Filter: opportunity.Filter{Overstayed: true}},
		} {
			ask.Pipeline = w.Bid.PipelineID
			r, err := w.Funnel.Report(w.Ctx, boss, ask)
			if err != nil {
				t.Fatal(err)
			}
			if r.Population.Created == 0 {
				t.Errorf("%s: nothing to open", name)
			}
			opens := func(want int64, m funnel.Measure) {
				t.Helper()
				ids, total, err := w.Funnel.Records(w.Ctx, boss, ask, m, 0, 500)
				if err != nil {
					t.Fatal(err)
				}
				if total != want || int64(len(ids)) != want {
					t.Errorf("%s: %+v says %d and opens to %d", name, m, want, total)
				}
			}
			p := r.Population
			opens(p.Created, funnel.Measure{Name: "created"})
			opens(p.Open, funnel.Measure{Name: "created_open"})
			opens(p.Won, funnel.Measure{Name: "created_won"})
			opens(p.Lost, funnel.Measure{Name: "created_lost"})
			opens(p.Withdrawn, funnel.Measure{Name: "created_withdrawn"})
			opens(r.ClosedWinRate.Won, funnel.Measure{Name: "won"})
			opens(r.ClosedWinRate.Lost, funnel.Measure{Name: "lost"})
			opens(r.LeftOut.NoAmount, funnel.Measure{Name: "no_amount"})
			opens(r.LeftOut.Undated, funnel.Measure{Name: "undated"})
			opens(r.LeftOut.ClosedUndated, funnel.Measure{Name: "closed_undated"})
			for _, st := range r.Stages {
				if st.Kind == "lost" {
					continue
				}
				opens(st.Reached, funnel.Measure{Name: "reached", StageID: st.ID})
				if st.Kind != "open" {
					continue
				}
				opens(st.Open, funnel.Measure{Name: "stage_now", StageID: st.ID})
				opens(st.Cohort.Advanced, funnel.Measure{Name: "advanced", StageID: st.ID})
				opens(st.Cohort.Lost, funnel.Measure{Name: "stage_lost", StageID: st.ID})
				opens(st.Cohort.Open, funnel.Measure{Name: "stage_open", StageID: st.ID})
				opens(st.Cohort.TakenOut, funnel.Measure{Name: "taken_out", StageID: st.ID})
				opens(st.Cohort.Undated, funnel.Measure{Name: "stage_undated", StageID: st.ID})
				if st.Reached != st.Cohort.Advanced+st.Cohort.Lost+st.Cohort.Open {
					t.Errorf("%s: %s reached %d is not the sum of its cohort %+v", name, st.Name, st.Reached, *st.Cohort)
				}
			}
			for _, l := range r.Losses {
				opens(l.Count, funnel.Measure{Name: "loss", LossKind: l.Kind, CompetitorID: l.CompetitorID, StageID: l.StageID})
			}
			var sum funnel.Population
			for _, g := range r.Groups {
				opens(g.Population.Created, funnel.Measure{Name: "created", Key: &g.ID})
				opens(g.ClosedWinRate.Won, funnel.Measure{Name: "won", Key: &g.ID})
				sum.Created += g.Population.Created
				sum.Won += g.Population.Won
			}
			if ask.Group != funnel.ByProduct && (sum.Created != p.Created || sum.Won != p.Won) {
				t.Errorf("%s: groups add up to %+v, the whole is %+v", name, sum, p)
			}
		}
	})
}

// TestRecordsArePagedWithoutLossOrRepeat walks a figure in small steps.
func TestRecordsArePagedWithoutLossOrRepeat(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	w.History(rand.New(rand.NewPCG(3, 3)), 60)
	seen := map[string]bool{}
	for offset := 0; ; offset += 3 {
		ids, total, err := w.Funnel.Records(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID}, funnel.Measure{Name: "created"}, offset, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if seen[id] {
				t.Fatal(fmt.Sprint(id, " twice"))
			}
			seen[id] = true
		}
		if len(ids) == 0 {
			if int64(len(seen)) != total || total < 10 {
				t.Errorf("saw %d of %d", len(seen), total)
			}
			return
		}
	}
}
