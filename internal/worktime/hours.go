// Package worktime counts the time people work: patterns of days, office hours with a break, zones,
// absences, and who answers for somebody who is away.
package worktime

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yunchou/internal/fault"
)

// Minute is a time of the clock in minutes since midnight, 0 to 1440.
type Minute int

// Midnight is the end of a day.
const Midnight Minute = 24 * 60

// ParseMinute reads "09:00", "24:00" is the end of the day. Fault: worktime.bad_clock.
func ParseMinute(s string) (Minute, error) {
	if s == Midnight.String() {
		return Midnight, nil
	}
	if t, err := time.Parse("15:04", s); err == nil && len(s) == len("15:04") {
		return Minute(t.Hour()*60 + t.Minute()), nil
	}
	return 0, fault.New(fault.Invalid, "worktime.bad_clock", "times are written 09:00, from 00:00 to 24:00")
}

func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// Span is worked from one time of the clock up to another.
type Span struct{ From, To Minute }

// Hours are the office hours of a day, in order.
type Hours []Span

// Usual are the hours of a company that stated none.
var Usual = Hours{{9 * 60, 12 * 60}, {13 * 60, 18 * 60}}

// mostSpans and shortest bound a day's office hours: no limit shall lie years ahead.
const (
	mostSpans = 6
	shortest  = int64(60) // minutes
)

// Check refuses hours nobody works. Faults: input.required, worktime.too_many_spans,
// worktime.span_empty, worktime.spans_overlap, worktime.day_too_short.
func (h Hours) Check() error {
	switch {
	case len(h) == 0:
		return fault.Missing("/hours")
	case len(h) > mostSpans:
		return fault.Input("/hours", "worktime.too_many_spans", "at most %d spans a day", mostSpans).With("max", mostSpans)
	}
	for i, s := range h {
		at := fmt.Sprintf("/hours/%d", i)
		if s.From < 0 || s.To > Midnight || s.From >= s.To {
			return fault.Input(at, "worktime.span_empty", "a span ends after it begins, on the same day; split one that crosses midnight")
		}
		if i > 0 && s.From < h[i-1].To {
			return fault.Input(at, "worktime.spans_overlap", "spans follow one another")
		}
	}
	if h.aDay() < shortest*minute {
		return fault.Input("/hours", "worktime.day_too_short", "at least %d minutes a day", shortest).With("min", shortest)
	}
	return nil
}

// ParseHours reads "09:00-12:00 13:00-18:00", as String writes it.
func ParseHours(s string) (h Hours, err error) {
	for _, part := range strings.Fields(s) {
		from, to, _ := strings.Cut(part, "-")
		span := Span{}
		if span.From, err = ParseMinute(from); err != nil {
			return nil, err
		}
		if span.To, err = ParseMinute(to); err != nil {
			return nil, err
		}
		h = append(h, span)
	}
	return h, h.Check()
}

func (h Hours) String() string {
	parts := make([]string, len(h))
	for i, s := range h {
		parts[i] = s.From.String() + "-" + s.To.String()
	}
	return strings.Join(parts, " ")
}

// Noon parts a day in two halves: where the longest break begins, or, without one, in the middle.
func (h Hours) Noon() Minute {
	noon, longest := (h[0].From+h[len(h)-1].To)/2, Minute(0)
	for i, s := range h[1:] {
		if rest := s.From - h[i].To; rest > longest {
			noon, longest = h[i].To, rest
		}
	}
	return noon
}

// aDay is what a day without change of clocks has, in nanoseconds.
func (h Hours) aDay() (sum int64) {
	for _, s := range h {
		sum += int64(s.To-s.From) * minute
	}
	return sum
}

// Equal tells whether two hours are the same.
func (h Hours) Equal(o Hours) bool { return slices.Equal(h, o) }
