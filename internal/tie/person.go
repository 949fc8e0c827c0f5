package tie

import (
	"maps"
	"slices"
	"yunchou/internal/calendar"
)

// person is one who is asked for, with who knows him: by name, at one remove, and those who are not named.
type person struct {
	*asking
	Person
	named, beside, hidden map[string]Way
	avoid                 map[string]bool
}

func (p *person) way(kind, member string) Way {
	w := Way{Way: kind, MemberID: member, Own: member == p.me, Boss: p.boss[member], to: p.ID}
	if p.Seen {
		w.ContactID = p.ID
	}
	return w
}

// add keeps the nearest way of a colleague.
func add(to map[string]Way, w Way) {
	if was, there := to[w.MemberID]; !there || near(w, was) < 0 {
		to[w.MemberID] = w
	}
}

func (p *person) byTies(ties []Tie) {
	for _, t := range ties {
		if t.ContactID == p.ID && t.FromContactID == "" && t.Avoid {
			p.avoid[t.HolderID] = true
		}
	}
	for _, t := range ties {
		if t.ContactID != p.ID || t.FromContactID != "" || p.gone(t.HolderID) || p.avoid[t.HolderID] {
			continue
		}
		if t.Kind == Rival || t.Visibility == Private && t.HolderID != p.me {
			continue
		}
		w := p.way(ByTie, t.HolderID)
		w.Kind, w.Direction, w.Strength = t.Kind, t.Direction, t.Strength
		w.FromYear, w.ToYear = Span{t.From, t.To}.years()
		if t.readBy(p.me) {
			add(p.named, w)
		} else {
			add(p.hidden, w)
		}
	}
}

func (p *person) byTalks(talks []Talk, seen map[string]bool) {
	named, hidden := map[string]Way{}, map[string]Way{}
	for _, t := range talks {
		into := hidden
		if seen[t.ID] {
			into = named
		}
		w, there := into[t.MemberID]
		if !there {
			w = p.way(Met, t.MemberID)
		}
		w.MetOn, w.Met = max(w.MetOn, t.On), w.Met+1
		into[t.MemberID] = w
	}
	for m, w := range named {
		if tie, there := p.named[m]; there { // what both see stands beside the tie
			tie.MetOn, tie.Met = w.MetOn, w.Met
			p.named[m] = tie
			continue
		}
		p.named[m] = w
	}
	for _, w := range hidden {
		add(p.hidden, w)
	}
}

func (p *person) byPast(ours []MemberPast) {
	for _, o := range ours {
		if p.gone(o.MemberID) || p.avoid[o.MemberID] || p.ID == virtual {
			continue
		}
		for _, his := range p.posts[p.ID] {
			if his.Kind != o.Kind || his.Key != o.Key || !his.stated() || !o.stated() || !his.meets(o.Span) {
				continue
			}
			kind := BySchool
			if o.Kind == Employer {
				kind = ByEmployer
			}
			w := p.way(kind, o.MemberID)
			if w.School = his.Name; kind == ByEmployer {
				w.School, w.Employer = "", his.Name
			}
			w.FromYear, w.ToYear = his.with(o.Span).years()
			if kind == BySchool {
				w.Entered, _ = his.years()
			}
			w.MetOn = ""
			switch {
			case p.Seen && !his.Hidden && (o.Shown || o.MemberID == p.me):
				was, there := p.named[o.MemberID]
				switch {
				case there && was.Way == Met:
					w.MetOn, w.Met = was.MetOn, was.Met
				case there && was.at(w):
					p.named[o.MemberID] = was
				}
				add(p.named, w)
			case o.MemberID != p.me:
				add(p.hidden, w)
			}
		}
	}
}

// through looks at who knows one through whom a way may lead.
func (p *person) through(l link, mid Person, talks []Talk, seen map[string]bool, ties []Tie) {
	if mid.ID == "" {
		return
	}
	kind := func(on calendar.Date) string {
		if l.colleague && on != "" && l.span.has(on) {
			return ColleagueMet
		}
		return Through
	}
	say := func(w Way) {
		w.ThroughContactID, w.ThroughName, w.Employer = mid.ID, mid.Name, l.employer
		add(p.beside, w)
	}
	met := map[string]Way{}
	for _, t := range talks {
		if l.shown && seen[t.ID] {
			w, there := met[t.MemberID]
			if !there {
				w = p.way(Through, t.MemberID)
			}
			w.Met, w.MetOn = w.Met+1, max(w.MetOn, t.On)
			if kind(t.On) == ColleagueMet {
				w.Way = ColleagueMet
			}
			met[t.MemberID] = w
		} else if kind(t.On) == ColleagueMet {
			w := p.way(ColleagueMet, t.MemberID)
			w.MetOn = t.On
			add(p.hidden, w)
		}
	}
	for _, w := range met {
		say(w)
	}
	if !l.shown {
		return
	}
	for _, t := range ties {
		if t.FromContactID == "" && t.ContactID == mid.ID && !t.Avoid && t.Kind != Rival && t.readBy(p.me) && !p.gone(t.HolderID) {
			w := p.way(Through, t.HolderID)
			w.Kind, w.Direction, w.Strength = t.Kind, t.Direction, t.Strength
			say(w)
		}
	}
}

// list is who is named, and one who is not, where there is any beside them.
func (p *person) list() (out []Way, hidden *Way) {
	for m, w := range p.named {
		if !p.avoid[m] || w.Way == Met {
			w.group = direct(w)
			out = append(out, w)
		}
	}
	for m, w := range p.beside {
		if _, there := p.named[m]; !there && !p.avoid[m] {
			w.group = beside
			out = append(out, w)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(p.hidden)) {
		_, named := p.named[m]
		_, beside := p.beside[m]
		w := p.hidden[m]
		if m == p.me || named || p.avoid[m] || beside && w.Way == ColleagueMet {
			continue
		}
		if hidden == nil || near(w, *hidden) < 0 {
			hidden = &w
		}
	}
	if hidden != nil {
		one := p.way(Someone, "")
		one.Own, one.Boss, one.group, one.hidden = false, false, someoneNext, hidden.MemberID
		hidden = &one
	}
	return out, hidden
}

func (p *person) predecessor(b Before, out *[]Way) error {
	if !p.Seen || b.Attitude < 1 {
		return nil
	}
	there, err := p.s.people(p.ctx, p.tx, p.a, map[string]bool{b.ContactID: true})
	if err != nil || !there[b.ContactID].Seen {
		return err
	}
	w := p.way(Predecessor, "")
	w.Own, w.Boss, w.group, w.ThroughContactID, w.ThroughName, w.Strength = false, false, predecessors, b.ContactID, there[b.ContactID].Name, b.Attitude
	*out = append(*out, w)
	return nil
}
