package engine

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// stayKey is what stays are counted by, in one number, since there are so many: the
// length in calendar and in working days, 16 bits each, the stage they count for, the move
// they began with, and five marks. Lengths are those a report asks for: of stays that ended
// in the window, and, in working days, of those that go on.
type stayKey uint64

const (
	stayForward stayKey = 1 << iota // left by advancing, skipping or winning
	stayEnded
	stayKnown
	stayInWindow
	stayBeganIn
	workingShift = 16
	daysShift    = 32
	stageShift   = 48
	beganShift   = 8
)

func (k stayKey) hash() uint64          { return uint64(k) }
func (k stayKey) has(mark stayKey) bool { return k&mark != 0 }
func (k stayKey) when(yes bool, mark stayKey) stayKey {
	if yes {
		return k | mark
	}
	return k
}

// Stays implements funnel.Source.
func (s *session) Stays(ctx context.Context, _ database.Tx, q funnel.Query) (list []funnel.StayLength, err error) {
	name, lengthOf := "stays", s.lengthOf
	if q.Left {
		name, lengthOf = "stays left", s.lengthLeft
	}
	f := tabled[stayKey](name, present, true, func(d *deal, sums *table[stayKey]) {
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
			if length := lengthOf(x, s.next(stays, k)); length != unasked {
				sums.at(stayKey(at)<<stageShift|length).n++
			}
		}
	})
	err = summed(ctx, s, f, func(of *table[stayKey]) {
		list = make([]funnel.StayLength, 0, of.used)
		of.all(func(k stayKey, t *total) {
			list = append(list, funnel.StayLength{StageID: s.path.stages[k>>stageShift],
				Move: string(moves[k>>beganShift&moveBits]), Forward: k.has(stayForward), Ended: k.has(stayEnded),
				Known: k.has(stayKnown), InWindow: k.has(stayInWindow),
				BeganWindow: k.has(stayBeganIn), Days: int(uint16(k >> daysShift)), Working: int(uint16(k >> workingShift)), N: t.n})
		})
	})
	return list, err
}

// unasked is what a stay counts under that is not asked for.
const unasked = ^stayKey(0)

// lengthLeft is what a stay counts under where only what ended in the window is asked for: there
// are far fewer of these numbers.
func (s *session) lengthLeft(x, next *stay) stayKey {
	if next == nil {
		return unasked
	}
	if left := next.entered(); left == unknown || !s.within(left) || x.entered() == unknown || left < x.entered() {
		return unasked
	}
	k := s.lengthOf(x, next)
	return k &^ (0xffff<<daysShift | moveBits<<beganShift | stayBeganIn)
}

// lengthOf is what a stay counts under.
func (s *session) lengthOf(x, next *stay) stayKey {
	entered := x.entered()
	k := stayKey(x.move()) << beganShift
	k = k.when(s.within(entered), stayBeganIn)
	if next == nil {
		if entered != unknown {
			k |= stayKnown | stayKey(s.asOf-entered)<<daysShift | stayKey(s.worked(entered, s.asOf))<<workingShift
		}
		return k
	}
	left, move := next.entered(), next.move()
	inWindow := left != unknown && s.within(left)
	k = (k|stayEnded).when(inWindow, stayInWindow).when(move == advance || move == skip || move == win, stayForward)
	if entered == unknown || left < entered {
		return k
	}
	if k |= stayKnown; inWindow {
		k |= stayKey(left-entered)<<daysShift | stayKey(s.worked(entered, left))<<workingShift
	}
	return k
}
