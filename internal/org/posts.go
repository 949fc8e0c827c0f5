package org

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// A member holds several posts at once, each a seat; one of them is the main one, which
// says whose his records are. A transfer moves the main one.

// AddPost gives a member one more post from a day on ("" is today), beside the main one; the
// first of all is the main one. Faults: org.member_unknown, org.team_unknown,
// org.seat_unknown, org.seat_taken, org.seat_closed, org.member_left, org.post_held.
func (s *Service) AddPost(ctx context.Context, a Actor, member string, p Post) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		team, err := e.teamOf(p)
		if err != nil {
			return none, event, err
		}
		p := p
		if p.From, err = a.day("/from", p.From); err != nil {
			return none, event, err
		}
		there := e.member.present(p.From)
		if p.From < e.member.JoinedOn {
			return none, event, errBeforeItBegan
		}
		if len(there) == 0 || there[0].From != p.From {
			return none, event, errLeft(e.member)
		}
		if err := e.st.absent(member, p.From); err != nil {
			return none, event, err
		}
		while, list := there[0], e.st.holdingsOf[member]
		if e.hasPost(list, p, team, while) {
			return none, event, fault.New(fault.Conflict, "org.post_held", "the member has this post already")
		}
		first := !slices.ContainsFunc(list, func(h Holding) bool { return h.Meets(while) })
		seat := e.seat(p, team, while)
		e.hold(member, append(slices.Clone(list), Holding{ID: e.newID(), SeatID: seat, MemberID: member, Main: first, Interval: while}))
		return none, memberPostAdded(member, p.From, MemberPost{SeatID: seat, TeamID: team, Changes: e.Changes}), nil
	})
	return err
}

// hasPost tells whether a member holds such a post on some of the days.
func (e *edit) hasPost(list []Holding, p Post, team string, while Interval) bool {
	if p.SeatID != "" {
		return slices.ContainsFunc(list, func(h Holding) bool { return h.SeatID == p.SeatID && h.Meets(while) })
	}
	position := e.position(p)
	return slices.ContainsFunc(list, func(h Holding) bool {
		seat := e.st.Seats[h.SeatID]
		return h.Meets(while) && seat.TeamID == team && seat.PositionID == position
	})
}

// EndPost ends one of a member's posts, by its seat, on a day ("" is today). Faults:
// org.post_unknown, org.main_post_stays while he has others: one of them is made the main
// one first.
func (s *Service) EndPost(ctx context.Context, a Actor, member, seat string, on calendar.Date) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		on, err := a.day("/on", on)
		if err != nil {
			return none, event, err
		}
		after := Interval{From: on}
		list := e.st.holdingsOf[member]
		rest := slices.Clone(list)
		found := false
		for _, h := range list {
			if h.SeatID == seat && h.Meets(after) {
				found, rest = true, without(rest, h.ID, on)
			}
		}
		if !found {
			return none, event, errNoPost
		}
		if err := mainRemains(list, rest, on); err != nil {
			return none, event, err
		}
		e.hold(member, rest)
		return none, memberPostEnded(member, on, MemberPost{SeatID: seat, TeamID: e.st.Seats[seat].TeamID, Changes: e.Changes}), nil
	})
	return err
}

var errNoPost = fault.New(fault.NotFound, "org.post_unknown", "the member has no such post on that day")

// mainRemains refuses to leave a member with posts of which none is the main one, on a day on
// which one was.
func mainRemains(before, after []Holding, on calendar.Date) error {
	days := []calendar.Date{on}
	for _, h := range before {
		if h.From > on {
			days = append(days, h.From)
		}
		if h.To > on {
			days = append(days, h.To)
		}
	}
	leads := func(list []Holding, day calendar.Date) (any, main bool) {
		for _, h := range list {
			any, main = any || h.On(day), main || h.On(day) && h.Main
		}
		return any, main
	}
	for _, day := range days {
		_, had := leads(before, day)
		if any, has := leads(after, day); had && any && !has {
			return fault.New(fault.Rule, "org.main_post_stays", "make another post the main one first").With("on", string(day))
		}
	}
	return nil
}

// SetMainPost makes one of a member's posts, by its seat, the main one from a day on ("" is
// today) as long as he has it. Fault: org.post_unknown.
func (s *Service) SetMainPost(ctx context.Context, a Actor, member, seat string, from calendar.Date) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		from, err := a.day("/from", from)
		if err != nil {
			return none, event, err
		}
		list := e.st.holdingsOf[member]
		i := slices.IndexFunc(list, func(h Holding) bool { return h.SeatID == seat && h.On(from) })
		if i < 0 {
			return none, event, errNoPost
		}
		e.hold(member, leading(list, list[i].ID, from))
		return none, memberMainPostSet(member, from, MemberPost{SeatID: seat, TeamID: e.st.Seats[seat].TeamID, Changes: e.Changes}), nil
	})
	return err
}
