package engine

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

type countKey struct {
	key                                     symbol
	month                                   month
	noRate                                  symbol
	state                                   uint8
	inCreated, inClosed, dated, closedDated bool
	unlike, pathless                        bool
}

func (k countKey) hash() uint64 {
	return uint64(k.key)<<32 ^ uint64(k.noRate)<<24 ^ uint64(k.month)<<8 ^ uint64(k.state)<<4 ^
		bit(k.inCreated)<<3 ^ bit(k.inClosed)<<2 ^ bit(k.dated)<<1 ^ bit(k.closedDated) ^ bit(k.unlike)<<63 ^ bit(k.pathless)<<62
}

// Counts implements funnel.Source.
func (s *session) Counts(ctx context.Context, _ database.Tx, q funnel.Query) (list []funnel.Count, err error) {
	f := tabled[countKey]("counts "+string(q.Group), present, true, func(d *deal, sums *table[countKey]) {
		k := countKey{state: d.state, inCreated: s.within(d.startOn), inClosed: s.within(d.stateOn),
			dated: d.startOn != unknown, closedDated: d.stateOn != unknown, unlike: s.unlike(d)}
		if d.state != open && !k.inCreated && !k.inClosed && k.dated && k.closedDated {
			return // begun and ended outside the window
		}
		k.pathless = (d.state == won || d.state == lost) && s.pathless(d)
		if q.Group == "" { // the whole, which every report asks for
			v := s.worth(d)
			k.noRate = v.noRate
			sums.at(k).add(v.minor)
			return
		}
		s.keys(q.Group, d, func(key symbol, month month, v value) {
			k.key, k.month, k.noRate = key, month, v.noRate
			sums.at(k).add(v.minor)
		})
	})
	err = summed(ctx, s, f, func(of *table[countKey]) {
		list = make([]funnel.Count, 0, of.used)
		of.all(func(k countKey, t *total) {
			list = append(list, funnel.Count{Key: s.keyText(k.key, k.month), State: states[k.state], InCreated: k.inCreated,
				InClosed: k.inClosed, Dated: k.dated, ClosedDated: k.closedDated,
				UnlikeTax: k.unlike, Pathless: k.pathless, N: t.n, Sum: s.sum(t, k.noRate)})
		})
	})
	return list, err
}

type cycleKey struct {
	key   symbol
	month month
	state uint8
	days  int32 // -1 where they cannot be known
}

func (k cycleKey) hash() uint64 {
	return uint64(k.key)<<33 ^ uint64(k.month)<<17 ^ uint64(uint32(k.days))<<1 ^ uint64(k.state)
}

// Cycles implements funnel.Source.
func (s *session) Cycles(ctx context.Context, _ database.Tx, q funnel.Query) (list []funnel.Cycled, err error) {
	f := tabled[cycleKey]("cycles "+string(q.Group), closed, true, func(d *deal, sums *table[cycleKey]) {
		if !s.within(d.stateOn) {
			return
		}
		k := cycleKey{state: d.state, days: between(d.startOn, d.stateOn)}
		if q.Group == "" {
			sums.at(k).n++
			return
		}
		s.keys(q.Group, d, func(key symbol, month month, _ value) {
			k.key, k.month = key, month
			sums.at(k).n++
		})
	})
	err = summed(ctx, s, f, func(of *table[cycleKey]) {
		list = make([]funnel.Cycled, 0, of.used)
		of.all(func(k cycleKey, t *total) {
			list = append(list, funnel.Cycled{Key: s.keyText(k.key, k.month), State: states[k.state], Known: k.days >= 0,
				Days: int(max(k.days, 0)), N: t.n})
		})
	})
	return list, err
}

// between is the days from one to another, -1 where one is unknown or the last lies
// before the first.
func between(from, to day) int32 {
	if from == unknown || to < from {
		return -1
	}
	return int32(to) - int32(from)
}

// lostFrom is the open stage a lost deal stood in last, -1 where it is none of those shown.
func (s *session) lostFrom(d *deal) int16 {
	stays := d.stays()
	for n := len(stays) - 1; n >= 0; n-- {
		if x := &stays[n]; x.since <= s.asOf && x.state() == open {
			return s.place(x.pair).image
		}
	}
	return -1
}

// stageText is the id of a stage by its place, "" of none.
func (s *session) stageText(at int16) string {
	if at < 0 {
		return ""
	}
	return s.path.stages[at]
}

// unknownLoss is the kind of a loss nobody gave one.
const unknownLoss = "unknown"

type lossKey struct {
	kind, competitor, noRate symbol
	stage                    int16
}

func (k lossKey) hash() uint64 {
	return uint64(k.kind)<<48 ^ uint64(k.competitor)<<28 ^ uint64(uint16(k.stage))<<8 ^ uint64(k.noRate)
}

// Losses implements funnel.Source.
func (s *session) Losses(ctx context.Context, _ database.Tx, _ funnel.Query) (list []funnel.LossSum, err error) {
	f := tabled[lossKey]("losses", losses, true, func(d *deal, sums *table[lossKey]) {
		if !s.within(d.stateOn) {
			return
		}
		v := s.worth(d)
		kind, competitor := s.loss(d)
		sums.at(lossKey{kind, competitor, v.noRate, s.lostFrom(d)}).add(v.minor)
	})
	err = summed(ctx, s, f, func(of *table[lossKey]) {
		list = make([]funnel.LossSum, 0, of.used)
		of.all(func(k lossKey, t *total) {
			list = append(list, funnel.LossSum{Kind: s.kindText(k.kind), CompetitorID: s.text[k.competitor],
				Competitor: s.around.competitors[k.competitor], StageID: s.stageText(k.stage), N: t.n, Sum: s.sum(t, k.noRate)})
		})
	})
	return list, err
}

func (s *session) kindText(kind symbol) string {
	if kind == 0 {
		return unknownLoss
	}
	return s.text[kind]
}

type rivalKey struct {
	rival, noRate symbol
	state         uint8
	lostTo        bool
}

func (k rivalKey) hash() uint64 {
	return uint64(k.rival)<<24 ^ uint64(k.noRate)<<4 ^ uint64(k.state)<<1 ^ bit(k.lostTo)
}

// Rivals implements funnel.Source.
func (s *session) Rivals(ctx context.Context, _ database.Tx, _ funnel.Query) (list []funnel.RivalSum, err error) {
	f := tabled[rivalKey]("rivals", closed, true, func(d *deal, sums *table[rivalKey]) {
		if !s.within(d.stateOn) {
			return
		}
		v := s.worth(d)
		s.rivals(d, func(c symbol, lostTo bool) { sums.at(rivalKey{c, v.noRate, d.state, lostTo}).add(v.minor) })
	})
	err = summed(ctx, s, f, func(of *table[rivalKey]) {
		list = make([]funnel.RivalSum, 0, of.used)
		of.all(func(k rivalKey, t *total) {
			list = append(list, funnel.RivalSum{CompetitorID: s.text[k.rival], Competitor: s.around.competitors[k.rival],
				State: states[k.state], LostTo: k.lostTo, N: t.n, Sum: s.sum(t, k.noRate)})
		})
	})
	return list, err
}

type againstKey struct {
	key         symbol
	month       month
	state       uint8
	stage       int16
	met, lostTo bool
}

func (k againstKey) hash() uint64 {
	return uint64(k.key)<<32 ^ uint64(k.month)<<20 ^ uint64(uint16(k.stage))<<4 ^ uint64(k.state)<<2 ^ bit(k.met)<<1 ^ bit(k.lostTo)
}

// Against implements funnel.Source.
func (s *session) Against(ctx context.Context, _ database.Tx, q funnel.Query, competitor string) (list []funnel.AgainstCount, err error) {
	it, known := s.rival(competitor)
	f := tabled[againstKey]("against "+competitor+" "+string(q.Group), closed, true, func(d *deal, sums *table[againstKey]) {
		if !s.within(d.stateOn) {
			return
		}
		k := againstKey{state: d.state, stage: -1}
		if d.state == lost {
			k.stage = s.lostFrom(d)
		}
		s.rivals(d, func(c symbol, lostTo bool) {
			if known && c == it {
				k.met, k.lostTo = true, k.lostTo || lostTo
			}
		})
		if q.Group == "" {
			sums.at(k).n++
			return
		}
		s.keys(q.Group, d, func(key symbol, month month, _ value) {
			k.key, k.month = key, month
			sums.at(k).n++
		})
	})
	err = summed(ctx, s, f, func(of *table[againstKey]) {
		list = make([]funnel.AgainstCount, 0, of.used)
		of.all(func(k againstKey, t *total) {
			list = append(list, funnel.AgainstCount{Key: s.keyText(k.key, k.month), State: states[k.state],
				StageID: s.stageText(k.stage), Met: k.met, LostTo: k.lostTo, N: t.n})
		})
	})
	return list, err
}

// rival is the competitor of an id, as it is read.
func (s *session) rival(id string) (symbol, bool) {
	for c := range s.around.competitors {
		if s.text[c] == id {
			return s.sameRival(c), true
		}
	}
	return 0, false
}

// rivals calls do with each competitor that was present: those named, as today, and the
// one the closing names; 0 where there is none.
func (s *session) rivals(d *deal, do func(c symbol, lostTo bool)) {
	named := d.c.rivals.at(d.i)
	_, against := s.loss(d)
	if len(s.around.same) > 0 {
		named = s.readAs(named)
	}
	for _, c := range named {
		do(c, d.state == lost && c == against)
	}
	if (against != 0 || len(named) == 0) && !slices.Contains(named, against) {
		do(against, d.state == lost && against != 0)
	}
}

// readAs are the competitors that spellings are, each once.
func (s *session) readAs(named []symbol) []symbol {
	out := make([]symbol, 0, len(named))
	for _, c := range named {
		if as := s.sameRival(c); !slices.Contains(out, as) {
			out = append(out, as)
		}
	}
	return out
}

func (s *session) sameRival(c symbol) symbol {
	if as, spelling := s.around.same[c]; spelling {
		return as
	}
	return c
}
