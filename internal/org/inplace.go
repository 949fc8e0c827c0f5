package org

import (
	"slices"

	"yunchou/internal/calendar"
)

// InPlaceOf is who has what a member left unfinished: himself while he is here; else, today and not when he left,
// who leads the team he was in last, or the next team above that somebody leads; else an administrator.
func (s *Structure) InPlaceOf(member string, on calendar.Date) string {
	if !s.Gone(member, on) {
		return member
	}
	return s.inPlaceOf(s.HeadsOn(on), member)
}

// LeftTo are the members who have left in whose place a member stands on a day.
func (s *Structure) LeftTo(member string, on calendar.Date) (left []string) {
	if len(s.Leads(member, on)) == 0 && s.firstAdmin(on) != member {
		return nil
	}
	heads := s.HeadsOn(on)
	for id := range s.Members {
		if s.Gone(id, on) && s.inPlaceOf(heads, id) == member {
			left = append(left, id)
		}
	}
	slices.Sort(left)
	return left
}

func (s *Structure) inPlaceOf(heads *Heads, member string) string {
	team, _ := s.TeamOf(member, s.Members[member].LeftOn.Add(-1))
	for depth := 0; team != "" && depth < 64; depth++ {
		first := ""
		for _, m := range heads.of[team] {
			if !s.Gone(m, heads.on) && (first == "" || m < first) {
				first = m
			}
		}
		if first != "" {
			return first
		}
		team = s.ParentOf(team, heads.on)
	}
	return s.firstAdmin(heads.on)
}
