package org

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// OpenSeat adds a place to a team's headcount (编制) from a day on ("" is today); it stands
// empty until somebody is put in. Faults: org.team_unknown, org.team_closed,
// calendar.bad_date.
func (s *Service) OpenSeat(ctx context.Context, a Actor, p Post) (Seat, error) {
	p.SeatID = ""
	return making(ctx, s, a, p.ID, p, func(e *edit) (seat Seat, event journal.Event, err error) {
		p := p
		if e.st.Seats[p.ID].ID != "" {
			return seat, event, record.ErrIDTaken
		}
		team, err := e.teamOf(p)
		if err != nil {
			return seat, event, err
		}
		if p.From, err = a.day("/from", p.From); err != nil {
			return seat, event, err
		}
		seat = Seat{ID: cmp.Or(p.ID, e.newID()), TeamID: team, PositionID: e.position(p), Interval: Interval{From: p.From}}
		e.Seats = append(e.Seats, Change[Seat]{New: &seat})
		return seat, seatOpened(seat.ID, p.From, SeatOpened{TeamID: team, Changes: e.Changes}), nil
	})
}

// CloseSeat takes a seat out of the headcount on a day ("" is today). Faults:
// org.seat_unknown, org.seat_held while somebody holds it then or later.
func (s *Service) CloseSeat(ctx context.Context, a Actor, id string, on calendar.Date) error {
	_, err := change(ctx, s, a, record.Ref{}, func(e *edit) (none struct{}, event journal.Event, err error) {
		on, err := a.day("/on", on)
		if err != nil {
			return none, event, err
		}
		seat, ok := e.st.Seats[id]
		if !ok || seat.To != "" && seat.To <= on {
			return none, event, fault.New(fault.NotFound, "org.seat_unknown", "no such seat is open on that day")
		}
		for _, h := range e.st.heldBy[id] {
			if h.To == "" || h.To > on {
				return none, event, fault.New(fault.Rule, "org.seat_held", "somebody holds the seat").With("from", string(h.From))
			}
		}
		after := seat
		after.To = max(on, seat.From)
		e.Seats = append(e.Seats, Change[Seat]{Old: &seat, New: &after})
		return none, seatClosed(id, SeatClosed{TeamID: seat.TeamID, To: Was[calendar.Date]{seat.To, after.To}, Changes: e.Changes}), nil
	})
	return err
}

// Place is a seat and who has it on a day: nobody where it is vacant, Next whoever is to get
// it later.
type Place struct {
	Seat
	Holder, Next Holding
}

// Headcount lists the seats that are open on a day or later, by team, those that lead first.
func (s *Structure) Headcount(on calendar.Date) (out []Place) {
	for _, seat := range s.Seats {
		if seat.Empty() || seat.To != "" && seat.To <= on {
			continue
		}
		p := Place{Seat: seat}
		for _, h := range s.heldBy[seat.ID] {
			if h.On(on) {
				p.Holder = h
			} else if h.From > on && (p.Next.ID == "" || h.From < p.Next.From) {
				p.Next = h
			}
		}
		out = append(out, p)
	}
	order := func(p Place) int {
		if s.Positions[p.PositionID].Leads {
			return 0
		}
		return 1
	}
	slices.SortFunc(out, func(a, b Place) int {
		return cmp.Or(cmp.Compare(s.Teams[a.TeamID].Name, s.Teams[b.TeamID].Name), cmp.Compare(a.TeamID, b.TeamID),
			cmp.Compare(order(a), order(b)), cmp.Compare(s.Positions[a.PositionID].Name, s.Positions[b.PositionID].Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// PostsOf lists a member's posts of all times, the oldest first.
func (s *Structure) PostsOf(member string) []Holding { return s.holdingsOf[member] }

// RolesOf lists a member's roles of all times, the oldest first.
func (s *Structure) RolesOf(member string) (out []Grant) {
	for _, g := range s.grantsOf[member] {
		if !g.Empty() {
			out = append(out, g)
		}
	}
	return out
}

// HasRole tells whether a member has a role on a day.
func (s *Structure) HasRole(member string, role RoleKey, on calendar.Date) bool {
	return slices.ContainsFunc(s.grantsOf[member], func(g Grant) bool { return g.Role == role && g.On(on) })
}
