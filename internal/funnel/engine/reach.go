package engine

import (
	"context"
	"math"
	"math/bits"

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

// reached is what a deal reached of the path.
func (s *session) reached(d *deal) *reached {
	if !d.walked {
		s.reach(d, &d.reached)
		d.walked = true
	}
	return &d.reached
}

// reach fills r for the rungs of the path.
func (s *session) reach(d *deal, r *reached) {
	n := len(s.path.rungs)
	for k := range n {
		r.first[k] = notReached
	}
	r.past, r.stayed = 0, 0
	if s.pathless(d) {
		s.reachPathless(d, r)
		return
	}
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

// pathless tells that a deal never stood in an open stage of the pipeline as far as anybody knows: it came
// closed, by an import of what was true that day.
func (s *session) pathless(d *deal) bool {
	stays := d.stays()
	for k := range stays {
		if x := &stays[k]; x.since <= s.asOf && x.state() == open && s.place(x.pair).here {
			return false
		}
	}
	return true
}

// reachPathless fills r for a deal whose path nobody knows: it stood in the first stage when it began, and where it
// was won it was won. Whether it passed the stages between is left out of wins as of losses.
func (s *session) reachPathless(d *deal, r *reached) {
	top := len(s.path.rungs) - 1
	stays := d.stays()
	for k := range stays {
		x := &stays[k]
		at := s.place(x.pair)
		if x.since > s.asOf || at.exists&1 == 0 {
			continue
		}
		r.first[0], r.stayed = d.startOn, r.stayed|1
		if x.state() == won && top > 0 {
			r.first[top], r.stayed, r.past = min(r.first[top], x.entered()), r.stayed|1<<top, r.past|1
		}
	}
}

// firstReach is the first reach of one rung, and whether the deal went past it.
func (s *session) firstReach(d *deal, rung int) (first day, past bool) {
	first = notReached
	if rung < 0 {
		return first, false
	}
	if d.walked || s.pathless(d) {
		r := s.reached(d)
		return r.first[rung], r.past>>rung&1 != 0
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

// reaches are the counters of a path: so few that they need no table.
type reaches struct {
	// of is by rung, fate, whether the first reach is dated, and whether the deal stayed; after
	// the rungs come the stages of the version, which are reached by being lost there.
	of counts
	// on is, by rung, how many first reached it so many days before the report's date: of what
	// counts no more the youngest could not be taken back.
	on []byDay
}

// each rung has so many counters.
const rungCounts = int(takenOut+1) * 4

func (s *session) newReaches() *reaches {
	rungs := len(s.path.rungs)
	return &reaches{of: make(counts, rungs*rungCounts+len(s.path.stages)), on: make([]byDay, rungs)}
}

func (r *reaches) add(o *reaches) {
	r.of.add(o.of)
	r.days(o, 1)
}

func (r *reaches) take(o *reaches) {
	r.of.take(o.of)
	r.days(o, -1)
}

func (r *reaches) days(o *reaches, times int32) {
	for k := range o.on {
		r.on[k].merge(o.on[k], times)
	}
}

func (r *reaches) size() int {
	n := r.of.size()
	for _, list := range r.on {
		n += list.size()
	}
	return n
}

// youngest is the last day on which a rung was first reached.
func (r *reaches) youngest(rung int, asOf day) day {
	for ago, n := range r.on[rung] {
		if n != 0 {
			return asOf - day(ago)
		}
	}
	return unknown
}

// Reached implements funnel.Source.
func (s *session) Reached(ctx context.Context, _ database.Tx, _ funnel.Query) (list []funnel.Reach, err error) {
	f := figure[*reaches]{name: "reached", counted: counted{states: everyone, lately: true}, empty: s.newReaches, each: s.countReach}
	err = summed(ctx, s, f, func(of *reaches) {
		for at, n := range of.of {
			rung := at / rungCounts
			switch {
			case n == 0:
			case rung < len(s.path.rungs):
				list = append(list, funnel.Reach{StageID: s.path.rungs[rung], Fate: fates[at%rungCounts/4], Dated: at&2 != 0,
					Stayed: at&1 != 0, N: n, Youngest: dateOf(of.youngest(rung, s.asOf))})
			default:
				list = append(list, funnel.Reach{StageID: s.path.stages[at-len(s.path.rungs)*rungCounts],
					Fate: fates[wasLost], Dated: true, Stayed: true, N: n})
			}
		}
	})
	return list, err
}

// countReach counts a deal in every rung it reached within the window.
func (s *session) countReach(d *deal, to *reaches) {
	r := s.reached(d)
	for k := range s.path.rungs {
		on := r.first[k]
		if on == notReached || on != unknown && !s.within(on) {
			continue
		}
		at := k*rungCounts + 4*int(fate(d, r.past>>k&1 != 0)) + int(r.stayed>>k&1)
		if on != unknown {
			at += 2
			to.on[k].plus(int(s.asOf-on), 1)
		}
		to.of[at]++
	}
	if d.state == lost && s.within(d.stateOn) {
		if at := s.place(d.pair).image; at >= 0 {
			to.of[len(s.path.rungs)*rungCounts+int(at)]++
		}
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
	ctx context.Context, _ database.Tx, _ funnel.Query, stage string,
) (list []funnel.QualifiedSum, err error) {
	rung := s.rung(stage)
	f := tabled[qualifiedKey]("qualified "+stage, resolved, true, func(d *deal, sums *table[qualifiedKey]) {
		if rung < 0 {
			return
		}
		first := s.reached(d).first[rung]
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
	err = summed(ctx, s, f, func(of *table[qualifiedKey]) {
		list = make([]funnel.QualifiedSum, 0, of.used)
		of.all(func(k qualifiedKey, t *total) {
			list = append(list, funnel.QualifiedSum{State: states[k.state], InWindow: k.inWindow, Known: k.days >= 0,
				Days: int(max(k.days, 0)), N: t.n, Sum: s.sum(t, k.noRate)})
		})
	})
	return list, err
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
	ctx context.Context, _ database.Tx, _ funnel.Query, stage, target string,
) (list []funnel.CohortCell, err error) {
	from, to := s.rung(stage), s.rung(target)
	f := tabled[cohortKey]("cohorts "+stage+" "+target, everyone, true, func(d *deal, sums *table[cohortKey]) {
		if k, in := s.cohort(d, from, to); in {
			sums.at(k).n++
		}
	})
	err = summed(ctx, s, f, func(of *table[cohortKey]) {
		list = make([]funnel.CohortCell, 0, of.used)
		of.all(func(k cohortKey, t *total) {
			c := funnel.CohortCell{Entered: k.entered.text(), Reached: k.reached.text(), Fate: fates[k.fate], N: t.n}
			if k.undated {
				c.Reached = "?"
			}
			list = append(list, c)
		})
	})
	return list, err
}

// cohort places a deal in the triangle; false where it did not reach the first stage in
// the window, where the other existed in none of its versions, or where nobody knows whether it did.
func (s *session) cohort(d *deal, from, to int) (k cohortKey, in bool) {
	on, _ := s.firstReach(d, from)
	if on == notReached || on != unknown && !s.within(on) || to < 0 || !s.existed(d, to) {
		return k, false
	}
	if to != len(s.path.rungs)-1 && s.pathless(d) {
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
func (s *session) Resolved(ctx context.Context, _ database.Tx, _ funnel.Query) (list []funnel.ResolvedCount, err error) {
	rungs := len(s.path.rungs)
	f := figure[counts]{name: "resolved", counted: counted{states: closed, company: true},
		empty: func() counts { return make(counts, 2*rungs) },
		each: func(d *deal, to counts) {
			for left := s.reaches(d); left != 0; left &= left - 1 {
				to[2*bits.TrailingZeros64(left)+int(d.state-won)]++
			}
		}}
	err = summed(ctx, s, f, func(of counts) {
		for k, rung := range s.path.rungs {
			if of[2*k]+of[2*k+1] > 0 {
				list = append(list, funnel.ResolvedCount{StageID: rung, Won: of[2*k], Lost: of[2*k+1]})
			}
		}
	})
	return list, err
}

// reaches are the rungs a deal reached, a bit each.
func (s *session) reaches(d *deal) (rungs uint64) {
	if s.pathless(d) {
		for k, on := range s.reached(d).first[:len(s.path.rungs)] {
			if on != notReached {
				rungs |= 1 << k
			}
		}
		return rungs
	}
	stays := d.stays()
	for k := range stays {
		if x := &stays[k]; x.since <= s.asOf && x.reaches() {
			rungs |= s.place(x.pair).reaches
		}
	}
	return rungs
}
