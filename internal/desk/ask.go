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

	me     uint64    // the reader's number
	whose  org.Actor // the member whose desk it is
	heads  *org.Heads
	places map[string]Place
	days   map[calendar.Date]int
	known  *marks
	rated  bool // all rates are known
}

// Place is where a reader stands above an owner: 0 is the owner, 1 the lowest manager, -1 nowhere. Below are
// the managers between the two.
type Place struct {
	Level int
	Below []string
	below []uint64 // the same by number
}

// PlaceOf finds it. Read for somebody it is his alone; on his own desk an assistant stands where those do for whom he
// acts, on what is theirs. Whoever sees everybody without leading the owner stands above all who do; what nobody
// leads stands on his desk at once.
func (k *Ask) PlaceOf(owner string) Place {
	if p, known := k.places[owner]; known {
		return p
	}
	p := k.placeOf(owner)
	for _, member := range p.Below {
		p.below = append(p.below, memberNumber(member))
	}
	k.places[owner] = p
	return p
}

func (k *Ask) placeOf(owner string) Place {
	a := k.Actor
	if owner != "" && (owner == a.Effective() || a.OnBehalfOf == "" && slices.Contains(a.Principals(), owner)) {
		return Place{}
	}
	var below []string
	if owner != "" {
		for n, level := range k.heads.Above(owner) {
			if slices.Contains(level, a.Effective()) {
				return Place{Level: n + 1, Below: below}
			}
			below = append(below, level...)
		}
	}
	switch {
	case !k.whose.Scope(record.Opportunity, org.Read).All && !k.whose.Can(org.EvidenceDecide):
		return Place{Level: -1}
	case len(below) == 0:
		return Place{Level: 1}
	}
	return Place{Level: len(k.heads.Above(owner)) + 1, Below: below}
}

// atOnce tells whether a level sees a line of some worth from its first day on; a worth below 0 is none.
func (k *Ask) atOnce(level int, worth int64) bool {
	return level <= 1 || worth >= 0 && worth >= k.Bars.Of(level)
}

// Verdict is a decision on a record as it counts on a day, whoever asks.
type Verdict struct {
	by          uint64 // the member's number
	touched     int32  // working days since he looked after it
	holds       bool   // nothing is new, and the day it was put off to has not come
	asked, back bool
}

func memberNumber(id string) uint64 { return Fact("member", id) }

// Verdicts adds the decisions on a record to others, of the facts as they are now.
func (k *Ask) Verdicts(out []Verdict, marks Marks, now Facts) []Verdict {
	for n := range marks {
		m := &marks[n]
		touched := m.On
		if m.Until > m.On && now.Within(m.Facts) {
			touched = m.Until
		}
		out = append(out, Verdict{memberNumber(m.MemberID), int32(k.since(touched)), m.Holds(now, k.Actor.Today), m.Decision == Asked, m.Decision == Back})
	}
	return out
}

// Case is what decides whether a record stands on a desk.
type Case struct {
	Verdicts []Verdict
	// WorthMinor is its amount in the company's currency, below 0 there is none.
	WorthMinor int64
	Place      *Place
	// Waited is for how many working days its first sign has been there.
	Waited int
	// Own waits for the reader himself, and Open tells that a question of his has no answer yet.
	Own, Open bool
}

// Stands tells whether a line stands on the reader's desk: it is not decided on, and it has come to his level.
// Waited is for how many working days its first sign has been there.
func (k *Ask) Stands(l *Line, p Place, waited int) bool {
	if l.On == k.Needs {
		return true
	}
	marks := k.marks(l)
	c := &Case{Verdicts: k.Verdicts(nil, marks, l.Facts), WorthMinor: -1, Place: &p, Waited: waited, Own: l.Own()}
	if l.WorthMinor != nil {
		c.WorthMinor = *l.WorthMinor
	}
	if m := k.mine(marks); m != nil {
		c.Open = l.asked(m.NoteID)
	}
	return k.StandsAs(c)
}

// StandsAs is Stands of whatever a case is of.
func (k *Ask) StandsAs(c *Case) bool {
	for n := range c.Verdicts {
		if v := &c.Verdicts[n]; v.by == k.me && v.holds && (!v.asked || c.Open) {
			return false
		}
	}
	if c.Own {
		return true
	}
	if c.Place.Level < 0 {
		return false
	}
	if k.atOnce(c.Place.Level, c.WorthMinor) {
		return true
	}
	waited := c.Waited
	for n := range c.Verdicts {
		v := &c.Verdicts[n]
		if v.back || !slices.Contains(c.Place.below, v.by) {
			continue
		}
		if v.holds && !v.asked { // who asks has looked after it for now
			return false
		}
		waited = min(waited, int(v.touched))
	}
	return waited >= Untouched
}

// Waits tells whether a line does not stand on the reader's desk because he asked, and waits for an answer.
func (k *Ask) Waits(l *Line) bool {
	m := k.mine(k.marks(l))
	return m != nil && m.Decision == Asked && l.On != k.Needs && m.stays(l, k.Actor.Today)
}

// Marked tells whether anybody decided on a line's record.
func (k *Ask) Marked(l *Line) bool { return len(k.marks(l)) > 0 }

// marks are the last decisions on a line's record, which are looked up once.
func (k *Ask) marks(l *Line) Marks {
	if l.marks == nil {
		l.marks = k.known.on(l.On)
	}
	return *l.marks
}

// MarksOf are the last decisions on the records of a kind.
func (k *Ask) MarksOf(kind string) MarksOf { return k.known.of(kind) }

// mine is the reader's own decision, nil where there is none.
func (k *Ask) mine(marks Marks) *Mark {
	for n := range marks {
		if marks[n].MemberID == k.Actor.Effective() {
			return &marks[n]
		}
	}
	return nil
}

// since are the working days since a day: those of many decisions are few.
func (k *Ask) since(day calendar.Date) int {
	days, known := k.days[day]
	if !known {
		days = k.Calendar.WorkingDaysBetween(day, k.Actor.Today)
		k.days[day] = days
	}
	return days
}

// Bars are the amounts of the levels above the lowest manager, in minor units; the last is that of all further.
type Bars []int64

// defaultBars are a million and three millions of the company's currency: what a company that says nothing
// shows its second and its higher levels at once. Decision 0032.
var defaultBars = [...]int64{1_000_000, 3_000_000}

// Of is the amount of a level, which is 2 or more.
func (b Bars) Of(level int) int64 { return b[min(max(level-2, 0), len(b)-1)] }
