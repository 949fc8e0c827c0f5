package engine

import (
	"context"
	"sync/atomic"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

type countKey struct {
	key                                     symbol
	month                                   month
	noRate                                  symbol
	state                                   uint8
	inCreated, inClosed, dated, closedDated bool
}

func (k countKey) hash() uint64 {
	return uint64(k.key)<<32 ^ uint64(k.noRate)<<24 ^ uint64(k.month)<<8 ^ uint64(k.state)<<4 ^ bit(k.inCreated)<<3 ^ bit(k.inClosed)<<2 ^ bit(k.dated)<<1 ^ bit(k.closedDated)
}

// Counts implements funnel.Source.
func (s *session) Counts(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Count, error) {
	counted := scan(s, present, func(d *deal, sums *table[countKey]) {
		k := countKey{state: d.state, inCreated: s.within(d.startOn), inClosed: s.within(d.stateOn), dated: d.startOn != unknown, closedDated: d.stateOn != unknown}
		if d.state != open && !k.inCreated && !k.inClosed && k.dated && k.closedDated {
			return // begun and ended outside the window
		}
		rate := s.rate(d)
		k.noRate = noRate(d, rate)
		s.keys(q.Group, d, func(key symbol, month month, minor int64) {
			k.key, k.month = key, month
			s.add(sums.at(k), d, minor, rate)
		})
	})
	list := make([]funnel.Count, 0, counted.used)
	counted.all(func(k countKey, t *total) {
		list = append(list, funnel.Count{Key: s.keyText(k.key, k.month), State: states[k.state], InCreated: k.inCreated, InClosed: k.inClosed, Dated: k.dated, ClosedDated: k.closedDated, N: t.n, Sum: s.sum(t, k.noRate)})
	})
	return list, nil
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
func (s *session) Cycles(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Cycled, error) {
	counted := scan(s, closed, func(d *deal, sums *table[cycleKey]) {
		if !s.within(d.stateOn) {
			return
		}
		k := cycleKey{state: d.state, days: between(d.startOn, d.stateOn)}
		s.keys(q.Group, d, func(key symbol, month month, _ int64) {
			k.key, k.month = key, month
			sums.at(k).n++
		})
	})
	list := make([]funnel.Cycled, 0, counted.used)
	counted.all(func(k cycleKey, t *total) {
		list = append(list, funnel.Cycled{Key: s.keyText(k.key, k.month), State: states[k.state], Known: k.days >= 0, Days: int(max(k.days, 0)), N: t.n})
	})
	return list, nil
}

// between is the days from one to another, -1 where one is unknown or the last lies
// before the first.
func between(from, to day) int32 {
	if from == unknown || to < from {
		return -1
	}
	return int32(to) - int32(from)
}

type openKey struct {
	stage      stageNumber
	month      month
	overdue    bool
	noRate     symbol
	confidence int16
}

func (k openKey) hash() uint64 {
	return uint64(k.stage)<<48 ^ uint64(k.month)<<32 ^ uint64(k.noRate)<<18 ^ bit(k.overdue)<<17 ^ uint64(uint16(k.confidence))
}

// Open implements funnel.Source.
func (s *session) Open(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.OpenSum, error) {
	counted := scan(s, ongoing, func(d *deal, sums *table[openKey]) {
		if d.stage == 0 {
			return
		}
		rate := s.rate(d)
		expected := d.c.expected.at(d.i)
		s.add(sums.at(openKey{d.stage, monthOf(expected), expected != unknown && expected < s.asOf, noRate(d, rate), d.c.confidence.at(d.i)}), d, d.c.amount.at(d.i), rate)
	})
	list := make([]funnel.OpenSum, 0, counted.used)
	counted.all(func(k openKey, t *total) {
		o := funnel.OpenSum{StageID: s.snapshot.stages[k.stage], Month: k.month.text(), Overdue: k.overdue, N: t.n, Sum: s.sum(t, k.noRate)}
		if k.confidence >= 0 {
			bp := int64(k.confidence)
			o.ConfidenceBP = &bp
		}
		list = append(list, o)
	})
	return list, nil
}

// lostFrom is the open stage a lost deal stood in last, 0 where the path is unknown.
func (d *deal) lostFrom() stageNumber {
	stays := d.stays()
	for n := len(stays) - 1; n >= 0; n-- {
		if stays[n].state() == open {
			return stays[n].stage
		}
	}
	return 0
}

// unknownLoss is the kind of a loss nobody gave one.
const unknownLoss = "unknown"

type lossKey struct {
	kind, competitor, noRate symbol
	stage                    stageNumber
}

func (k lossKey) hash() uint64 {
	return uint64(k.kind)<<48 ^ uint64(k.competitor)<<28 ^ uint64(k.stage)<<8 ^ uint64(k.noRate)
}

// Losses implements funnel.Source.
func (s *session) Losses(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.LossSum, error) {
	counted := scan(s, losses, func(d *deal, sums *table[lossKey]) {
		if !s.within(d.stateOn) {
			return
		}
		rate := s.rate(d)
		s.add(sums.at(lossKey{d.c.lossKind.at(d.i), d.c.competitor.at(d.i), noRate(d, rate), d.lostFrom()}), d, d.c.amount.at(d.i), rate)
	})
	list := make([]funnel.LossSum, 0, counted.used)
	counted.all(func(k lossKey, t *total) {
		kind := s.text[k.kind]
		if kind == "" {
			kind = unknownLoss
		}
		list = append(list, funnel.LossSum{Kind: kind, CompetitorID: s.text[k.competitor], Competitor: s.around.competitors[k.competitor], StageID: s.snapshot.stages[k.stage], N: t.n, Sum: s.sum(t, k.noRate)})
	})
	return list, nil
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
func (s *session) Rivals(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.RivalSum, error) {
	counted := scan(s, closed, func(d *deal, sums *table[rivalKey]) {
		if !s.within(d.stateOn) {
			return
		}
		rate := s.rate(d)
		rivals := d.c.rivals.at(d.i)
		if len(rivals) == 0 {
			rivals = noRival
		}
		for _, c := range rivals {
			s.add(sums.at(rivalKey{c, noRate(d, rate), d.state, d.state == lost && c != 0 && c == d.c.competitor.at(d.i)}), d, d.amount(), rate)
		}
	})
	list := make([]funnel.RivalSum, 0, counted.used)
	counted.all(func(k rivalKey, t *total) {
		list = append(list, funnel.RivalSum{CompetitorID: s.text[k.rival], Competitor: s.around.competitors[k.rival], State: states[k.state], LostTo: k.lostTo, N: t.n, Sum: s.sum(t, k.noRate)})
	})
	return list, nil
}

// noRival is the competitors of a deal that names none.
var noRival = []symbol{0}

// MultiProduct implements funnel.Source.
func (s *session) MultiProduct(_ context.Context, _ database.Tx, _ funnel.Query) (int64, error) {
	var n atomic.Int64
	sweep(s, present, func() (func(d *deal), func()) {
		var mine int64
		return func(d *deal) {
			if len(d.c.lines.at(d.i)) > 1 {
				mine++
			}
		}, func() { n.Add(mine) }
	})
	return n.Load(), nil
}
