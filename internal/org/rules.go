package org

import (
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
)

// check holds an organisation after a change to what must be true of every day the change
// touches, and not of the day it is made alone. Faults: org.team_cycle, org.team_closed,
// org.interval_empty, org.seat_taken, org.seat_closed, org.two_main_posts, org.last_admin.
func (s *Structure) check(c Changes, today calendar.Date) error {
	for _, p := range c.Parents {
		if p.New == nil {
			continue
		}
		if err := s.checkPlace(*p.New); err != nil {
			return err
		}
	}
	for _, h := range c.Holdings {
		if h.New == nil {
			continue
		}
		if err := s.checkHolding(*h.New); err != nil {
			return err
		}
	}
	for _, x := range c.Seats {
		if err := s.checkSeat(*x.New); err != nil {
			return err
		}
	}
	if len(c.Grants) > 0 {
		return s.checkAdmins(c.Grants, today)
	}
	return nil
}

// checkPlace: no team hangs under itself, or under a closed one, on any day of the place.
func (s *Structure) checkPlace(p TeamParent) error {
	if p.To != "" && p.To < p.From {
		return errBeforeItBegan
	}
	if t := s.Teams[p.ParentID]; t.ClosedOn != "" && (p.To == "" || p.To > t.ClosedOn) {
		return ErrTeamClosed(t)
	}
	for _, day := range s.treeDays(p.Interval) {
		for up, depth := p.ParentID, 0; up != ""; up, depth = s.ParentOf(up, day), depth+1 {
			if up == p.TeamID || depth > len(s.Teams) {
				return fault.New(fault.Rule, "org.team_cycle", "from %s the team would hang under itself", day).
					With("on", string(day))
			}
		}
	}
	return nil
}

// treeDays are the days in an interval on which the tree may become another: its first, and
// each on which some team takes a place.
func (s *Structure) treeDays(i Interval) []calendar.Date {
	days := []calendar.Date{i.From}
	for _, p := range s.Parents {
		if i.On(p.From) {
			days = append(days, p.From)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (s *Structure) checkHolding(h Holding) error {
	if h.Empty() {
		return errBeforeItBegan
	}
	for _, o := range s.heldBy[h.SeatID] {
		if o.ID != h.ID && o.Meets(h.Interval) {
			return fault.New(fault.Rule, "org.seat_taken", "somebody holds the seat on some of these days").
				With("from", string(o.From))
		}
	}
	for _, o := range s.holdingsOf[h.MemberID] {
		if o.ID != h.ID && o.Main && h.Main && o.Meets(h.Interval) {
			return fault.New(fault.Rule, "org.two_main_posts", "the member has another main post on some of these days").
				With("from", string(o.From))
		}
	}
	return s.checkSeat(s.Seats[h.SeatID])
}

// checkSeat: a seat is there while it is held, and its team is not closed meanwhile.
func (s *Structure) checkSeat(seat Seat) error {
	if seat.To != "" && seat.To < seat.From {
		return errBeforeItBegan
	}
	for _, h := range s.heldBy[seat.ID] {
		if !seat.covers(h.Interval) {
			return fault.New(fault.Rule, "org.seat_closed", "the seat is not open on all of these days").
				With("from", string(seat.From)).With("to", string(seat.To))
		}
	}
	t := s.Teams[seat.TeamID]
	if t.ClosedOn != "" && !seat.Empty() && (seat.To == "" || seat.To > t.ClosedOn) {
		return ErrTeamClosed(t)
	}
	return nil
}

// ErrTeamClosed says that a team is, or will be on a day that is announced.
func ErrTeamClosed(t Team) error {
	return fault.New(fault.Rule, "org.team_closed", "the team is closed").With("on", string(t.ClosedOn))
}

func errLastAdmin(on calendar.Date) error {
	return fault.New(fault.Rule, "org.last_admin",
		"a company needs an administrator who can sign in on every day: give the role to somebody else first").With("on", string(on))
}

// checkAdmins: from today on there is an administrator who can sign in. Where nobody ever could
// (a company the command line made) there is one all the same.
func (s *Structure) checkAdmins(changed []Change[Grant], today calendar.Date) error {
	signsIn := func(g Grant) bool { return g.Role == Admin && s.Members[g.MemberID].Login != "" }
	counts := func(g Grant) bool { return g.Role == Admin }
	if slices.ContainsFunc(s.Grants, signsIn) ||
		slices.ContainsFunc(changed, func(c Change[Grant]) bool { return c.Old != nil && signsIn(*c.Old) }) {
		counts = signsIn
	}
	return s.administered(today, counts)
}

// administered refuses a day from today on with no grant that counts. Fault: org.last_admin.
func (s *Structure) administered(today calendar.Date, counts func(Grant) bool) error {
	days := []calendar.Date{today}
	for _, g := range s.Grants {
		if g.Role == Admin && g.To > today {
			days = append(days, g.To)
		}
	}
	for _, day := range days {
		if !slices.ContainsFunc(s.Grants, func(g Grant) bool { return counts(g) && g.On(day) }) {
			return errLastAdmin(day)
		}
	}
	return nil
}
