package engine

import (
	"math"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// A day is days since 1970-01-01; unknown stands for a date nobody knows.
type day = int32

const unknown day = math.MinInt32

func dayOf(d calendar.Date) day {
	if d == "" {
		return unknown
	}
	return day(d.Days())
}

// written are the dates of 2000 to 2049 as texts: a report names many days many times.
var written = func() (out [18263]calendar.Date) {
	for i := range out {
		out[i] = calendar.Date(time.Unix(int64(firstWritten+i)*86400, 0).UTC().Format(time.DateOnly))
	}
	return out
}()

const firstWritten = 10957 // 2000-01-01

func dateOf(d day) calendar.Date {
	if d == unknown {
		return ""
	}
	if i := int(d) - firstWritten; i >= 0 && i < len(written) {
		return written[i]
	}
	return calendar.Date(time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly))
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

// symbol is a text by number: ids of members and stages, regions, currencies. The
// empty text, which is also what is not there, is 0.
type symbol = int32

// dictionary numbers texts. It only grows, so a reader may keep the texts it has.
type dictionary struct {
	number map[string]symbol
	text   []string
}

func newDictionary() *dictionary {
	return &dictionary{map[string]symbol{"": 0}, []string{""}}
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

// chunkSize is how many opportunities are copied when one of them changes: small
// enough to copy in microseconds, large enough to scan at full speed.
const chunkSize = 2048

// chunk is a run of opportunities, column by column. A chunk that readers may see
// never changes; an opportunity that changes is written into a copy.
type chunk struct {
	id                                 []string
	pipeline, stage                    []symbol
	state                              []uint8
	deleted                            []bool
	created, entered, closed, expected []day
	amount, contract                   []int64
	confidence                         []int32 // -1 is none stated
	currency, owner, region, source    []symbol
	account, industry, class           []symbol
	lossKind, competitor               []symbol
	stays, owners, lines, team         []int32 // where each opportunity's begin; one more than opportunities
	stay                               []stay
	ownership                          []ownership
	line                               []line
	member                             []symbol // of deal teams
}

// stay is one that counts, in the order of the history, in 16 bytes. Its pipeline is
// its stage's; a withdrawn stay has no stage and stands in the pipeline before it.
type stay struct {
	stage symbol
	// since is the day it counts from: entered, or where that is unknown (not dated),
	// written down.
	since, left           day
	state, move, leftMove uint8
	dated                 bool
}

// entered is the day the stage was entered.
func (s *stay) entered() day {
	if s.dated {
		return s.since
	}
	return unknown
}

// moves by number; 0 is none.
var moves = []pipeline.Move{"", pipeline.Create, pipeline.Advance, pipeline.Skip, pipeline.Return, pipeline.Win, pipeline.Lose, pipeline.Withdraw, pipeline.Reopen, pipeline.Change, pipeline.Remap}

var (
	advance = moveOf(string(pipeline.Advance))
	skip    = moveOf(string(pipeline.Skip))
	win     = moveOf(string(pipeline.Win))
	change  = moveOf(string(pipeline.Change))
)

func moveOf(text string) uint8 {
	for i, m := range moves {
		if string(m) == text {
			return uint8(i)
		}
	}
	panic("engine: unknown move " + text) // the schema's own words
}

type ownership struct {
	member   symbol
	from, to day // to unknown is still
}

type line struct {
	product symbol
	minor   int64
}

func newChunk() *chunk {
	return &chunk{stays: []int32{0}, owners: []int32{0}, lines: []int32{0}, team: []int32{0}}
}

func (c *chunk) len() int { return len(c.id) }

// Deal is an opportunity as the loader reads it.
type Deal struct {
	ID                                         string
	PipelineID, StageID, State                 string
	Deleted                                    bool
	CreatedOn, EnteredOn, ClosedOn, ExpectedOn calendar.Date
	AmountMinor, ContractMinor                 *int64
	ConfidenceBP                               *int64
	Currency, OwnerID, Region, Source          string
	AccountID, Industry, Class                 string
	LossKind, CompetitorID                     string
	Stays                                      []Stay
	Owners                                     []Ownership
	Lines                                      []Line // one per product line
	Team                                       []string
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

// add appends an opportunity.
func (c *chunk) add(d *Deal, dict *dictionary) {
	c.id = append(c.id, d.ID)
	c.pipeline = append(c.pipeline, dict.of(d.PipelineID))
	c.stage = append(c.stage, dict.of(d.StageID))
	c.state = append(c.state, stateOf(d.State))
	c.deleted = append(c.deleted, d.Deleted)
	c.created = append(c.created, dayOf(d.CreatedOn))
	c.entered = append(c.entered, dayOf(d.EnteredOn))
	c.closed = append(c.closed, dayOf(d.ClosedOn))
	c.expected = append(c.expected, dayOf(d.ExpectedOn))
	c.amount = append(c.amount, minorOf(d.AmountMinor))
	c.contract = append(c.contract, minorOf(d.ContractMinor))
	confidence := int32(-1)
	if d.ConfidenceBP != nil {
		confidence = int32(*d.ConfidenceBP)
	}
	c.confidence = append(c.confidence, confidence)
	c.currency = append(c.currency, dict.of(d.Currency))
	c.owner = append(c.owner, dict.of(d.OwnerID))
	c.region = append(c.region, dict.of(d.Region))
	c.source = append(c.source, dict.of(d.Source))
	c.account = append(c.account, dict.of(d.AccountID))
	c.industry = append(c.industry, dict.of(d.Industry))
	c.class = append(c.class, dict.of(d.Class))
	c.lossKind = append(c.lossKind, dict.of(d.LossKind))
	c.competitor = append(c.competitor, dict.of(d.CompetitorID))
	for _, s := range d.Stays {
		x := stay{dict.of(s.StageID), dayOf(s.EnteredOn), dayOf(s.LeftOn), stateOf(s.State), moveOf(s.Move), moveOf(s.LeftMove), true}
		if x.since == unknown {
			x.since, x.dated = dayOf(s.RecordedOn), false
		}
		c.stay = append(c.stay, x)
	}
	for _, o := range d.Owners {
		c.ownership = append(c.ownership, ownership{dict.of(o.MemberID), dayOf(o.From), dayOf(o.To)})
	}
	for _, l := range d.Lines {
		c.line = append(c.line, line{dict.of(l.ProductLineID), l.Minor})
	}
	for _, m := range d.Team {
		c.member = append(c.member, dict.of(m))
	}
	c.stays = append(c.stays, int32(len(c.stay)))
	c.owners = append(c.owners, int32(len(c.ownership)))
	c.lines = append(c.lines, int32(len(c.line)))
	c.team = append(c.team, int32(len(c.member)))
}

// copyRow appends opportunity i of another chunk of the same dictionary.
func (c *chunk) copyRow(o *chunk, i int) {
	c.id = append(c.id, o.id[i])
	c.pipeline = append(c.pipeline, o.pipeline[i])
	c.stage = append(c.stage, o.stage[i])
	c.state = append(c.state, o.state[i])
	c.deleted = append(c.deleted, o.deleted[i])
	c.created = append(c.created, o.created[i])
	c.entered = append(c.entered, o.entered[i])
	c.closed = append(c.closed, o.closed[i])
	c.expected = append(c.expected, o.expected[i])
	c.amount = append(c.amount, o.amount[i])
	c.contract = append(c.contract, o.contract[i])
	c.confidence = append(c.confidence, o.confidence[i])
	c.currency = append(c.currency, o.currency[i])
	c.owner = append(c.owner, o.owner[i])
	c.region = append(c.region, o.region[i])
	c.source = append(c.source, o.source[i])
	c.account = append(c.account, o.account[i])
	c.industry = append(c.industry, o.industry[i])
	c.class = append(c.class, o.class[i])
	c.lossKind = append(c.lossKind, o.lossKind[i])
	c.competitor = append(c.competitor, o.competitor[i])
	c.stay = append(c.stay, o.stay[o.stays[i]:o.stays[i+1]]...)
	c.ownership = append(c.ownership, o.ownership[o.owners[i]:o.owners[i+1]]...)
	c.line = append(c.line, o.line[o.lines[i]:o.lines[i+1]]...)
	c.member = append(c.member, o.member[o.team[i]:o.team[i+1]]...)
	c.stays = append(c.stays, int32(len(c.stay)))
	c.owners = append(c.owners, int32(len(c.ownership)))
	c.lines = append(c.lines, int32(len(c.line)))
	c.team = append(c.team, int32(len(c.member)))
}

// with is a copy of the chunk in which some opportunities are replaced, by place,
// and others follow at the end.
func (c *chunk) with(replaced map[int]*Deal, added []*Deal, dict *dictionary) *chunk {
	n := newChunk()
	for i := range c.id {
		if d := replaced[i]; d != nil {
			n.add(d, dict)
		} else {
			n.copyRow(c, i)
		}
	}
	for _, d := range added {
		n.add(d, dict)
	}
	return n
}
