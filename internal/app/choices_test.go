package app_test

import (
	"encoding/json"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
)

// What a company chooses is a fact with a day: a report of a day before it says the same as
// it did, whichever way it is asked, and one of the day itself goes by the new choice.
func TestAChoiceOfTheCompanyChangesNothingOfADayBefore(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-02")
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-05-08") // over the days of 清明 and 劳动节
		w.Move("管理员", o.ID, "入围", apptest.Exception)
		type said struct {
			Dwell  *funnel.Dwell
			Unlike funnel.UnlikeTax
		}
		report := func(day calendar.Date, knowledge string) string {
			r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: day, Knowledge: knowledge})
			must(t, err)
			b, err := json.Marshal(said{r.Stages[0].Dwell, r.UnlikeTax})
			must(t, err)
			return string(b)
		}
		choose := func(calendar string, withTax bool) {
			a := w.As("管理员")
			must(t, w.Org.SaveSettings(w.Ctx, a, org.Settings{Name: a.Company.Name, BackdateDays: a.Company.BackdateDays,
				WorkCalendar: calendar, SumsWithTax: withTax}))
		}
		w.Clock.Set("2026-05-11")
		was := report("2026-05-08", "")
		for _, change := range []struct {
			calendar string
			withTax  bool
		}{{org.Weekends, true}, {org.Weekends, false}, {org.ChinaCalendar, true}, {org.Weekends, false}} {
			choose(change.calendar, change.withTax)
			for _, knowledge := range []string{funnel.KnownNow, funnel.KnownThen} {
				if now := report("2026-05-08", knowledge); now != was {
					t.Errorf("%+v, known %s: it said\n  %s", change, knowledge, firstDifference(was, now))
				}
			}
		}
		if report("2026-05-11", "") == was {
			t.Error("the choice of today counts for nothing")
		}
		w.Again([]string{""}, "tenant", "dated_value")
	})
}
