package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"yunchou/internal/org"

	"yunchou/internal/page"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
)

// An overlay share of the largest amount there may be is that amount, not a number below nought.
func TestAnOverlayShareOfTheLargestAmount(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := &story{check: newCheck(t, db, 1)}
		s.days = nil
		s.On("2026-03-03")
		s.made("陈露", money.MaxMinor)
		s.Share(s.deal, []opportunity.Share{{MemberID: s.ID["陈露"], Kind: "direct", BP: 10000}, {MemberID: s.ID["周涛"], Kind: "overlay", BP: 10000}})
		s.won(money.MaxMinor)
		r, err := s.Opportunities.Get(s.Ctx, s.As("管理员"), s.deal)
		must(t, err)
		for _, c := range r.Credit {
			if c.AmountMinor == nil || *c.AmountMinor != money.MaxMinor {
				t.Errorf("%s of %s: %v", c.Kind, s.Truth.Names[c.MemberID], *c.AmountMinor)
			}
		}
	})
}

// The forecast of two of the largest amounts is a part of them, or "—"; never below nought.
func TestTheForecastOfTheLargestAmounts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		confidence := int64(3000)
		for range 4 {
			amount := money.MaxMinor
			_, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), opportunity.New{Name: "大", PipelineID: w.Bid.PipelineID, AmountMinor: &amount, ConfidenceBP: &confidence, ExpectedOn: "2026-04-02"})
			must(t, err)
		}
		f, err := w.Funnel.Forecast(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID})
		must(t, err)
		for _, m := range f.Months {
			if m.Count == 0 {
				continue
			}
			want := 4 * money.MaxMinor / 10 // 10 % in the first stage
			if m.Open.ExpectedMinor != want || m.Open.ConfidenceMinor != 3*want {
				t.Errorf("%+v", m)
			}
		}
		// In the stage before the last it is 85 %.
		all, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, pageOfAll, w.Funnel)
		must(t, err)
		for _, o := range all.Items {
			w.Move("陈露", o.ID, "商务确认", apptest.Exception)
		}
		f, err = w.Funnel.Forecast(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID})
		must(t, err)
		for _, m := range f.Months {
			if m.Count == 0 {
				continue
			}
			if m.Open.AmountMinor != 4*money.MaxMinor || m.Open.ExpectedMinor != 4*money.MaxMinor*85/100 {
				t.Errorf("of %d expected %d, calibrated %d, by confidence %d", m.Open.AmountMinor, m.Open.ExpectedMinor, m.Open.CalibratedMinor, m.Open.ConfidenceMinor)
			}
		}
	})
}

// A line's amount has the bounds of an amount, and a sum that leaves 64 bits is not the whole.
func TestLinesBeyondEveryAmount(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := newCheck(t, db, 1)
		amount := int64(1000)
		for name, lines := range map[string][]int64{
			"below nought":         {3000, -2000},
			"more than any amount": {money.MaxMinor + 1000, -money.MaxMinor},
			"around the clock":     {1 << 62, 1 << 62, 1<<62 + 500, 1<<62 + 500},
		} {
			var in []opportunity.Line
			ids := append([]string{}, s.Products...)
			ids = append(ids, newLine(t, s, name))
			for i, minor := range lines {
				in = append(in, opportunity.Line{ProductLineID: ids[i], AmountMinor: minor})
			}
			_, err := s.Opportunities.Create(s.Ctx, s.As("管理员"), opportunity.New{Name: name, AmountMinor: &amount, Lines: in})
			if fault.As(err) == nil {
				t.Errorf("%s: answered %v", name, err)
			}
		}
	})
}

func newLine(t *testing.T, s *check, name string) string {
	t.Helper()
	return productLines(t, s.World, name)[0]
}

var pageOfAll = page.Request{Limit: 100}

// The largest amounts at the largest rate: every list, total and figure answers, with what can
// be stated or "—", and never below nought.
func TestTheLargestAmountsAtTheLargestRate(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := newCheck(t, db, 1)
		boss := s.As("管理员")
		for _, c := range []string{"KWD", "JPY", "USD"} {
			must(t, s.Org.SetRate(s.Ctx, boss, org.Rate{Currency: c, From: "2026-01-01", Rate: money.MaxRate}))
		}
		s.On("2026-03-03")
		for i := range 24 {
			amount := money.MaxMinor
			o, err := s.Opportunities.Create(s.Ctx, s.As("管理员"), opportunity.New{Name: fmt.Sprint("大", i), PipelineID: s.Bid.PipelineID, OwnerID: s.ID["陈露"], AmountMinor: &amount,
				Currency: []string{"KWD", "JPY", "USD", "CNY"}[i%4], Lines: []opportunity.Line{{ProductLineID: s.Products[0], AmountMinor: 1}, {ProductLineID: s.Products[1], AmountMinor: amount - 1}}})
			must(t, err)
			switch i / 4 {
			case 0, 1:
				_, err = s.Opportunities.Move(s.Ctx, s.As("管理员"), o.ID, opportunity.MoveRequest{To: s.Stage("中标"), Exception: "急"})
			case 2:
				_, err = s.Opportunities.Move(s.Ctx, s.As("管理员"), o.ID, opportunity.MoveRequest{To: s.Stage("丢单"), LossKind: "no_decision", Reason: "无"})
			}
			must(t, err)
		}
		s.On("2026-03-04")
		least := int64(5)
		for _, f := range []opportunity.Filter{{}, {AmountMin: &least}} {
			for _, key := range []string{"amount", "created", "name"} {
				list, totals, err := s.Opportunities.List(s.Ctx, s.As("管理员"), f, page.Request{Sort: key, Desc: true, Limit: 5}, s.Funnel)
				if err != nil {
					t.Errorf("list by %s: %v", key, err)
					continue
				}
				if list.Next == "" {
					t.Errorf("list by %s: no second page", key)
				} else if _, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), f, page.Request{Sort: key, Desc: true, Limit: 5, Cursor: list.Next}, s.Funnel); err != nil {
					t.Errorf("second page by %s: %v", key, err)
				}
				stateable(t, "the list by "+key, list.Items)
				stateable(t, "its totals", totals)
			}
		}
		for what, by := range map[string]*funnel.Service{"memory": s.memory, "SQL": s.sql} {
			in := funnel.Ask{Pipeline: s.Bid.PipelineID, AsOf: "2026-03-03", Group: funnel.ByProduct}
			r, err := by.Report(s.Ctx, s.As("管理员"), in)
			if err != nil || r.WonMinor < 0 || r.OpenMinor < 0 || r.LostMinor < 0 {
				t.Errorf("report from %s: %d %d %d %+v %v", what, r.WonMinor, r.LostMinor, r.OpenMinor, r.LeftOut, err)
			}
			for _, st := range r.Stages {
				if st.Weighted != nil && (st.Weighted.ExpectedMinor < 0 || st.Weighted.CalibratedMinor < 0) {
					t.Errorf("report from %s: %+v", what, st.Weighted)
				}
			}
			stateable(t, "report from "+what, r)
			in.Group = ""
			trend, err := by.Trend(s.Ctx, boss, in, "month", 2)
			must(t, err)
			stateable(t, "trend from "+what, trend)
			forecast, err := by.Forecast(s.Ctx, boss, in)
			must(t, err)
			stateable(t, "forecast from "+what, forecast)
			rivals, err := by.Rivals(s.Ctx, boss, in)
			must(t, err)
			stateable(t, "rivals from "+what, rivals)
			waterfall, err := by.Waterfall(s.Ctx, boss, funnel.Ask{Pipeline: s.Bid.PipelineID, From: "2026-03-02", To: "2026-03-04"})
			must(t, err)
			stateable(t, "waterfall from "+what, waterfall)
		}
		must(t, s.Opportunities.Export(s.Ctx, boss, opportunity.Filter{}, page.Request{}, s.Funnel, "csv", func(o opportunity.Whole, _ database.Seq) error {
			stateable(t, "an exported line", o)
			return nil
		}))
	})
}

// stateable fails where an answer holds a number a browser does not count exactly, or an
// amount below nought.
func stateable(t *testing.T, what string, answer any) {
	t.Helper()
	raw, err := json.Marshal(answer)
	must(t, err)
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	must(t, d.Decode(&v))
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(path+"."+k, inner)
			}
		case []any:
			for _, inner := range v {
				walk(path+"[]", inner)
			}
		case json.Number:
			n, err := v.Int64()
			if err != nil && !strings.Contains(v.String(), ".") || n > money.MaxTotal || n < -money.MaxTotal {
				t.Errorf("%s%s is %s", what, path, v)
			}
			if n < 0 && strings.HasSuffix(strings.ToLower(path), "minor") {
				t.Errorf("%s%s is %s", what, path, v)
			}
		}
	}
	walk("", v)
}

// A company that sums with tax does not add an amount without tax to one with it unmarked.
func TestAmountsWithAndWithoutTaxAreNotAddedUnmarked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		amount, bp, without := int64(10_000), int64(1300), false
		for _, tax := range []bool{true, false} {
			in := opportunity.New{Name: "商机", PipelineID: w.Bid.PipelineID, AmountMinor: &amount, TaxBP: &bp}
			if !tax {
				in.TaxIncluded = &without
			}
			_, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), in)
			must(t, err)
		}
		r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID})
		must(t, err)
		raw, err := json.Marshal(r)
		must(t, err)
		if r.OpenMinor == 20_000 && !strings.Contains(strings.ToLower(string(raw)), "tax") {
			t.Errorf("100 with and 100 without 13 %% tax are %d together, and nothing says so", r.OpenMinor)
		}
	})
}
