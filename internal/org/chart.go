package org

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/pinyin"
	"yunchou/internal/text"
)

// Node is a team of the chart: who sits in it today, who leads it or stands in, and what stands empty.
type Node struct {
	Team     Team
	ParentID string
	People   int      // in it and below, each once
	Members  []string // who sit in it, by name
	Heads    []string
	StandIn  []string // where nobody leads it: who leads the next team above that somebody leads
	Vacant   []Vacancy
}

// Vacancy is a seat nobody has, and who had it last.
type Vacancy struct {
	Place
	Last Holding
}

// Chart is the teams that are open on a day, by name.
func (s *Structure) Chart(on calendar.Date) []Node {
	at := map[string]*Node{}
	for id, t := range s.Teams {
		if t.ClosedOn == "" || t.ClosedOn > on {
			at[id] = &Node{Team: t, ParentID: s.ParentOf(id, on)}
		}
	}
	for _, p := range s.Headcount(on) {
		n := at[p.TeamID]
		switch {
		case n == nil || p.From > on: // opens later
		case p.Holder.MemberID == "":
			n.Vacant = append(n.Vacant, Vacancy{p, s.lastIn(p.ID, on)})
		default:
			n.Members = append(n.Members, p.Holder.MemberID)
			if s.Positions[p.PositionID].Leads {
				n.Heads = append(n.Heads, p.Holder.MemberID)
			}
		}
	}
	out := make([]Node, 0, len(at))
	for _, n := range at {
		if len(n.Heads) == 0 {
			n.StandIn = s.standsIn(at, n.ParentID)
		}
		n.People = s.peopleUnder(n.Team.ID, at, on)
		n.Members = s.byName(n.Members)
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b Node) int {
		return cmp.Or(cmp.Compare(a.Team.Name, b.Team.Name), cmp.Compare(a.Team.ID, b.Team.ID))
	})
	return out
}

// lastIn is who had a seat last before a day.
func (s *Structure) lastIn(seat string, on calendar.Date) (last Holding) {
	for _, h := range s.heldBy[seat] {
		if !h.Empty() && h.To != "" && h.To <= on && h.To > last.To {
			last = h
		}
	}
	return last
}

// standsIn are the heads of the nearest team with any, from one upwards.
func (s *Structure) standsIn(at map[string]*Node, team string) []string {
	for depth := 0; at[team] != nil && depth < 64; depth++ {
		if len(at[team].Heads) > 0 {
			return at[team].Heads
		}
		team = at[team].ParentID
	}
	return nil
}

func (s *Structure) peopleUnder(team string, at map[string]*Node, on calendar.Date) int {
	seen := map[string]bool{}
	for _, id := range s.teamsUnder([]string{team}, on) {
		if at[id] == nil {
			continue
		}
		for _, m := range at[id].Members {
			seen[m] = true
		}
	}
	return len(seen)
}

// byName orders members as they are read, each once.
func (s *Structure) byName(ids []string) []string {
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.Members[a].Pinyin, s.Members[b].Pinyin), cmp.Compare(a, b))
	})
	return slices.Compact(ids)
}

// Found are the teams and the people of a chart whose names a text finds, by characters, readings or initials.
func (s *Structure) Found(chart []Node, query string) (teams, members []string) {
	teams, members = []string{}, []string{}
	m := pinyin.NewMatcher(query)
	found := func(name string) bool { return m.Rank(text.Plain(name)) > pinyin.Not }
	seen := map[string]bool{}
	for _, n := range chart {
		if found(n.Team.Name) {
			teams = append(teams, n.Team.ID)
		}
		for _, id := range n.Members {
			if !seen[id] && found(s.Members[id].Name) {
				members = append(members, id)
			}
			seen[id] = true
		}
	}
	return teams, members
}
