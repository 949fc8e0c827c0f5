package desk_test

import (
	"errors"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
)

// TestTheSumIsOfEachRecordOnce: what all lines come to is of each deal once, also of those the one line of what has no
// next step stands for: 200,000 late without a step, 300,000 late with one, 100,000 with nothing but no step, a late
// promise of 500,000 whose step is that promise, and one without an amount or a step.
func TestTheSumIsOfEachRecordOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		late := w.expected("小李", "过期", "2026-03-06", 200_000_00)
		w.step("小李", w.expected("小李", "过期有下一步", "2026-03-06", 300_000_00), "2026-04-01", false)
		w.expected("小李", "没有下一步", "2026-05-29", 100_000_00)
		w.step("小李", w.expected("小李", "约定", "2026-05-29", 500_000_00), "2026-03-06", true)
		none := w.Opportunity("小李", "没有金额")
		var nothing *int64
		_, err := w.Opportunities.Edit(w.Ctx, w.As("小李"), none.ID, none.Version, opportunity.Patch{AmountMinor: &nothing})
		w.must(err)
		w.Clock.Set("2026-03-10")
		sum := func(when string, count, minor, noWorth int64) {
			t.Helper()
			if l := w.read("蒋跃"); l.Count != count || l.WorthMinor != minor || l.NoWorth != noWorth {
				t.Errorf("%s: %d lines of %d and %d without an amount, want %d, %d, %d", when, l.Count, l.WorthMinor, l.NoWorth, count, minor, noWorth)
			}
		}
		sum("at first", 4, 1_100_000_00, 1)
		_, err = w.decide("蒋跃", late, desk.Deciding{Decision: desk.Done})
		w.must(err)
		sum("one line is done, and the deal has no next step still", 3, 1_100_000_00, 1)
		_, err = w.decide("蒋跃", opportunity.SignNoStep, desk.Deciding{Decision: desk.Until, Until: "2026-03-16"})
		w.must(err)
		sum("what has no next step is put off", 2, 800_000_00, 0)
	})
}

// TestWhatIsStillToBeAcceptedIsNotDoneWithoutAWord: a line with an exception is done only with a word, because it is
// not accepted by that; whatever else is decided on it, and of a line without one, needs none.
func TestWhatIsStillToBeAcceptedIsNotDoneWithoutAWord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		o := w.Opportunity("小李", "例外推进")
		w.Move("小李", o.ID, "入围", apptest.Exception)
		w.Clock.Set("2026-03-03")
		if l := w.line("蒋跃", o.ID); l == nil || kinds(l) != "exception " || !l.Signs[0].Accept {
			t.Fatalf("the line is %+v", l)
		}
		_, err := w.decide("蒋跃", o.ID, desk.Deciding{Decision: desk.Done})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != "desk.still_to_accept" {
			t.Fatalf("done without a word: %v", err)
		}
		w.stands("蒋跃", o.ID, true, "it was refused")
		_, err = w.decide("蒋跃", o.ID, desk.Deciding{Decision: desk.Done, Reason: "当面问过了"})
		w.must(err)
		w.stands("蒋跃", o.ID, false, "done with a word")
	})
}
