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
	win := Closing{FactID: "o", Outcome: "won", On: "2026-03-10", AmountMinor: &amount, Shares: []Share{{"陈露", Direct, 10000}}}.Lines(ids(), seat)
	win[0].Seq = 5
	reopened := Reverse(win, Ceased, "2026-07-06", 9, func() string { return "r" })
	again := Reverse(reopened, Never, "", 10, func() string { return "rr" })
	corrected := Reverse(win, Never, "", 9, func() string { return "r" })
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
		{"reopened in July it still was March's", append(win, reopened...), "2026-06-30", 9, 1},
		{"and is gone from the day it was reopened", append(win, reopened...), "2026-07-06", 9, 0},
		{"the reopening taken back, it stands", append(append(win, reopened...), again...), "2026-07-06", 10, 1},
		{"and had ceased, as known then", append(append(win, reopened...), again...), "2026-07-06", 9, 0},
		{"corrected it never was, as known now", append(win, corrected...), "2026-03-31", 9, 0},
		{"but was, as known then", append(win, corrected...), "2026-03-31", 8, 1},
	} {
		if got := len(Standing(tt.lines, tt.on, tt.known)); got != tt.want {
			t.Errorf("%s: %d lines, want %d", tt.name, got, tt.want)
		}
	}
}
