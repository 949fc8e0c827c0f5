package funnel

import (
	"sort"
	"testing"

	"yunchou/internal/pipeline"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func f(v float64) *float64 { return &v }

func TestPercentilesAreNearestRankAndAnEvenMedianIsTheMeanOfTheMiddle(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []Duration
		want Days
	}{
		{"nothing is a dash", nil, Days{}},
		{"one", []Duration{{7, 1}}, Days{N: 1, Mean: f(7), Median: f(7), P75: f(7), P80: f(7), P90: f(7)}},
		{"even", []Duration{{4, 1}, {1, 1}, {3, 1}, {2, 1}}, Days{N: 4, Mean: f(2.5), Median: f(2.5), P75: f(3), P80: f(4), P90: f(4)}},
		{"counted", []Duration{{10, 1}, {1, 9}}, Days{N: 10, Mean: f(1.9), Median: f(1), P75: f(1), P80: f(1), P90: f(1)}},
	} {
		if diff := cmp.Diff(tt.want, Summarise(tt.in)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestSummariseEqualsTheNaiveComputation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 60).Draw(t, "days")
		var in []Duration
		for _, d := range days {
			in = append(in, Duration{d, 1})
		}
		got := Summarise(in)
		sort.Ints(days)
		n := len(days)
		median := float64(days[(n-1)/2]+days[n/2]) / 2
		p90 := float64(days[(90*n+99)/100-1])
		if *got.Median != median || *got.P90 != p90 {
			t.Fatalf("median %v want %v, p90 %v want %v of %v", *got.Median, median, *got.P90, p90, days)
		}
	})
}

func TestOpenStaysAreCensoredNotIgnored(t *testing.T) {
	ended, open := []Duration{{2, 1}, {4, 1}}, []Duration{{10, 4}}
	if got := SurvivalMedian(ended, open); got != nil {
		t.Errorf("most are still open, and the median is stated as %v", *got)
	}
	if got := SurvivalMedian([]Duration{{2, 2}, {4, 2}}, []Duration{{3, 1}}); got == nil || *got != 4 {
		t.Errorf("got %v, want 4", got)
	}
}

func TestSharesOfACohortAddUpToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1000)
		c := Cohort{Advanced: n.Draw(t, "advanced"), Lost: n.Draw(t, "lost"), Open: n.Draw(t, "open")}
		c.shares()
		if c.Advanced+c.Lost+c.Open > 0 && *c.AdvancedBP+*c.LostBP+*c.OpenBP != 10000 {
			t.Fatalf("%d + %d + %d", *c.AdvancedBP, *c.LostBP, *c.OpenBP)
		}
	})
}

// Fixtures of practice.md 2.E: 40 × 25,000 × 25 % ÷ 90 and 18 × 42,000 × 24 % ÷ 78.
func TestVelocity(t *testing.T) {
	for _, tt := range []struct {
		open, won, lost, mean int64
		days                  float64
		want                  int64
	}{{40, 25, 75, 25_000_00, 90, 2777_78}, {18, 24, 76, 42_000_00, 78, 2326_15}} {
		v := Velocity{Open: tt.open, Rate: Rate{Won: tt.won, Lost: tt.lost}, MeanWonMinor: &tt.mean, MeanDays: &tt.days, N: tt.won}
		v.finish()
		if v.PerDayMinor == nil || *v.PerDayMinor != tt.want {
			t.Errorf("got %v, want %d", v.PerDayMinor, tt.want)
		}
	}
	v := Velocity{Open: 5, Rate: Rate{Won: 9}, MeanWonMinor: new(int64), MeanDays: f(3), N: 9}
	if v.finish(); v.PerDayMinor != nil || v.Why != "below_minimum" {
		t.Error("nine wins are too few to state a velocity")
	}
}

func TestALimitIsTheStandardUntilTwentyAreKnownAndNeverAboveTheMaximum(t *testing.T) {
	st := pipeline.Stage{StandardDays: 5, MaxDays: 12}
	for _, tt := range []struct {
		n    int64
		p80  float64
		want int
	}{{19, 9, 5}, {20, 9, 9}, {20, 3, 5}, {500, 40, 12}} {
		d := Days{N: tt.n, P80: f(tt.p80)}
		if got := Limit(st, d, d).Stalled; got != tt.want {
			t.Errorf("%d known, p80 %v: %d, want %d", tt.n, tt.p80, got, tt.want)
		}
	}
}

func TestCalibratedRateShrinksSmallSamplesToTheConfiguredRate(t *testing.T) {
	for _, tt := range []struct {
		won, n   int64
		p0, want int
	}{{0, 0, 5000, 5000}, {8, 8, 5000, 7500}, {0, 8, 5000, 2500}, {700, 1000, 2000, 6960}} {
		if got := Calibrated(tt.won, tt.n, tt.p0); got != tt.want {
			t.Errorf("%d of %d at %d: %d, want %d", tt.won, tt.n, tt.p0, got, tt.want)
		}
	}
}
