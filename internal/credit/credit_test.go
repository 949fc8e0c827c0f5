package credit

import (
	"fmt"
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/database"

	"pgregory.net/rapid"
)

func ids() func() string {
	n := 0
	return func() string { n++; return fmt.Sprint("l", n) }
}

func seat(member string) (string, string) { return "team of " + member, "rep" }

func TestEveryCentIsCredited(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1e15).Draw(t, "amount")
		c := Closing{AmountMinor: &amount}
		left := int64(10000)
		for left > 0 {
			bp := rapid.Int64Range(1, left).Draw(t, "share")
			c.Shares = append(c.Shares, Share{fmt.Sprint("m", left), Direct, bp})
			left -= bp
		}
		c.Shares = append(c.Shares, Share{"expert", Overlay, 2500})
		for i := range rapid.IntRange(0, 3).Draw(t, "products") {
			c.Products = append(c.Products, Product{fmt.Sprint("p", i), rapid.Int64Range(0, 1e9).Draw(t, "minor")})
		}
		var sum int64
		for _, l := range c.Lines(ids(), seat) {
			if l.Kind == Direct {
				sum += *l.AmountMinor
			}
		}
		if sum != amount {
			t.Fatalf("%d credited of %d", sum, amount)
		}
	})
}

func TestWhatIsTakenBackCountsAsItCeasedOrWasNeverTrue(t *testing.T) {
	amount := int64(100)
	given := Closing{FactID: "o", Outcome: "won", AmountMinor: &amount, Shares: []Share{{"陈露", Direct, 10000}}}.Lines(ids(), seat)
	newID := ids()
	then := func(lines []Line, seq database.Seq, spans ...Span) []Line {
		return append(append([]Line{}, lines...), Settle(lines, given, spans, seq, newID)...)
	}
	win := then(nil, 5, Span{From: "2026-03-10"})
	reopened := then(win, 9, Span{"2026-03-10", "2026-07-06"})
	again := then(reopened, 10, Span{From: "2026-03-10"})
	corrected := then(win, 9)
	for _, tt := range []struct {
		name  string
		lines []Line
		on    calendar.Date
		known database.Seq
		want  int
	}{
		{"a win stands from its day", win, "2026-03-10", 5, 1},
		{"and not before", win, "2026-03-09", 5, 0},
		{"nor before it was written down", win, "2026-03-10", 4, 0},
		{"reopened in July it still was March's", reopened, "2026-06-30", 9, 1},
		{"and is gone from the day it was reopened", reopened, "2026-07-06", 9, 0},
		{"the reopening taken back, it stands", again, "2026-07-06", 10, 1},
		{"and had ceased, as known then", again, "2026-07-06", 9, 0},
		{"corrected it never was, as known now", corrected, "2026-03-31", 9, 0},
		{"but was, as known then", corrected, "2026-03-31", 8, 1},
	} {
		if got := len(Standing(tt.lines, tt.on, tt.known)); got != tt.want {
			t.Errorf("%s: %d lines, want %d", tt.name, got, tt.want)
		}
	}
	for i, want := range []string{"", Ceased, Never} {
		if got := again[i].Reversal; got != want {
			t.Errorf("line %d is %q, want %q", i, got, want)
		}
	}
}

// A closing stands on the days it should as known now, and did as known at each moment
// before, however often it changed on which days that is.
func TestAClosingStandsOnTheDaysItShould(t *testing.T) {
	day := func(n int) calendar.Date { return calendar.Date(fmt.Sprintf("2026-03-%02d", n)) }
	rapid.Check(t, func(t *rapid.T) {
		amount := int64(1001)
		given := Closing{AmountMinor: &amount, Shares: []Share{{"a", Direct, 3333}, {"b", Direct, 6667}, {"c", Overlay, 3333}},
			Products: []Product{{"p", 2}, {"q", 1}}}.Lines(ids(), seat)
		var lines []Line
		newID, said := ids(), []map[int]bool{{}}
		for seq := range rapid.IntRange(1, 8).Draw(t, "acts") {
			stands, spans := map[int]bool{}, []Span{}
			for at := rapid.IntRange(1, 5).Draw(t, "from"); at < 10; at += rapid.IntRange(1, 3).Draw(t, "gap") {
				s := Span{From: day(at)}
				length := rapid.IntRange(0, 4).Draw(t, "days")
				last := length == 4
				for n := at; n < at+length || last && n < 20; n++ {
					stands[n] = true
				}
				if at += length; !last {
					s.To = day(at)
				}
				if spans = append(spans, s); last {
					break
				}
			}
			lines = append(lines, Settle(lines, Given(append(lines, given...)), spans, database.Seq(seq+1), newID)...)
			said = append(said, stands)
		}
		for known, stands := range said {
			for n := range 20 {
				var minor int64
				got := Standing(lines, day(n), database.Seq(known))
				for _, l := range got {
					if l.Kind == Direct {
						minor += *l.AmountMinor
					}
				}
				if want := map[bool]int{true: len(given)}[stands[n]]; len(got) != want || want > 0 && minor != amount {
					t.Fatalf("known at %d on %s: %d lines of %d, %d of %d", known, day(n), len(got), want, minor, amount)
				}
			}
		}
		if always := Settle(nil, given, []Span{{}}, 1, newID); len(Standing(always, "0001-01-01", 1)) != len(given) {
			t.Fatal("what closed on an unknown day does not stand on every day")
		}
		if more := Settle(lines, given, nil, 99, newID); len(Standing(append(lines, more...), "9999-12-31", 99)) != 0 {
			t.Fatal("what never was still stands")
		}
	})
}

// Days a closing stands, told day by day.
func TestTheDaysAClosingStands(t *testing.T) {
	for _, tt := range []struct {
		name, entered, day string
		after              []calendar.Date
		gone               []Span
		want               string
	}{
		{"for ever", "05", "05", nil, nil, "[{05 }]"},
		{"until what is behind it began", "05", "05", []calendar.Date{"09", "08"}, nil, "[{05 08}]"},
		{"on no day", "05", "05", []calendar.Date{"05"}, nil, "[{05 05}]"},
		{"deleted and restored", "05", "05", nil, []Span{{"07", "09"}}, "[{05 07} {09 }]"},
		{"dated into days in which it was deleted", "08", "08", nil, []Span{{"07", "09"}}, "[{09 }]"},
		{"deleted on its day", "07", "07", nil, []Span{{"07", ""}}, "[]"},
		{"deleted and restored on one day", "05", "05", nil, []Span{{"07", "07"}}, "[{05 }]"},
		{"reopened while deleted", "05", "05", []calendar.Date{"08"}, []Span{{"07", "09"}}, "[{05 07}]"},
		{"deleted before and after", "05", "05", []calendar.Date{"12"}, []Span{{"01", "03"}, {"07", "09"}, {"14", ""}}, "[{05 07} {09 12}]"},
		{"of an unknown day", "", "05", nil, []Span{{"07", "09"}}, "[{ 07} {09 }]"},
		{"of an unknown day, and nothing else", "", "05", nil, nil, "[{ }]"},
		{"of an unknown day, reopened on it", "", "05", []calendar.Date{"05"}, nil, "[]"},
		{"of an unknown day, while deleted", "", "08", nil, []Span{{"07", "09"}}, "[{09 }]"},
	} {
		if got := fmt.Sprint(Stands(calendar.Date(tt.entered), calendar.Date(tt.day), tt.after, tt.gone)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
