package worktime_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/worktime"
)

// The reference walks minute by minute over three years and asks of each whether it is worked, by
// definitions of its own: the days below were copied from the State Council's notices for 2024, 2025
// and 2026 (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号), not from the files the program ships.
const (
	closed = `2024-01-01 2024-02-10..17 2024-04-04..06 2024-05-01..05 2024-06-10 2024-09-15..17 2024-10-01..07
		2025-01-01 2025-01-28..31 2025-02-01..04 2025-04-04..06 2025-05-01..05 2025-05-31 2025-06-01..02 2025-10-01..08
		2026-01-01..03 2026-02-15..23 2026-04-04..06 2026-05-01..05 2026-06-19..21 2026-09-25..27 2026-10-01..07`
	madeUp = `2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
		2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
		2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10`
)

func listed(days string) map[string]bool {
	out := map[string]bool{}
	for _, d := range strings.Fields(days) {
		first, last, many := strings.Cut(d, "..")
		from, to := 0, 0
		fmt.Sscan(strings.TrimPrefix(first[8:], "0"), &from)
		if to = from; many {
			fmt.Sscan(strings.TrimPrefix(last, "0"), &to)
		}
		for n := from; n <= to; n++ {
			out[fmt.Sprintf("%s%02d", first[:8], n)] = true
		}
	}
	return out
}

// way is a schedule, and when it works said a second time: by weekday, and by hour and minute.
type way struct {
	name, zone  string
	rule        worktime.Rule
	china       bool
	works       func(day time.Time) bool
	hour        func(minuteOfDay int) bool
	ownHolidays bool // works on holidays
	away        []worktime.Away
}

func between(spans ...int) func(int) bool {
	return func(m int) bool {
		for i := 0; i < len(spans); i += 2 {
			if m >= spans[i] && m < spans[i+1] {
				return true
			}
		}
		return false
	}
}

func ways() []way {
	weekday := func(d time.Time) bool { return d.Weekday() >= time.Monday && d.Weekday() <= time.Friday }
	notSunday := func(d time.Time) bool { return d.Weekday() != time.Sunday }
	// 2024-01-01 began a week of five days here, the next one had six, and so on in turn.
	turn := func(d time.Time) bool {
		long := int(d.Sub(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).Hours()/24)/7%2 == 1
		return weekday(d) || long && d.Weekday() == time.Saturday
	}
	always := func(time.Time) bool { return true }
	alternate := calendar.Pattern{Kind: calendar.Alternate, SixDayWeek: "2024-01-10"}
	shop := calendar.Pattern{Kind: calendar.Retail, Weekdays: calendar.Week(0, 2, 3, 4, 5, 6), OnHolidays: true}
	all := calendar.Pattern{Kind: calendar.Retail, Weekdays: calendar.EveryDay}
	office, night := between(540, 720, 780, 1080), worktime.Hours{{0, 75}, {90, 240}, {1380, 1440}}
	atNight := between(0, 75, 90, 240, 1380, 1440)
	rule := func(p calendar.Pattern, h worktime.Hours) worktime.Rule { return worktime.Rule{Pattern: p, Hours: h} }
	leave := []worktime.Away{days("2024-02-01", "2024-03-01"), days("2025-09-28", "2025-10-12"), days("2026-06-01", "2026-06-02")}
	out := []way{
		{"five days", "Asia/Shanghai", rule(calendar.Pattern{}, worktime.Usual), true, weekday, office, false, nil},
		{"five days with leave", "Asia/Shanghai", rule(calendar.Pattern{}, worktime.Usual), true, weekday, office, false, leave},
		{"six days", "Asia/Shanghai", rule(calendar.Pattern{Kind: calendar.SixDay}, worktime.Usual), true, notSunday, office, false, nil},
		{"alternate weeks", "Asia/Urumqi", rule(alternate, worktime.Usual), true, turn, office, false, leave},
		{"a shop", "Asia/Shanghai", rule(shop, worktime.Hours{{600, 1320}}), true,
			func(d time.Time) bool { return d.Weekday() != time.Monday }, between(600, 1320), true, nil},
	}
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"} {
		out = append(out, way{zone, zone, rule(calendar.Pattern{}, worktime.Usual), false, weekday, office, false, nil},
			way{zone + " at night", zone, rule(all, night), false, always, atNight, false, nil})
	}
	return out
}

func days(from, to string) worktime.Away {
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	return worktime.Away{From: day(from), To: day(to)}
}

var begin, end = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// minutes are the worked ones of the three years, counted since they began, and how many lie before each.
func (w way) minutes(zone *time.Location) (worked []int, before []int) {
	off, extra, furthest := listed(closed), listed(madeUp), int64(0)
	lastDay, open := int64(-1), false
	for n, t := 0, begin; t.Before(end); n, t = n+1, t.Add(time.Minute) {
		_, east := t.In(zone).Zone()
		furthest = max(furthest, t.Unix()+int64(east)) // clocks put back show no new time until they have caught up
		if day := furthest / 86400; day != lastDay {
			at := time.Unix(day*86400, 0).UTC()
			lastDay, open = day, w.works(at)
			if name := at.Format(time.DateOnly); w.china && !w.ownHolidays {
				open = (open || extra[name]) && !off[name]
			}
		}
		away := false
		for _, a := range w.away {
			away = away || !t.Before(a.From) && t.Before(a.To)
		}
		before = append(before, len(worked))
		if open && !away && w.hour(int(furthest%86400/60)) {
			worked = append(worked, n)
		}
	}
	return worked, before
}

// Every day and hour of 2024 to 2026.
func TestEveryHourOfThreeYearsIsAsTheMinutesSay(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			zone, err := calendar.Zone(w.zone)
			if err != nil {
				t.Fatal(err)
			}
			cal := calendar.WeekendsOnly
			if w.china {
				cal = calendar.China
			}
			w.rule.Zone = zone
			w.agree(t, w.rule.Of(cal, w.away...), zone)
		})
	}
}

func (w way) agree(t *testing.T, s worktime.Schedule, zone *time.Location) {
	worked, before := w.minutes(zone)
	compared, wrong := 0, 0
	same := func(what string, at, got, want any) {
		if compared++; got != want {
			if wrong++; wrong < 10 {
				t.Errorf("%s %v: %v, want %v", at, what, got, want)
			}
		}
	}
	minuteAt := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
	for n := 0; n < len(before); n += 60 {
		at := minuteAt(n)
		same("worked since 2024", at, s.Minutes(begin, at), before[n])
		for _, add := range []int{1, 37, 480, 1200, 5000} {
			if before[n]+add > len(worked) {
				continue
			}
			due := minuteAt(worked[before[n]+add-1] + 1)
			same(fmt.Sprint("and ", add), at, s.After(at, add).UTC(), due)
		}
		if i := sort.SearchInts(worked, n); i < len(worked) {
			same("opens", at, s.Opening(at).UTC(), minuteAt(worked[i]))
		}
	}
	if compared < 26304*6 || len(worked) < 300000 {
		t.Errorf("%d compared, %d minutes worked", compared, len(worked))
	}
	t.Logf("%d compared, %d minutes worked", compared, len(worked))
}
