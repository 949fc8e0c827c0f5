package org

import (
	"testing"

	"yunchou/internal/calendar"
)

// TestWhoLeftSinceHasNotStayed: also where he is back; a leaving that was taken back is none.
func TestWhoLeftSinceHasNotStayed(t *testing.T) {
	for _, c := range []struct {
		since, left, back, on calendar.Date
		want                  bool
	}{
		{"2026-03-02", "", "", "2026-04-01", true},
		{"2026-03-02", "2026-03-10", "", "2026-03-09", true},
		{"2026-03-02", "2026-03-10", "", "2026-03-10", false},
		{"2026-03-02", "2026-03-10", "2026-03-20", "2026-03-25", false},
		{"2026-03-20", "2026-03-10", "2026-03-20", "2026-03-25", true},
		{"2026-03-02", "2026-03-10", "2026-03-10", "2026-03-25", true},
	} {
		s := Structure{Members: map[string]Member{"x": {LeftOn: c.left, BackOn: c.back}}}
		if got := s.Stayed("x", c.since, c.on); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
