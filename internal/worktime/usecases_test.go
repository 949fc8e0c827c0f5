package worktime_test

import (
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/worktime"
)

// world is 蒋跃 who manages 一组 with 陈露 and 小李, and 何峰 who manages 二组 with 周涛.
type world struct{ *apptest.World }

func each(t *testing.T, test func(t *testing.T, w world)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) { test(t, world{apptest.New(t, db)}) })
}

func (w world) noError(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w world) refused(what string, err error, code string) {
	w.T.Helper()
	if fault.CodeOf(err) != code {
		w.T.Errorf("%s: %v, want %s", what, err, code)
	}
}

// due is when so many minutes are worked by a member, as clocks show it in Shanghai.
func (w world) due(member, from string, minutes int) (at string) {
	w.T.Helper()
	w.noError(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		s, err := w.Times.Of(w.Ctx, tx, w.As("管理员"), w.ID[member])
		at = s.After(shanghai(from), minutes).In(usual().Zone).Format("2006-01-02 15:04")
		return err
	}))
	return at
}

func shanghai(said string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", said, usual().Zone)
	if err != nil {
		panic(err)
	}
	return at
}

func works(kind calendar.Kind, hours string) *worktime.Way {
	h, err := worktime.ParseHours(hours)
	if err != nil {
		panic(err)
	}
	return &worktime.Way{Pattern: kind, Hours: h}
}

func (w world) away(by, member, from, to, deputy string) worktime.Absence {
	w.T.Helper()
	b, err := w.enter(by, member, from, to, deputy)
	w.noError(err)
	return b
}

func (w world) enter(by, member, from, to, deputy string) (worktime.Absence, error) {
	return w.Times.Enter(w.Ctx, w.As(by), w.ID[member], worktime.Asked{From: worktime.Moment{On: calendar.Date(from)},
		To: worktime.Moment{On: calendar.Date(to)}, DeputyID: w.ID[deputy], Kind: "annual"})
}

func (w world) answers(member, at string) string {
	w.T.Helper()
	found, err := w.Times.Answers(w.Ctx, w.As("管理员"), w.ID[member], shanghai(at))
	w.noError(err)
	for name, id := range w.ID {
		if id == found.MemberID {
			return name
		}
	}
	return found.MemberID
}

func TestATeamWorksAsTheOneAboveUntilItIsSaidOtherwise(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		admin := w.As("管理员")
		root, first := admin.Structure.Tops(admin.Today)[0], teamOf(w, "陈露")
		same := func(what, member, from string, minutes int, want string) {
			t.Helper()
			if got := w.due(member, from, minutes); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		same("nobody stated anything", "陈露", "2026-03-06 17:00", 120, "2026-03-09 10:00")
		w.noError(w.Times.SetTeam(w.Ctx, admin, root, "2026-03-01", works(calendar.SixDay, "08:00-12:00 13:00-17:00")))
		same("as the company", "陈露", "2026-03-06 16:00", 120, "2026-03-07 09:00")
		w.noError(w.Times.SetTeam(w.Ctx, admin, first, "2026-03-09", works(calendar.FiveDay, "10:00-18:00")))
		same("before its day it is as the company", "陈露", "2026-03-06 16:00", 120, "2026-03-07 09:00")
		same("its own from its day on", "陈露", "2026-03-13 17:00", 120, "2026-03-16 11:00")
		same("a limit over both", "陈露", "2026-03-07 16:00", 120, "2026-03-09 11:00")
		same("the other team stays", "周涛", "2026-03-13 16:00", 120, "2026-03-14 09:00")
		w.noError(w.Times.SetTeam(w.Ctx, admin, first, "2026-03-16", nil))
		same("and as the company again", "陈露", "2026-03-20 16:00", 120, "2026-03-21 09:00")
		w.noError(w.Times.SetTeam(w.Ctx, admin, first, "2026-03-16", works(calendar.FiveDay, "09:00-18:00")))
		same("the last word on a day counts", "陈露", "2026-03-20 17:00", 120, "2026-03-23 10:00")
		w.noError(w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], teamOf(w, "周涛"), "", false, "2026-04-13"))
		same("with another team from the day of the move", "陈露", "2026-04-17 16:00", 120, "2026-04-18 09:00")
	})
}

func teamOf(w world, member string) string {
	team, _ := w.As("管理员").Structure.TeamOf(w.ID[member], w.As("管理员").Today)
	return team
}

func TestWhoMaySayHowATeamWorks(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		team, long := teamOf(w, "陈露"), works(calendar.SixDay, "09:00-12:00")
		w.refused("a rep", w.Times.SetTeam(w.Ctx, w.As("陈露"), team, "", long), "org.permission_missing")
		w.refused("a manager", w.Times.SetTeam(w.Ctx, w.As("蒋跃"), team, "", long), "org.permission_missing")
		admin := w.As("管理员")
		w.refused("no such team", w.Times.SetTeam(w.Ctx, admin, "x", "", long), "org.team_unknown")
		w.refused("no day", w.Times.SetTeam(w.Ctx, admin, team, "2026-2-3", long), "calendar.bad_date")
		w.refused("no anchor", w.Times.SetTeam(w.Ctx, admin, team, "", works(calendar.Alternate, "09:00-12:00")), "input.required")
		w.refused("no weekday", w.Times.SetTeam(w.Ctx, admin, team, "", works(calendar.Retail, "09:00-12:00")), "input.required")
		long.Zone = "Mars/Olympus"
		w.refused("no zone", w.Times.SetTeam(w.Ctx, admin, team, "", long), "org.zone_unknown")
	})
}

func TestLeaveIsNoWorkingTimeAndTheDeputyAnswers(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.away("陈露", "陈露", "2026-03-04", "2026-03-05", "小李")
		if got := w.due("陈露", "2026-03-03 17:00", 120); got != "2026-03-06 10:00" {
			t.Errorf("due %s", got)
		}
		for at, want := range map[string]string{"2026-03-03 23:59": "陈露", "2026-03-04 00:00": "小李", "2026-03-05 23:59": "小李", "2026-03-06 00:00": "陈露"} {
			if got := w.answers("陈露", at); got != want {
				t.Errorf("at %s %s answers, want %s", at, got, want)
			}
		}
		half, err := w.Times.Enter(w.Ctx, w.As("陈露"), w.ID["陈露"], worktime.Asked{From: worktime.Moment{On: "2026-03-09", At: "noon"},
			To: worktime.Moment{On: "2026-03-10", At: "10:30"}, Kind: "sick"})
		w.noError(err)
		if !half.From.Equal(shanghai("2026-03-09 12:00")) || !half.To.Equal(shanghai("2026-03-10 10:30")) {
			t.Errorf("half a day is %s to %s", half.From, half.To)
		}
		if got := w.answers("陈露", "2026-03-09 14:00"); got != "蒋跃" {
			t.Errorf("without a deputy %s answers, want the superior", got)
		}
	})
}

func TestWhoAnswersWhenDeputiesAreAwayToo(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.away("陈露", "陈露", "2026-03-04", "2026-03-04", "小李")
		w.away("小李", "小李", "2026-03-04", "2026-03-04", "周涛")
		if got := w.answers("陈露", "2026-03-04 10:00"); got != "周涛" {
			t.Errorf("%s answers, want the deputy's deputy", got)
		}
		_, err := w.enter("周涛", "周涛", "2026-03-01", "2026-03-08", "陈露")
		w.refused("whose deputy is the first again", err, "worktime.deputy_circle")
		w.away("周涛", "周涛", "2026-03-04", "2026-03-05", "")
		if got := w.answers("陈露", "2026-03-04 10:00"); got != "蒋跃" {
			t.Errorf("%s answers, want the superior", got)
		}
		w.away("蒋跃", "蒋跃", "2026-03-04", "2026-03-04", "何峰")
		if got := w.answers("陈露", "2026-03-04 10:00"); got != "何峰" {
			t.Errorf("%s answers, want the superior's deputy", got)
		}
		w.away("何峰", "何峰", "2026-03-04", "2026-03-04", "小李")
		if got := w.answers("陈露", "2026-03-04 10:00"); got == "小李" || got == "陈露" {
			t.Errorf("%s answers and is away", got)
		}
	})
}

func TestALeaversSuperiorAnswersAndADeputyWhoLeftIsPassed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.away("陈露", "陈露", "2026-03-04", "2026-03-20", "小李")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "2026-03-10")
		w.noError(err)
		if a, b := w.answers("陈露", "2026-03-09 10:00"), w.answers("陈露", "2026-03-10 10:00"); a != "小李" || b != "蒋跃" {
			t.Errorf("%s answers, then %s", a, b)
		}
		_, err = w.enter("陈露", "陈露", "2026-04-01", "2026-04-02", "小李")
		w.refused("who has left is no deputy", err, "worktime.deputy_left")
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-10")
		w.noError(err)
		if got := w.answers("陈露", "2026-03-12 10:00"); got == "陈露" || got == "小李" {
			t.Errorf("%s answers and has left", got)
		}
	})
}

func TestWhoEntersLeave(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for by, code := range map[string]string{"陈露": "", "蒋跃": "", "管理员": "", "小李": "worktime.not_yours", "何峰": "worktime.not_yours"} {
			b, err := w.enter(by, "陈露", "2026-03-04", "2026-03-04", "")
			w.refused(by, err, code)
			if _, seen := w.Times.Absences(w.Ctx, w.As(by), w.ID["陈露"], ""); fault.CodeOf(seen) != code {
				t.Errorf("%s reads: %v", by, seen)
			}
			if err == nil {
				w.refused("a colleague", w.Times.Withdraw(w.Ctx, w.As("小李"), b.ID), "worktime.absence_unknown")
				w.noError(w.Times.Withdraw(w.Ctx, w.As(by), b.ID))
				w.refused("twice", w.Times.Withdraw(w.Ctx, w.As(by), b.ID), "worktime.absence_unknown")
			}
		}
		if got := w.due("陈露", "2026-03-03 17:00", 120); got != "2026-03-04 10:00" {
			t.Errorf("what was withdrawn counts: due %s", got)
		}
	})
}

func TestEachSeesTheLeaveHeMayEnter(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, name := range []string{"陈露", "小李", "周涛"} {
			w.away(name, name, "2026-03-04", "2026-03-04", "")
		}
		w.away("陈露", "陈露", "2026-02-02", "2026-02-03", "")
		for by, want := range map[string]int{"陈露": 1, "蒋跃": 2, "何峰": 1, "总监": 3, "管理员": 3} {
			members, list, err := w.Times.InReach(w.Ctx, w.As(by), "")
			w.noError(err)
			if len(list) != want || !slices.ContainsFunc(members, func(m string) bool { return m == w.As(by).MemberID }) {
				t.Errorf("%s sees %d of %d people, want %d", by, len(list), len(members), want)
			}
		}
	})
}

func TestLeaveThatCannotBeIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		first := w.away("陈露", "陈露", "2026-03-04", "2026-03-05", "")
		for _, tt := range []struct{ what, from, to, deputy, code string }{
			{"backwards", "2026-03-11", "2026-03-10", "", "worktime.absence_empty"},
			{"over another", "2026-03-05", "2026-03-06", "", "worktime.absence_overlaps"},
			{"longer than a year", "2026-03-11", "2027-04-10", "", "worktime.absence_too_long"},
			{"no day", "2026-03-99", "2026-03-10", "", "calendar.bad_date"},
			{"oneself as deputy", "2026-03-11", "2026-03-11", "陈露", "worktime.deputy_unknown"},
		} {
			_, err := w.enter("陈露", "陈露", tt.from, tt.to, tt.deputy)
			w.refused(tt.what, err, tt.code)
		}
		asked := worktime.Asked{From: worktime.Moment{On: "2026-03-05"}, To: worktime.Moment{On: "2026-03-06"}, Kind: "sick", Note: "发烧"}
		stale := w.As("陈露")
		stale.IfMatch = 7
		w.refused("another version", w.Times.Change(w.Ctx, stale, first.ID, asked), "record.stale")
		w.noError(w.Times.Change(w.Ctx, w.As("陈露"), first.ID, asked))
		list, err := w.Times.Absences(w.Ctx, w.As("陈露"), w.ID["陈露"], "2026-03-06")
		w.noError(err)
		if len(list) != 1 || list[0].Note != "发烧" || list[0].Version != 2 || !list[0].From.Equal(shanghai("2026-03-05 00:00")) {
			t.Errorf("changed to %+v", list)
		}
	})
}

// A correction changes what is computed from now on.
func TestACorrectedYearMovesWhatIsComputedFromThenOn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		if got := w.due("陈露", "2026-10-09 09:00", 9*60); got != "2026-10-10 10:00" {
			t.Errorf("due %s", got)
		}
		corrected := `{"year":2026,"days":[{"name":"国庆节","date":"2026-10-01","isOffDay":true},{"name":"国庆节","date":"2026-10-10","isOffDay":true}]}`
		look, err := w.Org.LookAtHolidays(w.Ctx, w.As("管理员"), []byte(corrected))
		w.noError(err)
		if !slices.ContainsFunc(look.Days, func(d org.DayChanged) bool { return d.Date == "2026-10-10" && !d.Works && d.Name == "国庆节" }) ||
			!slices.ContainsFunc(look.Days, func(d org.DayChanged) bool { return d.Date == "2026-10-02" && d.Works }) {
			t.Errorf("it says it changes %v", look.Days)
		}
		if got := w.due("陈露", "2026-10-09 09:00", 9*60); got != "2026-10-10 10:00" {
			t.Errorf("looking moved it to %s", got)
		}
		_, err = w.Org.LoadHolidays(w.Ctx, w.As("管理员"), []byte(corrected))
		w.noError(err)
		if got := w.due("陈露", "2026-10-09 09:00", 9*60); got != "2026-10-12 10:00" {
			t.Errorf("corrected, due %s", got)
		}
	})
}
