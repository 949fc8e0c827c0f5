package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// Leave ends a member's seats, roles and delegations on a day, which may lie ahead: until
// then everything goes on, and on the day itself sign-in and sessions end by the date alone.
// It answers what the member still holds. Of somebody who is to come back it says, on that
// day, that he does not. Faults: org.member_unknown, org.cannot_leave_self,
// org.left_already, org.interval_empty before the member came, org.last_admin.
func (s *Service) Leave(ctx context.Context, a Actor, member string, on calendar.Date) ([]Held, error) {
	if member == a.MemberID {
		return nil, fault.New(fault.Rule, "org.cannot_leave_self", "another administrator must do this")
	}
	return change(ctx, s, a, ofMember(member), func(e *edit) (held []Held, event journal.Event, err error) {
		on, err := a.day("/on", on)
		if err != nil {
			return nil, event, err
		}
		if err := e.a.MayActOn(member); err != nil {
			return nil, event, err
		}
		was := e.member.LeftOn
		if err := e.member.leave(on, a.Today); err != nil {
			return nil, event, err
		}
		e.endEverything(member, on)
		if on <= a.Today {
			if err := e.lockOut(ctx); err != nil {
				return nil, event, err
			}
		}
		if s.Leavings != nil {
			if held, err = s.Leavings.Left(ctx, e.tx, a, member); err != nil {
				return nil, event, err
			}
		}
		return held, memberLeft(member, MemberLeft{LeftOn: Was[calendar.Date]{was, e.member.LeftOn}, Changes: e.Changes}), nil
	})
}

// leave makes a day the one the member leaves on.
func (m *Member) leave(on, today calendar.Date) error {
	if on < m.JoinedOn || on == Start {
		return errBeforeItBegan
	}
	switch {
	case m.LeftOn == "", m.BackOn != "" && m.BackOn <= today && on >= m.BackOn: // there, perhaps after having been away
	case m.BackOn == on: // does not come back
		m.BackOn = ""
		return nil
	case m.BackOn == "" && m.LeftOn > today && on < m.LeftOn: // earlier than announced
	default:
		return fault.New(fault.Conflict, "org.left_already", "leaving is known for a day as early").With("on", string(m.LeftOn))
	}
	m.LeftOn, m.BackOn = on, ""
	return nil
}

// endEverything ends a member's seats, roles and delegations, to him and from him.
func (e *edit) endEverything(member string, on calendar.Date) {
	e.hold(member, truncated(e.st.holdingsOf[member], on))
	e.Grants = append(e.Grants, ended(e.st.grantsOf[member], on, func(g *Grant) *Interval { return &g.Interval })...)
	var of []Delegation
	for _, d := range e.st.Delegations {
		if d.PrincipalID == member || d.AssistantID == member {
			of = append(of, d)
		}
	}
	e.Delegations = append(e.Delegations, ended(of, on, func(d *Delegation) *Interval { return &d.Interval })...)
}

// lockOut takes the member's sign-in and sessions away now.
func (e *edit) lockOut(ctx context.Context) error {
	if e.member.Login != "" {
		if err := e.s.SignIns.Free(ctx, e.tx, e.a.TenantID, e.member.Login); err != nil {
			return err
		}
		e.member.Login = ""
	}
	return e.s.SignIns.LockOut(ctx, e.tx, e.a.TenantID, e.member.ID)
}

// away is the last time without the member, one that is announced too; empty for none.
func (m Member) away() Interval {
	if m.LeftOn == "" {
		return Interval{From: Start, To: Start}
	}
	return Interval{From: m.LeftOn, To: m.BackOn}
}

// absent refuses a day on which a member was away: he had a role before it, and none on it. Of
// several absences his own row keeps the last alone. Fault: org.member_left.
func (s *Structure) absent(member string, on calendar.Date) error {
	had := false
	for _, g := range s.grantsOf[member] {
		if g.On(on) {
			return nil
		}
		had = had || g.To != "" && g.To <= on
	}
	if had {
		return fault.New(fault.Rule, "org.member_left", "the member was away on that day").With("on", string(on))
	}
	return nil
}

// Gone reports whether a member has left by a day and is not back.
func (s *Structure) Gone(member string, on calendar.Date) bool {
	return s.Members[member].away().On(on)
}

// Stayed reports whether a member who was there on a day has not left since, by another day.
func (s *Structure) Stayed(member string, since, on calendar.Date) bool {
	left := s.Members[member].away()
	return left.From <= since || left.From > on || left.Empty()
}

// Leaving is the day the member left, or is to leave, "" where he is back or never did.
func (m Member) Leaving(today calendar.Date) calendar.Date {
	if m.BackOn != "" && m.BackOn <= today {
		return ""
	}
	return m.LeftOn
}

// present are the parts of a time that begins on a day in which the member is there.
func (m Member) present(from calendar.Date) []Interval {
	var out []Interval
	for _, part := range parts(Interval{From: from}, m.away()) {
		if !part.Meets(m.away()) {
			out = append(out, part)
		}
	}
	return out
}
