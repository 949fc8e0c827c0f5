package engine

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

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
type month uint16

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
	return month.text()
}

// text is "2026-11", "" for an unknown month.
func (m month) text() string {
	if m == 0 {
		return ""
	}
	y, n := (int(m)-1)/12, (int(m)-1)%12+1
	return string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-', byte('0' + n/10), byte('0' + n%10)})
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

func (k countKey) hash() uint64 {
	return uint64(k.key)<<32 ^ uint64(k.noRate)<<24 ^ uint64(k.month)<<8 ^ uint64(k.state)<<4 ^ bit(k.inCreated)<<3 ^ bit(k.inClosed)<<2 ^ bit(k.dated)<<1 ^ bit(k.closedDated)
}

// Counts implements funnel.Source.
func (s *session) Counts(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Count, error) {
	counted := scan(s, func(d *deal, sums *table[countKey]) {
		if d.state == out {
			return
		}
		rate := s.rate(d)
		k := countKey{noRate: noRate(d, rate), state: d.state, inCreated: s.within(d.startOn), inClosed: s.within(d.stateOn), dated: d.startOn != unknown, closedDated: d.stateOn != unknown}
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
	key      symbol
	month    month
	state    uint8
	from, to day
}

func (k cycleKey) hash() uint64 {
	return uint64(k.key)<<33 ^ uint64(k.from)<<17 ^ uint64(k.to)<<1 ^ uint64(k.state)
}

// CycleDates implements funnel.Source.
func (s *session) CycleDates(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.CycleDates, error) {
	counted := scan(s, func(d *deal, sums *table[cycleKey]) {
		if d.state != won && d.state != lost || !s.within(d.stateOn) {
			return
		}
		s.keys(q.Group, d, func(key symbol, month month, _ int64) {
			sums.at(cycleKey{key, month, d.state, d.startOn, d.stateOn}).n++
		})
	})
	list := make([]funnel.CycleDates, 0, counted.used)
	counted.all(func(k cycleKey, t *total) {
		list = append(list, funnel.CycleDates{Key: s.keyText(k.key, k.month), State: states[k.state], From: dateOf(k.from), To: dateOf(k.to), N: t.n})
	})
	return list, nil
}

// rung is one stage of the path of a question: the open stages in order, then won.
type rung struct {
	id       string
	stage    stageNumber
	position int
}

// ladder is some rungs in a row, and how far each stage stands up them.
type ladder struct {
	rungs  []rung
	height []height // by number of stage
}

// height of a stage: the rungs up to top have been reached by whoever entered it, and
// own, where it is one of them, is its own rung.
type height struct{ top, own int8 }

// rungs is the path of the version in force. Its positions ascend, and a stage that is
// gone keeps the one it had.
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

func (s *session) ladder(rungs []rung) ladder {
	l := ladder{rungs, make([]height, len(s.around.stage))}
	for n, at := range s.around.stage {
		l.height[n].own = -1
		if at.pipeline != s.pipeline || !at.counts {
			continue
		}
		for k, r := range rungs {
			if r.position <= at.position {
				l.height[n].top = int8(k + 1)
			}
			if r.stage == stageNumber(n) {
				l.height[n].own = int8(k)
			}
		}
	}
	return l
}

// notReached is the first day of a rung that was never reached; unknown is one that
// was reached on a day nobody knows, and sorts before every known day.
const notReached day = math.MaxUint16

// maxRungs is the most stages of a path; design.md allows 60 over all versions.
const maxRungs = 64

// reached is the first reach of each rung, by entry or by the jump that passed it, and
// whether the deal stayed in it.
type reached struct {
	first  [maxRungs]day
	stayed [maxRungs]bool
}

func (s *session) reach(d *deal, l *ladder, r *reached) {
	for k := range l.rungs {
		r.first[k], r.stayed[k] = notReached, false
	}
	for n := range d.stays {
		x := &d.stays[n]
		if int(x.stage) >= len(l.height) || x.since > s.asOf {
			continue
		}
		h := l.height[x.stage]
		entered := x.entered()
		for k := range h.top {
			r.first[k] = min(r.first[k], entered)
		}
		if h.own >= 0 {
			r.stayed[h.own] = true
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

// cell counts the deals of one rung and one fate, and keeps their youngest first reach.
type cell struct {
	n        int64
	youngest day
}

// cells are the counters of one worker: by rung, fate, whether the first reach is
// dated, and whether the deal stayed. So few that they need no table.
type cells struct {
	of   [maxRungs][takenOut + 1][2][2]cell
	lost map[stageNumber]int64 // the lost stages, which are reached by being lost
	r    reached
}

// Reached implements funnel.Source.
func (s *session) Reached(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.Reach, error) {
	path := s.ladder(s.rungs(q.Pipeline))
	all, mu := &cells{lost: map[stageNumber]int64{}}, sync.Mutex{}
	sweep(s, func() (func(d *deal), func()) {
		mine := &cells{lost: map[stageNumber]int64{}}
		return func(d *deal) { s.countReach(d, &path, mine) }, func() {
			mu.Lock()
			defer mu.Unlock()
			all.merge(mine)
		}
	})
	var list []funnel.Reach
	for k, rung := range path.rungs {
		for fate, byDated := range all.of[k] {
			for dated, byStayed := range byDated {
				for stayed, c := range byStayed {
					if c.n > 0 {
						list = append(list, funnel.Reach{StageID: rung.id, Fate: fates[fate], Dated: dated == 1, Stayed: stayed == 1, N: c.n, Youngest: dateOf(c.youngest)})
					}
				}
			}
		}
	}
	for stage, n := range all.lost {
		list = append(list, funnel.Reach{StageID: s.stages[stage], Fate: fates[wasLost], Dated: true, Stayed: true, N: n})
	}
	return list, nil
}

// countReach counts a deal in every rung it reached within the window.
func (s *session) countReach(d *deal, path *ladder, mine *cells) {
	r := &mine.r
	s.reach(d, path, r)
	for k := range path.rungs {
		on := r.first[k]
		if on == notReached || on != unknown && !s.within(on) {
			continue
		}
		next := k+1 < len(path.rungs) && r.first[k+1] != notReached
		c := &mine.of[k][fate(d, next)][bit(on != unknown)][bit(r.stayed[k])]
		c.n++
		c.youngest = max(c.youngest, on)
	}
	if d.state == lost && d.stage != 0 && s.within(d.stateOn) {
		mine.lost[d.stage]++
	}
}

func (c *cells) merge(o *cells) {
	for k := range c.of {
		for fate := range c.of[k] {
			for i := range 4 {
				into, from := &c.of[k][fate][i/2][i%2], &o.of[k][fate][i/2][i%2]
				into.n += from.n
				into.youngest = max(into.youngest, from.youngest)
			}
		}
	}
	for stage, n := range o.lost {
		c.lost[stage] += n
	}
}

type stayKey struct {
	stage                      stageNumber
	move                       uint8
	from, to                   day
	forward, inWindow, beganIn bool
}

func (k stayKey) hash() uint64 {
	return uint64(k.stage)<<48 ^ uint64(k.from)<<32 ^ uint64(k.to)<<16 ^ uint64(k.move)<<3 ^ bit(k.forward)<<2 ^ bit(k.inWindow)<<1 ^ bit(k.beganIn)
}

// Stays implements funnel.Source.
func (s *session) Stays(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.StayDates, error) {
	counted := scan(s, func(d *deal, sums *table[stayKey]) {
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
			sums.at(stayKey{x.stage, x.move(), entered, left, forward, left != unknown && s.within(left), s.within(entered)}).n++
		}
	})
	list := make([]funnel.StayDates, 0, counted.used)
	counted.all(func(k stayKey, t *total) {
		list = append(list, funnel.StayDates{StageID: s.snapshot.stages[k.stage], From: dateOf(k.from), To: dateOf(k.to), Forward: k.forward, Move: string(moves[k.move]), InWindow: k.inWindow, BeganWindow: k.beganIn, N: t.n})
	})
	return list, nil
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
	counted := scan(s, func(d *deal, sums *table[openKey]) {
		if d.state != open || d.stage == 0 {
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

type qualifiedKey struct {
	noRate   symbol
	from, to day
	state    uint8
	inWindow bool
}

func (k qualifiedKey) hash() uint64 {
	return uint64(k.noRate)<<48 ^ uint64(k.from)<<32 ^ uint64(k.to)<<16 ^ uint64(k.state)<<1 ^ bit(k.inWindow)
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
	path := s.ladder(rungs[at : at+1])
	counted := scan(s, func(d *deal, sums *table[qualifiedKey]) {
		if d.state > lost {
			return
		}
		var r reached
		s.reach(d, &path, &r)
		if r.first[0] == notReached {
			return
		}
		rate := s.rate(d)
		s.add(sums.at(qualifiedKey{noRate(d, rate), r.first[0], d.stateOn, d.state, d.state != open && s.within(d.stateOn)}), d, d.amount(), rate)
	})
	list := make([]funnel.QualifiedSum, 0, counted.used)
	counted.all(func(k qualifiedKey, t *total) {
		list = append(list, funnel.QualifiedSum{State: states[k.state], InWindow: k.inWindow, From: dateOf(k.from), To: dateOf(k.to), N: t.n, Sum: s.sum(t, k.noRate)})
	})
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

func (k lossKey) hash() uint64 {
	return uint64(k.kind)<<48 ^ uint64(k.competitor)<<28 ^ uint64(k.stage)<<8 ^ uint64(k.noRate)
}

// Losses implements funnel.Source.
func (s *session) Losses(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.LossSum, error) {
	counted := scan(s, func(d *deal, sums *table[lossKey]) {
		if d.state != lost || !s.within(d.stateOn) {
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

type cohortKey struct {
	entered, reached month
	fate             uint8
	undated          bool // reached on an unknown day
}

func (k cohortKey) hash() uint64 {
	return uint64(k.entered)<<32 ^ uint64(k.reached)<<16 ^ uint64(k.fate)<<1 ^ bit(k.undated)
}

// Cohorts implements funnel.Source.
func (s *session) Cohorts(_ context.Context, _ database.Tx, q funnel.Query, stage, target string) ([]funnel.CohortCell, error) {
	path, ok := s.between(q, stage, target)
	if !ok {
		return nil, nil
	}
	counted := scan(s, func(d *deal, sums *table[cohortKey]) {
		if k, in := s.cohort(d, &path); in {
			sums.at(k).n++
		}
	})
	list := make([]funnel.CohortCell, 0, counted.used)
	counted.all(func(k cohortKey, t *total) {
		c := funnel.CohortCell{Entered: k.entered.text(), Reached: k.reached.text(), Fate: fates[k.fate], N: t.n}
		if k.undated {
			c.Reached = "?"
		}
		list = append(list, c)
	})
	return list, nil
}

// between is the ladder of two stages.
func (s *session) between(q funnel.Query, stage, target string) (ladder, bool) {
	var two []rung
	for _, r := range s.rungs(q.Pipeline) {
		if r.id == stage || r.id == target {
			two = append(two, r)
		}
	}
	return s.ladder(two), len(two) == 2
}

// cohort places a deal in the triangle; false where it did not reach the first stage
// in the window.
func (s *session) cohort(d *deal, path *ladder) (k cohortKey, in bool) {
	var r reached
	s.reach(d, path, &r)
	on, then := r.first[0], r.first[1]
	if on == notReached || on != unknown && !s.within(on) {
		return k, false
	}
	k = cohortKey{entered: monthOf(on), fate: fate(d, then != notReached)}
	if then != notReached {
		k.reached, k.undated = monthOf(then), then == unknown
	}
	return k, true
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
	counted := scan(s, func(d *deal, sums *table[rivalKey]) {
		if d.state != won && d.state != lost || !s.within(d.stateOn) {
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
	sweep(s, func() (func(d *deal), func()) {
		var mine int64
		return func(d *deal) {
			if d.state != out && len(d.c.lines.at(d.i)) > 1 {
				mine++
			}
		}, func() { n.Add(mine) }
	})
	return n.Load(), nil
}

// Resolved implements funnel.Source: over the whole company and all time, whoever asks.
func (s *session) Resolved(_ context.Context, _ database.Tx, _, _ string) ([]funnel.ResolvedCount, error) {
	var path []rung
	for stage, at := range s.around.stage {
		if at.pipeline == s.pipeline && at.isOpen {
			path = append(path, rung{stage: stageNumber(stage), position: at.position})
		}
	}
	list, mu := make([]funnel.ResolvedCount, len(path)), sync.Mutex{}
	for k := range path {
		list[k].StageID = s.snapshot.stages[path[k].stage]
	}
	s.rows(func() (func(c *chunk, i int), func()) {
		mine := make([][lost + 1]int64, len(path)) // by rung and state
		return func(c *chunk, i int) {
				state := c.state.at(i)
				if state != won && state != lost || c.pipeline.at(i) != s.pipeline || c.deleted.at(i) {
					return
				}
				farthest := -1
				for _, x := range c.stays.at(i) {
					if at := s.around.stageOf(x.stage); at.pipeline == s.pipeline && at.counts {
						farthest = max(farthest, at.position)
					}
				}
				for k := range path {
					if path[k].position <= farthest {
						mine[k][state]++
					}
				}
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				for k := range mine {
					list[k].Won += mine[k][won]
					list[k].Lost += mine[k][lost]
				}
			}
	})
	return list, nil
}
