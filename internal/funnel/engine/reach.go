package engine

import (
	"context"
	"math"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/pipeline"
)

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
	stayed uint64 // a bit per rung
}

// reach fills r for the rungs of a ladder. A stay reaches its stage's rung and all
// below, so each stay lowers the first day of one rung, and one walk down hands it on.
func (s *session) reach(d *deal, l *ladder, r *reached) {
	n := len(l.rungs)
	for k := range n {
		r.first[k] = notReached
	}
	r.stayed = 0
	stays := d.stays()
	for k := range stays {
		x := &stays[k]
		if int(x.stage) >= len(l.height) || x.since > s.asOf {
			continue
		}
		h := l.height[x.stage]
		if h.top > 0 {
			r.first[h.top-1] = min(r.first[h.top-1], x.entered())
		}
		if h.own >= 0 {
			r.stayed |= 1 << h.own
		}
	}
	for k := n - 2; k >= 0; k-- {
		r.first[k] = min(r.first[k], r.first[k+1])
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
	sweep(s, everyone, func() (func(d *deal), func()) {
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
		c := &mine.of[k][fate(d, next)][bit(on != unknown)][r.stayed>>k&1]
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
func (s *session) Qualified(_ context.Context, _ database.Tx, q funnel.Query, stage string) ([]funnel.QualifiedSum, error) {
	rungs := s.rungs(q.Pipeline)
	at := 0
	for k := range rungs {
		if rungs[k].id == stage {
			at = k
		}
	}
	path := s.ladder(rungs[at : at+1])
	counted := scan(s, resolved, func(d *deal, sums *table[qualifiedKey]) {
		var r reached
		s.reach(d, &path, &r)
		if r.first[0] == notReached {
			return
		}
		rate := s.rate(d)
		k := qualifiedKey{noRate(d, rate), -1, d.state, d.state != open && s.within(d.stateOn)}
		if d.state == won && k.inWindow {
			k.days = between(r.first[0], d.stateOn)
		}
		s.add(sums.at(k), d, d.amount(), rate)
	})
	list := make([]funnel.QualifiedSum, 0, counted.used)
	counted.all(func(k qualifiedKey, t *total) {
		list = append(list, funnel.QualifiedSum{State: states[k.state], InWindow: k.inWindow, Known: k.days >= 0, Days: int(max(k.days, 0)), N: t.n, Sum: s.sum(t, k.noRate)})
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
	path, ok := s.two(q, stage, target)
	if !ok {
		return nil, nil
	}
	counted := scan(s, everyone, func(d *deal, sums *table[cohortKey]) {
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

// two is the ladder of two stages.
func (s *session) two(q funnel.Query, stage, target string) (ladder, bool) {
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

// Resolved implements funnel.Source: over the whole company and all time, whoever asks.
func (s *session) Resolved(_ context.Context, _ database.Tx, _ funnel.Query) ([]funnel.ResolvedCount, error) {
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
	s.chunkwise(func() (func(n int), func()) {
		mine := make([][lost + 1]int64, len(path)) // by rung and state
		return func(n int) {
				c := s.chunks[n]
				now := s.now(c)
				for _, state := range closed {
					for _, p := range now[state] {
						farthest := s.farthest(c.stays.at(int(p.place)))
						for k := range path {
							if path[k].position <= farthest {
								mine[k][state]++
							}
						}
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

// farthest is the highest position some stays reached, -1 where they reached none.
func (s *session) farthest(stays []stay) int {
	far := -1
	for k := range stays {
		if at := s.around.stageOf(stays[k].stage); at.pipeline == s.pipeline && at.counts {
			far = max(far, at.position)
		}
	}
	return far
}
