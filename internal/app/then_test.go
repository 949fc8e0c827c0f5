package app_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// saidThen is everything the program says of a day as it was known then, by question.
func saidThen(t *testing.T, s *check, d calendar.Date) map[string]string {
	t.Helper()
	out := map[string]string{}
	boss := s.As("管理员")
	say := func(what string, v any, err error) {
		if err != nil {
			out[what] = err.Error()
			return
		}
		b, err := json.Marshal(v)
		must(t, err)
		out[what] = limitsShown.ReplaceAllString(string(b), "")
	}
	in := funnel.Ask{Pipeline: s.Bid.PipelineID, AsOf: d, Knowledge: funnel.KnownThen}
	windowed := in
	windowed.From, windowed.To = d.Add(-14), d.Add(1)
	for name, x := range map[string]funnel.Ask{"": in, " windowed": windowed} {
		for _, g := range append([]funnel.GroupBy{""}, funnel.Groupings...) {
			if g == funnel.ByIndustry || g == funnel.BySource {
				continue // as today, and screens say so
			}
			y := x
			y.Group = g
			r, err := s.Funnel.Report(s.Ctx, boss, y)
			sort.Slice(r.Groups, func(i, j int) bool { return r.Groups[i].ID+r.Groups[i].Key < r.Groups[j].ID+r.Groups[j].Key })
			say(fmt.Sprint("report", name, " by ", g), r, err)
		}
		for what, f := range datedFilters(s) {
			y := x
			y.Filter = f
			r, err := s.Funnel.Report(s.Ctx, boss, y)
			say("report"+name+" by filter of "+what, r, err)
		}
		for _, team := range s.Teams {
			y := x
			y.Filter.Team = s.ID[team]
			r, err := s.Funnel.Report(s.Ctx, boss, y)
			say("report"+name+" of "+team, r, err)
		}
		for _, who := range s.Sellers {
			y := x
			y.Filter.Owner = s.ID[who]
			r, err := s.Funnel.Report(s.Ctx, boss, y)
			say("report"+name+" of "+who, r, err)
		}
	}
	saidByFilter(s, in, say)
	compared := windowed
	compared.Compare = funnel.Previous
	r, err := s.Funnel.Report(s.Ctx, boss, compared)
	say("compared", r, err)
	tr, err := s.Funnel.Trend(s.Ctx, boss, in, "month", 3)
	say("trend", tr, err)
	f, err := s.Funnel.Forecast(s.Ctx, boss, in)
	say("forecast", f, err)
	one := in
	one.Version = 1
	r, err = s.Funnel.Report(s.Ctx, boss, one)
	say("version 1", r, err)
	c, err := s.Funnel.Cohorts(s.Ctx, boss, in, s.Bid.Stages[0].ID, s.Bid.Stages[3].ID)
	say("cohorts", c, err)
	w := funnel.Ask{Pipeline: s.Bid.PipelineID, From: d.Add(-10), To: d.Add(1)}
	wf, err := s.Funnel.Waterfall(s.Ctx, boss, w)
	say("waterfall", wf, err)
	w.Filter.Team = s.ID["二组"]
	wf, err = s.Funnel.Waterfall(s.Ctx, boss, w)
	say("waterfall of 二组", wf, err)
	return out
}

// limitsShown are the limits of a stage, which have a test of their own.
var limitsShown = regexp.MustCompile(`,"limits":\{[^}]*\}`)

// saidByFilter says every other answer by each filter of what has a day.
func saidByFilter(s *check, in funnel.Ask, say func(what string, v any, err error)) {
	boss := s.As("管理员")
	for what, f := range datedFilters(s) {
		y := in
		y.Filter = f
		tr, err := s.Funnel.Trend(s.Ctx, boss, y, "month", 2)
		say("trend by filter of "+what, tr, err)
		fc, err := s.Funnel.Forecast(s.Ctx, boss, y)
		say("forecast by filter of "+what, fc, err)
		c, err := s.Funnel.Cohorts(s.Ctx, boss, y, "", "")
		say("cohorts by filter of "+what, c, err)
		y.From, y.To, y.AsOf, y.Knowledge = in.AsOf.Add(-10), in.AsOf.Add(1), "", ""
		wf, err := s.Funnel.Waterfall(s.Ctx, boss, y) // refused for some
		say("waterfall by filter of "+what, wf, err)
	}
}

// datedFilters are filters of what has a day.
func datedFilters(s *check) map[string]opportunity.Filter {
	least, most := int64(500_000), int64(2_000_000)
	return map[string]opportunity.Filter{
		"region": {Region: "华东"}, "account": {Account: s.Customers[0]}, "product line": {ProductLine: s.Products[0]},
		"least": {AmountMin: &least}, "most": {AmountMax: &most}, "stage": {Stage: s.Bid.Stages[1].ID},
		"state": {States: []opportunity.State{opportunity.Open, opportunity.Lost}}, "kind of loss": {LossKind: "competitor"},
		"closing":         {ClosedFrom: apptest.Start, ClosedTo: apptest.Start.Add(20)},
		"expected day":    {ExpectedFrom: apptest.Start.Add(20)},
		"region and team": {Region: "西北", Team: s.ID["一组"]},
	}
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-160):min(len(s), i+120)] }
	return cut(a) + "\n      now says\n  " + cut(b)
}

// laterActs are kinds of things that are done later and change nothing of what was known.
var laterActs = []struct {
	name string
	do   func(t *testing.T, s *check)
}{
	{"the game goes on", func(t *testing.T, s *check) { s.Play(12) }},
	{"holidays are loaded", func(t *testing.T, s *check) {
		_, err := s.Org.LoadHolidays(s.Ctx, s.As("管理员"), []byte(`{"year":2026,"papers":[],"days":[`+
			`{"name":"节","date":"2026-03-05","isOffDay":true},{"name":"节","date":"2026-03-06","isOffDay":true},`+
			`{"name":"节","date":"2026-03-11","isOffDay":true},{"name":"节","date":"2026-03-12","isOffDay":true},{"name":"节","date":"2026-03-17","isOffDay":true}]}`))
		must(t, err)
	}},
	{"sums without tax", func(t *testing.T, s *check) {
		a := s.As("管理员")
		must(t, s.Org.SaveSettings(s.Ctx, a, org.Settings{Name: a.Company.Name, BackdateDays: a.Company.BackdateDays, SumsWithTax: !a.Company.SumsWithTax}))
	}},
	{"another calendar is chosen", func(t *testing.T, s *check) {
		a := s.As("管理员")
		must(t, s.Org.SaveSettings(s.Ctx, a, org.Settings{Name: a.Company.Name, BackdateDays: a.Company.BackdateDays, WorkCalendar: org.Weekends, SumsWithTax: a.Company.SumsWithTax}))
	}},
	{"accounts change class and region", func(t *testing.T, s *check) {
		all, _, err := s.Accounts.List(s.Ctx, s.As("管理员"), account.Filter{}, pageOfAll)
		must(t, err)
		for _, c := range all.Items {
			c.Class, c.Region, c.Industry = "D", "西北", "航空"
			_, err := s.Accounts.Update(s.Ctx, s.As("管理员"), c)
			must(t, err)
		}
	}},
	{"a team gets another region", func(t *testing.T, s *check) {
		must(t, s.Org.DescribeTeam(s.Ctx, s.As("管理员"), s.ID["一组"], "一组", "西南"))
	}},
	{"deals get an account", func(t *testing.T, s *check) {
		all, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{}, pageOfAll, s.Funnel)
		must(t, err)
		for _, o := range all.Items {
			_, err := s.Opportunities.Edit(s.Ctx, s.As("管理员"), o.ID, 0, opportunity.Patch{AccountID: &s.Account})
			s.soft(err)
		}
	}},
	{"tax is stated", func(t *testing.T, s *check) {
		all, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{}, pageOfAll, s.Funnel)
		must(t, err)
		bp, without := int64(1300), false
		ptr := &bp
		for _, o := range all.Items {
			_, err := s.Opportunities.Edit(s.Ctx, s.As("管理员"), o.ID, 0, opportunity.Patch{TaxBP: &ptr, TaxIncluded: &without})
			s.soft(err)
		}
	}},
	{"a team is closed or hung elsewhere from long ago", func(t *testing.T, s *check) {
		s.HangUnder(s.ID["三组"], s.ID["一组"], "2026-03-02")
	}},
	{"roles change", func(t *testing.T, s *check) {
		for _, who := range []string{"陈露", "小李", "何峰"} {
			s.soft(s.Org.SetRole(s.Ctx, s.As("管理员"), s.ID[who], org.Manager, nil, nil))
		}
	}},
	{"rates of long ago are stated", func(t *testing.T, s *check) {
		for _, c := range []string{"USD", "JPY", "KWD"} {
			s.Rate(c, "2026-02-01", 3_333_333)
			s.Rate(c, "2026-03-09", 4_444_444)
		}
	}},
	{"wins are accepted", func(t *testing.T, s *check) {
		all, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{}, pageOfAll, s.Funnel)
		must(t, err)
		for _, o := range all.Items {
			s.soft(s.Opportunities.AcceptWin(s.Ctx, s.As("总监"), o.ID))
		}
	}},
	{"everything is deleted", func(t *testing.T, s *check) {
		all, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{}, pageOfAll, s.Funnel)
		must(t, err)
		for _, o := range all.Items {
			s.soft(s.Opportunities.Delete(s.Ctx, s.As("管理员"), o.ID, true))
		}
	}},
}

// soft fails on anything but a refusal.
func (x *check) soft(err error) {
	x.t.Helper()
	if err != nil && !isFault(err) {
		x.t.Fatal(err)
	}
}

// What was known of a day is said of it for ever, whatever is done later.
func TestWhatWasKnownThenIsSaidForEver(t *testing.T) {
	for seed := range 2 {
		databasetest.InTurn(t, seed, func(t *testing.T, db *database.DB) {
			s := newCheck(t, db, uint64(500+seed))
			s.Play(14)
			last := s.Today()
			days := []calendar.Date{apptest.Start.Add(5), last.Add(-9), last.Add(-3), last.Add(-1)}
			was := map[calendar.Date]map[string]string{}
			s.On(last.Add(1))
			for _, d := range days {
				was[d] = saidThen(t, s, d)
			}
			for _, act := range laterActs {
				s.On(s.Today().Add(1))
				act.do(t, s)
				wrong := []string{}
				for _, d := range days {
					now := saidThen(t, s, d)
					for what, said := range was[d] {
						if now[what] != said {
							wrong = append(wrong, fmt.Sprint(d, " ", what))
							if len(wrong) == 1 {
								t.Errorf("seed %d, %s: %s %s said\n  %s", seed, act.name, d, what, s.Truth.Named(firstDifference(said, now[what])))
							}
						}
					}
					was[d] = now // each act is blamed for its own
				}
				if len(wrong) > 0 {
					sort.Strings(wrong)
					t.Errorf("seed %d, %s changes %d answers: %s", seed, act.name, len(wrong), strings.Join(wrong[:min(12, len(wrong))], "; "))
				}
			}
		})
	}
}

func isFault(err error) bool { return fault.As(err) != nil }

// Limits in a report as known then are those that were known then.
func TestLimitsInAReportAsKnownThen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for i := range 21 {
			o := w.Opportunity("陈露", fmt.Sprint("项目", i))
			w.Clock.Set("2026-03-03")
			w.Move("管理员", o.ID, "入围", apptest.Exception)
			w.Clock.Set("2026-03-02")
		}
		w.Clock.Set("2026-03-04")
		report := func() string {
			r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: "2026-03-03", Knowledge: funnel.KnownThen})
			must(t, err)
			b, err := json.Marshal(r.Stages[0])
			must(t, err)
			return string(b)
		}
		was := report()
		w.Clock.Set("2026-06-01")
		all, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, pageOfAll, w.Funnel)
		must(t, err)
		contract := int64(100)
		for _, o := range all.Items {
			w.Move("管理员", o.ID, "中标", apptest.Exception, func(r *opportunity.MoveRequest) { r.ContractMinor = &contract })
		}
		if now := report(); now != was {
			t.Errorf("as known then it said\n  %s", firstDifference(was, now))
		}
	})
}
