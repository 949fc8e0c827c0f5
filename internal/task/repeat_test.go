package task_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/task"
	"yunchou/internal/timetable"
)

// TestDaysOfARule: around the National Day of 2026 (1 to 7 October off, the 10th worked) a member works by the company's calendar.
func TestDaysOfARule(t *testing.T) {
	cal := calendar.New(calendar.ShippedYears()...)
	for _, tt := range []struct {
		name        string
		rule        task.Repeat
		first       calendar.Date
		today, want string
	}{
		{"every working day", task.Repeat{Every: "day", Holidays: "skip"}, "2026-09-29", "", "[2026-09-30 2026-10-08 2026-10-09 2026-10-10]"},
		{"every day, moved: one a day", task.Repeat{Every: "day", Holidays: "move"}, "2026-09-29", "", "[2026-09-30 2026-10-08 2026-10-09 2026-10-10]"},
		{"Mondays and Thursdays, moved", task.Repeat{Every: "week", Weekdays: []int{1, 4}, Holidays: "move"}, "2026-09-28", "", "[2026-10-08 2026-10-12 2026-10-15 2026-10-19]"},
		{"Mondays, skipped", task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "skip"}, "2026-09-28", "", "[2026-10-12 2026-10-19 2026-10-26 2026-11-02]"},
		{"the last working day", task.Repeat{Every: "month", Holidays: "move"}, "2026-08-31", "", "[2026-09-30 2026-10-30 2026-11-30 2026-12-31]"},
		{"the 31st", task.Repeat{Every: "month", MonthDay: 31, Holidays: "skip"}, "2026-08-31", "", "[2026-09-30 2026-11-30 2026-12-31]"},
		{"the 3rd, moved", task.Repeat{Every: "month", MonthDay: 3, Holidays: "move"}, "2026-09-03", "", "[2026-10-08 2026-11-03 2026-12-03]"},
		{"until a day", task.Repeat{Every: "week", Weekdays: []int{3}, Holidays: "skip", Until: "2026-09-23"}, "2026-09-09", "", "[2026-09-16 2026-09-23]"},
		{"after a week nobody ran it", task.Repeat{Every: "day", Holidays: "skip"}, "2026-09-14", "2026-09-22", "[2026-09-22 2026-09-23 2026-09-24 2026-09-28]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []calendar.Date
			day, due := tt.first, tt.first
			for range 4 {
				next, at, more := tt.rule.Following(day, due, calendar.Date(tt.today), cal.IsWorkingDay)
				if !more || at > "2027" {
					break
				}
				got = append(got, at)
				day, due = next, at
			}
			if fmt.Sprint(got) != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

func TestARuleThatSaysNothingIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for want, rule := range map[string]task.Repeat{
			"task.repeat_unknown":   {Every: "year", Holidays: "move"},
			"task.repeat_weekdays":  {Every: "week", Holidays: "move"},
			"task.repeat_month_day": {Every: "month", MonthDay: 32, Holidays: "move"},
			"task.repeat_until":     {Every: "day", Holidays: "move", Until: "2026-03-01"},
			"calendar.bad_date":     {Every: "day", Holidays: "move", Until: "soon"},
			"input.out_of_range":    {Every: "day", Holidays: "move", Count: 1001},
		} {
			_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "周报", DueOn: "2026-03-02", Repeat: &rule})
			code(t, err, want)
		}
	})
}

// fire runs the timetable of two processes at once until nothing is due.
func fire(t *testing.T, w *apptest.World) {
	t.Helper()
	ctx, stop := context.WithCancel(w.Ctx)
	var running sync.WaitGroup
	for range 2 {
		r := &timetable.Runner{Service: w.Timetable, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Poll: 5 * time.Millisecond}
		running.Go(func() { r.Run(ctx, map[string]timetable.Handler{task.Comes: {Fire: w.Tasks.ComeAgain}}) })
	}
	for range 2000 {
		waits := 0
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*) FROM timetable WHERE kind = $1 AND done_at IS NULL AND due_at <= $2`, task.Comes, w.Clock.Now()).Scan(&waits)
		}))
		if waits == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	running.Wait()
}

func TestWhatComesAgainIsMadeOnceADay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{What: "日报", DueOn: "2026-03-02", MemberID: w.ID["陈露"], Repeat: &task.Repeat{Every: "day", Holidays: "skip"},
			Parties: []task.Party{{MemberID: w.ID["小李"], Part: task.Partner}}})
		must(t, err)
		dues := func() string {
			mine, err := w.Tasks.List(w.Ctx, w.As("陈露"), false, false)
			must(t, err)
			var out []string
			for _, x := range mine {
				out = append(out, string(x.DueOn))
				if x.CreatedBy != w.ID["蒋跃"] || x.Parties[0].MemberID != w.ID["小李"] {
					t.Errorf("the next is given by %s with %v", x.CreatedBy, x.Parties)
				}
			}
			return fmt.Sprint(out)
		}
		for _, day := range []struct{ on, want string }{
			{"2026-03-02", "[2026-03-02]"},
			{"2026-03-03", "[2026-03-02 2026-03-03]"},
			{"2026-03-03", "[2026-03-02 2026-03-03]"},                       // a restart
			{"2026-03-12", "[2026-03-02 2026-03-03 2026-03-12]"},            // nobody ran it for a week
			{"2026-03-13", "[2026-03-02 2026-03-03 2026-03-12 2026-03-13]"}, // Friday
		} {
			w.Clock.Set(calendar.Date(day.on))
			fire(t, w)
			if got := dues(); got != day.want {
				t.Errorf("%s: %s, want %s", day.on, got, day.want)
			}
		}
		_, err = w.Tasks.EndSeries(w.Ctx, w.As("蒋跃"), x.ID)
		must(t, err)
		_, err = w.Tasks.EndSeries(w.Ctx, w.As("蒋跃"), x.ID)
		code(t, err, "task.no_series")
		w.Clock.Set("2026-03-20")
		fire(t, w)
		if got := dues(); got != "[2026-03-02 2026-03-03 2026-03-12 2026-03-13]" {
			t.Errorf("it was ended: %s", got)
		}
	})
}

// TestWhoseTheNextIsAndWhatWasMadeAreWrittenApart: one is written under a task's lock, the other under the series'.
func TestWhoseTheNextIsAndWhatWasMadeAreWrittenApart(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "日报", DueOn: "2026-03-02", Repeat: &task.Repeat{Every: "day", Holidays: "skip"}})
		must(t, err)
		rows, tenant := w.Tasks.Rows, w.Admin.TenantID
		must(t, db.Write(w.Ctx, func(tx database.Tx) error {
			of, err := rows.Series(w.Ctx, tx, tenant, x.SeriesID)
			must(t, err)
			must(t, rows.PassSeries(w.Ctx, tx, tenant, of.ID, x.ID, w.ID["陈露"], w.ID["小李"]))
			of.Made = 2
			must(t, rows.SaveSeries(w.Ctx, tx, tenant, of)) // as it was read before
			must(t, rows.PassSeries(w.Ctx, tx, tenant, of.ID, "another", w.ID["小李"], w.ID["周涛"]))
			must(t, rows.PassSeries(w.Ctx, tx, tenant, of.ID, x.ID, w.ID["陈露"], w.ID["周涛"]))
			of, err = rows.Series(w.Ctx, tx, tenant, of.ID)
			if err != nil || of.MemberID != w.ID["小李"] || of.Made != 2 {
				t.Errorf("%+v %v", of, err)
			}
			return nil
		}))
	})
}

func TestASeriesEndsByItsCountAndWithItsRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		thrice, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "三次", DueOn: "2026-03-02", Repeat: &task.Repeat{Every: "day", Holidays: "move", Count: 3}})
		must(t, err)
		o := w.Opportunity("陈露", "二期改造")
		on, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "回访", DueOn: "2026-03-02", On: deal(o.ID), Repeat: &task.Repeat{Every: "day", Holidays: "move"}})
		must(t, err)
		w.Clock.Set("2026-03-03")
		fire(t, w)
		must(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), o.ID, true))
		for _, day := range []calendar.Date{"2026-03-04", "2026-03-05", "2026-03-06"} {
			w.Clock.Set(day)
			fire(t, w)
		}
		mine, err := w.Tasks.List(w.Ctx, w.As("陈露"), false, false)
		must(t, err)
		if got := fmt.Sprint(whats(mine)); got != "[三次 回访 三次 回访 三次]" && got != "[回访 三次 回访 三次 三次]" {
			t.Errorf("%s", got)
		}
		of, err := w.Tasks.SeriesOf(w.Ctx, w.As("陈露"), on)
		if err != nil || of != nil {
			t.Errorf("what hung on a deal that was deleted goes on: %+v %v", of, err)
		}
		if of, err := w.Tasks.SeriesOf(w.Ctx, w.As("陈露"), thrice); err != nil || of != nil {
			t.Errorf("the third of three was made, and there is a next: %+v %v", of, err)
		}
	})
}

// TestTheFirstOfWhatComesAgainIsDueByItsRule: said on Saturday 7 March 2026, from the day that was said on.
func TestTheFirstOfWhatComesAgainIsDueByItsRule(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-07")
		for _, tt := range []struct {
			said, want calendar.Date
			rule       task.Repeat
		}{
			{"2026-03-07", "2026-03-09", task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "move"}},
			{"2026-03-07", "2026-03-09", task.Repeat{Every: "day", Holidays: "skip"}},
			{"2026-03-10", "2026-03-16", task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "skip"}},
			{"2026-03-09", "2026-03-09", task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "move"}},
			{"2026-03-07", "2026-03-31", task.Repeat{Every: "month", Holidays: "move"}},
			{"2026-03-07", "2026-04-03", task.Repeat{Every: "month", MonthDay: 3, Holidays: "move"}},
		} {
			x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "周报", DueOn: tt.said, Repeat: &tt.rule})
			must(t, err)
			if x.DueOn != tt.want {
				t.Errorf("%+v from %s is due first on %s, want %s", tt.rule, tt.said, x.DueOn, tt.want)
			}
		}
		_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "周报", DueOn: "2026-03-07",
			Repeat: &task.Repeat{Every: "week", Weekdays: []int{1}, Holidays: "move", Until: "2026-03-08"}})
		code(t, err, "task.repeat_until")
	})
}
