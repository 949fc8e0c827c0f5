package org

import (
	"slices"

	"yunchou/internal/calendar"
)

// Heads tells for whoever asks of many members who leads above each on a day: Superiors by level, with the
// posts walked through once.
type Heads struct {
	s  *Structure
	on calendar.Date
	of map[string][]string // by team
}

// HeadsOn prepares it.
func (s *Structure) HeadsOn(on calendar.Date) *Heads {
	h := &Heads{s, on, map[string][]string{}}
	for _, p := range s.Holdings {
		seat := s.Seats[p.SeatID]
		if p.On(on) && s.Positions[seat.PositionID].Leads && !slices.Contains(h.of[seat.TeamID], p.MemberID) {
			h.of[seat.TeamID] = append(h.of[seat.TeamID], p.MemberID)
		}
	}
	return h
}

// Next is who leads a member next.
func (h *Heads) Next(member string) []string {
	if levels := h.Above(member); len(levels) > 0 {
		return levels[0]
	}
	return nil
}

// Above is who leads a member, nearest first: those of one level lead one team. Who leads several of the teams
// is at the nearest; a team nobody else leads is no level.
func (h *Heads) Above(member string) (levels [][]string) {
	seen := []string{member}
	team, _ := h.s.TeamOf(member, h.on)
	for depth := 0; team != "" && depth < 64; depth++ {
		var level []string
		for _, m := range h.of[team] {
			if !slices.Contains(seen, m) {
				seen, level = append(seen, m), append(level, m)
			}
		}
		if len(level) > 0 {
			levels = append(levels, level)
		}
		team = h.s.ParentOf(team, h.on)
	}
	return levels
}
