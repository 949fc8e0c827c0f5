package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/timetable"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// abroad is a world that sells in several currencies.
type abroad struct {
	*apptest.World
	t      *testing.T
	priced opportunity.Priced
}

func (w *abroad) deal(name, currency string, major int64) string {
	w.t.Helper()
	in := opportunity.New{Name: name, PipelineID: w.Bid.PipelineID, Currency: currency}
	if major >= 0 {
		minor := major * 100
		if currency == "JPY" {
			minor = major
		}
		in.AmountMinor = &minor
	}
	o, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.ID
}

func (w *abroad) rate(currency string, from calendar.Date, millionth int64) {
	w.t.Helper()
	if err := w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: currency, From: from, Rate: millionth}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *abroad) work() { w.priced = w.Price(w.priced) }

// names lists by amount, two a page.
func (w *abroad) names(f opportunity.Filter, desc bool) (out []string) {
	w.t.Helper()
	p := page.Request{Sort: "amount", Desc: desc, Limit: 2}
	for {
		list, _, err := w.Opportunities.List(w.Ctx, w.As("陈露"), f, p, w.Funnel)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range list.Items {
			out = append(out, o.Name)
		}
		if p.Cursor = list.Next; list.Next == "" {
			return out
		}
	}
}

func (w *abroad) order(why string, want ...string) {
	w.t.Helper()
	if d := cmp.Diff(want, w.names(opportunity.Filter{}, true)); d != "" {
		w.t.Errorf("%s, the largest first: %s", why, d)
	}
	up := slices.Clone(want[:len(want)-2]) // without amount or rate: the last both ways, by id
	slices.Reverse(up)
	if d := cmp.Diff(append(up, want[len(want)-1], want[len(want)-2]), w.names(opportunity.Filter{}, false)); d != "" {
		w.t.Errorf("%s, the smallest first: %s", why, d)
	}
}

func TestListsOrderAndFilterInTheCompanysCurrency(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &abroad{World: apptest.New(t, db), t: t}
		w.rate("USD", "2026-01-01", 7_000_000)
		w.rate("JPY", "2026-01-01", 50_000)
		if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		w.deal("美元一万", "USD", 10_000)         // 70 000
		w.deal("人民币五万", "CNY", 50_000)        // 50 000
		w.deal("日元百五十万", "JPY", 1_500_000)    // 75 000
		w.deal("人民币八万", "CNY", 80_000)        // 80 000
		grown := w.deal("美元一千", "USD", 1_000) // 7 000
		w.deal("没有金额", "USD", -1)
		w.deal("没有汇率", "KWD", 1_000)
		w.order("as made", "人民币八万", "日元百五十万", "美元一万", "人民币五万", "美元一千", "没有汇率", "没有金额")

		least, most := int64(60_000_00), int64(76_000_00)
		between := opportunity.Filter{AmountMin: &least, AmountMax: &most}
		if d := cmp.Diff([]string{"日元百五十万", "美元一万"}, w.names(between, true)); d != "" {
			t.Errorf("60 000 to 76 000 yuan: %s", d)
		}
		w.memoryAgrees("as made")

		minor := new(int64) // 84 000
		*minor = 12_000_00
		if _, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), grown, 0, opportunity.Patch{AmountMinor: &minor}); err != nil {
			t.Fatal(err)
		}
		w.order("one grew", "美元一千", "人民币八万", "日元百五十万", "美元一万", "人民币五万", "没有汇率", "没有金额")

		w.rate("USD", apptest.Start, 6_000_000) // 72 000, 60 000
		w.rate("USD", "2026-03-10", 9_000_000)  // announced: 108 000, 90 000
		w.due("opportunity.rate_stated")
		w.work()
		w.order("a rate was stated", "人民币八万", "日元百五十万", "美元一千", "美元一万", "人民币五万", "没有汇率", "没有金额")
		w.memoryAgrees("a rate was stated")

		w.Clock.Set("2026-03-10")
		w.work()
		w.order("its day has come", "美元一千", "美元一万", "人民币八万", "日元百五十万", "人民币五万", "没有汇率", "没有金额")
		w.memoryAgrees("its day has come")
	})
}

// due sees that work of a kind is to be done at once.
func (w *abroad) due(kind string) {
	w.t.Helper()
	err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := w.Timetable.Rows.Due(w.Ctx, tx, []string{kind}, timetable.Lease{For: time.Minute, Now: w.Clock.Now()}, 10)
		if err == nil && len(rows) == 0 {
			err = fmt.Errorf("nothing of %s is due", kind)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// memoryAgrees compares what memory and SQL find within some bounds.
func (w *abroad) memoryAgrees(why string) {
	w.t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		least := rng.Int64N(100_000_00)
		most := least + rng.Int64N(50_000_00)
		a := w.As("陈露")
		f := opportunity.Filter{AmountMin: &least, AmountMax: &most}
		err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
			if err := w.Opportunities.Resolve(w.Ctx, tx, a, &f, w.Funnel); err != nil {
				return err
			}
			scope := a.Scope(record.Opportunity, org.Read)
			found, known, err := w.Engine.Find(w.Ctx, tx, opportunity.Wanted{TenantID: a.TenantID, Scope: scope, Filter: f, Page: page.Request{Sort: "created"}})
			if err != nil || !known {
				return fmt.Errorf("memory does not know: %w", err)
			}
			sql, err := opportunitydb.Rows{}.Totals(w.Ctx, tx, a.TenantID, scope, f)
			if d := cmp.Diff(sql, found[0].Totals); d != "" && err == nil {
				w.t.Errorf("%s, %d to %d: %s", why, least, most, d)
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// A walk that stopped goes on where it was, and a new rate is walked twice.
func TestPricingGoesOnWhereItStopped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &abroad{World: apptest.New(t, db), t: t}
		o := w.deal("美元", "USD", 100)
		w.rate("USD", "2026-01-01", 7_000_000)
		other := func(sql string) {
			t.Helper()
			err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
				_, err := tx.Exec(w.Ctx, sql, w.Admin.TenantID, o)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		worth := func(want int64) {
			t.Helper()
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o)
			if err != nil || r.ReportingMinor == nil || *r.ReportingMinor != want {
				t.Errorf("worth %v, want %d (%v)", r.ReportingMinor, want, err)
			}
		}
		w.work()
		worth(700_00)
		other(`UPDATE opportunity SET reporting_minor = 1 WHERE tenant_id = $1 AND id = $2`) // written while the rate changed
		w.work()
		worth(700_00)
		other(`UPDATE opportunity SET reporting_minor = 1 WHERE tenant_id = $1 AND id = $2`)
		w.work() // nothing changed: nothing is walked
		worth(1)
		w.priced = opportunity.Priced{After: o} // the first walk was beyond it
		w.work()
		worth(1)
		w.work()
		worth(700_00)
	})
}

// question asks the funnel for everything, from memory and by SQL.
func (w *abroad) question(group funnel.GroupBy) funnel.Report {
	w.t.Helper()
	ask := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: group}
	bySQL := &funnel.Service{DB: w.DB, Source: funneldb.Source{}, Pipelines: w.Pipelines, Opportunities: w.Opportunities,
		Calendar: w.Org.Calendar, Choices: w.Org.ChoicesKnown, Now: w.Now}
	memory, err := w.Funnel.Report(w.Ctx, w.As("总监"), ask)
	if err != nil {
		w.t.Fatal(err)
	}
	sql, err := bySQL.Report(w.Ctx, w.As("总监"), ask)
	if err != nil {
		w.t.Fatal(err)
	}
	if d := cmp.Diff(sql, memory, cmpopts.IgnoreUnexported(funnel.Group{})); d != "" {
		w.t.Errorf("memory and SQL: %s", d)
	}
	return memory
}

// taxed makes a deal with or without tax, at a rate in basis points or an unknown one.
func (w *abroad) taxed(name string, minor int64, included bool, bp *int64) {
	w.t.Helper()
	in := opportunity.New{Name: name, PipelineID: w.Bid.PipelineID, AmountMinor: &minor, TaxIncluded: &included, TaxBP: bp}
	if _, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), in); err != nil {
		w.t.Fatal(err)
	}
}

// totals of a list, the only page's, memory's and SQL's.
func (w *abroad) totals() opportunity.Total {
	w.t.Helper()
	var all [][]opportunity.Total
	for _, limit := range []int{100, 1} {
		_, totals, err := w.Opportunities.List(w.Ctx, w.As("陈露"), opportunity.Filter{}, page.Request{Limit: limit}, w.Funnel)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, totals)
	}
	memory := w.Opportunities.Memory
	w.Opportunities.Memory = nil
	_, totals, err := w.Opportunities.List(w.Ctx, w.As("陈露"), opportunity.Filter{}, page.Request{Limit: 1}, w.Funnel)
	if w.Opportunities.Memory = memory; err != nil {
		w.t.Fatal(err)
	}
	for _, other := range all {
		if d := cmp.Diff(totals, other); d != "" {
			w.t.Errorf("totals differ: %s", d)
		}
	}
	return totals[0]
}

func TestAmountsStatedOtherwiseAsToTaxAreMarked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &abroad{World: apptest.New(t, db), t: t}
		if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		none, usual := new(int64), int64(1300)
		w.taxed("含税", 100, true, nil)
		w.taxed("含税 13%", 100, true, &usual)
		w.taxed("不含税", 100, false, nil)
		w.taxed("零税率", 100, false, none)
		marked := func(why string, want int64) {
			t.Helper()
			if got := w.totals(); got.UnlikeTax != want || got.AmountMinor != 400 {
				t.Errorf("%s: %+v, want %d marked", why, got, want)
			}
			r := w.question(funnel.ByOwner)
			if r.UnlikeTax.Open != want || r.UnlikeTax.All() != want || r.Groups[0].UnlikeTax != r.UnlikeTax {
				t.Errorf("%s: the report marks %+v, its group %+v, want %d", why, r.UnlikeTax, r.Groups[0].UnlikeTax, want)
			}
			m := funnel.Measure{Name: "unlike_tax"}
			ask := funnel.Ask{Pipeline: w.Bid.PipelineID}
			if _, n, err := w.Funnel.Records(w.Ctx, w.As("总监"), ask, m, 0, 50); err != nil || n != want {
				t.Errorf("%s: %d lie behind it, want %d (%v)", why, n, want, err)
			}
		}
		marked("a company that sums with tax", 1)
		a := w.As("管理员")
		if err := w.Org.SaveSettings(w.Ctx, a, org.Settings{Name: a.Company.Name}); err != nil {
			t.Fatal(err)
		}
		marked("a company that sums without tax", 2)
	})
}

func TestATotalTooLargeToStateIsNotStated(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &abroad{World: apptest.New(t, db), t: t}
		if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		for i := range 9 {
			w.taxed(fmt.Sprint("大单", i), money.MaxMinor, true, nil)
		}
		if got := w.totals(); got.TooLarge || got.AmountMinor != 9*money.MaxMinor {
			t.Errorf("nine of the largest: %+v", got)
		}
		w.taxed("再一单", money.MaxMinor, false, nil) // of another sum in the report, of the same figure
		if got := w.totals(); !got.TooLarge || got.AmountMinor != 0 || got.Count != 10 {
			t.Errorf("ten of the largest: %+v", got)
		}
		r := w.question(funnel.ByOwner)
		if !r.TooLarge.Open || r.OpenMinor != 0 || !r.Groups[0].TooLarge.Open || r.TooLarge.Won {
			t.Errorf("the report states %d %+v %+v", r.OpenMinor, r.TooLarge, r.Groups[0])
		}
		if stage := r.Stages[0].Weighted; !stage.TooLarge || stage.AmountMinor != 0 {
			t.Errorf("the stage states %+v", stage)
		}
	})
}

// What has no rate is in no figure, however much it is: it makes none of them too large to
// state, and is listed by currency, with its sum where that can be stated. What states no
// amount is not listed.
func TestWhatHasNoRateIsListedByCurrency(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := &abroad{World: apptest.New(t, db), t: t}
		boss := w.As("管理员")
		made := func(currency string, minor int64, closed string) {
			in := opportunity.New{Name: "项目", PipelineID: w.Bid.PipelineID, Currency: currency, OwnerID: w.ID["小李"]}
			if minor >= 0 {
				in.AmountMinor = &minor
			}
			o, err := w.Opportunities.Create(w.Ctx, boss, in)
			must(t, err)
			switch closed {
			case "中标":
				w.Move("管理员", o.ID, closed, apptest.Exception)
			case "丢单":
				w.Move("管理员", o.ID, closed, func(r *opportunity.MoveRequest) { r.LossKind, r.Competitor = "competitor", "恒力" })
			}
		}
		for range 10 {
			made("KWD", money.MaxMinor, "")
			made("KWD", money.MaxMinor, "中标")
			made("KWD", money.MaxMinor, "丢单")
		}
		for _, closed := range []string{"", "中标", "丢单"} {
			made("CNY", 700, closed)
			made("USD", 9*money.MaxMinor/10, closed) // each can be stated, all of them cannot
		}
		for range 3 {
			for _, closed := range []string{"", "中标", "丢单"} {
				made("USD", money.MaxMinor, closed)
			}
		}
		made("JPY", -1, "")
		in := funnel.Ask{Pipeline: w.Bid.PipelineID, From: apptest.Start}
		for name, f := range map[string]*funnel.Service{"memory": w.Funnel, "SQL": reference(w.App)} {
			r, err := f.Report(w.Ctx, boss, in)
			must(t, err)
			if r.OpenMinor != 700 || r.WonMinor != 700 || r.LostMinor != 700 || r.TooLarge != (funnel.TooLarge{}) || r.LeftOut.Beyond != 0 {
				t.Errorf("%s: open %d, won %d, lost %d, too large %+v, beyond %d", name, r.OpenMinor, r.WonMinor, r.LostMinor, r.TooLarge, r.LeftOut.Beyond)
			}
			if r.Velocity.Why == "too_large" {
				t.Errorf("%s: the velocity is not stated", name)
			}
			fc, err := f.Forecast(w.Ctx, boss, in)
			must(t, err)
			if fc.Total.WonTooLarge || fc.Total.Open.TooLarge || fc.Total.Open.AmountMinor != 700 || fc.Total.WonAmt != 700 {
				t.Errorf("%s: the forecast states %+v", name, fc.Total)
			}
			rivals, err := f.Rivals(w.Ctx, boss, in)
			must(t, err)
			for _, x := range rivals.Rows {
				if x.TooLarge != (funnel.TooLarge{}) {
					t.Errorf("%s: the rival states %+v", name, x)
				}
			}
			wf, err := f.Waterfall(w.Ctx, boss, in)
			must(t, err)
			usd := opportunity.Total{Currency: "USD", Count: 12, TooLarge: true}
			kwd := opportunity.Total{Currency: "KWD", Count: 30, TooLarge: true}
			for what, x := range map[string]struct{ got, want []opportunity.Total }{
				"report":    {r.LeftOut.NoRate, []opportunity.Total{kwd, usd}},
				"waterfall": {wf.NoRate, []opportunity.Total{{Currency: "KWD", Count: 10, TooLarge: true}, {Currency: "USD", Count: 4, AmountMinor: 39 * money.MaxMinor / 10}}},
				"forecast": {fc.NoRate, []opportunity.Total{{Currency: "KWD", Count: 20, TooLarge: true},
					{Currency: "USD", Count: 8, AmountMinor: 78 * money.MaxMinor / 10}}},
			} {
				if d := cmp.Diff(x.want, x.got); d != "" {
					t.Errorf("%s, %s: %s", name, what, d)
				}
			}
		}
	})
}
