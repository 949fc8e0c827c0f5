package org

import (
	"slices"
	"strings"
	"sync"

	"yunchou/internal/calendar"
)

// tree is the organisation of one day, so that a question about a subtree looks at the
// subtree alone and is answered once: every request asks what its actor leads.
type tree struct {
	children map[string][]string // by team
	placed   map[string][]string // members by team

	mu    sync.Mutex
	under map[string]*branch
}

// branch is what lies under some teams, sorted; nobody changes it.
type branch struct{ teams, members []string }

// trees keeps the trees of the days asked for last. A structure is shared by all requests.
type trees struct {
	mu   sync.Mutex
	days map[calendar.Date]*tree
}

// keptTrees bounds them: today, and the ends of the periods somebody looks at.
const keptTrees = 16

// keptBranches and longestRoots bound what a tree remembers: lists are asked for by any team,
// one that does not exist too.
const keptBranches, longestRoots = 1000, 4 << 10

func (s *Structure) tree(on calendar.Date) *tree {
	s.trees.mu.Lock()
	defer s.trees.mu.Unlock()
	if t := s.trees.days[on]; t != nil {
		return t
	}
	t := &tree{children: map[string][]string{}, placed: s.placed(on), under: map[string]*branch{}}
	for _, p := range s.Parents {
		if p.On(on) {
			t.children[p.ParentID] = append(t.children[p.ParentID], p.TeamID)
		}
	}
	if len(s.trees.days) >= keptTrees {
		clear(s.trees.days)
	}
	s.trees.days[on] = t
	return t
}

// placed tells who is placed in each team on a day: by a seat, or, of those who sit nowhere
// any more, by the last seat they had.
func (s *Structure) placed(on calendar.Date) map[string][]string {
	out := map[string][]string{}
	for member, list := range s.holdingsOf {
		for _, team := range s.placesOf(list, on) {
			out[team] = append(out[team], member)
		}
	}
	return out
}

// placesOf are the teams of a member's seats of a day, or else of the last before it.
func (s *Structure) placesOf(list []Holding, on calendar.Date) (teams []string) {
	last := calendar.Date("")
	for _, h := range list {
		if h.On(on) {
			teams = append(teams, s.Seats[h.SeatID].TeamID)
		} else if h.To != "" && h.To <= on {
			last = max(last, h.To)
		}
	}
	for _, h := range list {
		if last != "" && h.To == last && len(teams) == 0 {
			teams = append(teams, s.Seats[h.SeatID].TeamID)
		}
	}
	return teams
}

// branch is what lies under roots on a day.
func (s *Structure) branch(roots []string, on calendar.Date) *branch {
	if len(roots) == 0 {
		return &branch{teams: []string{}, members: []string{}}
	}
	t := s.tree(on)
	key := strings.Join(roots, " ")
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.under[key]; b != nil {
		return b
	}
	b := t.grow(roots)
	if len(key) > longestRoots {
		return b
	}
	if len(t.under) >= keptBranches {
		clear(t.under)
	}
	t.under[key] = b
	return b
}

func (t *tree) grow(roots []string) *branch {
	b := &branch{teams: []string{}, members: []string{}}
	seen := map[string]bool{"": true}
	for todo := slices.Clone(roots); len(todo) > 0; {
		team := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[team] {
			continue
		}
		seen[team] = true
		b.teams = append(b.teams, team)
		b.members = append(b.members, t.placed[team]...)
		todo = append(todo, t.children[team]...)
	}
	b.teams, b.members = sorted(b.teams), sorted(b.members)
	return b
}

// sorted orders a list, names each once, and leaves no room for who appends to it.
func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// teamsUnder lists the teams in the subtrees of roots on a day, sorted.
func (s *Structure) teamsUnder(roots []string, on calendar.Date) []string {
	return s.branch(roots, on).teams
}

// MembersUnder returns the members placed in the subtrees of roots on a day, sorted. What a
// leaver held stays with the superior until it is handed on.
func (s *Structure) MembersUnder(roots []string, on calendar.Date) []string {
	return s.branch(roots, on).members
}

// joined is a sorted list with some more in it; where they are in it already it is the list.
func joined(list []string, more ...string) []string {
	for _, v := range more {
		if _, in := slices.BinarySearch(list, v); !in {
			return sorted(slices.Concat(list, more))
		}
	}
	return list
}
