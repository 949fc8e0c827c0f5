package engine

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// notReached is the first day of a rung that was never reached; unknown is one that
// was reached on a day nobody knows, and sorts before every known day.
const notReached day = math.MaxUint16

// maxRungs is the most stages of a path.
const maxRungs = 64

// reached is the first reach of each rung, by entry or by the jump that passed it; which
// rungs the deal went past, and in which it stayed: a bit per rung.
type reached struct {
	first        [maxRungs]day
	past, stayed uint64
}

// reach fills r for the rungs of the path.
func (s *session) reach(d *deal, r *reached) {
	n := len(s.path.rungs)
	for k := range n {
		r.first[k] = notReached
	}
	r.past, r.stayed = 0, 0
	stays := d.stays()
	for k := range stays {
		x := &stays[k]
		if x.since > s.asOf || x.state() > won {
			continue
		}
		at := s.place(x.pair)
		if at.rung >= 0 {
			r.stayed |= 1 << at.rung
		}
		if x.move() == remap {
			continue
		}
		r.past |= at.past
		entered := x.entered()
		if s.path.ladder { // each stay lowers the first day of one rung
			if at.top > 0 {
				r.first[at.top-1] = min(r.first[at.top-1], entered)
			}
			continue
		}
		for left := at.reaches; left != 0; left &= left - 1 {
			k := bits.TrailingZeros64(left)
			r.first[k] = min(r.first[k], entered)
		}
	}
	if s.path.ladder {
		for k := n - 2; k >= 0; k-- {
			r.first[k] = min(r.first[k], r.first[k+1])
		}
	}
}

// firstReach is the first reach of one rung, and whether the deal went past it.
func (s *session) firstReach(d *deal, rung int) (first day, past bool) {
	first = notReached
	if rung < 0 {
		return first, false
	}
	mask, stays := uint64(1)<<rung, d.stays()
	for k := range stays {
		x := &stays[k]
		if x.since > s.asOf || !x.reaches() {
			continue
		}
		at := s.place(x.pair)
		past = past || at.past&mask != 0
		if at.reaches&mask != 0 {
			first = min(first, x.entered())
		}
	}
	return first, past
}

// fates, by number.
const (
	advanced uint8 = iota
	wasLost
	stillOpen
	takenOut
)

var fates = []string{"advanced", "lost", "open", "out"}

func fate(d *deal, past bool) uint8 {
	switch {
	case past:
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
	lost map[int16]int64 // the lost stages, which are reached by being lost
	r    reached
}

// Reached implements funnel.Source.
func (s *session) Reached(context.Context, database.Tx, funnel.Query) ([]funnel.Reach, error) {
	all, mu := &cells{lost: map[int16]int64{}}, sync.Mutex{}
	sweep(s, everyone, func() (func(d *deal), func()) {
		mine := &cells{lost: map[int16]int64{}}
		return func(d *deal) { s.countReach(d, mine) }, func() {
			mu.Lock()
			defer mu.Unlock()
			all.merge(mine)
		}
	})
	var list []funnel.Reach
	for k, rung := range s.path.rungs {
		for fate, byDated := range all.of[k] {
			for dated, byStayed := range byDated {
				for stayed, c := range byStayed {
					if c.n > 0 {
						list = append(list, funnel.Reach{StageID: rung, Fate: fates[fate], Dated: dated == 1, Stayed: stayed == 1,
							N: c.n, Youngest: dateOf(c.youngest)})
					}
				}
			}
		}
	}
	for stage, n := range all.lost {
		list = append(list, funnel.Reach{StageID: s.path.stages[stage], Fate: fates[wasLost], Dated: true, Stayed: true,
			N: n})
	}
	return list, nil
}

// countReach counts a deal in every rung it reached within the window.
func (s *session) countReach(d *deal, mine *cells) {
	r := &mine.r
	s.reach(d, r)
	for k := range s.path.rungs {
		on := r.first[k]
		if on == notReached || on != unknown && !s.within(on) {
			continue
		}
		c := &mine.of[k][fate(d, r.past>>k&1 != 0)][bit(on != unknown)][r.stayed>>k&1]
		c.n++
		c.youngest = max(c.youngest, on)
	}
	if d.state == lost && s.within(d.stateOn) {
		if at := s.place(d.pair).image; at >= 0 {
			mine.lost[at]++
		}
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

type qualifiedKey struct {
	noRate   symbol
	days     int32 // from there to the win, -1 where they cannot be known
	state    uint8
	inWindow bool
}

func (k qualifiedKey) hash() uint64 {
	return uint64(k.noRate)<<48 ^ uint64(uint32(k.days))<<16 ^ uint64(k.state)<<1 ^ bit(k.inWindow)
}

// Qualified implements funnel.Source.
func (s *session) Qualified(
	_ context.Context, _ database.Tx, _ funnel.Query, stage string,
) ([]funnel.QualifiedSum, error) {
	rung := s.rung(stage)
	counted := scan(s, resolved, func(d *deal, sums *table[qualifiedKey]) {
		first, _ := s.firstReach(d, rung)
		if first == notReached {
			return
		}
		v := s.worth(d)
		k := qualifiedKey{v.noRate, -1, d.state, d.state != open && s.within(d.stateOn)}
		if d.state == won && k.inWindow {
			k.days = between(first, d.stateOn)
		}
		sums.at(k).add(v.minor)
	})
	list := make([]funnel.QualifiedSum, 0, counted.used)
	counted.all(func(k qualifiedKey, t *total) {
		list = append(list, funnel.QualifiedSum{State: states[k.state], InWindow: k.inWindow, Known: k.days >= 0,
			Days: int(max(k.days, 0)), N: t.n, Sum: s.sum(t, k.noRate)})
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
func (s *session) Cohorts(
	_ context.Context, _ database.Tx, _ funnel.Query, stage, target string,
) ([]funnel.CohortCell, error) {
	from, to := s.rung(stage), s.rung(target)
	counted := scan(s, everyone, func(d *deal, sums *table[cohortKey]) {
		if k, in := s.cohort(d, from, to); in {
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

// cohort places a deal in the triangle; false where it did not reach the first stage in
// the window, or where the other existed in none of its versions.
func (s *session) cohort(d *deal, from, to int) (k cohortKey, in bool) {
	on, _ := s.firstReach(d, from)
	if on == notReached || on != unknown && !s.within(on) || to < 0 || !s.existed(d, to) {
		return k, false
	}
	then, _ := s.firstReach(d, to)
	k = cohortKey{entered: monthOf(on), fate: fate(d, then != notReached)}
	if then != notReached {
		k.reached, k.undated = monthOf(then), then == unknown
	}
	return k, true
}

// existed tells whether a rung existed in a version of one of a deal's stays.
func (s *session) existed(d *deal, rung int) bool {
	stays := d.stays()
	for k := range stays {
		if stays[k].since <= s.asOf && s.place(stays[k].pair).exists>>rung&1 != 0 {
			return true
		}
	}
	return false
}

// Resolved implements funnel.Source: over the whole company and all time, whoever asks.
func (s *session) Resolved(_ context.Context, _ database.Tx, q funnel.Query) ([]funnel.ResolvedCount, error) {
	list, mu := make([]funnel.ResolvedCount, len(s.path.rungs)), sync.Mutex{}
	for k := range list {
		list[k].StageID = s.path.rungs[k]
	}
	s.chunkwise(func() (func(n int), func()) {
		var mine [maxRungs][lost + 1]int64 // by rung and state
		return func(n int) {
				d := deal{c: s.chunks[n]}
				all := s.everyone(d.c)
				for _, state := range closed {
					for _, p := range all[state] {
						d.pick, d.i = p, int(p.place)
						for left := s.reaches(&d); left != 0; left &= left - 1 {
							mine[bits.TrailingZeros64(left)][state]++
						}
					}
				}
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				for k := range list {
					list[k].Won += mine[k][won]
					list[k].Lost += mine[k][lost]
				}
			}
	})
	return slices.DeleteFunc(list, func(c funnel.ResolvedCount) bool { return c.Won+c.Lost == 0 }), nil
}

// reaches are the rungs a deal reached, a bit each.
func (s *session) reaches(d *deal) (rungs uint64) {
	stays := d.stays()
	for k := range stays {
		if x := &stays[k]; x.since <= s.asOf && x.reaches() {
			rungs |= s.place(x.pair).reaches
		}
	}
	return rungs
}
