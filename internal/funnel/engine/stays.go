package engine

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/pipeline"
)

// byDay counts by a small number, a day or a length in days: no hash in an inner loop.
type byDay []int32

func (b *byDay) plus(at int, n int32) {
	if at >= len(*b) {
		*b = slices.Grow(*b, at+1-len(*b))[:at+1]
	}
	(*b)[at] += n
}

func (b *byDay) merge(o byDay, times int32) {
	for at, n := range o {
		if n != 0 {
			b.plus(at, n*times)
		}
	}
}

func (b byDay) size() int { return 4 * cap(b) }

// used is how many numbers count anything.
func (b byDay) used() (n int) {
	for _, x := range b {
		if x != 0 {
			n++
		}
	}
	return n
}

// lengths are the lengths of the stays that count for one stage.
type lengths struct {
	returns, undated int64    // begun by a return in the window; of no length that is known
	open             byDay    // of those that go on, in working days
	left             [2]byDay // of those that ended in the window; of those left forward
	days             [2]byDay // of both, in calendar days
	// Of those of both of which the times of day are known: in quarters of an hour worked, and again in
	// working days. The others are whole days.
	worked, timed [2]byDay
}

// stageLengths are lengths by stage of the version that is shown.
type stageLengths []lengths

func (l stageLengths) add(o stageLengths)  { l.merge(o, 1) }
func (l stageLengths) take(o stageLengths) { l.merge(o, -1) }

func (l stageLengths) merge(o stageLengths, times int32) {
	for k := range o {
		to, of := &l[k], &o[k]
		to.returns += int64(times) * of.returns
		to.undated += int64(times) * of.undated
		to.open.merge(of.open, times)
		to.left[0].merge(of.left[0], times)
		to.left[1].merge(of.left[1], times)
		to.days[0].merge(of.days[0], times)
		to.days[1].merge(of.days[1], times)
		for forward := range 2 {
			to.worked[forward].merge(of.worked[forward], times)
			to.timed[forward].merge(of.timed[forward], times)
		}
	}
}

func (l stageLengths) size() (n int) {
	for k := range l {
		n += 16 + l[k].open.size() + l[k].left[0].size() + l[k].left[1].size() + l[k].days[0].size() + l[k].days[1].size()
		n += l[k].worked[0].size() + l[k].worked[1].size() + l[k].timed[0].size() + l[k].timed[1].size()
	}
	return n
}

// Stays implements funnel.Source.
func (s *session) Stays(ctx context.Context, _ database.Tx, q funnel.Query) (out funnel.Stays, err error) {
	f := figure[stageLengths]{name: "stays", counted: counted{states: present, lately: true}, each: s.countStays,
		empty: func() stageLengths { return make(stageLengths, len(s.path.stages)) }}
	if q.Left {
		f.name, f.each = "stays left", s.countLeft
	}
	err = summed(ctx, s, f, func(of stageLengths) {
		n, inDays, worked := 0, 0, 0
		for k := range of {
			x := &of[k]
			n, inDays = n+2+x.open.used()+x.left[0].used()+x.left[1].used(), inDays+x.days[0].used()+x.days[1].used()
			worked += x.worked[0].used() + x.worked[1].used() + x.left[0].used() + x.left[1].used()
		}
		out = funnel.Stays{Lengths: make([]funnel.StayLength, 0, n), Days: make([]funnel.StaySpan, 0, inDays),
			Worked: make([]funnel.StaySpan, 0, worked)}
		for k := range of {
			stage := s.path.stages[k]
			out.Lengths = s.lengths(out.Lengths, stage, &of[k])
			out.Days = spans(out.Days, stage, &of[k].days)
			out.Worked = spans(out.Worked, stage, &of[k].worked)
			out.Worked = of[k].untimed(out.Worked, stage)
		}
	})
	return out, err
}

// lengths appends the lengths of a stage as the funnel takes them.
func (s *session) lengths(list []funnel.StayLength, stage string, of *lengths) []funnel.StayLength {
	if of.returns != 0 {
		list = append(list, funnel.StayLength{StageID: stage, Move: string(pipeline.Return), BeganWindow: true, Known: true,
			Ended: true, N: of.returns})
	}
	if of.undated != 0 {
		list = append(list, funnel.StayLength{StageID: stage, N: of.undated})
	}
	each := func(of byDay, x funnel.StayLength) {
		x.StageID, x.Known = stage, true
		for at, n := range of {
			if x.Working, x.N = at, int64(n); n != 0 {
				list = append(list, x)
			}
		}
	}
	each(of.open, funnel.StayLength{})
	each(of.left[0], funnel.StayLength{Ended: true, InWindow: true})
	each(of.left[1], funnel.StayLength{Ended: true, InWindow: true, Forward: true})
	return list
}

// spans appends the stays of a stage that ended in the window.
func spans(list []funnel.StaySpan, stage string, left *[2]byDay) []funnel.StaySpan {
	for forward, of := range left {
		for at, n := range of {
			if n != 0 {
				list = append(list, funnel.StaySpan{StageID: stage, Length: at, Forward: forward == 1, N: int64(n)})
			}
		}
	}
	return list
}

// countStays counts the stays of a deal.
func (s *session) countStays(d *deal, to stageLengths) {
	stays := d.stays()
	for k := range stays {
		x := &stays[k]
		if x.since > s.asOf || x.state() != open {
			continue
		}
		at := s.place(x.pair).image
		if at < 0 {
			continue
		}
		of, entered := &to[at], x.entered()
		if x.move() == goBack && s.within(entered) {
			of.returns++
		}
		next := s.next(stays, k)
		switch {
		case entered == unknown || next != nil && next.entered() < entered: // unknown is before all
			of.undated++
		case next == nil:
			of.open.plus(int(s.worked(entered, s.asOf)), 1)
		case s.within(next.entered()):
			left, forward := next.entered(), bit(next.forward())
			worked := s.worked(entered, left)
			of.days[forward].plus(int(left-entered), 1)
			of.left[forward].plus(int(worked), 1)
			if x.isTimed() && next.isTimed() {
				of.time(s, x, next, worked)
			}
		}
	}
}

// countLeft counts of the stays of a deal those that ended in the window, by their working days.
func (s *session) countLeft(d *deal, to stageLengths) {
	stays := d.stays()
	for k := range stays {
		x := &stays[k]
		if x.since > s.asOf || x.state() != open {
			continue
		}
		next := s.next(stays, k)
		if next == nil {
			continue
		}
		at, entered, left := s.place(x.pair).image, x.entered(), next.entered()
		if at >= 0 && entered != unknown && left >= entered && s.within(left) {
			worked := s.worked(entered, left)
			to[at].left[bit(next.forward())].plus(int(worked), 1)
			if x.isTimed() && next.isTimed() {
				to[at].time(s, x, next, worked)
			}
		}
	}
}

// untimed appends the stays that count as whole days, in quarters.
func (l *lengths) untimed(list []funnel.StaySpan, stage string) []funnel.StaySpan {
	for forward, left := range l.left {
		for days, n := range left {
			if days < len(l.timed[forward]) {
				n -= l.timed[forward][days]
			}
			if n != 0 {
				list = append(list, funnel.StaySpan{StageID: stage, Length: calendar.Quarters * days, Forward: forward == 1, N: int64(n)})
			}
		}
	}
	return list
}

// time counts a stay that ended, of which the times of day are known, and is of some working days.
func (l *lengths) time(s *session, x, next *stay, days uint16) {
	forward := bit(next.forward())
	l.worked[forward].plus(s.quarters(x, next, days), 1)
	l.timed[forward].plus(int(days), 1)
}

// quarters is how many quarters were worked in a stay of which the times of day are known.
func (s *session) quarters(x, next *stay, days uint16) int {
	of := func(on day) int32 { return int32(s.worked(on-1, on)) } // 1 of a day that is worked
	toCome := func(x *stay) int32 { return of(x.entered()) * (calendar.Quarters - x.quarter()) }
	return int(max(0, calendar.Quarters*int32(days)+toCome(x)-toCome(next)))
}

// forward tells whether entering it was leaving the stage before by advancing, skipping or winning.
func (s *stay) forward() bool {
	move := s.move()
	return move == advance || move == skip || move == win
}
