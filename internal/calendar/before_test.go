package calendar

import "testing"

// A limit may be longer than the calendar: nothing is so old, and the answer comes all the same.
func TestACutoffIsTheLatestDayBeyondALimit(t *testing.T) {
	for _, c := range []Calendar{China, WeekendsOnly, {}} {
		for today := Date("2026-01-01"); today < "2026-03-10"; today = today.Add(1) {
			for _, n := range []int{0, 1, 5, 22, 300, 9000, 29997} {
				d := c.Before(today, n)
				if d == "" {
					if c.WorkingDaysBetween("1900-01-01", today) > n {
						t.Errorf("%s: nothing is older than %d working days", today, n)
					}
					continue
				}
				if c.WorkingDaysBetween(d, today) <= n || c.WorkingDaysBetween(d.Add(1), today) > n {
					t.Errorf("%s is not the latest day more than %d working days before %s", d, n, today)
				}
			}
		}
	}
}
