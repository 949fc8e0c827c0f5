package engine

import (
	"context"
	"math"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/pipeline"
)

// keys calls add with each group a deal is in and its amount there: one, but for
// product lines.
func (s *session) keys(by funnel.GroupBy, d *deal, add func(key symbol, month month, minor int64)) {
	c, i := d.c, d.i
	switch by {
	case funnel.ByOwner:
		add(s.ownerOn(d), 0, d.amount())
	case funnel.ByTeam:
		add(s.teamOn(s.ownerOn(d), d.groupOn), 0, d.amount())
	case funnel.ByProduct:
		lines := c.lines.at(i)
		for _, l := range lines {
			minor := l.minor
			if c.amount.at(i) == nothing {
				minor = d.amount()
			}
			add(l.product, 0, minor)
		}
		if len(lines) == 0 {
			add(0, 0, d.amount())
		}
	case funnel.ByRegion:
		add(c.region.at(i), 0, d.amount())
	case funnel.BySource:
		add(c.source.at(i), 0, d.amount())
	case funnel.ByIndustry:
		add(c.industry.at(i), 0, d.amount())
	case funnel.ByClass:
		add(c.class.at(i), 0, d.amount())
	case funnel.ByMonth:
		add(0, monthOf(d.startOn), d.amount())
	default:
		add(0, 0, d.amount())
	}
}

// month numbers a month, 0 for an unknown day.
type month = uint16

func monthOf(d day) month {
	if d == unknown {
		return 0
	}
	t := dateOf(d).Time()
	return month(t.Year()*12 + int(t.Month()))
}

// keyText is the group's key as the funnel names it.
func (s *session) keyText(key symbol, month month) string {
	if month == 0 {
		return s.text[key]
	}
	y, m := (int(month)-1)/12, (int(month)-1)%12+1
	return string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-', byte('0' + m/10), byte('0' + m%10)})
}

// ownerOn is who owned a deal on its day.
func (s *session) ownerOn(d *deal) symbol {
	list := d.c.owners.at(d.i)
	for k := len(list) - 1; k >= 0; k-- {
		if w := list[k]; w.from <= d.groupOn && (w.to == unknown || d.groupOn < w.to) {
			if w.member != 0 {
				return w.member
			}
			break
		}
	}
	return d.c.owner.at(d.i)
}

// teamOn is the team of a member's main seat on a day.
func (s *session) teamOn(member symbol, on day) symbol {
	for _, x := range s.around.seats[member] { // newest first
		if x.from <= on && (x.to == unknown || on < x.to) {
			return x.team
		}
	}
	return 0
}

type countKey struct {
	key                                     symbol
	month                                   month
	noRate                                  symbol
	state                                   uint8
	inCreated, inClosed, dated, closedDated bool
}

// Counts implements funnel.Source.
func (s *session) Counts(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Count, error) {
	sums := scan(s, func(d *deal, counter func(countKey) *total) {
		if d.state == out {
			return
		}
		rate := s.rate(d)
		k := countKey{noRate: noRate(d, rate), state: d.state, inCreated: s.within(d.startOn), inClosed: s.within(d.stateOn), dated: d.startOn != unknown, closedDated: d.stateOn != unknown}
		s.keys(q.Group, d, func(key symbol, month month, minor int64) {
			k.key, k.month = key, month
			s.add(counter(k), d, minor, rate)
		})
	})
	list := make([]funnel.Count, 0, len(sums))
	for k, t := range sums {
		list = append(list, funnel.Count{Key: s.keyText(k.key, k.month), State: states[k.state], InCreated: k.inCreated, InClosed: k.inClosed, Dated: k.dated, ClosedDated: k.closedDated, N: t.n, Sum: s.sum(t, k.noRate)})
	}
	return list, nil
}

type cycleKey struct {
	key      symbol
	month    month
	state    uint8
	from, to day
}

// CycleDates implements funnel.Source.
func (s *session) CycleDates(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.CycleDates, error) {
	sums := scan(s, func(d *deal, counter func(cycleKey) *total) {
		if d.state != won && d.state != lost || !s.within(d.stateOn) {
			return
		}
		s.keys(q.Group, d, func(key symbol, month month, _ int64) {
			counter(cycleKey{key, month, d.state, d.startOn, d.stateOn}).n++
		})
	})
	list := make([]funnel.CycleDates, 0, len(sums))
	for k, t := range sums {
		list = append(list, funnel.CycleDates{Key: s.keyText(k.key, k.month), State: states[k.state], From: dateOf(k.from), To: dateOf(k.to), N: t.n})
	}
	return list, nil
}

// rung is one stage of the path of a question: the open stages in order, then won.
type rung struct {
	id       string
	stage    stageNumber
	position int
}

func (s *session) rungs(v pipeline.Version) []rung {
	var open, won []rung
	for _, st := range v.Stages {
		r := rung{st.ID, s.path[st.ID], s.around.stageOf(s.path[st.ID]).position}
		switch st.Kind {
		case pipeline.Open:
			open = append(open, r)
		case pipeline.Won:
			won = append(won, r)
		}
	}
	return append(open, won...)
}

// notReached is the first day of a rung that was never reached; unknown is one that
// was reached on a day nobody knows, and sorts before every known day.
const notReached day = math.MaxUint16

// reach finds the first reach of each rung by entry, or by the jump that passed it,
// and whether the deal stayed in it.
func (s *session) reach(d *deal, rungs []rung, first []day, stayed []bool) {
	for k := range rungs {
		first[k], stayed[k] = notReached, false
	}
	for n := range d.stays {
		x := &d.stays[n]
		at := s.around.stageOf(x.stage)
		if at.pipeline != s.pipeline || !at.counts || x.since > s.asOf {
			continue
		}
		for k := range rungs {
			if rungs[k].position <= at.position {
				first[k] = min(first[k], x.entered())
				stayed[k] = stayed[k] || x.stage == rungs[k].stage
			}
		}
	}
}

// fates, by number.
const (
	advanced uint8 = iota
	wasLost
	stillOpen
	takenOut
)

var fates = []string{"advanced", "lost", "open", "out"}

func fate(d *deal, reachedNext bool) uint8 {
	switch {
	case reachedNext:
		return advanced
	case d.state == out || d.state == withdrawn:
		return takenOut
	case d.state == won:
		return advanced
	case d.state == lost:
		return wasLost
	}
	return stillOpen
}

type reachKey struct {
	rung          int32
	stage         stageNumber // of the lost stage, where rung is -1
	fate          uint8
	dated, stayed bool
}

// Reached implements funnel.Source. The youngest first reach is kept as the counter's
// amount: the largest day, not a sum.
func (s *session) Reached(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Reach, error) {
	rungs := s.rungs(q.Pipeline)
	youngest := func(into, from *total) { into.n, into.minor = into.n+from.n, max(into.minor, from.minor) }
	sums := scanInto(s, youngest, func(d *deal, counter func(reachKey) *total) {
		var firstBuf [64]day
		var stayedBuf [64]bool
		first, stayed := firstBuf[:len(rungs)], stayedBuf[:len(rungs)]
		s.reach(d, rungs, first, stayed)
		for k := range rungs {
			if first[k] == notReached || first[k] != unknown && !s.within(first[k]) {
				continue
			}
			next := k+1 < len(rungs) && first[k+1] != notReached
			t := counter(reachKey{int32(k), 0, fate(d, next), first[k] != unknown, stayed[k]})
			t.n++
			if t.n == 1 || int64(first[k]) > t.minor {
				t.minor = int64(first[k])
			}
		}
		if d.state == lost && d.stage != 0 && s.within(d.stateOn) {
			counter(reachKey{-1, d.stage, wasLost, true, true}).n++
		}
	})
	list := make([]funnel.Reach, 0, len(sums))
	for k, t := range sums {
		r := funnel.Reach{Fate: fates[k.fate], Dated: k.dated, Stayed: k.stayed, N: t.n}
		if k.rung < 0 {
			r.StageID = s.snapshot.stages[k.stage]
		} else {
			r.StageID, r.Youngest = rungs[k.rung].id, dateOf(day(t.minor))
		}
		list = append(list, r)
	}
	return list, nil
}

type stayKey struct {
	stage                      stageNumber
	move                       uint8
	from, to                   day
	forward, inWindow, beganIn bool
}

// Stays implements funnel.Source.
func (s *session) Stays(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.StayDates, error) {
	sums := scan(s, func(d *deal, counter func(stayKey) *total) {
		if d.state == out {
			return
		}
		for n := range d.stays {
			x := &d.stays[n]
			if x.state() != open || x.since > s.asOf || s.around.stageOf(x.stage).pipeline != s.pipeline {
				continue
			}
			left := x.left
			if left > s.asOf {
				left = unknown
			}
			entered, forward := x.entered(), x.leftMove() == advance || x.leftMove() == skip || x.leftMove() == win
			counter(stayKey{x.stage, x.move(), entered, left, forward, left != unknown && s.within(left), s.within(entered)}).n++
		}
	})
	list := make([]funnel.StayDates, 0, len(sums))
	for k, t := range sums {
		list = append(list, funnel.StayDates{StageID: s.snapshot.stages[k.stage], From: dateOf(k.from), To: dateOf(k.to), Forward: k.forward, Move: string(moves[k.move]), InWindow: k.inWindow, BeganWindow: k.beganIn, N: t.n})
	}
	return list, nil
}

type openKey struct {
	stage      stageNumber
	noRate     symbol
	confidence int16
}

// Open implements funnel.Source.
func (s *session) Open(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.OpenSum, error) {
	sums := scan(s, func(d *deal, counter func(openKey) *total) {
		if d.state != open || d.stage == 0 {
			return
		}
		rate := s.rate(d)
		s.add(counter(openKey{d.stage, noRate(d, rate), d.c.confidence.at(d.i)}), d, d.c.amount.at(d.i), rate)
	})
	list := make([]funnel.OpenSum, 0, len(sums))
	for k, t := range sums {
		o := funnel.OpenSum{StageID: s.snapshot.stages[k.stage], N: t.n, Sum: s.sum(t, k.noRate)}
		if k.confidence >= 0 {
			bp := int64(k.confidence)
			o.ConfidenceBP = &bp
		}
		list = append(list, o)
	}
	return list, nil
}

type qualifiedKey struct {
	noRate   symbol
	from, to day
	state    uint8
	inWindow bool
}

// Qualified implements funnel.Source.
func (s *session) Qualified(_ context.Context, _ database.Tx, q funnel.Query, stage string) ([]funnel.QualifiedSum, error) {
	rungs := s.rungs(q.Pipeline)
	at := 0
	for k := range rungs {
		if rungs[k].id == stage {
			at = k
		}
	}
	sums := scan(s, func(d *deal, counter func(qualifiedKey) *total) {
		if d.state > lost {
			return
		}
		var first [1]day
		var stayed [1]bool
		s.reach(d, rungs[at:at+1], first[:], stayed[:])
		if first[0] == notReached {
			return
		}
		rate := s.rate(d)
		s.add(counter(qualifiedKey{noRate(d, rate), first[0], d.stateOn, d.state, d.state != open && s.within(d.stateOn)}), d, d.amount(), rate)
	})
	list := make([]funnel.QualifiedSum, 0, len(sums))
	for k, t := range sums {
		list = append(list, funnel.QualifiedSum{State: states[k.state], InWindow: k.inWindow, From: dateOf(k.from), To: dateOf(k.to), N: t.n, Sum: s.sum(t, k.noRate)})
	}
	return list, nil
}

// lostFrom is the open stage a lost deal stood in last, 0 where the path is unknown.
func (d *deal) lostFrom() stageNumber {
	for n := len(d.stays) - 1; n >= 0; n-- {
		if d.stays[n].state() == open {
			return d.stays[n].stage
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

// Losses implements funnel.Source.
func (s *session) Losses(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.LossSum, error) {
	sums := scan(s, func(d *deal, counter func(lossKey) *total) {
		if d.state != lost || !s.within(d.stateOn) {
			return
		}
		rate := s.rate(d)
		s.add(counter(lossKey{d.c.lossKind.at(d.i), d.c.competitor.at(d.i), noRate(d, rate), d.lostFrom()}), d, d.c.amount.at(d.i), rate)
	})
	list := make([]funnel.LossSum, 0, len(sums))
	for k, t := range sums {
		kind := s.text[k.kind]
		if kind == "" {
			kind = unknownLoss
		}
		list = append(list, funnel.LossSum{Kind: kind, CompetitorID: s.text[k.competitor], Competitor: s.around.competitors[k.competitor], StageID: s.snapshot.stages[k.stage], N: t.n, Sum: s.sum(t, k.noRate)})
	}
	return list, nil
}

// MultiProduct implements funnel.Source.
func (s *session) MultiProduct(_ context.Context, _ database.Tx, _ funnel.Query) (int64, error) {
	sums := scan(s, func(d *deal, counter func(bool) *total) {
		if d.state != out && len(d.c.lines.at(d.i)) > 1 {
			counter(true).n++
		}
	})
	if t := sums[true]; t != nil {
		return t.n, nil
	}
	return 0, nil
}

// Resolved implements funnel.Source: over the whole company and all time, whoever asks.
func (s *session) Resolved(_ context.Context, _ database.Tx, _, _ string) ([]funnel.ResolvedCount, error) {
	var path []rung
	for stage, at := range s.around.stage {
		if at.pipeline == s.pipeline && at.isOpen {
			path = append(path, rung{stage: stageNumber(stage), position: at.position})
		}
	}
	list := make([]funnel.ResolvedCount, len(path))
	for _, c := range s.chunks {
		for i := range c.id {
			state := c.state.at(i)
			if c.pipeline.at(i) != s.pipeline || c.deleted.at(i) || state != won && state != lost {
				continue
			}
			farthest := -1
			for _, x := range c.stays.at(i) {
				if at := s.around.stageOf(x.stage); at.pipeline == s.pipeline && at.counts {
					farthest = max(farthest, at.position)
				}
			}
			for k := range path {
				if path[k].position > farthest {
					continue
				}
				if state == won {
					list[k].Won++
				} else {
					list[k].Lost++
				}
			}
		}
	}
	for k := range path {
		list[k].StageID = s.snapshot.stages[path[k].stage]
	}
	return list, nil
}
