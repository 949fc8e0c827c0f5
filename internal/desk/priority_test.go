package desk

import (
	"bufio"
	"cmp"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/record"
)

// TestPriority plays testdata/priority.txt.
func TestPriority(t *testing.T) {
	f, err := os.Open("testdata/priority.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	name, lines, cases := "", []Line(nil), 0
	for s := bufio.NewScanner(f); s.Scan(); {
		word, rest, _ := strings.Cut(strings.TrimSpace(s.Text()), " ")
		switch word {
		case "case":
			name, lines = rest, nil
		case "line":
			lines = append(lines, lineOfText(t, strings.Fields(rest)))
		case "expect":
			cases++
			for range 20 { // however they were found
				rand.Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
				slices.SortFunc(lines, Compare)
				if got := namesOf(lines); got != rest {
					t.Errorf("%s: %s, want %s", name, got, rest)
					break
				}
			}
		}
	}
	if cases < 9 {
		t.Errorf("only %d cases", cases)
	}
}

func lineOfText(t *testing.T, f []string) Line {
	t.Helper()
	number := func(s string) int {
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	l := Line{On: record.Ref{Kind: "opportunity", ID: f[0]}, Name: f[0], RateBP: 100 * number(f[2])}
	if f[1] != "-" {
		minor := int64(number(f[1])) * 100
		l.WorthMinor = &minor
	}
	for at := 3; at < len(f); at += 2 {
		days, limit, _ := strings.Cut(f[at+1], "/")
		s := Sign{Kind: strings.TrimSuffix(f[at], "!"), Late: strings.HasSuffix(f[at], "!"), Days: number(days)}
		if limit != "" {
			s.Limit = number(limit)
		}
		l.Signs = append(l.Signs, s)
	}
	return l
}

func namesOf(lines []Line) string {
	var names []string
	for _, l := range lines {
		names = append(names, l.Name)
	}
	return strings.Join(names, " ")
}

// TestTheOrderIsThatOfFractions compares the order of random lines with one that is worked out in fractions:
// late ones first, then the amount times the rate times the days.
func TestTheOrderIsThatOfFractions(t *testing.T) {
	rng := rand.New(rand.NewPCG(32, 1))
	weight := func(l Line) *big.Rat {
		days := 0
		for _, s := range l.Signs {
			d := s.Days
			if s.Limit > 0 && d > 2*s.Limit {
				d = 2 * s.Limit
			}
			if s.Limit == 0 && d > 20 {
				d = 20
			}
			days = max(days, d)
		}
		if l.WorthMinor == nil {
			return new(big.Rat)
		}
		return new(big.Rat).Mul(big.NewRat(*l.WorthMinor, 10000), big.NewRat(int64(l.RateBP)*int64(days), 1))
	}
	for range 200 {
		var lines []Line
		for range 30 {
			l := Line{On: record.Ref{Kind: "opportunity", ID: strconv.Itoa(rng.Int())}, RateBP: rng.IntN(10001)}
			if rng.IntN(5) > 0 {
				minor := rng.Int64N(1_000_000_000) * 10000 // without a rest: the rule rounds to whole minor units
				l.WorthMinor = &minor
			}
			for range 1 + rng.IntN(2) {
				l.Signs = append(l.Signs, Sign{Late: rng.IntN(4) == 0, Days: rng.IntN(40), Limit: rng.IntN(12)})
			}
			lines = append(lines, l)
		}
		slices.SortFunc(lines, Compare)
		for n := 1; n < len(lines); n++ {
			a, b := lines[n-1], lines[n]
			late := func(l Line) bool { return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Late }) }
			if !late(a) && late(b) || late(a) == late(b) && weight(a).Cmp(weight(b)) < 0 {
				t.Fatalf("%+v stands before %+v", a, b)
			}
		}
	}
}

// TestFactsGrow: what is gone changes nothing, what comes does.
func TestFactsGrow(t *testing.T) {
	stalled, passed := Sign{Kind: "stalled", Facts: []string{"s1", "20000"}}, Sign{Kind: "passed", Facts: []string{"20010"}}
	both := FactsOf("m1", []Sign{stalled, passed})
	for _, tt := range []struct {
		name  string
		now   Facts
		stays bool
	}{
		{"the same, in another order", FactsOf("m1", []Sign{passed, stalled}), true},
		{"one is gone", FactsOf("m1", []Sign{stalled}), true},
		{"more days over, nothing else", FactsOf("m1", []Sign{{Kind: "stalled", Days: 9, Facts: stalled.Facts}}), true},
		{"another stage", FactsOf("m1", []Sign{{Kind: "stalled", Facts: []string{"s2", "20000"}}}), false},
		{"another owner", FactsOf("m2", []Sign{stalled}), false},
		{"another limit crossed", FactsOf("m1", []Sign{stalled, {Kind: "promise", Facts: []string{"t1", "2026-03-02"}}}), false},
		{"the same fact of another kind", FactsOf("m1", []Sign{{Kind: "passed", Facts: stalled.Facts}}), false},
	} {
		if got := tt.now.Within(both); got != tt.stays {
			t.Errorf("%s: stays away %v, want %v", tt.name, got, tt.stays)
		}
	}
	if got := ParseFacts(both.Text()); cmp.Compare(got.Text(), both.Text()) != 0 {
		t.Errorf("read again: %v", got)
	}
}
