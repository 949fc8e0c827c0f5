package engine

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
	"unsafe"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"

	"github.com/google/uuid"
)

// A day is days since 1899-12-31, so 16 bits hold every date calendar.Parse takes.
// Unknown stands for a date nobody knows, and sorts before all that are known.
type day = uint16

const (
	unknown  day = 0
	lastDay  day = 65379 // 2078-12-31
	dayShift     = 25568 // days from 1899-12-31 to 1970-01-01
)

func dayOf(d calendar.Date) day {
	if d == "" {
		return unknown
	}
	return day(min(max(d.Days()+dayShift, 1), int(lastDay)))
}

func dateOf(d day) calendar.Date {
	if d == unknown {
		return ""
	}
	return calendar.Date(time.Unix((int64(d)-dayShift)*86400, 0).UTC().Format(time.DateOnly))
}

// nothing is an amount nobody stated.
const nothing int64 = math.MinInt64

// States of an opportunity and of a stay; out is what a report takes out.
const (
	open uint8 = iota
	won
	lost
	withdrawn
	out
)

var states = []string{"open", "won", "lost", "withdrawn", "out"}

func stateOf(s string) uint8 {
	for i, name := range states {
		if name == s {
			return uint8(i)
		}
	}
	return withdrawn
}

// moves by number; 0 is none.
var moves = []pipeline.Move{"", pipeline.Create, pipeline.Advance, pipeline.Skip, pipeline.Return, pipeline.Win, pipeline.Lose, pipeline.Withdraw, pipeline.Reopen, pipeline.Change, pipeline.Remap}

var (
	advance = uint8(slices.Index(moves, pipeline.Advance))
	skip    = uint8(slices.Index(moves, pipeline.Skip))
	win     = uint8(slices.Index(moves, pipeline.Win))
	change  = uint8(slices.Index(moves, pipeline.Change))
)

// moveOf numbers a move. One nobody knows is an error of the load and not a panic: a load
// runs beside the requests, and would take the process along.
func moveOf(text string) (uint8, error) {
	if i := slices.Index(moves, pipeline.Move(text)); i >= 0 {
		return uint8(i), nil
	}
	return 0, fmt.Errorf("engine: unknown move %q", text)
}

// symbol is a text by number: ids of members, regions, currencies. The empty text,
// which is also what is not there, is 0. Stages are numbered by themselves, because a
// stay has 16 bits for its stage.
type symbol = int32

type stageNumber = uint16

// dictionary numbers texts. It only grows, so a reader may keep the texts it has.
type dictionary struct {
	number map[string]symbol
	text   []string
}

func newDictionary(texts ...string) *dictionary {
	d := &dictionary{map[string]symbol{}, nil}
	d.of("")
	for _, text := range texts {
		d.of(text)
	}
	return d
}

func (d *dictionary) of(s string) symbol {
	n, ok := d.number[s]
	if !ok {
		n = symbol(len(d.text))
		d.number[s] = n
		d.text = append(d.text, s)
	}
	return n
}

// find is of without growing: -1 stands for a text that is in no row.
func (d *dictionary) find(s string) symbol {
	if n, ok := d.number[s]; ok {
		return n
	}
	return -1
}

// stay is a visit to a stage that counts, in 8 bytes, in the order of the history. Its
// pipeline is its stage's; a withdrawn stay has no stage (0) and stands in the
// pipeline before it.
type stay struct {
	stage stageNumber
	// since is the day it counts from: entered, or where that is unknown (not dated),
	// written down. Left is unknown while it lasts.
	since, left day
	bits        uint16
}

const (
	stateBits = 0x7
	moveShift = 3
	leftShift = 7
	moveBits  = 0xf
	datedBit  = 1 << 11
)

func newStay(stage stageNumber, entered, left, recorded day, state, move, leftMove uint8) stay {
	s := stay{stage, entered, left, uint16(state) | uint16(move)<<moveShift | uint16(leftMove)<<leftShift | datedBit}
	if entered == unknown {
		s.since, s.bits = recorded, s.bits&^datedBit
	}
	return s
}

func (s *stay) state() uint8    { return uint8(s.bits & stateBits) }
func (s *stay) move() uint8     { return uint8(s.bits >> moveShift & moveBits) }
func (s *stay) leftMove() uint8 { return uint8(s.bits >> leftShift & moveBits) }

// entered is the day the stage was entered.
func (s *stay) entered() day {
	if s.bits&datedBit != 0 {
		return s.since
	}
	return unknown
}

type ownership struct {
	member   symbol
	from, to day // to unknown is still
}

type line struct {
	minor   int64
	product symbol
}

// row is one opportunity: what a chunk is made of, and what it gives back when
// another is made of it.
type row struct {
	id                                    uuid.UUID
	pipeline                              symbol
	stage                                 stageNumber
	state                                 uint8
	deleted                               bool
	created, entered, closed, expected    day
	amount, contract                      int64
	confidence                            int16 // -1 is none stated
	currency, owner, region, source       symbol
	industry, class, lossKind, competitor symbol
	stays                                 []stay
	owners                                []ownership // none where the owner was always the same
	lines                                 []line      // one per product line
	team                                  []symbol
	rivals                                []symbol // competitors present, the one it was lost to among them
	name                                  []byte   // as searches read it
}

// chunkSize is how many opportunities are written anew when one of them changes:
// small enough for a millisecond, large enough to scan at full speed.
const chunkSize = 2048

// chunk is a run of opportunities, column by column. A chunk that readers may see
// never changes; an opportunity that changes is written into another one.
type chunk struct {
	id                                    []uuid.UUID
	pipeline                              column[symbol]
	stage                                 column[stageNumber]
	state                                 column[uint8]
	deleted                               column[bool]
	created, entered, closed, expected    column[day]
	amount, contract                      column[int64]
	confidence                            column[int16]
	currency, owner, region, source       column[symbol]
	industry, class, lossKind, competitor column[symbol]
	stays                                 ragged[stay]
	owners                                ragged[ownership]
	lines                                 ragged[line]
	team, rivals                          ragged[symbol]
	name                                  ragged[byte]

	now sync.Map // by pipeline: its opportunities as they are (population.go)
}

func newChunk(rows []row) *chunk {
	c := &chunk{id: make([]uuid.UUID, len(rows))}
	for i := range rows {
		c.id[i] = rows[i].id
	}
	c.pipeline = columnOf(rows, func(r *row) symbol { return r.pipeline })
	c.stage = columnOf(rows, func(r *row) stageNumber { return r.stage })
	c.state = columnOf(rows, func(r *row) uint8 { return r.state })
	c.deleted = columnOf(rows, func(r *row) bool { return r.deleted })
	c.created = columnOf(rows, func(r *row) day { return r.created })
	c.entered = columnOf(rows, func(r *row) day { return r.entered })
	c.closed = columnOf(rows, func(r *row) day { return r.closed })
	c.expected = columnOf(rows, func(r *row) day { return r.expected })
	c.amount = columnOf(rows, func(r *row) int64 { return r.amount })
	c.contract = columnOf(rows, func(r *row) int64 { return r.contract })
	c.confidence = columnOf(rows, func(r *row) int16 { return r.confidence })
	c.currency = columnOf(rows, func(r *row) symbol { return r.currency })
	c.owner = columnOf(rows, func(r *row) symbol { return r.owner })
	c.region = columnOf(rows, func(r *row) symbol { return r.region })
	c.source = columnOf(rows, func(r *row) symbol { return r.source })
	c.industry = columnOf(rows, func(r *row) symbol { return r.industry })
	c.class = columnOf(rows, func(r *row) symbol { return r.class })
	c.lossKind = columnOf(rows, func(r *row) symbol { return r.lossKind })
	c.competitor = columnOf(rows, func(r *row) symbol { return r.competitor })
	c.stays = raggedOf(rows, func(r *row) []stay { return r.stays })
	c.owners = raggedOf(rows, func(r *row) []ownership { return r.owners })
	c.lines = raggedOf(rows, func(r *row) []line { return r.lines })
	c.team = raggedOf(rows, func(r *row) []symbol { return r.team })
	c.rivals = raggedOf(rows, func(r *row) []symbol { return r.rivals })
	c.name = raggedOf(rows, func(r *row) []byte { return r.name })
	return c
}

// row reads opportunity i back; its lists are the chunk's own.
func (c *chunk) row(i int) row {
	return row{
		id: c.id[i], pipeline: c.pipeline.at(i), stage: c.stage.at(i), state: c.state.at(i), deleted: c.deleted.at(i),
		created: c.created.at(i), entered: c.entered.at(i), closed: c.closed.at(i), expected: c.expected.at(i),
		amount: c.amount.at(i), contract: c.contract.at(i), confidence: c.confidence.at(i),
		currency: c.currency.at(i), owner: c.owner.at(i), region: c.region.at(i), source: c.source.at(i),
		industry: c.industry.at(i), class: c.class.at(i), lossKind: c.lossKind.at(i), competitor: c.competitor.at(i),
		stays: c.stays.at(i), owners: c.owners.at(i), lines: c.lines.at(i), team: c.team.at(i), rivals: c.rivals.at(i), name: c.name.at(i),
	}
}

// with is the chunk's opportunities with some replaced, by place, and others following.
func (c *chunk) with(replaced map[int]row, added []row) *chunk {
	rows := make([]row, 0, len(c.id)+len(added))
	for i := range c.id {
		if r, ok := replaced[i]; ok {
			rows = append(rows, r)
		} else {
			rows = append(rows, c.row(i))
		}
	}
	return newChunk(append(rows, added...))
}

// column is a value per opportunity in the fewest bytes that hold them: one value for
// all, a number of 8 or 16 bits into the values that occur, or the values themselves.
type column[T comparable] struct {
	values []T
	narrow []uint8
	wide   []uint16
}

func (c *column[T]) at(i int) T {
	switch {
	case c.narrow != nil:
		return c.values[c.narrow[i]]
	case c.wide != nil:
		return c.values[c.wide[i]]
	case len(c.values) == 1:
		return c.values[0]
	}
	return c.values[i]
}

func columnOf[T comparable](rows []row, of func(*row) T) column[T] {
	var values []T
	codes, number := make([]uint16, len(rows)), map[T]uint16{}
	for i := range rows {
		v := of(&rows[i])
		if i > 0 && v == values[codes[i-1]] { // runs of equals are common, and cost no look-up
			codes[i] = codes[i-1]
			continue
		}
		n, ok := number[v]
		if !ok {
			n = uint16(len(values))
			number[v], values = n, append(values, v)
		}
		codes[i] = n
	}
	size, distinct := int(unsafe.Sizeof(*new(T))), len(values)
	switch plain := len(rows) * size; {
	case distinct <= 1:
		return column[T]{values: slices.Clone(values)}
	case distinct <= 256 && len(rows)+distinct*size < plain:
		narrow := make([]uint8, len(rows))
		for i, n := range codes {
			narrow[i] = uint8(n)
		}
		return column[T]{values: slices.Clone(values), narrow: narrow}
	case 2*len(rows)+distinct*size < plain:
		return column[T]{values: slices.Clone(values), wide: codes}
	}
	all := make([]T, len(rows))
	for i, n := range codes {
		all[i] = values[n]
	}
	return column[T]{values: all}
}

// ragged is a list per opportunity, all lists after one another. Ends is nil where
// every list is empty.
type ragged[T any] struct {
	ends  []uint32
	items []T
}

func (r *ragged[T]) at(i int) []T {
	if r.ends == nil {
		return nil
	}
	from := uint32(0)
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.items[from:r.ends[i]:r.ends[i]]
}

func raggedOf[T any](rows []row, of func(*row) []T) ragged[T] {
	n := 0
	for i := range rows {
		n += len(of(&rows[i]))
	}
	if n == 0 {
		return ragged[T]{}
	}
	r := ragged[T]{make([]uint32, len(rows)), make([]T, 0, n)}
	for i := range rows {
		r.items = append(r.items, of(&rows[i])...)
		r.ends[i] = uint32(len(r.items))
	}
	return r
}

// Deal is an opportunity as the loader reads it.
type Deal struct {
	ID, Name                                   string
	PipelineID, StageID, State                 string
	Deleted                                    bool
	CreatedOn, EnteredOn, ClosedOn, ExpectedOn calendar.Date
	AmountMinor, ContractMinor                 *int64
	ConfidenceBP                               *int64
	Currency, OwnerID, Region, Source          string
	Industry, Class                            string
	LossKind, CompetitorID                     string
	Stays                                      []Stay
	Owners                                     []Ownership
	Lines                                      []Line // one per product line
	Team                                       []string
	Rivals                                     []string // competitors named in it
}

// Stay is one that is not voided, in order.
type Stay struct {
	StageID, State                string
	EnteredOn, LeftOn, RecordedOn calendar.Date
	Move, LeftMove                string
}

// Ownership is an interval of an owner, in order.
type Ownership struct {
	MemberID string
	From, To calendar.Date
}

// Line is the amount of one product line.
type Line struct {
	ProductLineID string
	Minor         int64
}

func minorOf(p *int64) int64 {
	if p == nil {
		return nothing
	}
	return *p
}

// numbering gives texts their numbers: a company's two dictionaries.
type numbering struct{ texts, stages *dictionary }

func newNumbering() numbering { return numbering{newDictionary(), newDictionary()} }

func (n numbering) stage(id string) (stageNumber, error) {
	s := n.stages.of(id)
	if s > math.MaxUint16 {
		return 0, fmt.Errorf("engine: more than %d stages", math.MaxUint16)
	}
	return stageNumber(s), nil
}

// row numbers an opportunity's texts.
func (n numbering) row(d *Deal) (r row, err error) {
	of := n.texts.of
	r = row{
		pipeline: of(d.PipelineID), state: stateOf(d.State), deleted: d.Deleted,
		created: dayOf(d.CreatedOn), entered: dayOf(d.EnteredOn), closed: dayOf(d.ClosedOn), expected: dayOf(d.ExpectedOn),
		amount: minorOf(d.AmountMinor), contract: minorOf(d.ContractMinor), confidence: -1,
		currency: of(d.Currency), owner: of(d.OwnerID), region: of(d.Region), source: of(d.Source),
		industry: of(d.Industry), class: of(d.Class), lossKind: of(d.LossKind), competitor: of(d.CompetitorID), name: searched(d.Name),
	}
	if r.id, err = uuid.Parse(d.ID); err != nil {
		return r, fmt.Errorf("engine: opportunity %q: %w", d.ID, err)
	}
	if r.stage, err = n.stage(d.StageID); err != nil {
		return r, err
	}
	if d.ConfidenceBP != nil {
		r.confidence = int16(*d.ConfidenceBP)
	}
	for _, s := range d.Stays {
		stage, err := n.stage(s.StageID)
		if err != nil {
			return r, err
		}
		move, err := moveOf(s.Move)
		if err != nil {
			return r, err
		}
		leftMove, err := moveOf(s.LeftMove)
		if err != nil {
			return r, err
		}
		r.stays = append(r.stays, newStay(stage, dayOf(s.EnteredOn), dayOf(s.LeftOn), dayOf(s.RecordedOn), stateOf(s.State), move, leftMove))
	}
	for _, o := range d.Owners {
		r.owners = append(r.owners, ownership{of(o.MemberID), dayOf(o.From), dayOf(o.To)})
	}
	if !slices.ContainsFunc(r.owners, func(o ownership) bool { return o.member != 0 && o.member != r.owner }) {
		r.owners = nil // whoever asks for an earlier owner gets the present one
	}
	for _, l := range d.Lines {
		r.lines = append(r.lines, line{l.Minor, of(l.ProductLineID)})
	}
	for _, m := range d.Team {
		r.team = append(r.team, of(m))
	}
	for _, c := range d.Rivals {
		r.rivals = append(r.rivals, of(c))
	}
	if r.competitor != 0 && !slices.Contains(r.rivals, r.competitor) {
		r.rivals = append(r.rivals, r.competitor)
	}
	return r, nil
}
