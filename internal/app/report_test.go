package app_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// TestEveryFigureOpensToAsManyRecordsAsItSays opens every figure of reports over a
// random history and counts.
func TestEveryFigureOpensToAsManyRecordsAsItSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.NewHistory(rand.New(rand.NewPCG(7, 7))).Play(120)
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
			opens(r.LeftOut.Pathless, funnel.Measure{Name: "pathless"})
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
			opens(r.Velocity.Open, funnel.Measure{Name: "qualified_open"})
			opens(r.ClosedWinRate.Won+r.ClosedWinRate.Lost, funnel.Measure{Name: "closed"})
			opens(r.Velocity.Rate.Won+r.Velocity.Rate.Lost, funnel.Measure{Name: "qualified_closed"})
			opens(r.Velocity.N, funnel.Measure{Name: "qualified_won"})
			rivals, err := w.Funnel.Rivals(w.Ctx, boss, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range rivals.Rows {
				opens(x.Rate.Won, funnel.Measure{Name: "rival_won", CompetitorID: x.CompetitorID})
				opens(x.Rate.Lost, funnel.Measure{Name: "rival_lost", CompetitorID: x.CompetitorID})
				opens(x.Rate.Won+x.Rate.Lost, funnel.Measure{Name: "rival_closed", CompetitorID: x.CompetitorID})
				opens(x.LostTo, funnel.Measure{Name: "rival_lost_to", CompetitorID: x.CompetitorID})
				if x.CompetitorID != "" {
					recordOpens(t, w, boss, ask, x, opens)
				}
			}
			cohorts, err := w.Funnel.Cohorts(w.Ctx, boss, ask, "", "")
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range cohorts.Rows {
				for name, n := range map[string]int64{"cohort": x.Entered, "cohort_advanced": x.Advanced, "cohort_lost": x.Lost,
					"cohort_open": x.Open, "cohort_out": x.TakenOut} {
					opens(n, funnel.Measure{Name: name, StageID: cohorts.StageID, Target: cohorts.TargetID, Month: x.Month})
				}
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
	w.NewHistory(rand.New(rand.NewPCG(3, 3))).Play(60)
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

// TestWaterfallBalancesAndMeetsTheOpenPipeline replays random histories: the steps
// balance to the minor unit, the end equals what the report of that day says is
// open, and periods laid end to end meet.
func TestWaterfallBalancesAndMeetsTheOpenPipeline(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		for currency, rate := range map[string]int64{"USD": 7_123_456, "JPY": 48_765, "KWD": 23_123_457} { // with two, no and three digits
			if err := w.Org.SetRate(w.Ctx, boss, org.Rate{Currency: currency, From: "2026-01-01", Rate: rate}); err != nil {
				t.Fatal(err)
			}
		}
		h := w.NewHistory(rand.New(rand.NewPCG(11, 5)))
		h.Play(80)
		middle := w.As("管理员").Today.Add(1)
		atMiddle := openNow(t, w)
		h.Play(80)
		boss = w.As("管理员")
		end := boss.Today.Add(1)
		first := waterfall(t, w, funnel.Ask{From: apptest.Start, To: middle})
		second := waterfall(t, w, funnel.Ask{From: middle, To: end})
		if first[funnel.OpenStart].Count != 0 {
			t.Errorf("before the first day %+v", first[funnel.OpenStart])
		}
		if first[funnel.OpenEnd] != atMiddle {
			t.Errorf("end of the first half %+v, the report of that evening said %+v", first[funnel.OpenEnd], atMiddle)
		}
		if a, b := first[funnel.OpenEnd], second[funnel.OpenStart]; a.Count != b.Count || a.AmountMinor != b.AmountMinor {
			t.Errorf("the halves do not meet: %+v, %+v", a, b)
		}
		if now := openNow(t, w); second[funnel.OpenEnd] != now {
			t.Errorf("end %+v, the report says %+v", second[funnel.OpenEnd], now)
		}
		var team, whole int64
		for _, name := range []string{"一组", "二组"} {
			team += waterfall(t, w, funnel.Ask{From: middle, To: end, Filter: opportunity.Filter{Team: w.ID[name]}})[funnel.OpenEnd].AmountMinor
		}
		if whole = second[funnel.OpenEnd].AmountMinor; team != whole {
			t.Errorf("teams make %d, the company %d", team, whole)
		}
		waterfall(t, w, funnel.Ask{From: middle, To: end, Filter: opportunity.Filter{ExpectedFrom: middle, ExpectedTo: middle.Add(60)}})
		seen := map[string]bool{}
		for _, s := range []map[string]funnel.Step{first, second} {
			for name, step := range s {
				seen[name] = seen[name] || step.Count > 0
			}
		}
		for _, name := range []string{funnel.New, funnel.Reopened, funnel.Increased, funnel.Decreased, funnel.WonStep, funnel.LostStep, funnel.WithdrawnStep, funnel.TransferredOut} {
			if !seen[name] {
				t.Errorf("the history never showed %s", name)
			}
		}
	})
}

func openNow(t *testing.T, w *apptest.World) funnel.Step {
	t.Helper()
	var n int64
	r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Stages {
		n += s.Open
	}
	return funnel.Step{Name: funnel.OpenEnd, Count: n, AmountMinor: r.OpenMinor}
}

func waterfall(t *testing.T, w *apptest.World, ask funnel.Ask) map[string]funnel.Step {
	t.Helper()
	ask.Pipeline = w.Bid.PipelineID
	r, err := w.Funnel.Waterfall(w.Ctx, w.As("管理员"), ask)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]funnel.Step{}
	for _, s := range r.Steps {
		out[s.Name] = s
		ids, err := w.Funnel.WaterfallRecords(w.Ctx, w.As("管理员"), ask, s.Name)
		if err != nil || int64(len(ids)) > s.Count || s.Count > 0 && len(ids) == 0 {
			t.Errorf("%s of %d opens to %d records (%v)", s.Name, s.Count, len(ids), err)
		}
	}
	sum := out[funnel.OpenStart].AmountMinor
	for _, s := range funnel.Steps {
		sum += s.Sign * out[s.Name].AmountMinor
	}
	if sum != out[funnel.OpenEnd].AmountMinor {
		t.Errorf("out of balance by %d: %+v", sum-out[funnel.OpenEnd].AmountMinor, r.Steps)
	}
	return out
}

func TestAFilterThatCanNeverMatchIsRefused(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	for want, f := range map[string]opportunity.Filter{
		"calendar.bad_date":         {ExpectedTo: "2026-13-45"},
		"opportunity.state_unknown": {States: []opportunity.State{"what"}},
		"field.unknown":             {Custom: map[string]string{"nope": "1"}},
	} {
		_, _, err := w.Opportunities.List(w.Ctx, w.As("陈露"), f, page.Request{}, w.Funnel)
		code(t, err, want)
		_, err = w.Funnel.Report(w.Ctx, w.As("陈露"), funnel.Ask{Pipeline: w.Bid.PipelineID, Filter: f})
		code(t, err, want)
	}
}

// TestListsArePagedWithoutLossOrRepeat walks lists in small pages, in every order and
// both directions, unknown values among them, on both engines.
func TestListsArePagedWithoutLossOrRepeat(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.NewHistory(rand.New(rand.NewPCG(6, 6))).Play(40)
		for _, name := range []string{"管理员", "蒋跃"} {
			all, _, err := w.Opportunities.List(w.Ctx, w.As(name), opportunity.Filter{}, page.Request{Limit: page.Most}, nil)
			if err != nil || len(all.Items) < 5 {
				t.Fatalf("%s sees %d, %v", name, len(all.Items), err)
			}
			for _, order := range []string{"name", "created", "amount", "expected", "entered", "closed", "progress", "contact"} {
				for _, desc := range []bool{false, true} {
					seen := map[string]bool{}
					n, err := walkPages(page.Request{Sort: order, Desc: desc, Limit: 3}, func(p page.Request) (page.Result[opportunity.Opportunity], error) {
						list, _, err := w.Opportunities.List(w.Ctx, w.As(name), opportunity.Filter{}, p, nil)
						return list, err
					}, seen)
					if err != nil || n != len(all.Items) || len(seen) != n {
						t.Errorf("%s by %s, descending %v: %d records, %d different, of %d, %v", name, order, desc, n, len(seen), len(all.Items), err)
					}
				}
			}
		}
	})
}

func walkPages(p page.Request, read func(page.Request) (page.Result[opportunity.Opportunity], error), seen map[string]bool) (n int, err error) {
	for {
		list, err := read(p)
		if err != nil {
			return n, err
		}
		for _, o := range list.Items {
			seen[o.ID] = true
			n++
		}
		if p.Cursor = list.Next; p.Cursor == "" {
			return n, nil
		}
	}
}

// recordOpens: the record against a competitor says what its line says, its stages and its segments open, and with the rest they are what was closed.
func recordOpens(t *testing.T, w *apptest.World, a org.Actor, ask funnel.Ask, line funnel.Rival, opens func(n int64, m funnel.Measure)) {
	t.Helper()
	r, err := w.Funnel.Against(w.Ctx, a, ask, line.CompetitorID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(line.Rate, r.Rate); d != "" || r.LostTo != line.LostTo {
		t.Errorf("%s: %s, lost to it %d, %d in the line", line.Competitor, d, r.LostTo, line.LostTo)
	}
	opens(r.Rate.Won+r.Rate.Lost+r.Without.Won+r.Without.Lost, funnel.Measure{Name: "closed"})
	var lost, to, without int64
	for _, st := range r.Stages {
		opens(st.Lost.N, funnel.Measure{Name: "rival_lost_stage", CompetitorID: r.CompetitorID, StageID: st.StageID})
		opens(st.Lost.N+st.Without.N, funnel.Measure{Name: "lost_stage", StageID: st.StageID})
		lost, to, without = lost+st.Lost.N, to+st.LostTo, without+st.Without.N
		if st.Lost.Of != r.Rate.Lost || st.Without.Of != r.Without.Lost {
			t.Errorf("%s: %s is a part of %d and %d", line.Competitor, st.Stage, st.Lost.Of, st.Without.Of)
		}
	}
	if lost != r.Rate.Lost || to != r.LostTo || without != r.Without.Lost {
		t.Errorf("%s: stages add up to %d, %d and %d of %+v", line.Competitor, lost, to, without, r)
	}
	for _, g := range r.Groups {
		opens(g.Rate.Won, funnel.Measure{Name: "rival_won", CompetitorID: r.CompetitorID, Key: &g.ID})
		opens(g.Rate.Lost, funnel.Measure{Name: "rival_lost", CompetitorID: r.CompetitorID, Key: &g.ID})
		opens(g.LostTo, funnel.Measure{Name: "rival_lost_to", CompetitorID: r.CompetitorID, Key: &g.ID})
	}
}
