package org

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
)

// Change is a row before and after: without Old it is new, without New it was never true.
type Change[T any] struct {
	Old *T `json:"old,omitempty"`
	New *T `json:"new,omitempty"`
}

// Changes is what one entry does to the rows of the organisation. It is what is written and
// what the journal keeps, so that the tables can be made again from the journal.
type Changes struct {
	Positions   []Change[Position]   `json:"positions,omitempty"`
	Seats       []Change[Seat]       `json:"seats,omitempty"`
	Holdings    []Change[Holding]    `json:"holdings,omitempty"`
	Parents     []Change[TeamParent] `json:"parents,omitempty"`
	Grants      []Change[Grant]      `json:"grants,omitempty"`
	Delegations []Change[Delegation] `json:"delegations,omitempty"`
}

// with is the structure after the changes, to be checked before anything is written.
func (s *Structure) with(c Changes) *Structure {
	out := *s
	out.Positions, out.Seats = cloned(s.Positions), cloned(s.Seats)
	for _, x := range c.Positions {
		out.Positions[x.New.ID] = *x.New
	}
	for _, x := range c.Seats {
		out.Seats[x.New.ID] = *x.New
	}
	out.Grants = changed(s.Grants, c.Grants, func(g Grant) string { return g.ID })
	out.Delegations = changed(s.Delegations, c.Delegations, func(d Delegation) string { return d.ID })
	out.Holdings = changed(s.Holdings, c.Holdings, func(h Holding) string { return h.ID })
	out.Parents = changed(s.Parents, c.Parents, func(p TeamParent) string { return p.ID })
	out.Index()
	return &out
}

func cloned[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func changed[T any](rows []T, changes []Change[T], id func(T) string) []T {
	gone := map[string]bool{}
	out := []T{}
	for _, c := range changes {
		if c.Old != nil {
			gone[id(*c.Old)] = true
		}
		if c.New != nil {
			out = append(out, *c.New)
		}
	}
	for _, r := range rows {
		if !gone[id(r)] {
			out = append(out, r)
		}
	}
	return out
}

var errBeforeItBegan = fault.Input("/from", "org.interval_empty", "before the first place known of it")

// hang is what putting a team under a parent from a day on changes: it stays there until
// the next place that was already known of. On the day another place begins it takes that
// one's place, as the correction of a mistake. Fault: org.interval_empty.
func hang(places []TeamParent, parent string, from calendar.Date, newID func() string) ([]Change[TeamParent], error) {
	if len(places) == 0 || from < places[0].From {
		return nil, errBeforeItBegan
	}
	placed := TeamParent{ID: newID(), TeamID: places[0].TeamID, ParentID: parent, Interval: Interval{From: from}}
	var out []Change[TeamParent]
	for _, p := range places {
		switch {
		case p.From == from:
			placed.To = p.To
			return append(out, Change[TeamParent]{Old: &p, New: &placed}), nil
		case p.On(from):
			before := p
			placed.To, before.To = p.To, from
			out = append(out, Change[TeamParent]{Old: &p, New: &before})
		}
	}
	return append(out, Change[TeamParent]{New: &placed}), nil
}

// A member's seats are changed as a whole: what they were, what they should be, and what
// the difference is in rows.

// truncated ends everything at a day: what would begin on it or later is not begun.
func truncated(list []Holding, on calendar.Date) (out []Holding) {
	for _, h := range list {
		if h.To == "" || h.To > on {
			h.To = on
		}
		if !h.Empty() {
			out = append(out, h)
		}
	}
	return out
}

// without is a list from which a holding is taken at a day.
func without(list []Holding, id string, on calendar.Date) (out []Holding) {
	for _, h := range list {
		if h.ID == id {
			out = append(out, truncated([]Holding{h}, on)...)
		} else {
			out = append(out, h)
		}
	}
	return out
}

// moved puts the main post that holds on a day elsewhere from that day until it would have
// ended anyway; it returns how long that is. Without one on that day the new one lasts
// until the next main one, or limit ("" is no limit). Fault: org.interval_empty.
func moved(list []Holding, from, limit calendar.Date) (rest []Holding, free Interval, err error) {
	free = Interval{From: from, To: limit}
	mains := 0
	first := calendar.Date("")
	for _, h := range list {
		if !h.Main {
			rest = append(rest, h)
			continue
		}
		if mains++; first == "" || h.From < first {
			first = h.From
		}
		switch {
		case h.On(from):
			free.To = h.To
			rest = append(rest, truncated([]Holding{h}, from)...)
		default:
			rest = append(rest, h)
			if h.From > from && (free.To == "" || h.From < free.To) {
				free.To = h.From
			}
		}
	}
	if mains > 0 && from < first {
		return nil, free, errBeforeItBegan
	}
	return rest, free, nil
}

// leading makes one holding the main one from a day until it ends; the others are not, for
// as long.
func leading(list []Holding, id string, from calendar.Date) (out []Holding) {
	var while Interval
	for _, h := range list {
		if h.ID == id {
			while = Interval{From: max(from, h.From), To: h.To}
		}
	}
	for _, h := range list {
		for _, part := range parts(h.Interval, while) {
			piece := h
			piece.Interval = part
			if part.Meets(while) {
				piece.Main = h.ID == id
			}
			out = append(out, piece)
		}
	}
	return out
}

// parts cuts an interval where another begins and ends.
func parts(i, by Interval) (out []Interval) {
	cuts := []calendar.Date{i.From}
	for _, d := range []calendar.Date{by.From, by.To} {
		if d != "" && d > i.From && (i.To == "" || d < i.To) {
			cuts = append(cuts, d)
		}
	}
	slices.Sort(cuts)
	for k, from := range cuts {
		to := i.To
		if k+1 < len(cuts) {
			to = cuts[k+1]
		}
		out = append(out, Interval{From: from, To: to})
	}
	return out
}

// difference is what makes one list of holdings the other: a row that says the same stays,
// every other ends and what is to be said instead is written.
func difference(before, after []Holding, newID func() string) (out []Change[Holding]) {
	stays := map[string]bool{}
	for _, h := range after {
		for _, b := range before {
			if b == h {
				stays[h.ID] = true
			}
		}
	}
	var added []Holding
	for _, h := range after {
		if !stays[h.ID] {
			added = append(added, h)
		}
	}
	for _, b := range before {
		if stays[b.ID] {
			continue
		}
		c := Change[Holding]{Old: &b}
		if i := slices.IndexFunc(added, func(h Holding) bool { return h.ID == b.ID }); i >= 0 {
			h := added[i]
			h.ID, h.Seq = newID(), 0
			c.New = &h
			added = slices.Delete(added, i, i+1)
		}
		out = append(out, c)
	}
	for _, h := range added {
		h.ID, h.Seq = cmp.Or(freshID(before, h.ID), newID()), 0
		out = append(out, Change[Holding]{New: &h})
	}
	return out
}

// freshID keeps the id of a holding that is no part of one there was.
func freshID(before []Holding, id string) string {
	if slices.ContainsFunc(before, func(b Holding) bool { return b.ID == id }) {
		return ""
	}
	return id
}

// ended ends the intervals of a list at a day: what holds on it or later ends then, and
// what would begin later never does (it is left without a day).
func ended[T any](list []T, on calendar.Date, at func(*T) *Interval) (out []Change[T]) {
	for _, row := range list {
		i := at(&row)
		if i.To != "" && i.To <= on {
			continue
		}
		after := row
		at(&after).To = max(on, i.From)
		out = append(out, Change[T]{Old: &row, New: &after})
	}
	return out
}
