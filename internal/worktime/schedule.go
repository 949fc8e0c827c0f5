package worktime

import (
	"slices"
	"sort"
	"time"

	"yunchou/internal/calendar"
)

// From is a rule that holds from a day on, in the rule's own zone.
type From struct {
	Day calendar.Date
	Rule
}

// Away is a time somebody does not work: from one instant up to another.
type Away struct{ From, To time.Time }

// Schedule is when somebody works, from the first of his rules on, which holds for all time before it
// too. It is immutable. Minutes and After are exact and the inverse of each other.
type Schedule struct {
	parts []part
	gaps  []gap
}

// part is a rule's time, from its beginning to the next one's.
type part struct {
	*clock
	begins time.Time
	before int64 // worked in the parts before
	offset int64 // what the rule's own clock shows as it begins
}

// gap is an absence.
type gap struct {
	Away
	net  int64 // worked before it
	lost int64 // what would have been worked in it and in those before
}

// New is the schedule of rules, at least one, by a calendar, less the absences. Rules come in the
// order of their days; absences in any order, and may meet.
func New(cal calendar.Calendar, rules []From, away ...Away) Schedule {
	s := Schedule{}
	for i, r := range rules {
		p := part{clock: newClock(cal, r.Rule)}
		if i > 0 {
			p.begins = r.Day.In(r.Zone)
			if last := s.parts[i-1]; p.begins.Before(last.begins) { // a zone further east, on the same day
				p.begins = last.begins
			}
			p.before, p.offset = s.gross(p.begins), p.at(p.begins)
		}
		s.parts = append(s.parts, p)
	}
	s.leaveOut(away)
	return s
}

// Of is the schedule of one rule.
func (r Rule) Of(cal calendar.Calendar, away ...Away) Schedule {
	return New(cal, []From{{Rule: r}}, away...)
}

func (s *Schedule) leaveOut(away []Away) {
	away = slices.Clone(away)
	slices.SortFunc(away, func(a, b Away) int { return a.From.Compare(b.From) })
	lost, end := int64(0), time.Time{}
	for _, a := range away {
		if a.From.Before(end) {
			a.From = end
		}
		if !a.From.Before(a.To) {
			continue
		}
		from := s.gross(a.From)
		g := gap{Away: a, net: from - lost}
		lost += s.gross(a.To) - from
		g.lost, end = lost, a.To
		s.gaps = append(s.gaps, g)
	}
}

// partAt is the part of an instant.
func (s Schedule) partAt(t time.Time) part {
	i := sort.Search(len(s.parts), func(i int) bool { return i > 0 && s.parts[i].begins.After(t) })
	return s.parts[i-1]
}

// gross is what is worked up to an instant, absences not counted.
func (s Schedule) gross(t time.Time) int64 {
	p := s.partAt(t)
	return p.before + p.at(t) - p.offset
}

// net is what is worked up to an instant.
func (s Schedule) net(t time.Time) int64 {
	i := sort.Search(len(s.gaps), func(i int) bool { return s.gaps[i].From.After(t) })
	if i == 0 {
		return s.gross(t)
	}
	g := s.gaps[i-1]
	if t.Before(g.To) {
		return g.net
	}
	return s.gross(t) - g.lost
}

// when is the first instant at which so much is worked.
func (s Schedule) when(net int64) time.Time {
	gross := net
	if i := sort.Search(len(s.gaps), func(i int) bool { return s.gaps[i].net >= net }); i > 0 {
		gross += s.gaps[i-1].lost
	}
	i := sort.Search(len(s.parts), func(i int) bool { return i > 0 && s.parts[i].before >= gross })
	p := s.parts[i-1]
	return p.when(gross - p.before + p.offset)
}

// Worked is the time worked from one instant up to another, negative where that is earlier.
func (s Schedule) Worked(from, to time.Time) time.Duration {
	return time.Duration(s.net(to) - s.net(from))
}

// Minutes are the whole minutes worked from one instant up to another.
func (s Schedule) Minutes(from, to time.Time) int { return int(s.Worked(from, to) / time.Minute) }

// After is the first instant by which so many minutes (≥ 0) have been worked since another; the zero
// time where that is beyond the calendar (2119).
func (s Schedule) After(t time.Time, minutes int) time.Time {
	if minutes <= 0 {
		return t
	}
	return s.when(s.net(t) + int64(minutes)*minute)
}

// Opening is the first instant, not before t, of time that is worked: t itself within the hours.
// It is the zero time beyond the calendar.
func (s Schedule) Opening(t time.Time) time.Time {
	at := s.when(s.net(t) + 1)
	if at.IsZero() {
		return at
	}
	return at.Add(-1)
}

// Uncertain are the years between two instants whose holidays are not certain, by the calendars in
// force then: what is counted over them says so.
func (s Schedule) Uncertain(from, to time.Time) (out []calendar.YearStatus) {
	for i, p := range s.parts {
		a, b := from, to
		if i > 0 && a.Before(p.begins) {
			a = p.begins
		}
		if i+1 < len(s.parts) && !b.Before(s.parts[i+1].begins) {
			b = s.parts[i+1].begins.Add(-1)
		}
		if a.After(b) {
			continue
		}
		for _, y := range p.cal.Uncertain(calendar.DateOf(a, p.zone), calendar.DateOf(b, p.zone)) {
			if !slices.Contains(out, y) {
				out = append(out, y)
			}
		}
	}
	return out
}
