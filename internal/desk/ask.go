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
	known  *known
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
	marks := k.known.on(l.On)
	if m, decided := k.mine(marks); decided && m.stays(l, k.Actor.Today) {
		return false
	}
	if l.Own() {
		return true
	}
	if p.Level < 0 {
		return false
	}
	if k.AtOnce(p.Level, l.WorthMinor) {
		return true
	}
	for _, m := range marks {
		if !slices.Contains(p.Below, m.MemberID) {
			continue
		}
		if m.Decision != Asked && m.Holds(l.Facts, k.Actor.Today) { // who asks has looked after it for now
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

// Waits tells whether a line does not stand on the reader's desk because he asked, and waits for an answer.
func (k *Ask) Waits(l Line) bool {
	m, decided := k.mine(k.known.on(l.On))
	return decided && m.Decision == Asked && l.On != k.Needs && m.stays(l, k.Actor.Today)
}

// Marked tells whether anybody decided on a record.
func (k *Ask) Marked(on record.Ref) bool { return len(k.known.on(on)) > 0 }

// mine is the reader's own decision.
func (k *Ask) mine(marks []Mark) (Mark, bool) {
	for _, m := range marks {
		if m.MemberID == k.Actor.Effective() {
			return m, true
		}
	}
	return Mark{}, false
}

// Bars are the amounts of the levels above the lowest manager, in minor units; the last is that of all further.
type Bars []int64

// defaultBars are a million and three millions of the company's currency: what a company that says nothing
// shows its second and its higher levels at once. Decision 0032.
var defaultBars = [...]int64{1_000_000, 3_000_000}

// Of is the amount of a level, which is 2 or more.
func (b Bars) Of(level int) int64 { return b[min(max(level-2, 0), len(b)-1)] }
