package desk

import (
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Untouched is after how many working days a line that nobody looked after stands on the next desk too.
const Untouched = 5

// Ask is whose desk is read, and what decides what stands on it.
type Ask struct {
	Actor    org.Actor
	Calendar calendar.Calendar
	// Rates are the calibrated rates of stages in basis points.
	Rates map[string]int
	// Bars are the amounts, in minor units of the company's currency, from which a level sees a line at once.
	Bars Bars
	// Most is how many lines are wanted.
	Most int
	// Needs is a record that is wanted whatever was decided; zero is none.
	Needs record.Ref

	heads  *org.Heads
	places map[string]Place
	mine   map[record.Ref]Mark
	others map[record.Ref][]Mark
}

// Place is where a reader stands above an owner: 0 is the owner, 1 the lowest manager, -1 nowhere. Below are
// the managers between the two.
type Place struct {
	Level int
	Below []string
}

// PlaceOf finds it. Whoever sees everybody without leading the owner stands above all who do; what nobody
// leads stands on his desk at once.
func (k *Ask) PlaceOf(owner string) Place {
	if p, known := k.places[owner]; known {
		return p
	}
	p := k.placeOf(owner)
	k.places[owner] = p
	return p
}

func (k *Ask) placeOf(owner string) Place {
	a := k.Actor
	if owner != "" && (owner == a.Effective() || slices.Contains(a.Principals(), owner)) {
		return Place{}
	}
	var below []string
	if owner != "" {
		for n, level := range k.heads.Above(owner) {
			if slices.Contains(level, a.Effective()) {
				return Place{n + 1, below}
			}
			below = append(below, level...)
		}
	}
	switch {
	case !a.Scope(record.Opportunity, org.Read).All && !a.Can(org.EvidenceDecide):
		return Place{Level: -1}
	case len(below) == 0:
		return Place{Level: 1}
	}
	return Place{len(k.heads.Above(owner)) + 1, below}
}

// AtOnce tells whether a level sees a line of some worth from its first day on.
func (k *Ask) AtOnce(level int, worth *int64) bool {
	return level <= 1 || worth != nil && *worth >= k.Bars.Of(level)
}

// Stands tells whether a line stands on the reader's desk: it is not decided on, and it has come to his level.
// Waited is for how many working days its first sign has been there.
func (k *Ask) Stands(l Line, p Place, waited int) bool {
	if l.On == k.Needs {
		return true
	}
	if m, decided := k.mine[l.On]; decided && m.Holds(l.Facts, k.Actor.Today) {
		return false
	}
	if p.Level < 0 {
		return false
	}
	if k.AtOnce(p.Level, l.WorthMinor) {
		return true
	}
	for _, m := range k.others[l.On] {
		if !slices.Contains(p.Below, m.MemberID) {
			continue
		}
		if m.Holds(l.Facts, k.Actor.Today) {
			return false
		}
		touched := m.On
		if l.Facts.Within(m.Facts) {
			touched = max(m.On, m.Until)
		}
		waited = min(waited, k.Calendar.WorkingDaysBetween(touched, k.Actor.Today))
	}
	return waited >= Untouched
}

// Marked tells whether anybody decided on a record.
func (k *Ask) Marked(on record.Ref) bool {
	_, mine := k.mine[on]
	return mine || len(k.others[on]) > 0
}

// Bars are the amounts of the levels above the lowest manager, in minor units; the last is that of all further.
type Bars []int64

// defaultBars are a million and three millions of the company's currency: what a company that says nothing
// shows its second and its higher levels at once. Decision 0032.
var defaultBars = [...]int64{1_000_000, 3_000_000}

// Of is the amount of a level, which is 2 or more.
func (b Bars) Of(level int) int64 { return b[min(max(level-2, 0), len(b)-1)] }
