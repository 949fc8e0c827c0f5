package engine

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
)

// stay is a visit to a stage that counts, in 6 bytes, in the order of the history. Its
// end and the move it ended with are the next one's beginning.
type stay struct {
	pair pair
	// since is the day it counts from: entered, or where that is unknown (not dated),
	// written down.
	since day
	bits  uint16
}

const (
	stateBits = 0x7
	moveShift = 3
	moveBits  = 0xf
	datedBit  = 1 << 7

	// From here on it is at which quarter of the day's working time it was entered, plus one; 0 where
	// only the day is known.
	quarterShift = 8
)

func newStay(at pair, entered, recorded day, state, move uint8) stay {
	s := stay{at, entered, uint16(state) | uint16(move)<<moveShift | datedBit}
	if entered == unknown {
		s.since, s.bits = recorded, s.bits&^datedBit
	}
	return s
}

func (s *stay) state() uint8 { return uint8(s.bits & stateBits) }
func (s *stay) move() uint8  { return uint8(s.bits >> moveShift & moveBits) }

// timed is the stay entered at a quarter of its day.
func (s stay) timed(quarter int) stay {
	s.bits |= uint16(quarter+1) << quarterShift
	return s
}

// quarter is at which quarter of its day the stage was entered, of a stay that is timed.
func (s *stay) quarter() int32 { return int32(s.bits>>quarterShift) - 1 }

// isTimed tells whether it is known at what time of the day the stage was entered.
func (s *stay) isTimed() bool { return s.bits>>quarterShift != 0 }

// reaches tells whether the stay reaches stages: it is open or won, and no remapping began it.
func (s *stay) reaches() bool { return s.state() <= won && s.move() != remap }

// entered is the day the stage was entered.
func (s *stay) entered() day {
	if s.bits&datedBit != 0 {
		return s.since
	}
	return unknown
}

// amountUntil is what an amount was before a day, in 10 bytes: the next one, or the
// column, says what it was from that day on.
type amountUntil struct {
	until day
	minor [4]uint16
}

func newAmountUntil(until day, minor int64) amountUntil {
	m := uint64(minor)
	return amountUntil{until, [4]uint16{uint16(m), uint16(m >> 16), uint16(m >> 32), uint16(m >> 48)}}
}

func (a *amountUntil) value() int64 {
	m := a.minor
	return int64(uint64(m[0]) | uint64(m[1])<<16 | uint64(m[2])<<32 | uint64(m[3])<<48)
}

// field is what of an opportunity changes with time, but for its amount and its lines.
type field uint16

const (
	ofCurrency field = iota
	ofExpected
	ofConfidence
	ofRegion
	ofIndustry
	ofClass
	ofDeleted
	ofTax
	ofOwner
	ofTeam
	fields
)

// valueUntil is what a field was before a day, in 8 bytes.
type valueUntil struct {
	value int32
	until day
	field field
}

// lineUntil is a product line of an opportunity before a day. All lines of one such day
// stand together; a product of -1 says that there was none.
type lineUntil struct {
	line
	until day
}

// line is the amount of one product line.
type line struct {
	minor   int64
	product symbol
}

// closing is the facts of a closing where they are not what the columns say.
type closing struct {
	amount, contract           int64
	currency, kind, competitor symbol
	stay                       uint16 // by its place
}

// credit is a member's share of a closing from a day on; one below 0 takes it back. It
// stands where owner and team of that day do not say it all.
type credit struct {
	minor                 int64 // nothing where the closing had no amount
	member, team, product symbol
	share                 int32
	stay                  uint16 // by its place
	from                  day
}

// row is one opportunity: what a chunk is made of, and what it gives back when another is
// made of it. Fields tell how it is today, as the lists tell it; where that is not what a
// field was or will be, and how it was before, the lists of it say.
type row struct {
	id                                    uuid.UUID
	pipeline, stage                       symbol
	state                                 uint8
	tax                                   uint8
	deleted                               bool
	promised, provisional                 bool
	created, closed, expected             day
	entered, stayed                       day // stayed is what the present stay counts from
	clock, contact, waiting               day
	amount, contract                      int64
	confidence                            int16 // -1 is none stated
	currency, owner, team, region, source symbol
	industry, class, lossKind, competitor symbol
	account                               int32 // its place among the accounts, noAccount for none
	stays                                 []stay
	amounts                               []amountUntil
	values                                []valueUntil
	closings                              []closing
	credits                               []credit
	lines                                 []line
	earlier                               []lineUntil
	crew                                  []symbol // the deal team
	rivals                                []symbol // competitors present
	name                                  []byte   // as searches read it
	own                                   []ownValue
}

// chunkSize is how many opportunities are written anew when one of them changes:
// small enough for a millisecond, large enough to scan at full speed.
const chunkSize = 2048

// columns are a run of opportunities, column by column.
type columns struct {
	id                                    []uuid.UUID
	pipeline, stage                       column[symbol]
	state, tax                            column[uint8]
	deleted, promised, provisional        column[bool]
	created, closed, expected             column[day]
	entered, stayed                       column[day]
	clock, contact, waiting               column[day]
	amount, contract                      column[int64]
	confidence                            column[int16]
	currency, owner, team, region, source column[symbol]
	industry, class, lossKind, competitor column[symbol]
	account                               column[int32]
	stays                                 ragged[stay]
	amounts                               ragged[amountUntil]
	values                                ragged[valueUntil]
	closings                              ragged[closing]
	credits                               ragged[credit]
	lines                                 ragged[line]
	earlier                               ragged[lineUntil]
	crew, rivals                          ragged[symbol]
	name                                  ragged[byte]
	own                                   []ownColumn // in the order of their fields
}

// chunk is some columns and what is found of them. A chunk that readers may see never changes; an
// opportunity that changes is written into another one (rewrite.go).
type chunk struct {
	columns

	// last is the last day of any of its facts: from it on nothing changes. Ahead tells
	// that some field will be, or is, another than the lists say.
	last  day
	ahead bool
	// varied are the fields of which any was another, a bit each.
	varied uint16

	now sync.Map // by pipeline: its opportunities from the last day on (population.go)
	// What all lists and desks take of it: the places of what is open, and how that stands (standing.go, pressing.go).
	living atomic.Pointer[[]uint16]
	asks   atomic.Pointer[sheet]
	stands atomic.Pointer[stood]

	serial uint64   // tells it from every other
	made   []origin // what of, the last first
}

// origin is what was written into a chunk to make another of it.
type origin struct {
	serial uint64   // of the chunk before
	at     []uint16 // the opportunities that were replaced
}

// origins is how many steps back a chunk knows what it was made of.
const origins = 8

// serials counts the chunks that were ever made.
var serials atomic.Uint64

func newChunk(rows []row) *chunk {
	c := &chunk{}
	c.write(&rewrite{added: rows})
	c.span()
	return c
}

// span finds the last day of any fact, of a chunk that is whole.
func (c *chunk) span() {
	c.serial = serials.Add(1)
	until := func(d day) {
		if d == forever {
			c.ahead = true
		} else {
			c.last = max(c.last, d)
		}
	}
	for i := range c.stays.items {
		c.last = max(c.last, c.stays.items[i].since)
	}
	for i := range c.amounts.items {
		until(c.amounts.items[i].until)
	}
	for i := range c.values.items {
		until(c.values.items[i].until)
		c.varied |= 1 << c.values.items[i].field
	}
	for i := range c.earlier.items {
		until(c.earlier.items[i].until)
	}
	for i := range c.credits.items {
		c.last = max(c.last, c.credits.items[i].from)
	}
}

// row reads opportunity i back; its lists are the chunk's own.
func (c *chunk) row(i int) row {
	return row{
		id: c.id[i], pipeline: c.pipeline.at(i), stage: c.stage.at(i), state: c.state.at(i),
		tax: c.tax.at(i), deleted: c.deleted.at(i), promised: c.promised.at(i), provisional: c.provisional.at(i),
		created: c.created.at(i), closed: c.closed.at(i), expected: c.expected.at(i),
		entered: c.entered.at(i), stayed: c.stayed.at(i), clock: c.clock.at(i), contact: c.contact.at(i), waiting: c.waiting.at(i),
		amount: c.amount.at(i), contract: c.contract.at(i), confidence: c.confidence.at(i), currency: c.currency.at(i),
		owner: c.owner.at(i), team: c.team.at(i), region: c.region.at(i), source: c.source.at(i),
		industry: c.industry.at(i), class: c.class.at(i), lossKind: c.lossKind.at(i), competitor: c.competitor.at(i),
		account: c.account.at(i),
		stays:   c.stays.at(i), amounts: c.amounts.at(i), values: c.values.at(i), closings: c.closings.at(i),
		credits: c.credits.at(i), lines: c.lines.at(i), earlier: c.earlier.at(i), crew: c.crew.at(i), rivals: c.rivals.at(i),
		name: c.name.at(i), own: ownAt(c.own, i),
	}
}

func (c *chunk) ids() []uuid.UUID { return c.id }

// alive are the places of what is open and was not deleted.
func (c *chunk) alive() []uint16 {
	if at := c.living.Load(); at != nil {
		return *at
	}
	at := []uint16{}
	for i := range c.id {
		if c.state.at(i) == open && !c.deleted.at(i) {
			at = append(at, uint16(i))
		}
	}
	at = slices.Clip(at)
	c.living.Store(&at)
	return at
}

// with is the chunk's opportunities with some replaced, by place, and others following.
func (c *chunk) with(replaced map[int]row, added []row) *chunk {
	w := &rewrite{was: len(c.id), at: slices.Sorted(maps.Keys(replaced)), added: added}
	step := origin{serial: c.serial, at: make([]uint16, len(w.at))}
	for k, i := range w.at {
		w.rows, step.at[k] = append(w.rows, replaced[i]), uint16(i)
	}
	next := &chunk{columns: c.columns}
	next.write(w)
	next.span()
	next.made = append([]origin{step}, c.made[:min(len(c.made), origins-1)]...)
	return next
}

// since is the places of the opportunities written into a chunk since it was another one, in order;
// false where that is long ago.
func (c *chunk) since(before *chunk) (at []uint16, known bool) {
	for _, step := range c.made {
		at = append(at, step.at...)
		if step.serial == before.serial {
			at = append(at, every[min(len(before.id), len(c.id)):len(c.id)]...)
			slices.Sort(at)
			return slices.Compact(at), true
		}
	}
	return nil, false
}

// was is what a field was on a day; today is what the column says.
func (c *chunk) was(i int, f field, on day, today int32) int32 {
	if c.varied>>f&1 == 0 || on >= c.last && !c.ahead {
		return today
	}
	list := c.values.at(i)
	for k := range list {
		if x := &list[k]; x.field == f && on < x.until {
			return x.value
		}
	}
	return today
}

// amountOn is the amount stated on a day.
func (c *chunk) amountOn(i int, on day) int64 {
	if on < c.last || c.ahead {
		list := c.amounts.at(i)
		for k := range list {
			if on < list[k].until {
				return list[k].value()
			}
		}
	}
	return c.amount.at(i)
}

// linesOn calls do with the product lines of a day.
func (c *chunk) linesOn(i int, on day, do func(l line)) {
	if on < c.last || c.ahead {
		list := c.earlier.at(i)
		for k := range list {
			if until := list[k].until; on < until {
				for ; k < len(list) && list[k].until == until; k++ {
					if list[k].product >= 0 {
						do(list[k].line)
					}
				}
				return
			}
		}
	}
	for _, l := range c.lines.at(i) {
		do(l)
	}
}

func (c *chunk) deletedOn(i int, on day) bool {
	return c.was(i, ofDeleted, on, int32(bit(c.deleted.at(i)))) != 0
}
func (c *chunk) taxOn(i int, on day) uint8       { return uint8(c.was(i, ofTax, on, int32(c.tax.at(i)))) }
func (c *chunk) ownerOn(i int, on day) symbol    { return c.was(i, ofOwner, on, c.owner.at(i)) }
func (c *chunk) teamOn(i int, on day) symbol     { return c.was(i, ofTeam, on, c.team.at(i)) }
func (c *chunk) regionOn(i int, on day) symbol   { return c.was(i, ofRegion, on, c.region.at(i)) }
func (c *chunk) currencyOn(i int, on day) symbol { return c.was(i, ofCurrency, on, c.currency.at(i)) }
func (c *chunk) industryOn(i int, on day) symbol { return c.was(i, ofIndustry, on, c.industry.at(i)) }
func (c *chunk) classOn(i int, on day) symbol    { return c.was(i, ofClass, on, c.class.at(i)) }
func (c *chunk) expectedOn(i int, on day) day {
	return day(c.was(i, ofExpected, on, int32(c.expected.at(i))))
}
func (c *chunk) confidenceOn(i int, on day) int16 {
	return int16(c.was(i, ofConfidence, on, int32(c.confidence.at(i))))
}
