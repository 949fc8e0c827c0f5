package org

import (
	"testing"

	"yunchou/internal/calendar"
)

// TestADayThatIsNoneIsNoneTheSecondTimeToo: a write may run twice, and who set his variable to what
// was read would have done today what was asked for another day.
func TestADayThatIsNoneIsNoneTheSecondTimeToo(t *testing.T) {
	a, on := Actor{Today: "2026-03-02"}, calendar.Date("2026-3-5")
	for range 2 {
		var err error
		if on, err = a.day("/on", on); err == nil {
			t.Errorf("read as %q", on)
		}
	}
}
