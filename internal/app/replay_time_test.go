package app_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/worktime"
)

// TestTheJournalGivesBackWorkingTimeAndLeave does every act there is on them, and plays the journal
// into an empty database.
func TestTheJournalGivesBackWorkingTimeAndLeave(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin, self := w.As("管理员"), w.As("陈露")
		shop := worktime.Way{Pattern: calendar.Retail, Weekdays: []int{7, 2, 6}, OnHolidays: true, Hours: worktime.Hours{{From: 600, To: 1440}}, Zone: "Asia/Urumqi"}
		turn := worktime.Way{Pattern: calendar.Alternate, SixDayWeek: "2026-03-04", Hours: worktime.Usual}
		for _, way := range []*worktime.Way{&shop, nil, &turn} {
			must(t, w.Times.SetTeam(w.Ctx, admin, w.ID["一组"], "2026-03-02", way))
		}
		asked := func(from, to calendar.Date, deputy string) worktime.Asked {
			return worktime.Asked{From: worktime.Moment{On: from, At: "noon"}, To: worktime.Moment{On: to, At: "10:30"}, DeputyID: w.ID[deputy], Kind: "other"}
		}
		for i, days := range [][2]calendar.Date{{"2026-03-04", "2026-03-06"}, {"2026-03-10", "2026-03-12"}, {"2026-04-07", "2026-04-08"}} {
			b, err := w.Times.Enter(w.Ctx, self, w.ID["陈露"], asked(days[0], days[1], "小李"))
			must(t, err)
			if i > 0 {
				must(t, w.Times.Change(w.Ctx, self, b.ID, asked(days[0], days[1].Add(1), "")))
			}
			if i > 1 {
				must(t, w.Times.Withdraw(w.Ctx, self, b.ID))
			}
		}
		kinds := w.Times.Replays()
		for _, row := range replaytest.Rows(t, db, "SELECT DISTINCT kind FROM journal") {
			delete(kinds, row[0])
		}
		for kind := range kinds {
			t.Errorf("%s was not written", kind)
		}
		played(t, db, databasetest.Another(t, db), &apptest.Player{World: w})
	})
}
