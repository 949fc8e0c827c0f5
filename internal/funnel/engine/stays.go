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
func (s *session) Stays(ctx context.Context, _ database.Tx, _ funnel.Query) (list []funnel.StayLength, err error) {
	f := tabled[stayKey]("stays", present, true, func(d *deal, sums *table[stayKey]) {
		stays := d.stays()
		for k := range stays {
			x := &stays[k]
			if x.since > s.asOf || x.state() != open {
				continue
			}
			if at := s.place(x.pair).image; at >= 0 {
				sums.at(stayKey(at)<<stageShift|s.lengthOf(x, s.next(stays, k))).n++
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
