package app_test

import (
	"fmt"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// customer makes an account of a region, an industry and a class.
func customer(t *testing.T, w *apptest.World, name, region, industry, class string) account.Account {
	t.Helper()
	c, err := w.Accounts.Create(w.Ctx, w.As("管理员"), account.Account{Name: name, Region: region, Industry: industry, Class: class}, true)
	noError(t, err)
	return c
}

// filtersOf are a filter of each kind that finds the record as it was made.
func filtersOf(w *apptest.World, east account.Account, line string) map[string]opportunity.Filter {
	least, most := int64(500_00), int64(2000_00)
	return map[string]opportunity.Filter{
		"region": {Region: "华东"}, "product": {ProductLine: line}, "account": {Account: east.ID},
		"industry": {Industry: "汽车"}, "at least": {AmountMin: &least}, "at most": {AmountMax: &most},
		"between":        {AmountMin: &least, AmountMax: &most},
		"expected":       {ExpectedFrom: "2026-04-01", ExpectedTo: "2026-05-01"},
		"state":          {States: []opportunity.State{opportunity.Open}},
		"stage":          {Stage: w.Bid.Stages[0].ID},
		"owner":          {Owner: w.ID["陈露"]},
		"team":           {Team: w.ID["一组"]},
		"all of them":    {Region: "华东", ProductLine: line, Account: east.ID, Industry: "汽车", AmountMin: &least, AmountMax: &most},
		"name and today": {Query: "二期", Region: "华东"},
	}
}

// A filter of a figure is of the day the figure is of: a record counts with the product line,
// the region, the account, the amount, the stage it had then, as it does in the groups; what
// opens from the figure is what it counts.
func TestAFilterOfAPastDayIsOfThatDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		lines := productLines(t, w, "主轴", "导轨")
		axis, rail := lines[0], lines[1]
		east, west := customer(t, w, "东方", "华东", "汽车", "A"), customer(t, w, "西部", "西北", "航空", "B")
		w.Clock.Set("2026-03-03")
		amount, more := int64(1000_00), int64(9000_00)
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "二期改造", PipelineID: w.Bid.PipelineID,
			AccountID: east.ID, OwnerID: w.ID["陈露"], AmountMinor: &amount, ExpectedOn: "2026-04-10",
			Lines: []opportunity.Line{{ProductLineID: axis, AmountMinor: amount}}})
		noError(t, err)
		filters := filtersOf(w, east, axis)
		check := func(when string) {
			t.Helper()
			for name, f := range filters {
				for _, knowledge := range []string{funnel.KnownNow, funnel.KnownThen} {
					in := funnel.Ask{AsOf: "2026-03-05", Filter: f, Knowledge: knowledge}
					asked(t, w, "管理员", in, func(source string, r funnel.Report) {
						if r.Population.Open != 1 || r.OpenMinor != amount {
							t.Errorf("%s, by %s, %s, known %s: %d open, %d", when, name, source, knowledge, r.Population.Open, r.OpenMinor)
						}
					})
					opened(t, w, in, "open", []string{o.ID}, when+", by "+name)
				}
			}
		}
		w.Clock.Set("2026-03-06")
		check("before")
		w.Clock.Set("2026-03-09")
		ptr, later := &more, calendar.Date("2026-07-01")
		_, err = w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &west.ID, AmountMinor: &ptr,
			ExpectedOn: &later, Lines: &[]opportunity.Line{{ProductLineID: rail, AmountMinor: more}}})
		noError(t, err)
		w.Move("管理员", o.ID, "报价", apptest.Exception)
		check("changed")
		w.Clock.Set("2026-03-11")
		w.Move("管理员", o.ID, "中标", apptest.Exception)
		check("won")
		w.Clock.Set("2026-03-12")
		noError(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), o.ID, true))
		check("deleted")
	})
}

// opened asks every implementation for the records behind a figure.
func opened(t *testing.T, w *apptest.World, in funnel.Ask, measure string, want []string, when string) {
	t.Helper()
	in.Pipeline = w.Bid.PipelineID
	for source, f := range sources(w) {
		ids, n, err := f.Records(w.Ctx, w.As("管理员"), in, funnel.Measure{Name: measure}, 0, 50)
		if err != nil || fmt.Sprint(ids) != fmt.Sprint(want) || n != int64(len(want)) {
			t.Errorf("%s, %s: %s opens to %v, %d, %v; want %v", when, source, measure, ids, n, err, want)
		}
	}
}

// What was closed counts under the closing it was then: reopened and closed otherwise since,
// moved to another account and lost of another kind.
func TestAFilterByClosingIsOfTheClosingOfThatTime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		east, west := customer(t, w, "东方", "华东", "汽车", "A"), customer(t, w, "西部", "西北", "航空", "B")
		o := w.Opportunity("陈露", "二期改造")
		_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &east.ID})
		noError(t, err)
		w.Clock.Set("2026-03-05")
		w.Move("陈露", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
		filters := map[string]opportunity.Filter{
			"kind of loss": {LossKind: string(opportunity.NoDecision)}, "closed": {ClosedFrom: "2026-03-05", ClosedTo: "2026-03-06"},
			"state": {States: []opportunity.State{opportunity.Lost}}, "stage": {Stage: w.Stage("丢单")},
			"account on the closing day": {Account: east.ID}, "industry": {Industry: "汽车"},
		}
		check := func(when string) {
			t.Helper()
			for name, f := range filters {
				in := funnel.Ask{AsOf: "2026-03-10", Filter: f}
				asked(t, w, "管理员", in, func(source string, r funnel.Report) {
					if r.ClosedWinRate.Lost != 1 {
						t.Errorf("%s, by %s, %s: %d lost", when, name, source, r.ClosedWinRate.Lost)
					}
				})
				opened(t, w, in, "lost", []string{o.ID}, when+", by "+name)
			}
		}
		w.Clock.Set("2026-03-08")
		_, err = w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &west.ID})
		noError(t, err)
		check("of another account since")
		w.Clock.Set("2026-03-12")
		_, err = w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "再来"})
		noError(t, err)
		check("reopened")
		_, err = w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: "withdrawn", LossKind: "invalid", Reason: "不做了"})
		noError(t, err)
		check("withdrawn")
		withdrawn := funnel.Ask{Filter: opportunity.Filter{LossKind: "invalid", Account: west.ID}}
		asked(t, w, "管理员", withdrawn, func(source string, r funnel.Report) {
			if r.Population.Withdrawn != 1 {
				t.Errorf("%s: %d withdrawn as invalid", source, r.Population.Withdrawn)
			}
		})
	})
}

// Both ends of a waterfall, and what lies between, take region, account and amount as of
// each moment.
func TestAWaterfallFiltersEachMomentByItself(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		east, west := customer(t, w, "东方", "华东", "汽车", "A"), customer(t, w, "西部", "西北", "航空", "B")
		amount, more, least := int64(1000_00), int64(9000_00), int64(5000_00)
		made := func(name string) opportunity.Opportunity {
			o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: name, PipelineID: w.Bid.PipelineID,
				AccountID: east.ID, OwnerID: w.ID["陈露"], AmountMinor: &amount})
			noError(t, err)
			return o
		}
		o := made("二期改造")
		made("一直是东方的")
		w.Clock.Set("2026-03-09")
		ptr := &more
		_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &west.ID, AmountMinor: &ptr})
		noError(t, err)
		w.Clock.Set("2026-03-20")
		_, err = w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &east.ID})
		noError(t, err)
		for name, tt := range map[string]struct {
			filter opportunity.Filter
			want   string
		}{
			"account":  {opportunity.Filter{Account: east.ID}, "2 left by transferred_out, 1"},
			"industry": {opportunity.Filter{Industry: "汽车"}, "2 left by transferred_out, 1"},
			"the west": {opportunity.Filter{Account: west.ID}, "0 came by transferred_in, 1"},
			"amount":   {opportunity.Filter{AmountMin: &least}, "0 came by moved_in, 1"},
		} {
			in := funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-03-06", To: "2026-03-16", Filter: tt.filter}
			f, err := w.Funnel.Waterfall(w.Ctx, w.As("管理员"), in)
			noError(t, err)
			got, steps := "", map[string]int64{}
			for _, s := range f.Steps {
				steps[s.Name] = s.Count
			}
			got = fmt.Sprint(steps[funnel.OpenStart])
			for _, s := range []string{funnel.TransferredIn, funnel.MovedIn} {
				if steps[s] == 1 {
					got += " came by " + s
				}
			}
			for _, s := range []string{funnel.TransferredOut, funnel.MovedOut} {
				if steps[s] == 1 {
					got += " left by " + s
				}
			}
			if got += fmt.Sprint(", ", steps[funnel.OpenEnd]); got != tt.want {
				t.Errorf("%s: %s, want %s; %+v", name, got, tt.want, f.Steps)
			}
		}
	})
}

// Whoever sees figures of a product line or a region sees in a waterfall what was of it then,
// as in the report, whatever it is of today.
func TestAWaterfallOfAPartIsOfThatTime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		lines := productLines(t, w, "主轴", "导轨")
		w.AddMember("产品经理", w.ID["公司"], false, org.Rep)
		noError(t, w.Org.SetRole(w.Ctx, w.As("管理员"), w.ID["产品经理"], org.ProductManager, lines[:1], nil))
		amount := int64(1000_00)
		made := func(name string) opportunity.Opportunity {
			o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: name, PipelineID: w.Bid.PipelineID,
				OwnerID: w.ID["陈露"], AmountMinor: &amount, Lines: []opportunity.Line{{ProductLineID: lines[0], AmountMinor: amount}}})
			noError(t, err)
			return o
		}
		o := made("换了产品线的")
		made("一直是主轴的")
		ends := func() string {
			in := funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-03-06", To: "2026-03-16"}
			f, err := w.Funnel.Waterfall(w.Ctx, w.As("产品经理"), in)
			noError(t, err)
			in = funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: "2026-03-15", Knowledge: funnel.KnownThen}
			r, err := w.Funnel.Report(w.Ctx, w.As("产品经理"), in)
			noError(t, err)
			return fmt.Sprint(f.Steps[0].Count, f.Steps[len(f.Steps)-1].Count, r.Population.Open)
		}
		w.Clock.Set("2026-03-16")
		if got := ends(); got != "2 2 2" {
			t.Errorf("before: %s", got)
		}
		w.Clock.Set("2026-03-20")
		_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{
			Lines: &[]opportunity.Line{{ProductLineID: lines[1], AmountMinor: amount}}})
		noError(t, err)
		if got := ends(); got != "2 2 2" {
			t.Errorf("of another product line since: %s", got)
		}
	})
}

// Bounds of an amount are told from what it is worth, however large that is; an amount
// without a rate, or none at all, lies within none.
func TestBoundsOfAnAmountBeyondWhatIsSummed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		noError(t, w.Org.SetRate(w.Ctx, w.As("管理员"), org.Rate{Currency: "USD", From: apptest.Start, Rate: money.MaxRate}))
		huge, some := int64(1_000_000_000_000_000), int64(500)
		for _, n := range []opportunity.New{{Name: "极大", AmountMinor: &huge, Currency: "USD"}, {Name: "平常", AmountMinor: &some},
			{Name: "没有汇率", AmountMinor: &some, Currency: "KWD"}, {Name: "没有金额"}} {
			n.PipelineID, n.OwnerID = w.Bid.PipelineID, w.ID["陈露"]
			_, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), n)
			noError(t, err)
		}
		least, largest := int64(1), int64(money.MaxTotal)
		for _, tt := range []struct {
			filter opportunity.Filter
			want   int64
		}{
			{opportunity.Filter{AmountMin: &least}, 2}, {opportunity.Filter{AmountMax: &largest}, 1},
			{opportunity.Filter{AmountMin: &some, AmountMax: &some}, 1}, {opportunity.Filter{AmountMin: &largest}, 1},
		} {
			asked(t, w, "管理员", funnel.Ask{Filter: tt.filter}, func(source string, r funnel.Report) {
				if r.Population.Open != tt.want {
					t.Errorf("%s, %+v: %d, want %d", source, tt.filter, r.Population.Open, tt.want)
				}
			})
		}
	})
}
