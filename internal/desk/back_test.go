package desk_test

import (
	"slices"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/fault"
)

// TestADecisionIsTakenBack: the line stands again and counts as undecided, whatever was decided; only the last decision of who
// made it is taken back, and what went on as a task is not.
func TestADecisionIsTakenBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		id := w.expected("小李", "过期", "2026-03-06", 200_000_00)
		w.Clock.Set("2026-03-10")
		before := w.read("蒋跃")
		for _, d := range []desk.Deciding{{Decision: desk.Done}, {Decision: desk.NotIssue, Reason: "客户说月底"}, {Decision: desk.Until, Until: "2026-03-16"}} {
			m, err := w.decide("蒋跃", id, d)
			w.must(err)
			if w.line("蒋跃", id) != nil {
				t.Fatalf("%s: the line stands", d.Decision)
			}
			if err := w.Desk.TakeBack(w.Ctx, w.As("总监"), m.ID); fault.CodeOf(err) != "desk.nothing_to_take_back" {
				t.Errorf("another takes it back: %v", err)
			}
			for range 2 {
				w.must(w.Desk.TakeBack(w.Ctx, w.As("蒋跃"), m.ID))
			}
			if w.line("蒋跃", id) == nil {
				t.Errorf("%s taken back: no line", d.Decision)
			}
			after := w.read("蒋跃")
			if after.Count != before.Count || after.WorthMinor != before.WorthMinor {
				t.Errorf("%d of %d, want %d of %d", after.Count, after.WorthMinor, before.Count, before.WorthMinor)
			}
		}
		list, err := w.Desk.Counts(w.Ctx, w.As("管理员"))
		w.must(err)
		if i := slices.IndexFunc(list, func(c desk.Counted) bool { return c.Acted+c.Waved+c.Later > 0 }); i >= 0 {
			t.Errorf("counted though taken back: %+v", list[i])
		}
		first, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Done})
		w.must(err)
		w.must(w.Desk.TakeBack(w.Ctx, w.As("蒋跃"), first.ID))
		handed, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Handed, ToID: w.ID["小李"], What: "去问", DueOn: "2026-03-11"})
		w.must(err)
		if err := w.Desk.TakeBack(w.Ctx, w.As("蒋跃"), handed.ID); fault.CodeOf(err) != "desk.goes_on" {
			t.Errorf("a task: %v", err)
		}
		if err := w.Desk.TakeBack(w.Ctx, w.As("蒋跃"), first.ID); fault.CodeOf(err) != "desk.nothing_to_take_back" {
			t.Errorf("an earlier one: %v", err)
		}
	})
}
