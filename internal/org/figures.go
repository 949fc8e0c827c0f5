package org

import (
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/record"
)

// Figures is the scope of a figure: what is attributed to some teams or members, whoever
// holds the records today. The zero value is nothing. docs/facts.md says why it is not the
// scope of records.
type Figures struct {
	All          bool
	Members      []string // oneself, and those one types for
	Teams        []string // the teams one leads, down today's tree
	ProductLines []string
	Regions      []string
}

// Narrowed tells whether product lines or regions decide, whoever is credited.
func (f Figures) Narrowed() bool { return len(f.ProductLines)+len(f.Regions) > 0 }

// figures compiles what a member's roles let him add up on a day.
func (s *Structure) figures(member string, on calendar.Date) Figures {
	var out Figures
	for _, g := range s.grantsOf[member] {
		if !g.On(on) {
			continue
		}
		role, _ := s.Role(g.Role)
		switch role.Reach[record.Credit].Read {
		case Everything:
			return Figures{All: true}
		case Subtree:
			out.Teams = joined(s.teamsUnder(s.Leads(member, on), on), out.Teams...)
			fallthrough
		case DealTeam, Own:
			out.Members = joined(out.Members, append(s.principals(member, on), member)...)
		case Lines:
			out.ProductLines = joined(out.ProductLines, g.ProductLines...)
		case Regions:
			out.Regions = joined(out.Regions, g.Regions...)
		}
	}
	return out
}

// Span is a run of days, From in and To not ("" is without end), in which the same teams
// hung under another.
type Span struct {
	From, To calendar.Date
	Teams    []string // sorted
}

// Subtree tells which teams hung under one, and itself, on which days: a department of
// the past is what it was then.
func (s *Structure) Subtree(root string) []Span {
	days := []calendar.Date{Start}
	for _, p := range s.Parents {
		days = append(days, p.From)
		if p.To != "" {
			days = append(days, p.To)
		}
	}
	slices.Sort(days)
	var out []Span
	for _, day := range slices.Compact(days) {
		teams := s.teamsUnder([]string{root}, day)
		if n := len(out); n > 0 && slices.Equal(out[n-1].Teams, teams) {
			continue
		} else if n > 0 {
			out[n-1].To = day
		}
		out = append(out, Span{From: day, Teams: teams})
	}
	return out
}

// TeamIn tells whether a team was among those of a day.
func TeamIn(spans []Span, team string, on calendar.Date) bool {
	for _, x := range spans {
		if x.From <= on && (x.To == "" || on < x.To) {
			_, in := slices.BinarySearch(x.Teams, team)
			return in
		}
	}
	return false
}

// TeamFrom is a team from a day on.
type TeamFrom struct {
	From   calendar.Date `json:"from"`
	TeamID string        `json:"teamId"`
}

// MainTeams are a member's main teams from a day on: first that of the day, or, where he sits
// nowhere, the last he had, and once that is closed the one above; then each that follows, with
// the day it begins.
func (s *Structure) MainTeams(member string, from calendar.Date) []TeamFrom {
	days := []calendar.Date{}
	for _, h := range s.holdingsOf[member] {
		if !h.Empty() {
			days = append(days, h.From)
		}
		if h.To != "" {
			days = append(days, h.To)
		}
		if closed := s.Teams[s.Seats[h.SeatID].TeamID].ClosedOn; closed != "" {
			days = append(days, closed)
		}
	}
	slices.Sort(days)
	out := []TeamFrom{{From: from}}
	for _, day := range append(slices.DeleteFunc(slices.Clone(days), func(d calendar.Date) bool { return d > from }), from) {
		out[0].TeamID = s.teamAfter(member, out[0].TeamID, day)
	}
	for _, day := range days {
		if team := s.teamAfter(member, out[len(out)-1].TeamID, day); day > from && team != out[len(out)-1].TeamID {
			out = append(out, TeamFrom{day, team})
		}
	}
	return out
}

// teamAfter is a member's main team on a day, or, where he sits nowhere, the one he had before.
func (s *Structure) teamAfter(member, before string, on calendar.Date) string {
	if team, _ := s.TeamOf(member, on); team != "" {
		return team
	}
	if closed := s.Teams[before].ClosedOn; closed != "" && closed <= on {
		return s.OpenAbove(before, on)
	}
	return before
}

// Joined lists the members who got another main team in some days, both among them, with the
// day.
func (s *Structure) Joined(from, to calendar.Date) (out []Placing) {
	for member := range s.holdingsOf {
		for _, t := range s.MainTeams(member, from.Add(-1))[1:] {
			if t.From <= to {
				out = append(out, Placing{MemberID: member, From: t.From})
			}
		}
	}
	return out
}
