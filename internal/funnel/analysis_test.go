package funnel

import (
	"testing"

	"yunchou/internal/calendar"
)

// Source of the figures: R. G. Newcombe, "Two-sided confidence intervals for the single
// proportion", Statistics in Medicine 17 (1998), table I, method 3.
func TestWilsonIntervals(t *testing.T) {
	for _, x := range []struct{ part, n, low, high int64 }{{81, 263, 2553, 3662}, {15, 148, 624, 1605}, {0, 20, 0, 1611}, {1, 29, 61, 1718}, {29, 29, 8830, 10000}, {0, 0, 0, 10000}} {
		if low, high := Wilson(x.part, x.n); int64(low) != x.low || int64(high) != x.high {
			t.Errorf("%d of %d: %d to %d, want %d to %d", x.part, x.n, low, high, x.low, x.high)
		}
	}
}

func TestAComparisonIsAsOldAsTheQuestion(t *testing.T) {
	for _, x := range []struct {
		how                        string
		from, to, asOf             calendar.Date
		wantFrom, wantTo, wantAsOf calendar.Date
	}{
		{Previous, "2026-03-01", "2026-04-01", "2026-03-20", "2026-02-01", "2026-03-01", "2026-02-20"}, // a month with a month
		{Previous, "2026-01-01", "2026-04-01", "2026-05-31", "2025-10-01", "2026-01-01", "2026-02-28"}, // a quarter with a quarter; February is shorter
		{Previous, "2026-03-10", "2026-03-20", "2026-03-15", "2026-02-28", "2026-03-10", "2026-03-05"}, // days with as many days
		{Previous, "2026-03-01", "", "2026-03-10", "2026-02-19", "2026-03-01", "2026-02-28"},           // open: to the report's day
		{LastYear, "2024-02-29", "2024-03-31", "2024-03-10", "2023-02-28", "2023-03-31", "2023-03-10"}, // a leap day
	} {
		q, err := before(Query{From: x.from, To: x.to, AsOf: x.asOf}, x.how)
		if err != nil || q.From != x.wantFrom || q.To != x.wantTo || q.AsOf != x.wantAsOf {
			t.Errorf("%s of %s to %s as of %s: %s to %s as of %s, %v", x.how, x.from, x.to, x.asOf, q.From, q.To, q.AsOf, err)
		}
	}
	if _, err := before(Query{AsOf: "2026-03-10"}, Previous); err == nil {
		t.Error("a window without a beginning was compared")
	}
	if _, err := before(Query{From: "2026-03-10", AsOf: "2026-03-10"}, "decade"); err == nil {
		t.Error("an unknown comparison was answered")
	}
}

func TestTrendWindowsAreWholePeriods(t *testing.T) {
	got := windows("2026-02-28", 3, 3)
	want := [][2]calendar.Date{{"2025-07-01", "2025-10-01"}, {"2025-10-01", "2026-01-01"}, {"2026-01-01", "2026-04-01"}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
			break
		}
	}
	if got := windows("2026-01-31", 1, 2); got[0] != [2]calendar.Date{"2025-12-01", "2026-01-01"} {
		t.Errorf("%v", got)
	}
}

func TestEveryLengthIsInOneBin(t *testing.T) {
	for days := range 400 {
		n := 0
		for _, b := range Bins {
			if b.Holds(days) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d days are in %d bins", days, n)
		}
	}
}

func TestForecastMonthsHaveNoHoles(t *testing.T) {
	out := filled(map[string]*ForecastMonth{"2026-11": {Month: "2026-11"}, "2027-02": {Month: "2027-02", Count: 3}})
	if len(out) != 4 || out[1].Month != "2026-12" || out[2].Month != "2027-01" || out[3].Count != 3 {
		t.Errorf("%+v", out)
	}
}
