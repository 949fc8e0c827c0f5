package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// Leave ends a member's seats, roles and delegations on a day, which may lie ahead: until
// then everything goes on, and on the day itself sign-in and sessions end by the date alone.
// It answers what the member still holds. Faults: org.member_unknown, org.cannot_leave_self,
// org.left_already, org.interval_empty before the member came, org.last_admin.
func (s *Service) Leave(ctx context.Context, a Actor, member string, on calendar.Date) ([]Held, error) {
	if member == a.MemberID {
		return nil, fault.New(fault.Rule, "org.cannot_leave_self", "another administrator must do this")
	}
	return change(ctx, s, a, ofMember(member), func(e *edit) (held []Held, event journal.Event, err error) {
		if on, err = a.day("/on", on); err != nil {
			return nil, event, err
		}
		m := &e.member
		if m.LeftOn != "" && (m.LeftOn <= a.Today || on >= m.LeftOn) {
			return nil, event, fault.New(fault.Conflict, "org.left_already", "leaving is known for a day as early").With("on", string(m.LeftOn))
		}
		if on < m.JoinedOn || on == Start {
			return nil, event, errBeforeItBegan
		}
		e.endEverything(member, on)
		was := m.LeftOn
		m.LeftOn = on
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
		return held, memberLeft(member, MemberLeft{LeftOn: Was[calendar.Date]{was, on}, Changes: e.Changes}), nil
	})
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
		if err := e.s.Rows.DeleteLogin(ctx, e.tx, e.member.Login); err != nil {
			return err
		}
		e.member.Login = ""
	}
	_, err := e.s.Rows.RevokeSessions(ctx, e.tx, e.a.TenantID, e.member.ID, "", e.a.Now)
	return err
}

// Gone reports whether a member has left by a day.
func (s *Structure) Gone(member string, on calendar.Date) bool {
	m := s.Members[member]
	return m.LeftOn != "" && m.LeftOn <= on
}
