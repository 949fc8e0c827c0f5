package opportunity_test

import (
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/opportunity"
)

// TestACheckupRunsForTwentyWorkingDays: also where the first deals were written down on a day off, or on a Saturday that is worked.
func TestACheckupRunsForTwentyWorkingDays(t *testing.T) {
	for _, from := range []calendar.Date{"2026-03-02", "2026-03-06", "2026-03-07", "2026-03-08", "2026-02-14", "2026-02-18", "2026-02-28"} {
		days := 0
		for today := from; today < from.Add(60); today = today.Add(1) {
			c := opportunity.CheckupOn(from, today, calendar.China)
			if calendar.China.IsWorkingDay(today) && c.Running {
				days++
			}
			if c.Running != (days < opportunity.CheckupDays || days == opportunity.CheckupDays && c.Day == opportunity.CheckupDays) || c.Day < 1 {
				t.Errorf("from %s: %s is day %d, running: %v", from, today, c.Day, c.Running)
			}
			if c.Running && c.Day != max(1, days) {
				t.Errorf("from %s: %s is day %d, want %d", from, today, c.Day, max(1, days))
			}
		}
		if days != opportunity.CheckupDays {
			t.Errorf("from %s: %d working days", from, days)
		}
	}
}
