package app_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// reference answers as the world's funnel does, in SQL alone.
func reference(a *app.App) *funnel.Service {
	return &funnel.Service{DB: a.DB, Source: funneldb.Source{}, Pipelines: a.Pipelines, Opportunities: a.Opportunities, Calendar: a.Org.Calendar, Now: a.Now}
}

func fromMemory(a *app.App) *funnel.Service {
	f := reference(a)
	f.Source = engine.New(funneldb.Source{}, enginedb.Rows{})
	return f
}

// TestTheEngineAnswersAsTheReferenceDoes plays random histories and asks both, as
// several people, about random windows, days, groupings and filters, while the
// history goes on: the engine catches up entry by entry.
func TestTheEngineAnswersAsTheReferenceDoes(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Text}); err != nil {
			t.Fatal(err)
		}
		for name, role := range map[string]org.RoleKey{"产品经理": org.ProductManager, "售前": org.Partner} {
			w.AddMember(name, w.ID["公司"], false, role)
		}
		for currency, rate := range map[string]int64{"USD": 7_123_456, "JPY": 48_765} { // KWD has none
			if err := w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: currency, From: "2026-03-20", Rate: rate}); err != nil {
				t.Fatal(err)
			}
		}
		rng := rand.New(rand.NewPCG(2, 9))
		h := w.NewHistory(rng)
		memory, sql := fromMemory(w.App), reference(w.App)
		asked := 0
		for round := range 12 {
			h.Play(15)
			if round == 5 {
				changeAround(t, w)
			}
			for range 12 {
				who := pickOne(rng, "管理员", "总监", "蒋跃", "陈露", "周涛", "售前")
				ask := randomAsk(rng, w)
				want, got := answer(t, sql, w.As(who), ask), answer(t, memory, w.As(who), ask)
				if want != got {
					t.Fatalf("as %s, %+v:\n SQL    %s\n memory %s", who, ask, want, got)
				}
				asked++
			}
		}
		if asked < 100 {
			t.Errorf("only %d questions", asked)
		}
	})
}

// changeAround changes what stands around the opportunities: a rate, an account's
// industry, a company field.
func changeAround(t *testing.T, w *apptest.World) {
	t.Helper()
	boss := w.As("管理员")
	if err := w.Org.SetRate(w.Ctx, boss, org.Rate{Currency: "USD", From: boss.Today.Add(-10), Rate: 6_999_999}); err != nil {
		t.Fatal(err)
	}
	c, err := w.Accounts.Get(w.Ctx, boss, w.Account)
	if err != nil {
		t.Fatal(err)
	}
	c.Industry, c.Class = "机床", "B"
	if _, err := w.Accounts.Update(w.Ctx, boss, account.Account{ID: c.ID, Name: c.Name, Industry: "机床", Class: "B", Version: c.Version}); err != nil {
		t.Fatal(err)
	}
	o := w.Opportunity("陈露", "有等级的")
	if _, err := w.Opportunities.Edit(w.Ctx, boss, o.ID, 0, opportunity.Patch{Custom: field.Values{"grade": "甲"}}); err != nil {
		t.Fatal(err)
	}
}

func pickOne[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

func randomAsk(rng *rand.Rand, w *apptest.World) funnel.Ask {
	today := w.As("管理员").Today
	ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: pickOne(rng, append([]funnel.GroupBy{""}, funnel.Groupings...)...)}
	some := func() calendar.Date { return apptest.Start.Add(rng.IntN(today.Sub(apptest.Start) + 1)) }
	if rng.IntN(2) == 0 {
		ask.From = some()
		if rng.IntN(2) == 0 {
			ask.To = ask.From.Add(1 + rng.IntN(60))
		}
	}
	if rng.IntN(3) == 0 {
		ask.AsOf = some()
	}
	amount := int64(rng.IntN(200)) * 1_000_00
	ask.Filter = pickOne(rng, opportunity.Filter{}, opportunity.Filter{}, opportunity.Filter{Team: w.ID["一组"]}, opportunity.Filter{Owner: w.ID["陈露"]}, opportunity.Filter{Region: "华东"},
		opportunity.Filter{Source: "展会"}, opportunity.Filter{Industry: "汽车"}, opportunity.Filter{AmountMin: &amount}, opportunity.Filter{AmountMax: &amount}, opportunity.Filter{Overstayed: true}, opportunity.Filter{Stalled: true},
		opportunity.Filter{States: []opportunity.State{opportunity.Lost, opportunity.Open}}, opportunity.Filter{LossKind: "competitor"}, opportunity.Filter{ExpectedFrom: some()}, opportunity.Filter{CreatedFrom: some(), CreatedTo: today},
		opportunity.Filter{ClosedTo: some()}, opportunity.Filter{Query: "商机"}, opportunity.Filter{NoNextStep: true}, opportunity.Filter{Custom: map[string]string{"grade": "甲"}}, opportunity.Filter{Account: w.Account}, opportunity.Filter{Stage: w.Stage("报价")})
	return ask
}

// answer is a report as text, its lists in a fixed order.
func answer(t *testing.T, f *funnel.Service, a org.Actor, ask funnel.Ask) string {
	t.Helper()
	r, err := f.Report(t.Context(), a, ask)
	if err != nil {
		return err.Error()
	}
	sort.Slice(r.Losses, func(i, j int) bool { return fmt.Sprint(r.Losses[i]) < fmt.Sprint(r.Losses[j]) })
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAMoveThroughOneProcessIsInTheOthersNextAnswer: two programs on one database.
func TestAMoveThroughOneProcessIsInTheOthersNextAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := fromMemory(w.App) // shares nothing with w.Funnel but the database
		ask := funnel.Ask{Pipeline: w.Bid.PipelineID}
		o := w.Opportunity("陈露", "二期改造")
		for _, stage := range []string{"入围", "方案制定", "报价"} {
			w.Move("陈露", o.ID, stage, apptest.Exception)
			for name, f := range map[string]*funnel.Service{"one": w.Funnel, "other": other} {
				r, err := f.Report(w.Ctx, w.As("陈露"), ask)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range r.Stages {
					if s.Kind == "open" && (s.Open == 1) != (s.Name == stage) {
						t.Errorf("%s: after the move to %s, %s holds %d", name, stage, s.Name, s.Open)
					}
				}
			}
		}
	})
}
