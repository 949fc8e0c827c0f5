package app_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// What docs/decisions/0013 decides, held by each implementation on each database.

// TestANameIsFoundByItsReading, as its words and family names are read; by the characters always.
func TestANameIsFoundByItsReading(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, name := range []string{"🚀火箭项目", "重庆钢铁二期", "单先生", "𬭎达机电", "100%_达标", "ABB Öl"} {
			w.Opportunity("陈露", name)
		}
		for _, tt := range []struct{ query, want string }{
			{"重庆", "[重庆钢铁二期]"}, {"钢铁", "[重庆钢铁二期]"}, {"chongqing", "[重庆钢铁二期]"}, {"cqgt", "[重庆钢铁二期]"},
			{"zhongqing", "[]"}, {"zqgt", "[]"}, {"gangtie", "[重庆钢铁二期]"}, {"angtie", "[]"}, // from a syllable's beginning on
			{"单", "[单先生]"}, {"danxian", "[单先生]"}, {"shan", "[单先生]"},
			{"🚀", "[🚀火箭项目]"}, {"火箭", "[🚀火箭项目]"}, {"huojian", "[🚀火箭项目]"},
			{"𬭎", "[𬭎达机电]"}, {"hongda", "[𬭎达机电]"}, {"abb", "[ABB Öl]"}, {"ＡＢＢ", "[ABB Öl]"},
			{"%", "[100%_达标]"}, {"_", "[100%_达标]"}, {"0%_", "[100%_达标]"},
		} {
			for source, finder := range map[string]opportunity.Finder{"memory": w.Engine, "SQL": nil} {
				w.Opportunities.Memory = finder
				ask := opportunity.Filter{Query: tt.query}
				list, _, err := w.Opportunities.List(w.Ctx, w.As("陈露"), ask, page.Request{}, w.Funnel)
				noError(t, err)
				names := []string{}
				for _, o := range list.Items {
					names = append(names, o.Name)
				}
				if got := fmt.Sprint(names); got != tt.want {
					t.Errorf("%s: %q finds %s, want %s", source, tt.query, got, tt.want)
				}
			}
		}
	})
}

// TestSumsAddWhatIsStatedWithTaxOrWithout: and each deal says which it is, and its rate.
func TestSumsAddWhatIsStatedWithTaxOrWithout(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		without, rate := false, int64(1300)
		gross, net := int64(113_00), int64(100_00)
		for _, in := range []opportunity.New{{Name: "含税", AmountMinor: &gross, TaxBP: &rate},
			{Name: "不含税", AmountMinor: &net, TaxIncluded: &without}} {
			in.PipelineID = w.Bid.PipelineID
			o, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), in)
			noError(t, err)
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			noError(t, err)
			if r.TaxIncluded != (in.TaxIncluded == nil) || (r.TaxBP == nil) != (in.TaxBP == nil) {
				t.Errorf("%s: with tax %v, rate %v", r.Name, r.TaxIncluded, r.TaxBP)
			}
		}
		_, totals, err := w.Opportunities.List(w.Ctx, w.As("陈露"), opportunity.Filter{}, page.Request{}, w.Funnel)
		noError(t, err)
		if len(totals) != 1 || totals[0].Count != 2 || totals[0].AmountMinor != gross+net {
			t.Errorf("totals %+v", totals)
		}
		asked(t, w, "总监", funnel.Ask{}, func(source string, r funnel.Report) {
			if r.OpenMinor != gross+net {
				t.Errorf("%s: %d open", source, r.OpenMinor)
			}
		})
	})
}

// TestAYearWithoutHolidaysIsNamed: by every clock and report that counts days of it, until it is loaded. So is
// one that waits for a person to confirm it.
func TestAYearWithoutHolidaysIsNamed(t *testing.T) {
	published := calendar.YearStatus{Year: 2027, Status: calendar.Published}
	missing := calendar.YearStatus{Year: 2028, Status: calendar.Missing}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2028-01-03")
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2028-01-31") // 20 working days by weekends alone
		ask := funnel.Ask{From: "2027-12-01"}
		check := func(when string, days int, clock, report []calendar.YearStatus) {
			t.Helper()
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			noError(t, err)
			if *r.Clocks.ProgressDays != days || !slices.Equal(r.Clocks.Uncertain, clock) {
				t.Errorf("%s: %d days, named are %v; want %d and %v",
					when, *r.Clocks.ProgressDays, r.Clocks.Uncertain, days, clock)
			}
			asked(t, w, "总监", ask, func(source string, r funnel.Report) {
				if !slices.Equal(r.Uncertain, report) {
					t.Errorf("%s, %s: the report names %v, want %v", when, source, r.Uncertain, report)
				}
			})
		}
		check("missing", 20, []calendar.YearStatus{missing}, []calendar.YearStatus{published, missing})
		_, err := w.Org.LoadHolidays(w.Ctx, w.As("管理员"), []byte(`{"year":2028,"papers":[],"days":[
			{"name":"春节","date":"2028-01-26","isOffDay":true},{"name":"春节","date":"2028-01-27","isOffDay":true}]}`))
		noError(t, err)
		check("loaded", 18, nil, []calendar.YearStatus{published})
	})
}

// TestAMoveTakenBackCountsNowhere: a card dropped on the wrong column and taken back; and one that was moved on
// from before somebody saw it.
func TestAMoveTakenBackCountsNowhere(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(t *testing.T, w *apptest.World, id string)
		want string
	}{
		{"at once", func(t *testing.T, w *apptest.World, id string) {
			w.Move("陈露", id, "商务确认", apptest.Exception)
			_, err := w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), id, "拖错了")
			noError(t, err)
		}, "机会 1 (0 advanced 0 lost); "},
		{"by a superior, after it was dragged back", func(t *testing.T, w *apptest.World, id string) {
			w.Move("陈露", id, "商务确认", apptest.Exception)
			w.Move("陈露", id, "机会")
			r, err := w.Opportunities.Get(w.Ctx, w.As("蒋跃"), id)
			noError(t, err)
			_, err = w.Opportunities.Correct(w.Ctx, w.As("蒋跃"), id,
				opportunity.Correction{StayID: r.Stays[1].ID, Never: true, Reason: "拖错了"})
			noError(t, err)
		}, "机会 1 (0 advanced 0 lost); "},
		{"a win that was none", func(t *testing.T, w *apptest.World, id string) {
			w.Move("陈露", id, "中标", apptest.Exception)
			_, err := w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), id, "点错了")
			noError(t, err)
		}, "机会 1 (0 advanced 0 lost); "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				tt.play(t, w, o.ID)
				r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
				noError(t, err)
				if r.StageID != w.Stage("机会") || len(r.Credit) != 0 {
					t.Errorf("in stage %s with %d lines of credit", r.StageNames[r.StageID], len(r.Credit))
				}
				asked(t, w, "总监", funnel.Ask{}, func(source string, r funnel.Report) {
					if got := stagesOf(r); got != tt.want || r.Stages[0].Returns != 0 || r.ClosedWinRate.Won != 0 {
						t.Errorf("%s: %s with %d returns, %d won; want %s",
							source, got, r.Stages[0].Returns, r.ClosedWinRate.Won, tt.want)
					}
				})
			})
		})
	}
}

// TestAReachOfAnySizeIsOneValue: more people than either database takes parameters. Whatever is asked is
// answered as for a few.
func TestAReachOfAnySizeIsOneValue(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o, hidden := w.Opportunity("陈露", "二期改造"), w.Opportunity("周涛", "南方线")
		few := []string{w.ID["陈露"], w.ID["小李"]}
		many := slices.Clone(few)
		for i := range 70_000 {
			many = append(many, fmt.Sprintf("00000000-0000-7000-b000-%012x", i))
		}
		answers := func(a org.Actor) string {
			list, totals, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{}, w.Funnel)
			noError(t, err)
			accounts, n, err := w.Accounts.List(w.Ctx, a, account.Filter{}, page.Request{})
			noError(t, err)
			r, err := w.Opportunities.Get(w.Ctx, a, o.ID)
			noError(t, err)
			_, err = w.Opportunities.Get(w.Ctx, a, hidden.ID)
			said, err2 := w.FollowUps.List(w.Ctx, a, followup.About{On: account.Ref(w.Account)})
			noError(t, err2)
			promised, err2 := w.Tasks.OfRecord(w.Ctx, a, opportunity.Ref(o.ID))
			noError(t, err2)
			return fmt.Sprint(len(list.Items), totals, len(accounts.Items), n, r.Name, fault.CodeOf(err), len(said), len(promised))
		}
		a := w.As("蒋跃")
		for _, kinds := range []func(ids []string) org.Scope{
			func(ids []string) org.Scope { return org.Scope{Owners: ids} },
			func(ids []string) org.Scope { return org.Scope{Owners: ids, DealTeams: ids} },
		} {
			want, got := answers(a.Reaching(kinds(few))), answers(a.Reaching(kinds(many)))
			if got != want {
				t.Errorf("over thousands %s, over two %s", got, want)
			}
			w.Opportunities.Memory = nil // and by SQL alone
			if got := answers(a.Reaching(kinds(many))); got != want {
				t.Errorf("over thousands by SQL %s, over two %s", got, want)
			}
			w.Opportunities.Memory = w.Engine
		}
	})
}
