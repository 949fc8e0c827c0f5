package engine

import "slices"

// pick is an opportunity of a chunk as of a day: what every measure asks of it.
type pick struct {
	place            uint16 // in the chunk
	pair             pair   // where it stands
	stateOn, startOn day
	// latest is the last day of any stay; forever where a day is unknown or they do not follow
	// one another, so that no window passes it over.
	latest day
}

// picks are a chunk's opportunities in one pipeline, by state, so that a measure of
// what is open reads only what is open. They lie as the columns do: in another order, by their
// latest day, a scan would jump about in the chunk, which takes three times as long.
type picks [out + 1][]pick

// kept is what filter and attribution keep of a chunk's picks. They lie at some places, in order, or
// anywhere; the list of places is written over.
func (s *session) kept(c *chunk, all *picks, at []uint16) *picks {
	each := s.keep != nil || s.dated != nil || s.credited != nil
	if !each && s.only == nil {
		return all
	}
	var kept picks
	var in [chunkSize]bool
	if s.keep != nil {
		var r room
		if at == nil {
			at = r.all(c)
		}
		for _, i := range s.keep(c, at) {
			in[i] = true
		}
	}
	for state, list := range all {
		d := deal{c: c, state: uint8(state)}
		switch last := d.state != out && s.only != nil; {
		case last && !s.only[state]:
			continue
		case !each && (last || s.only == nil):
			kept[state] = list
			continue
		}
		kept[state] = make([]pick, 0, len(list))
		for _, p := range list {
			if s.keep != nil && !in[p.place] {
				continue
			}
			d.at(p)
			if (s.only == nil || s.only[s.lastState(&d)]) && s.holds(&d) && (s.credited == nil || s.credited.to(s, &d)) {
				kept[state] = append(kept[state], p)
			}
		}
	}
	return &kept
}

// latestOf is all of a chunk from the last day of its facts on: kept with the chunk, for the
// next question of the same pipeline.
func (s *session) latestOf(c *chunk) *picks {
	all, known := c.now.Load(s.pipeline)
	if !known {
		all, _ = c.now.LoadOrStore(s.pipeline, s.sorted(c, every[:len(c.id)], c.last))
	}
	return all.(*picks)
}

// everyone is all of a chunk on the report's date.
func (s *session) everyone(n int) *picks {
	c := s.chunks[n]
	if s.asOf >= c.last {
		return s.latestOf(c)
	}
	return s.sorted(c, every[:len(c.id)], s.asOf)
}

// countable is everyone on the report's date but for what closed before anything counts.
func (s *session) countable(n int) *picks {
	c := s.chunks[n]
	if s.asOf >= c.last || s.before == unknown {
		return s.everyone(n)
	}
	var r room
	at := r[:0]
	for state, list := range s.latestOf(c) {
		closed := uint8(state) != open && uint8(state) != out // what was deleted since was there then
		for _, p := range list {
			if !closed || p.latest >= s.before {
				at = append(at, p.place)
			}
		}
	}
	slices.Sort(at)
	return s.sorted(c, at, s.asOf)
}

// sorted sorts some of a chunk's opportunities that are or were in the pipeline by their state
// on a day.
func (s *session) sorted(c *chunk, at []uint16, on day) *picks {
	list, in, count := make([]pick, 0, len(at)), make([]uint8, 0, len(at)), [out + 1]int{}
	for _, i := range at {
		p, state, ok := s.stateOn(c, int(i), on)
		if !ok {
			continue
		}
		list, in = append(list, p), append(in, state)
		count[state]++
	}
	var by picks
	room := make([]pick, len(list))
	for state, n := range count {
		by[state], room = room[:0:n], room[n:]
	}
	for k, p := range list {
		by[in[k]] = append(by[in[k]], p)
	}
	return &by
}

// stateOn is the state of an opportunity on a day: that of its last stay which was there;
// out where it was deleted, or moved to another pipeline. Not ok is one that was not
// there yet, or never in the pipeline.
func (s *session) stateOn(c *chunk, i int, on day) (p pick, state uint8, ok bool) {
	stays := c.stays.at(i)
	last, began, latest := -1, unknown, unknown
	for k := range stays {
		x := &stays[k]
		if x.since > on {
			continue
		}
		last, ok = k, ok || s.place(x.pair).here
		e := x.entered()
		if e != unknown && x.state() == open && (began == unknown || e < began) {
			began = e
		}
		if e == unknown || e < latest {
			latest = forever
		} else {
			latest = max(latest, e)
		}
	}
	if !ok {
		return p, 0, false
	}
	x := &stays[last]
	p = pick{uint16(i), x.pair, x.entered(), c.created.at(i), latest}
	if p.startOn == unknown {
		p.startOn = began
	}
	if p.startOn == unknown || p.startOn > latest {
		p.latest = forever
	}
	if state = x.state(); !s.place(x.pair).here || c.deletedOn(i, on) {
		state = out
	}
	return p, state, true
}

// deal is a pick in its chunk, with the state it is in, and what figures found of it.
type deal struct {
	pick
	state uint8
	c     *chunk
	i     int

	priced, walked bool // its value and its reaches are known
	worth          value
	reached        reached
}

// at makes it another one of its chunk and state.
func (d *deal) at(p pick) {
	d.pick, d.i, d.priced, d.walked = p, int(p.place), false, false
}

func (d *deal) stays() []stay { return d.c.stays.at(d.i) }

// isClosed tells whether it is as it was closed: won, lost or withdrawn.
func (d *deal) isClosed() bool { return d.state == won || d.state == lost || d.state == withdrawn }

// on is the day whose facts count: of closing, or of the report for what is open or was
// taken out. What closed on an unknown day counts from the day it was written down.
func (s *session) on(d *deal) day {
	switch {
	case !d.isClosed():
		return s.asOf
	case d.stateOn != unknown:
		return d.stateOn
	}
	return d.stays()[s.lastStay(d)].since
}

// lastStay is the place of the stay a deal is in.
func (s *session) lastStay(d *deal) int {
	stays := d.stays()
	for k := len(stays) - 1; k >= 0; k-- {
		if stays[k].since <= s.asOf {
			return k
		}
	}
	return -1
}

// next is the stay after one, on the report's date: entering it is leaving this. It is nil
// where this goes on.
func (s *session) next(stays []stay, k int) *stay {
	for k++; k < len(stays); k++ {
		if stays[k].since <= s.asOf {
			return &stays[k]
		}
	}
	return nil
}

// closing is the facts of the closing a deal is in, nil where the columns say them.
func (s *session) closing(d *deal) *closing {
	list := d.c.closings.at(d.i)
	if len(list) == 0 {
		return nil
	}
	at := uint16(s.lastStay(d))
	for k := range list {
		if list[k].stay == at {
			return &list[k]
		}
	}
	return nil
}

// amount is what a deal is worth, and in which currency: of what is open the amount of the
// day; of what is closed the closing's, the contract once won.
func (s *session) amount(d *deal) (minor int64, currency symbol) {
	if !d.isClosed() {
		return d.c.amountOn(d.i, s.asOf), d.c.currencyOn(d.i, s.asOf)
	}
	amount, contract, currency := int64(0), int64(0), symbol(0)
	if x := s.closing(d); x != nil {
		amount, contract, currency = x.amount, x.contract, x.currency
	} else {
		amount, contract, currency = d.c.amount.at(d.i), d.c.contract.at(d.i), d.c.currency.at(d.i)
	}
	if d.state == won && contract != nothing {
		return contract, currency
	}
	return amount, currency
}

// loss is why a lost deal was lost, and to whom.
func (s *session) loss(d *deal) (kind, competitor symbol) {
	if x := s.closing(d); x != nil {
		return x.kind, s.sameRival(x.competitor)
	}
	return d.c.lossKind.at(d.i), s.sameRival(d.c.competitor.at(d.i))
}
