package org

import (
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
)

// Who may change people could otherwise give himself what he lacks: by a role, by another's
// password, by a post, by acting for somebody. So nobody gives, takes or uses powers that go
// beyond his own, whichever way. An administrator's go beyond everybody else's.

// MayActOn refuses who may not decide on a member's role, sign-in, sessions, factors, leaving
// or delegations: the member's powers, those announced too, must be within the actor's own, and so
// must those of whom the member acts for, whose name comes with his sign-in.
// It is for what one does to others; of himself everybody decides. Faults:
// org.permission_missing, org.member_unknown, org.beyond_own_powers.
func (a Actor) MayActOn(member string) error {
	if !a.holds(OrgEdit) {
		return errMissing(OrgEdit)
	}
	if _, ok := a.Structure.Members[member]; !ok {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member")
	}
	if member == a.MemberID {
		return nil
	}
	for _, d := range a.Structure.Delegations {
		if d.AssistantID != member || d.PrincipalID == a.MemberID || d.Empty() || d.To != "" && d.To <= a.Today {
			continue
		}
		if err := a.within(d.PrincipalID); err != nil {
			return err
		}
	}
	return a.within(member)
}

// within refuses a member whose powers go beyond the actor's. Fault: org.beyond_own_powers.
func (a Actor) within(member string) error {
	for _, g := range a.Structure.grantsOf[member] {
		if g.Empty() || g.To != "" && g.To <= a.Today {
			continue
		}
		if role, known := a.Structure.Role(g.Role); known {
			if err := a.mayGive(role, g.ProductLines, g.Regions); err != nil {
				return err
			}
		}
	}
	return nil
}

// MayDecideOn refuses who may not say what holders of a role must do: the role says more than his
// own. Faults: org.role_unknown, org.beyond_own_powers.
func (a Actor) MayDecideOn(key RoleKey) error {
	role, known := a.Structure.Role(key)
	if !known {
		return fault.Input("/roles", "org.role_unknown", "no such role")
	}
	return a.mayGive(role, nil, nil)
}

// mayGive refuses a role that says more than the actor's own, for some product lines and
// regions. Fault: org.beyond_own_powers.
func (a Actor) mayGive(r Role, lines, regions []string) error {
	if a.system {
		return nil
	}
	own := a.granted()
	if r.Key == Admin && !slices.ContainsFunc(own, func(g Grant) bool { return g.Role == Admin }) {
		return beyondOwnPowers(string(Admin))
	}
	for _, p := range r.Permissions {
		if !a.holds(p) {
			return beyondOwnPowers(string(p))
		}
	}
	for kind, reach := range r.Reach {
		for _, v := range []Verb{Read, Write} {
			want := Grant{ProductLines: lines, Regions: regions}
			if !slices.ContainsFunc(own, func(have Grant) bool { return a.Structure.reaches(have, kind, v, reach.of(v), want) }) {
				return beyondOwnPowers(kind)
			}
		}
	}
	return nil
}

// reaches tells whether a grant reaches records of a kind as far as a reach wanted.
func (s *Structure) reaches(have Grant, kind string, v Verb, want Reach, narrowed Grant) bool {
	role, _ := s.Role(have.Role)
	has := role.Reach[kind].of(v)
	switch {
	case !want.within(has):
		return false
	case want == Lines && has == Lines:
		return subset(narrowed.ProductLines, have.ProductLines)
	case want == Regions && has == Regions:
		return subset(narrowed.Regions, have.Regions)
	}
	return true
}

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(v string) bool { return !slices.Contains(whole, v) })
}

// MaySetSignIn refuses who may not give a member another sign-in or factor: beside what MayActOn
// says, nobody does that to himself without saying his present password. Fault: org.own_sign_in.
func (a Actor) MaySetSignIn(member string) error {
	if err := a.MayActOn(member); err != nil {
		return err
	}
	if member == a.MemberID && !a.system && a.Structure.Members[member].Login != "" {
		return fault.New(fault.Rule, "org.own_sign_in", "one's own sign-in is changed with the present password, or by another administrator")
	}
	return nil
}

// holds tells whether the actor holds a permission in the organisation he acts in: what Can says,
// where that is the one his request began with.
func (a Actor) holds(p Permission) bool {
	return a.system || p == SignedIn || slices.ContainsFunc(a.granted(), func(g Grant) bool {
		role, _ := a.Structure.Role(g.Role)
		return slices.Contains(role.Permissions, p)
	})
}

// granted are the actor's roles of today.
func (a Actor) granted() (out []Grant) {
	for _, g := range a.Structure.grantsOf[a.MemberID] {
		if g.On(a.Today) {
			out = append(out, g)
		}
	}
	return out
}

// BeyondOwnPowers is the code of what nobody may do: the audit trail tells who tried.
const BeyondOwnPowers = "org.beyond_own_powers"

func beyondOwnPowers(lacks string) error {
	return fault.New(fault.Forbidden, BeyondOwnPowers, "nobody gives, takes or uses powers he does not hold himself").
		With("lacks", lacks)
}

// asOf is the actor with what he holds in an organisation that may be newer than his request.
func (a Actor) asOf(c Company, s *Structure) Actor {
	if !a.system {
		held := NewActor(c, s, a.MemberID, a.Path, a.Now)
		a.permissions, a.Figures = held.permissions, held.Figures
	}
	a.Company, a.Structure = c, s
	return a
}

// checkCommand refuses posts and places by which the actor, or somebody whose sign-in is in
// his hands, would come to lead what he does not lead himself. Who reaches the whole company
// gains nothing, nor does who reaches no team. Fault: org.beyond_own_powers.
func (e *edit) checkCommand(after *Structure) error {
	if e.a.system || !e.a.leadsByRole() {
		return nil
	}
	own := e.st.teamsUnder(e.st.Leads(e.a.MemberID, e.a.Today), e.a.Today)
	gains := func(leader, team string) bool {
		err := e.a.MayActOn(leader)
		return team != "" && !slices.Contains(own, team) && (err == nil || fault.Is(err, fault.NotFound)) // not there yet: he makes him
	}
	for _, c := range e.Holdings {
		if c.New == nil {
			continue
		}
		seat := after.Seats[c.New.SeatID]
		if after.Positions[seat.PositionID].Leads && gains(c.New.MemberID, seat.TeamID) {
			return beyondOwnPowers(seat.TeamID)
		}
		was, _ := e.st.TeamOf(c.New.MemberID, e.a.Today)
		for _, leader := range after.leadersOver(seat.TeamID, c.New.From) {
			if leader != c.New.MemberID && gains(leader, was) {
				return beyondOwnPowers(was)
			}
		}
	}
	for _, c := range e.Parents {
		if c.New == nil || e.newTeam != nil {
			continue
		}
		for _, leader := range after.leadersOver(c.New.ParentID, c.New.From) {
			if gains(leader, c.New.TeamID) {
				return beyondOwnPowers(c.New.TeamID)
			}
		}
	}
	return nil
}

// leadsByRole tells whether what the actor reaches depends on the teams he leads.
func (a Actor) leadsByRole() bool {
	for _, kind := range Reached {
		for _, g := range a.granted() {
			role, _ := a.Structure.Role(g.Role)
			if r := role.Reach[kind]; r.Read == Subtree || r.Write == Subtree {
				return true
			}
		}
	}
	return false
}

// leadersOver are the members who lead a team, or one above it, on a day or later.
func (s *Structure) leadersOver(team string, from calendar.Date) (out []string) {
	for depth := 0; team != "" && depth <= len(s.Teams); team, depth = s.ParentOf(team, from), depth+1 {
		for _, h := range s.Holdings {
			seat := s.Seats[h.SeatID]
			if seat.TeamID == team && s.Positions[seat.PositionID].Leads && (h.To == "" || h.To > from) {
				out = append(out, h.MemberID)
			}
		}
	}
	return out
}
