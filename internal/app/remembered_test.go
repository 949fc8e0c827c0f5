package app_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// TestWhatIsRememberedIsNeverStale asks the same questions, as several people, after each change
// of anything an answer depends on: deals, rates, tax, calendar, versions of the pipeline, days,
// teams. The engine that remembers is compared with one that was loaded a moment ago, and now
// and then with SQL.
func TestWhatIsRememberedIsNeverStale(t *testing.T) {
	for _, seed := range seeds(8) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) { rememberedAgainstNew(t, db, seed) })
	}
}

func rememberedAgainstNew(t *testing.T, db *database.DB, seed uint64) {
	w := apptest.New(t, db)
	if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Text}); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(40+seed, 1))
	h := w.NewHistory(rng)
	h.Play(25)
	boss := func() org.Actor { return w.As("管理员") }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	settings := func(cal string, withTax bool) {
		c := boss().Company
		must(w.Org.SaveSettings(w.Ctx, boss(), org.Settings{Name: c.Name, BackdateDays: c.BackdateDays, WorkCalendar: cal, SumsWithTax: withTax}))
	}
	engine := fromMemory(w.App).Source
	asks := rememberedAsks(w)
	for round, change := range []func(){
		func() {},
		func() { h.Play(1) },
		func() {
			must(w.Org.SetRate(w.Ctx, boss(), org.Rate{Currency: "USD", From: boss().Today.Add(-30), Rate: 7_100_000}))
		},
		func() { h.Play(2) },
		func() { settings(org.Weekends, true) },
		func() { settings(org.ChinaCalendar, false) },
		func() { w.Clock.Set(boss().Today.Add(1)) }, // midnight passes, and nothing else
		func() { h.Play(1) },
		func() { changeAround(t, w) },
		func() { withoutShortlist(t, w) },
		func() {
			must(w.Org.Transfer(w.Ctx, boss(), w.ID["陈露"], w.ID["二组"], "销售", false, boss().Today))
		},
		func() { w.Clock.Set(boss().Today.Add(1)); h.Play(2) },
	} {
		change()
		w.Price(opportunity.Priced{})
		anew, sql, remembering := reference(w.App), reference(w.App), reference(w.App) // limits are theirs, for a while
		remembering.Source = engine
		anew.Source = fromMemory(w.App).Source
		for n, ask := range asks {
			for _, who := range []string{"管理员", "蒋跃", "陈露"} {
				want, got := answer(t, anew, w.As(who), ask), answer(t, remembering, w.As(who), ask)
				if want != got {
					t.Fatalf("seed %d, change %d, as %s, %+v:\n anew       %s\n remembered %s", seed, round, who, ask, want, got)
				}
				if rng.IntN(60) == n {
					if want := answer(t, sql, w.As(who), ask); want != got {
						t.Fatalf("seed %d, change %d, as %s, %+v:\n SQL        %s\n remembered %s", seed, round, who, ask, want, got)
					}
				}
			}
		}
		trend := func(f *funnel.Service, step string) string {
			points, err := f.Trend(w.Ctx, boss(), asks[0], step, 4)
			must(err)
			raw, err := json.Marshal(points)
			must(err)
			return string(raw)
		}
		for _, step := range []string{"month", "quarter"} {
			if want, got := trend(anew, step), trend(remembering, step); want != got {
				t.Fatalf("seed %d, change %d, trend by %s:\n anew       %s\n remembered %s", seed, round, step, want, got)
			}
		}
	}
}

// rememberedAsks are questions of every kind that is remembered, and of some that are not.
func rememberedAsks(w *apptest.World) []funnel.Ask {
	p, least := w.Bid.PipelineID, int64(60_000_00)
	return []funnel.Ask{
		{Pipeline: p},
		{Pipeline: p, Group: funnel.ByOwner, From: apptest.Start.Add(20)},
		{Pipeline: p, Group: funnel.ByTeam, From: apptest.Start.Add(5), To: apptest.Start.Add(40)},
		{Pipeline: p, AsOf: apptest.Start.Add(30), Group: funnel.ByProduct},
		{Pipeline: p, Filter: opportunity.Filter{Team: w.ID["一组"]}},
		{Pipeline: p, Filter: opportunity.Filter{Industry: "汽车", AmountMin: &least}},
		{Pipeline: p, Filter: opportunity.Filter{Account: w.Account}},
		{Pipeline: p, Filter: opportunity.Filter{Overstayed: true}},
		{Pipeline: p, Filter: opportunity.Filter{CreatedFrom: calendar.Date("2026-03-10")}, Knowledge: funnel.KnownThen},
		{Pipeline: p, Version: 1, Group: funnel.ByClass},
	}
}
