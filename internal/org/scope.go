package org

import (
	"slices"

	"yunchou/internal/calendar"
)

// Scope is the data a request may touch: one definition that compiles to an SQL
// predicate (scopedb) and to the engine's owner set. The zero value is nothing.
type Scope struct {
	All          bool
	Owners       []string // members whose records are in scope, today's relation
	DealTeams    []string // members whose deal teams are in scope
	ProductLines []string
	Regions      []string
	Write        bool // what may be changed: a kind may be stricter there than in what is seen
}

// Empty reports whether nothing at all is in scope.
func (s Scope) Empty() bool {
	return !s.All && len(s.Owners)+len(s.DealTeams)+len(s.ProductLines)+len(s.Regions) == 0
}

// Allows decides for one record in memory; a test compares it with the SQL.
func (s Scope) Allows(owner string, dealTeam, productLines []string, region string) bool {
	return s.All || contains(s.Owners, owner) || overlap(s.DealTeams, dealTeam) ||
		overlap(s.ProductLines, productLines) || contains(s.Regions, region)
}

func contains(set []string, v string) bool { return v != "" && slices.Contains(set, v) }

func overlap(a, b []string) bool {
	return slices.ContainsFunc(b, func(v string) bool { return contains(a, v) })
}

// Scope is the records of a kind the actor may see or change.
func (a Actor) Scope(kind string, v Verb) Scope {
	s := a.fixed
	if s == nil {
		reached := a.Structure.scope(a.MemberID, a.Today, kind, v)
		s = &reached
	}
	out := *s
	if a.bound != nil {
		out = out.Meet(a.bound.Scope(kind, v))
	}
	out.Write = v == Write
	return out
}

// Meet is what two scopes reach on the same ground: never more than either.
func (s Scope) Meet(o Scope) Scope {
	switch {
	case o.All:
		return s
	case s.All:
		return o
	}
	return Scope{Owners: both(s.Owners, o.Owners), DealTeams: both(s.DealTeams, o.DealTeams),
		ProductLines: both(s.ProductLines, o.ProductLines), Regions: both(s.Regions, o.Regions)}
}

// both are those of one list that are in another.
func both(a, b []string) (out []string) {
	for _, v := range a {
		if contains(b, v) {
			out = append(out, v)
		}
	}
	return out
}

// Reaching is the actor with one scope for every kind and verb: the program itself, which
// reaches everything, and tests.
func (a Actor) Reaching(s Scope) Actor {
	a.fixed = &s
	return a
}

// scope compiles what a member's roles reach on a day.
func (s *Structure) scope(member string, on calendar.Date, kind string, v Verb) Scope {
	var out Scope
	for _, g := range s.grantsOf[member] {
		if !g.On(on) {
			continue
		}
		role, _ := s.Role(g.Role)
		switch role.Reach[kind].of(v) {
		case Everything:
			return Scope{All: true}
		case Subtree:
			out.Owners = joined(s.MembersUnder(s.Leads(member, on), on), out.Owners...)
			fallthrough
		case DealTeam:
			out.DealTeams = []string{member}
			fallthrough
		case Own:
			out.Owners = joined(out.Owners, append(s.principals(member, on), member)...)
		case Lines:
			out.ProductLines = append(out.ProductLines, g.ProductLines...)
		case Regions:
			out.Regions = append(out.Regions, g.Regions...)
		}
	}
	return out
}
