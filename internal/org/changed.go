package org

import (
	"slices"

	"yunchou/internal/calendar"
)

// ChangedOn are a day and those after it up to another on which somebody's post or a team's place is another than
// before, in order.
func (s *Structure) ChangedOn(from, to calendar.Date) []calendar.Date {
	days := []calendar.Date{from}
	add := func(i Interval) {
		for _, d := range []calendar.Date{i.From, i.To} {
			if from < d && d <= to {
				days = append(days, d)
			}
		}
	}
	for _, h := range s.Holdings {
		add(h.Interval)
	}
	for _, p := range s.Parents {
		add(p.Interval)
	}
	slices.Sort(days)
	return slices.Compact(days)
}
