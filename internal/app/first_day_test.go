package app_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// currentStages is a list as a company has it on its first day: what stands where, and nothing of
// when.
const currentStages = `version: 1
source: crm
pipelines:
  - {name: 现状, stages: [{name: 接洽, kind: open, phase: early, success: 10, standardDays: 10, maxDays: 15}, {name: 报价, kind: open, phase: late, success: 50, standardDays: 10, maxDays: 15}, {name: 赢, kind: won}, {name: 输, kind: lost}]}
files:
  - {match: x.csv, kind: opportunity, pipeline: 现状, columns: {externalId: id, name: name, account: account, owner: owner, stage: stage, amount: amount, expectedOn: expected}}
`

// ninety are its rows: a third without an amount, a third expected before the day of the import, a third without
// any day, the last ten the same deals as the ten before them.
func ninety() string {
	var b strings.Builder
	b.WriteString("id,name,account,owner,stage,amount,expected\n")
	for i := range 90 {
		of := i
		if i >= 80 {
			of = i - 10
		}
		amount, expected := fmt.Sprint(1000+of), []string{"2026-02-27", "2026-06-30", ""}[i%3]
		if of%3 == 0 {
			amount = ""
		}
		fmt.Fprintf(&b, "%d,项目%02d,客户%02d,%s,%s,%s,%s\n", i, of, of, []string{"陈露", "周涛"}[of%2], []string{"接洽", "报价"}[of%2], amount, expected)
	}
	return b.String()
}

// TestAListOfCurrentStagesStandsStillByDayThirty: nobody knows since when, so the clocks run from the day of the
// import and say at least; beyond the limit all of it is stalled and overstayed, by SQL and by memory, and not
// a day of it is in a figure of dwell.
func TestAListOfCurrentStagesStandsStillByDayThirty(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-02")
		s := newSource(w, currentStages, map[string]string{"x.csv": ninety()})
		if b := s.run(); b.Summary.Created["opportunity"] != 90 {
			t.Fatalf("%+v", b.Summary)
		}
		for _, at := range []struct {
			day  calendar.Date
			days int // working days since
			all  bool
		}{{"2026-03-02", 0, false}, {"2026-03-16", 10, false}, {"2026-03-17", 11, true}, {"2026-04-01", 22, true}} {
			w.Clock.Set(at.day)
			for name, f := range map[string]opportunity.Filter{"stalled": {Stalled: true}, "overstayed": {Overstayed: true}} {
				if n := s.listed(f); (n == 90) != at.all || !at.all && n != 0 {
					t.Errorf("%s: %d are %s", at.day, n, name)
				}
			}
			r := s.named("项目07")
			if *r.Clocks.ProgressDays != at.days || *r.Clocks.ContactDays != at.days || *r.Clocks.StayDays != at.days ||
				!r.Clocks.AtLeast || !r.Clocks.ContactAtLeast || !r.Clocks.StayAtLeast {
				t.Errorf("%s: %+v", at.day, r.Clocks)
			}
		}
		s.inNoDwell(90)
	})
}

// listed is how many a list of a filter counts, which SQL and memory agree about.
func (s *source) listed(f opportunity.Filter) (n int64) {
	s.T.Helper()
	must(s.T, s.Engine.Ready(s.Ctx, s.Admin.TenantID))
	inSQL := *s.Opportunities
	inSQL.Memory = nil
	for i, list := range []*opportunity.Service{&inSQL, s.Opportunities} {
		_, totals, err := list.List(s.Ctx, s.As("管理员"), f, page.Request{Limit: 1}, s.Funnel)
		must(s.T, err)
		counted := int64(0)
		for _, t := range totals {
			counted += t.Count
		}
		if i > 0 && counted != n {
			s.T.Errorf("%+v: SQL counts %d, memory %d", f, n, counted)
		}
		n = counted
	}
	return n
}

// inNoDwell wants so many open stays of an unknown day that no length, limit or median knows of.
func (s *source) inNoDwell(want int64) {
	s.T.Helper()
	rep, err := s.Funnel.Report(s.Ctx, s.As("管理员"), funnel.Ask{Pipeline: "现状"})
	must(s.T, err)
	undated := int64(0)
	for _, st := range rep.Stages {
		if st.Dwell == nil {
			continue
		}
		undated += st.Dwell.Undated
		if st.Dwell.Working.N != 0 || st.Dwell.Open != 0 || st.Dwell.SurvivalMedian != nil {
			s.T.Errorf("%s: %+v", st.Name, st.Dwell)
		}
	}
	if undated != want {
		s.T.Errorf("%d stays of an unknown day, want %d", undated, want)
	}
}
