package funnel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Newcombe's own examples, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
// (1998), table II, method 10: 56/70 − 48/80 is 0.0524 to 0.3339, 9/10 − 3/10 is 0.1705 to 0.8090.
func TestTheIntervalOfADifferenceIsNewcombes(t *testing.T) {
	for _, x := range []struct {
		better, worse settled
		low           float64
	}{
		{settled{"a", 56, 14}, settled{"b", 48, 32}, 0.0524},
		{settled{"a", 9, 1}, settled{"b", 3, 7}, 0.1705},
	} {
		bottom, _ := wilson(x.better.on, x.better.n(), z95)
		_, top := wilson(x.worse.on, x.worse.n(), z95)
		low := x.better.share() - x.worse.share() - math.Hypot(x.better.share()-bottom, top-x.worse.share())
		if math.Abs(low-x.low) > 0.00005 {
			t.Errorf("%v against %v: at least %.4f, want %.4f", x.better, x.worse, low, x.low)
		}
	}
}

func TestABottleneckNeedsEnoughDealsAndAWorseRate(t *testing.T) {
	for _, x := range []struct {
		name       string
		all        []settled
		stage, why string
	}{
		{"one stage loses half, the others a tenth", []settled{{"a", 90, 10}, {"b", 50, 50}, {"c", 90, 10}}, "b", ""},
		{"all lose alike", []settled{{"a", 70, 30}, {"b", 65, 35}, {"c", 72, 28}}, "", "none_worse"},
		{"the worst has too few deals", []settled{{"a", 90, 10}, {"b", 1, 18}, {"c", 88, 12}}, "", "none_worse"},
		{"nineteen are too few and twenty enough", []settled{{"a", 200, 0}, {"b", 1, 19}}, "b", ""},
		{"only one stage has enough", []settled{{"a", 10, 90}, {"b", 5, 5}}, "", "too_few"},
		{"nobody lost any", []settled{{"a", 40, 0}, {"b", 30, 0}}, "", "none_worse"},
		{"nothing at all", nil, "", "too_few"},
	} {
		if b := narrowest(x.all); b.StageID != x.stage || b.Why != x.why {
			t.Errorf("%s: %q, %q", x.name, b.StageID, b.Why)
		}
	}
}

// TestChanceIsSeldomABottleneck draws stages that lose alike: at most one in twenty names one, and of those where one loses
// 20 points more nearly all name it and no other.
func TestChanceIsSeldomABottleneck(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	draw := func(shares ...float64) (all []settled) {
		for i, p := range shares {
			s := settled{stage: string(rune('a' + i))}
			for range 150 {
				if r.Float64() < p {
					s.on++
				} else {
					s.lost++
				}
			}
			all = append(all, s)
		}
		return all
	}
	named, found := 0, 0
	for range 2000 {
		if narrowest(draw(0.7, 0.7, 0.7, 0.7, 0.7, 0.7)).StageID != "" {
			named++
		}
		switch narrowest(draw(0.7, 0.7, 0.5, 0.7, 0.7, 0.7)).StageID {
		case "c":
			found++
		case "":
		default:
			t.Error("another stage was named")
		}
	}
	if named > 100 || found < 1900 {
		t.Errorf("%d of 2000 by chance, %d of 2000 found", named, found)
	}
}
