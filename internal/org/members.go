package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// NewMember is a person to add, with a place and a role. Team "" leaves the person
// without a seat; Login "" without sign-in. From "" is today.
type NewMember struct {
	ID, Name, Email, Phone, Login, Secret string
	TeamID, Position                      string
	Leads                                 bool
	Role                                  RoleKey
	ProductLines, Regions                 []string
	From                                  calendar.Date
}

// AddMember adds a person, the seat and the role in one step.
func (s *Service) AddMember(ctx context.Context, a Actor, in NewMember) (Member, error) {
	m := Member{ID: in.ID, Name: text.Fold(in.Name), Email: in.Email, Phone: in.Phone, Login: normaliseLogin(in.Login), JoinedOn: in.From, Version: 1}
	if in.From == Start {
		m.JoinedOn = "" // a seat since always does not say when the person came
	}
	if m.ID == "" {
		m.ID = record.NewID(a.Now)
	}
	if m.Name == "" {
		return Member{}, fault.Missing("/name")
	}
	if len(m.Name) > 100 {
		return Member{}, fault.Input("/name", "input.too_long", "at most 100 bytes").With("max", 100)
	}
	if in.From == "" {
		in.From = a.Today
	}
	if in.Role == "" {
		in.Role = Rep
	}
	if _, ok := Roles[in.Role]; !ok {
		return Member{}, fault.Input("/role", "org.role_unknown", "no such role")
	}
	hash := ""
	if m.Login != "" {
		if err := CheckPassword("/password", in.Secret); err != nil {
			return Member{}, err
		}
		var err error
		if hash, err = HashPassword(in.Secret); err != nil {
			return Member{}, err
		}
	}
	if in.TeamID != "" && a.Structure.Teams[in.TeamID].ID == "" {
		return Member{}, fault.Input("/teamId", "org.team_unknown", "no such team")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "member", ID: m.ID}, Kind: "member.added", On: in.From,
			Payload: map[string]any{"teamId": in.TeamID, "role": in.Role}}
	}
	err := s.change(ctx, a, event, func(tx database.Tx) error {
		m.Pinyin, m.Initials = pinyin.Keys(m.Name)
		if err := s.Rows.InsertMember(ctx, tx, a.TenantID, m, a.Now); err != nil {
			return err
		}
		if m.Login != "" {
			if err := s.Rows.InsertLogin(ctx, tx, Login{Name: m.Login, TenantID: a.TenantID, MemberID: m.ID}); err != nil {
				return loginTaken(err)
			}
			if err := s.Rows.SetPassword(ctx, tx, a.TenantID, m.ID, hash, true); err != nil {
				return err
			}
		}
		if err := s.Rows.InsertGrant(ctx, tx, a.TenantID, Grant{ID: record.NewID(a.Now), MemberID: m.ID, Role: in.Role,
			ProductLines: in.ProductLines, Regions: in.Regions, Interval: Interval{From: in.From}}); err != nil {
			return err
		}
		if in.TeamID == "" {
			return nil
		}
		return s.seat(ctx, tx, a, m.ID, in.TeamID, in.Position, in.Leads, in.From)
	})
	return m, err
}

// seat gives a member a new seat in a team, making the position where it is new.
func (s *Service) seat(ctx context.Context, tx database.Tx, a Actor, member, team, position string, leads bool, from calendar.Date) error {
	st, err := s.Rows.Structure(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	if position == "" {
		position = "销售"
		if leads {
			position = "主管"
		}
	}
	pos := Position{}
	for _, p := range st.Positions {
		if p.Name == position && p.Leads == leads {
			pos = p
		}
	}
	if pos.ID == "" {
		for _, p := range st.Positions {
			if p.Name == position { // the name is taken by the other kind
				position += "(负责人)"
			}
		}
		pos = Position{ID: record.NewID(a.Now), Name: position, Leads: leads}
		if err := s.Rows.InsertPosition(ctx, tx, a.TenantID, pos); err != nil {
			return err
		}
	}
	seat := Seat{ID: record.NewID(a.Now), TeamID: team, PositionID: pos.ID, Interval: Interval{From: from}}
	if err := s.Rows.InsertSeat(ctx, tx, a.TenantID, seat); err != nil {
		return err
	}
	return s.Rows.InsertHolding(ctx, tx, a.TenantID, Holding{ID: record.NewID(a.Now), SeatID: seat.ID, MemberID: member, Main: true, Interval: Interval{From: from}})
}

// Transfer moves a member's main seat to another team from a day on. What was won
// before stays with the team of that day; permissions follow at once.
func (s *Service) Transfer(ctx context.Context, a Actor, member, team, position string, leads bool, from calendar.Date) error {
	if a.Structure.Members[member].ID == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if a.Structure.Teams[team].ID == "" {
		return fault.Input("/teamId", "org.team_unknown", "no such team")
	}
	if from == "" {
		from = a.Today
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "member", ID: member}, Kind: "member.transferred", On: from, Payload: map[string]any{"teamId": team}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, h := range a.Structure.holdingsOf[member] {
			if h.Main && h.To == "" {
				if h.From >= from {
					return fault.Input("/from", "org.interval_empty", "the member took the present seat on or after that day").With("from", string(h.From))
				}
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "seat_holder", h.ID, from); err != nil {
					return err
				}
			}
		}
		return s.seat(ctx, tx, a, member, team, position, leads, from)
	})
}

// Leave ends a member's seats, roles and sessions from a day on. Records are
// handed over first or afterwards with opportunity.HandOver.
func (s *Service) Leave(ctx context.Context, a Actor, member string, on calendar.Date) error {
	m, ok := a.Structure.Members[member]
	if !ok {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if member == a.MemberID {
		return fault.New(fault.Rule, "org.cannot_leave_self", "another administrator must do this")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "member", ID: member}, Kind: "member.left", On: on, Payload: map[string]any{}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, h := range a.Structure.holdingsOf[member] {
			if h.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "seat_holder", h.ID, on); err != nil {
					return err
				}
			}
		}
		for _, g := range a.Structure.grantsOf[member] {
			if g.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "member_role", g.ID, on); err != nil {
					return err
				}
			}
		}
		if m.Login != "" {
			if err := s.Rows.DeleteLogin(ctx, tx, m.Login); err != nil {
				return err
			}
		}
		if _, err := s.Rows.RevokeSessions(ctx, tx, a.TenantID, member, "", a.Now); err != nil {
			return err
		}
		m.LeftOn, m.Login = on, ""
		m.Version++
		return s.Rows.SaveMember(ctx, tx, a.TenantID, m)
	})
}

// SetRole replaces a member's role from today.
func (s *Service) SetRole(ctx context.Context, a Actor, member string, role RoleKey, lines, regions []string) error {
	if a.Structure.Members[member].ID == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if _, ok := Roles[role]; !ok {
		return fault.Input("/role", "org.role_unknown", "no such role")
	}
	if member == a.MemberID && role != Admin && a.Structure.lastAdmin(member, a.Today) {
		return fault.New(fault.Rule, "org.last_admin", "a company needs an administrator: give the role to somebody else first")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "member", ID: member}, Kind: "member.role_set", Payload: map[string]any{"role": role}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		for _, g := range a.Structure.grantsOf[member] {
			if g.To == "" {
				if err := s.Rows.EndInterval(ctx, tx, a.TenantID, "member_role", g.ID, a.Today); err != nil {
					return err
				}
			}
		}
		return s.Rows.InsertGrant(ctx, tx, a.TenantID, Grant{ID: record.NewID(a.Now), MemberID: member, Role: role, ProductLines: lines, Regions: regions, Interval: Interval{From: a.Today}})
	})
}

func (s *Structure) lastAdmin(member string, on calendar.Date) bool {
	for _, g := range s.Grants {
		if g.Role == Admin && g.On(on) && g.MemberID != member {
			return false
		}
	}
	return true
}

// Delegate lets an assistant act for a principal from today.
func (s *Service) Delegate(ctx context.Context, a Actor, principal, assistant string) error {
	if a.Structure.Members[principal].ID == "" || a.Structure.Members[assistant].ID == "" || principal == assistant {
		return fault.New(fault.Invalid, "org.member_unknown", "two different members are needed")
	}
	event := func() journal.Event {
		return journal.Event{Subject: record.Ref{Kind: "member", ID: principal}, Kind: "member.delegated", Payload: map[string]any{"assistantId": assistant}}
	}
	return s.change(ctx, a, event, func(tx database.Tx) error {
		return s.Rows.InsertDelegation(ctx, tx, a.TenantID, Delegation{ID: record.NewID(a.Now), PrincipalID: principal, AssistantID: assistant, Interval: Interval{From: a.Today}})
	})
}
