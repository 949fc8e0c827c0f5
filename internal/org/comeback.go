package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// Comeback is the place and the role somebody who left gets from a day on ("" is today).
type Comeback struct {
	Post                  // without team and seat he has a role and no seat
	Role                  RoleKey
	ProductLines, Regions []string
}

// ComeBack has a member who left, or is to leave, back from a day on: with a new seat and a
// new role; what was before stays as it was. On the day of leaving nothing is missed, and
// the sign-in stays; after a time without the member it is given anew. Faults:
// org.member_unknown, org.not_left, org.back_already, org.interval_empty before the leaving.
func (s *Service) ComeBack(ctx context.Context, a Actor, member string, in Comeback) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		in := in
		if in.From, err = a.day("/from", in.From); err != nil {
			return none, event, err
		}
		if err := e.a.MayActOn(member); err != nil {
			return none, event, err
		}
		left, back := e.member.LeftOn, e.member.BackOn
		switch {
		case left == "" || back != "" && back <= a.Today:
			return none, event, fault.New(fault.Conflict, "org.not_left", "the member has not left")
		case back != "":
			return none, event, fault.New(fault.Conflict, "org.back_already", "coming back is known already").With("on", string(back))
		case in.From < left:
			return none, event, errBeforeItBegan
		}
		if err := e.back(ctx, left, in.From); err != nil {
			return none, event, err
		}
		if in.Role == "" {
			in.Role = Rep
		}
		err = e.grant(ctx, e.member, Grant{Role: in.Role, ProductLines: in.ProductLines, Regions: in.Regions, Interval: Interval{From: in.From}})
		if err != nil {
			return none, event, err
		}
		p := MemberReturned{LeftOn: left, BackOn: Was[calendar.Date]{back, in.From}, Role: in.Role}
		if in.TeamID != "" || in.SeatID != "" {
			in.role = in.Role
			if _, err := e.place(e.member, in.Post); err != nil {
				return none, event, err
			}
			p.TeamID, err = e.teamOf(in.Post)
		}
		p.Changes = e.Changes
		return none, memberReturned(member, p), err
	})
	return err
}

// back notes the day on the member. Where there is no time without him he never left;
// a sign-in from before such a time is not his any more.
func (e *edit) back(ctx context.Context, left, on calendar.Date) error {
	if left == on {
		e.member.LeftOn, e.member.BackOn = "", ""
		return nil
	}
	e.member.BackOn = on
	if left > e.a.Today {
		return nil
	}
	return e.lockOut(ctx)
}
