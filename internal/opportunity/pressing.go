package opportunity

import (
	"slices"
	"strconv"
	"sync/atomic"

	"yunchou/internal/calendar"
	"yunchou/internal/desk"
)

// Pressed asks memory for the open records that ask for something, in the scope wanted.
type Pressed struct {
	Wanted
	Limits   map[string]Limits // by stage
	Calendar calendar.Calendar
	// Also are records that are wanted whatever is to be said of them, closed ones too.
	Also []string
}

// Pressing is one record, as memory tells it. The days are those of calendar.Date.Days.
type Pressing struct {
	ID, OwnerID, StageID string
	Clock, Expected      int32
	WorthMinor           int64 // in the company's currency at today's rate; below 0 there is none
	Stalled              int32 // working days beyond the limit of its stage, 0 is not
	Overdue              int32 // working days since the day it was expected on
	Passed               bool  // that day has passed
	Long                 bool  // beyond three times the maximum
	Open                 bool
	NoStep               bool // nothing comes next
}

// Waited is for how many working days a record has been one that asks: the limit was crossed the day before.
func (p Pressing) Waited() int { return pressedFor(p.Stalled, p.Overdue) }

func pressedFor(stalled, overdue int32) int { return max(0, int(max(stalled, overdue))-1) }

// Pressings are what memory tells of a desk.
type Pressings struct {
	Sheets []SheetPart
	// Also are the records that were wanted by name, as far as they are in the scope; they are in no sheet.
	Also []Pressing
	// Texts are owners and stages by their numbers.
	Texts []string
}

// SheetPart is what of a sheet is in the scope: rows by their place, or all where that is nil.
type SheetPart struct {
	*Sheet
	At []uint16
}

// Sheet is what some open records ask for on a day. It is made once for everybody who asks, and never changed.
type Sheet struct {
	Rows    []Asking
	decided atomic.Pointer[decided]
}

// decided are what was decided on the rows of a sheet.
type decided struct {
	as   desk.AsOf
	ends []uint32 // by row: where its own end
	list []desk.Verdict
}

// of are those on a row.
func (d *decided) of(row int) []desk.Verdict {
	from := uint32(0)
	if row > 0 {
		from = d.ends[row-1]
	}
	return d.list[from:d.ends[row]]
}

// verdicts are what was decided on the rows, as it counts on the day of the sheet. They are kept until one of them is
// decided on anew.
func (s *Sheet) verdicts(k *desk.Ask, marks desk.MarksOf) *decided {
	now := s.decided.Load()
	if now != nil && now.as == marks.AsOf() {
		return now
	}
	if now != nil {
		if ids, known := marks.Since(now.as); known && !s.any(ids) {
			now = &decided{marks.AsOf(), now.ends, now.list}
			s.decided.Store(now)
			return now
		}
	}
	now = &decided{as: marks.AsOf(), ends: make([]uint32, len(s.Rows))}
	for n := range s.Rows {
		if on := marks.On(s.Rows[n].ID); len(on) > 0 {
			now.list = k.Verdicts(now.list, on, s.Rows[n].Facts())
		}
		now.ends[n] = uint32(len(now.list))
	}
	now.list = slices.Clip(now.list)
	s.decided.Store(now)
	return now
}

// manyDecided is from how many decisions on nothing is looked for one by one.
const manyDecided = 16

// any tells whether any of some records may be in it.
func (s *Sheet) any(ids [][16]byte) bool {
	if len(ids) > manyDecided {
		return true
	}
	for n := range s.Rows {
		if slices.Contains(ids, s.Rows[n].ID) {
			return true
		}
	}
	return false
}

// Asking is one record of a sheet, as Pressing tells it: owner and stage are numbers.
type Asking struct {
	ID               [16]byte
	WorthMinor       int64
	Owner, Stage     int32
	Clock, Expected  int32
	Stalled, Overdue int32
	Passed, Long     bool
	NoStep           bool // nothing comes next, whoever is told so
	numbered         uint8
	facts            [3]uint64 // the first so many are those of its signs and of its owner
}

// Waited is Pressing.Waited.
func (p *Asking) Waited() int { return pressedFor(p.Stalled, p.Overdue) }

// Asks tells whether there is a sign of it.
func (p *Asking) Asks() bool { return p.Stalled > 0 || p.Passed }

// Facts are those of its signs and of its owner, as desk.FactsOf numbers them.
func (p *Asking) Facts() desk.Facts { return p.facts[:p.numbered] }

// Number has the facts of a row be known, of an owner and a stage.
func (p *Asking) Number(owner, stage string) {
	add := func(one uint64) {
		p.facts[p.numbered] = one
		p.numbered++
	}
	if p.numbered = 0; owner != "" {
		add(desk.OwnerFact(owner))
	}
	if p.Stalled > 0 {
		add(desk.Fact(SignStalled, stalledFacts(stage, p.Clock, p.Long)...))
	}
	if p.Passed {
		add(desk.Fact(SignPassed, passedFacts(p.Expected)...))
	}
}

// stalledFacts and passedFacts tell when a sign is another one.
func stalledFacts(stage string, clock int32, long bool) []string {
	facts := []string{stage, strconv.Itoa(int(clock))}
	if long {
		facts = append(facts, "long")
	}
	return facts
}

func passedFacts(expected int32) []string { return []string{strconv.Itoa(int(expected))} }
