package outgoing

import (
	"testing"
	"time"

	"yunchou/internal/calendar"
)

// TestUntilWhenItIsQuiet: by hand from the calendar of 2026 (Spring Festival 15 to 23 February off, 14 and 28 worked).
func TestUntilWhenItIsQuiet(t *testing.T) {
	zone, err := calendar.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	day := func(c Choice, s string) string {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return c.Until(at, zone, calendar.China.IsWorkingDay).In(zone).Format("2006-01-02 15:04:05")
	}
	siesta, always, never := Usual, Usual, Usual
	siesta.From, siesta.To = "12:00", "14:00"
	always.Quiet = false
	never.Quiet, never.Rests = false, false
	for _, x := range []struct {
		name    string
		c       Choice
		at, end string
	}{
		{"in the morning of a working day it is not", Usual, "2026-03-02 10:00:00", "2026-03-02 10:00:00"},
		{"one second before nine in the evening", Usual, "2026-03-02 20:59:59", "2026-03-02 20:59:59"},
		{"from nine in the evening until eight", Usual, "2026-03-02 21:00:00", "2026-03-03 08:00:00"},
		{"across midnight", Usual, "2026-03-03 00:00:00", "2026-03-03 08:00:00"},
		{"at eight it is not any more", Usual, "2026-03-03 08:00:00", "2026-03-03 08:00:00"},
		{"a Friday night ends on Monday", Usual, "2026-03-06 23:30:00", "2026-03-09 08:00:00"},
		{"a Sunday noon", Usual, "2026-03-08 12:00:00", "2026-03-09 08:00:00"},
		{"the make-up Saturday before the Spring Festival is worked", Usual, "2026-02-14 10:00:00", "2026-02-14 10:00:00"},
		{"its evening ends after the Spring Festival", Usual, "2026-02-14 22:00:00", "2026-02-24 08:00:00"},
		{"in the middle of the Spring Festival", Usual, "2026-02-18 15:00:00", "2026-02-24 08:00:00"},
		{"the make-up Saturday after it", Usual, "2026-02-27 22:00:00", "2026-02-28 08:00:00"},
		{"at noon, for who sleeps then", siesta, "2026-03-02 12:30:00", "2026-03-02 14:00:00"},
		{"and not in his evening", siesta, "2026-03-02 22:30:00", "2026-03-02 22:30:00"},
		{"days off alone", always, "2026-03-06 23:30:00", "2026-03-06 23:30:00"},
		{"days off end at midnight", always, "2026-03-07 12:00:00", "2026-03-09 00:00:00"},
		{"never", never, "2026-03-08 03:00:00", "2026-03-08 03:00:00"},
	} {
		if got := day(x.c, x.at); got != x.end {
			t.Errorf("%s: %s ends %s, want %s", x.name, x.at, got, x.end)
		}
	}
}

// TestAClockThatIsWrong does not make a pause longer than it is meant, nor a try a third one.
func TestAClockThatIsWrong(t *testing.T) {
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	for _, jump := range []time.Duration{-2 * time.Hour, 0, 2 * time.Hour} {
		m := Message{State: Queued, TriedAt: &now, Unsure: 1, Attempts: 1}
		later := m.after(Result{Outcome: Later}, now.Add(jump))
		if wait := later.DueAt.Sub(now.Add(jump)); wait < 30*time.Second || wait > 75*time.Minute || later.State != Queued || later.Unsure != 0 {
			t.Errorf("%v: waits %v, %+v", jump, wait, later)
		}
		again := m.after(Result{Outcome: Unsure}, now.Add(jump))
		if again.State != Queued || again.Unsure != 1 {
			t.Errorf("%v: once unsure: %+v", jump, again)
		}
		again.Unsure++ // it is handed over
		if end := again.after(Result{Outcome: Unsure}, now.Add(2*jump)); end.State != GivenUp || end.Code != NotSure {
			t.Errorf("%v: twice unsure: %+v", jump, end)
		}
	}
}
