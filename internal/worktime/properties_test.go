package worktime_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yunchou/internal/calendar"
	"yunchou/internal/worktime"
)

var anyZone = rapid.Custom(func(t *rapid.T) *time.Location {
	zone, err := calendar.Zone(rapid.SampledFrom([]string{"Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York",
		"Australia/Lord_Howe", "America/Havana", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "UTC"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
})

var anyRule = rapid.Custom(func(t *rapid.T) worktime.Rule {
	r := worktime.Rule{Zone: anyZone.Draw(t, "in")}
	r.Pattern.Kind = rapid.SampledFrom([]calendar.Kind{calendar.FiveDay, calendar.SixDay, calendar.Alternate, calendar.Retail}).Draw(t, "kind")
	r.Pattern.SixDayWeek = calendar.Date("2024-01-01").Add(rapid.IntRange(-500, 500).Draw(t, "anchor"))
	r.Pattern.Weekdays = calendar.Weekdays(rapid.IntRange(1, 127).Draw(t, "weekdays"))
	r.Pattern.OnHolidays = rapid.Bool().Draw(t, "on holidays")
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 1440), 2, 8, rapid.ID[int]).
		Filter(func(c []int) bool { return len(c)%2 == 0 }).Draw(t, "hours")
	for i := range cuts {
		for j := range i {
			if cuts[i] < cuts[j] {
				cuts[i], cuts[j] = cuts[j], cuts[i]
			}
		}
	}
	for i := 0; i < len(cuts); i += 2 {
		r.Hours = append(r.Hours, worktime.Span{From: worktime.Minute(cuts[i]), To: worktime.Minute(cuts[i+1])})
	}
	return r
}).Filter(func(r worktime.Rule) bool { return r.Hours.Check() == nil })

var anyInstant = rapid.Custom(func(t *rapid.T) time.Time {
	return time.Date(2009, 1, 1, 0, 0, rapid.IntRange(0, 20*365*86400).Draw(t, "second"), 0, time.UTC)
})

var anySchedule = rapid.Custom(func(t *rapid.T) worktime.Schedule {
	rules := []worktime.From{{Rule: anyRule.Draw(t, "rule")}}
	for day := calendar.Date("2010-03-01"); day < "2027-01-01" && rapid.Bool().Draw(t, "another"); {
		day = day.Add(rapid.IntRange(1, 2500).Draw(t, "later"))
		rules = append(rules, worktime.From{Day: day, Rule: anyRule.Draw(t, "next")})
	}
	var away []worktime.Away
	for range rapid.IntRange(0, 5).Draw(t, "absences") {
		from := anyInstant.Draw(t, "from")
		away = append(away, worktime.Away{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 60*1440).Draw(t, "long")) * time.Minute)})
	}
	cal := rapid.SampledFrom([]calendar.Calendar{calendar.China, calendar.WeekendsOnly}).Draw(t, "calendar")
	return worktime.New(cal, rules, away...)
})

func TestAddingMinutesAndCountingBackGivesThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, at := anySchedule.Draw(t, "schedule"), anyInstant.Draw(t, "at")
		n, more := rapid.IntRange(0, 6000).Draw(t, "n"), rapid.IntRange(0, 3000).Draw(t, "more")
		due := s.After(at, n)
		if due.Before(at) {
			t.Fatalf("due %s before %s", due, at)
		}
		if got := s.Worked(at, due); got != time.Duration(n)*time.Minute {
			t.Fatalf("%s and %d minutes is %s, counted back %s", at, n, due, got)
		}
		if n > 0 && s.Worked(at, due.Add(-1)) >= time.Duration(n)*time.Minute {
			t.Fatalf("%s is not the first instant", due)
		}
		if a, b := s.After(due, more), s.After(at, n+more); !a.Equal(b) && more > 0 {
			t.Fatalf("in two steps %s, in one %s", a, b)
		}
	})
}

func TestWorkedTimeAddsUpAndOpeningsAreOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule.Draw(t, "schedule")
		a, b, c := anyInstant.Draw(t, "a"), anyInstant.Draw(t, "b"), anyInstant.Draw(t, "c")
		if s.Worked(a, b)+s.Worked(b, c) != s.Worked(a, c) {
			t.Fatalf("%s to %s to %s does not add up", a, b, c)
		}
		if a.Before(b) && (s.Worked(a, b) < 0 || s.Worked(a, b) > b.Sub(a)) {
			t.Fatalf("%s worked in %s", s.Worked(a, b), b.Sub(a))
		}
		opens := s.Opening(a)
		if opens.Before(a) || s.Worked(a, opens) != 0 || s.Worked(opens, opens.Add(time.Second)) == 0 {
			t.Fatalf("%s opens %s", a, opens)
		}
	})
}

func BenchmarkAfter(b *testing.B) {
	s := usual().Of(calendar.China)
	at := time.Date(2026, 9, 30, 9, 50, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		s.After(at, 1200)
	}
}

func BenchmarkMinutes(b *testing.B) {
	s := usual().Of(calendar.China)
	at := time.Date(2026, 9, 30, 9, 50, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		s.Minutes(at, at.AddDate(0, 0, 10))
	}
}

func BenchmarkNew(b *testing.B) {
	rule := usual()
	rule.Zone, _ = calendar.Zone("America/New_York")
	b.ReportAllocs()
	for b.Loop() {
		rule.Of(calendar.China)
	}
}
