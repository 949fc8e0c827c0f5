// Package truth is the slow, obvious reference for figures about the past: a company
// told of each act as it is accepted, which keeps every fact in a list and answers by
// filtering and sorting lists. It is written from docs/facts.md and docs/definitions.md
// and shares no code with funnel, so that two readings of one text meet in a test. It is
// for tests alone.
package truth

import (
	"sort"

	"yunchou/internal/calendar"
)

// Date is a business day; "" is unknown.
type Date = calendar.Date

// Known is what every fact has: the day it holds from, the journal's last number once it
// was written, and, where it was never true, the number once that was said.
type Known struct {
	Day   Date
	Seq   int64
	Ended int64 // 0: nobody said so
}

// Moment is what a question is about: as of the end of a day, known at a number.
type Moment struct {
	Day Date
	K   int64
}

// Knows tells whether a fact was written by then and not yet ended.
func (m Moment) Knows(f Known) bool { return f.Seq <= m.K && (f.Ended == 0 || f.Ended > m.K) }

// Counts tells whether a known fact also holds on the day.
func (m Moment) Counts(f Known) bool { return f.Day <= m.Day && m.Knows(f) }

// Dated is one row of a dated value.
type Dated[T any] struct {
	Known
	Value T
}

// last is the value that holds: of the last day, of several on it the one written last.
func last[T any](rows []Dated[T], m Moment) (value T, ok bool) {
	var held []Dated[T]
	for _, r := range rows {
		if m.Counts(r.Known) {
			held = append(held, r)
		}
	}
	sort.SliceStable(held, func(i, j int) bool {
		if held[i].Day != held[j].Day {
			return held[i].Day < held[j].Day
		}
		return held[i].Seq < held[j].Seq
	})
	if len(held) == 0 {
		return value, false
	}
	return held[len(held)-1].Value, true
}

// earliest is the value of the first day there is, of several on it the one written first.
func earliest[T any](rows []Dated[T], at Act) (value T) {
	var first *Dated[T]
	for i, r := range rows {
		if (Moment{forever, at.Seq}).Counts(r.Known) && (first == nil || r.Day < first.Day || r.Day == first.Day && r.Seq < first.Seq) {
			first = &rows[i]
		}
	}
	if first != nil {
		value = first.Value
	}
	return value
}

// put writes a row.
func put[T any](rows *[]Dated[T], at Act, day Date, value T) {
	*rows = append(*rows, Dated[T]{Known{Day: day, Seq: at.Seq}, value})
}

// end says of rows that they were never true.
func end[T any](rows []Dated[T], at Act, which func(Dated[T]) bool) {
	for i := range rows {
		if rows[i].Ended == 0 && which(rows[i]) {
			rows[i].Ended = at.Seq
		}
	}
}

// always is as late as can be, for what is known and for days.
const (
	always       = int64(1 << 62)
	forever Date = "9999-12-31"
)

// Act is when something was written down: the day, and the journal's last number after it.
type Act struct {
	Day Date
	Seq int64
	// Minute of the day, by the company's clock.
	Minute int
}

// Money is an amount in minor units; nil is not stated.
type Money struct {
	Minor    *int64
	Currency string
}

// Owner is whom a record belongs to, and the team; Set is a team that was chosen among
// several of his.
type Owner struct {
	Member, Team string
	Set          bool
}

// Share is who is to be credited with a closing.
type Share struct {
	Member string
	Kind   string // direct or overlay
	BP     int64
}

// Line is the amount of one product.
type Line struct {
	Product string
	Minor   int64
}

// States of a record.
const (
	Open      = "open"
	Won       = "won"
	Lost      = "lost"
	Withdrawn = "withdrawn"
)

// Stay is one stay in one stage; Day of Known is the day it counts from: entered, or where
// that is unknown written down.
type Stay struct {
	Known
	ID                       string
	Ord                      int
	Pipeline, Version, Stage string
	State                    string
	Entered                  Date // "" is unknown
	Minute                   int  // of the day it was entered at; below 0 where only the day is known
	Remapped                 bool // a remap began it
	// Of a closing.
	LossKind, Competitor string
	Amount               Money
	credit               []Credit
	// made is the number after the act that made it: values of that number came with it.
	made int64
}

// Deal is one opportunity with all that was ever written about it.
type Deal struct {
	ID, Name   string
	Created    Date // "" is unknown
	stays      []Stay
	owners     []Dated[Owner]
	amounts    []Dated[Money]
	expected   []Dated[Date]
	confidence []Dated[*int64]
	deleted    []Dated[bool]
	lines      []Dated[[]Line]
	shares     []Dated[[]Share]
	accounts   []Dated[string]
	regions    []Dated[string]
}

// Stage is a stage of a version.
type Stage struct {
	ID, Name   string
	Kind       string // open, won or lost
	ExpectedBP int
	CapBP      int64 // the most a rep may state
	Qualified  bool
	Standard   int // working days
}

// Version is one published version of a pipeline. Mapping says what becomes of the stages
// of the version before that it has no more.
type Version struct {
	Known
	ID, Pipeline string
	Number       int
	Stages       []Stage
	Mapping      map[string]string
}

// Rate is an exchange rate, major to major, in millionths: 7_123_400 is 7.1234.
type Rate struct {
	Currency  string
	Millionth int64
}

// Company is everything that was told.
type Company struct {
	Currency string
	Faults   Faults
	Names    map[string]string // of ids, to read
	// Working counts working days from a day to another.
	Working func(from, to Date) int
	// Works tells whether a day is worked; nil is every day.
	Works func(day Date) bool

	deals    []*Deal
	versions []Version
	rates    []Dated[Rate]
	parents  map[string][]Dated[string] // of a team
	teams    []string
	posts    map[string][]Dated[string] // of a member
	// customers are the accounts that were told of.
	customers map[string]*customer
	entries   []Act // each act, in order
}

// Faults are wrong readings to plant, one by one: the comparison must find each.
type Faults struct {
	// LeftDayRewrite lets a later correction of a stay's day rewrite what was known before.
	LeftDayRewrite bool
	// RankByNewest ranks every stay by the newest version.
	RankByNewest bool
	// ReversalDay takes credit back on the closing's day where it ceased, and on the day of
	// the act where it was never true.
	ReversalDay bool
	// OwnerOfToday attributes by who owns the record now.
	OwnerOfToday bool
	// RateOverwritten lets a rate stated later stand for the one that was known.
	RateOverwritten bool
	// FilterOfToday filters by what a record is today.
	FilterOfToday bool
}

// New begins a company.
func New(currency string) *Company {
	return &Company{Currency: currency, Names: map[string]string{}, parents: map[string][]Dated[string]{},
		posts: map[string][]Dated[string]{}, customers: map[string]*customer{}, Working: func(from, to Date) int { return to.Sub(from) }}
}

// With is the same company with faults planted in the reading. What was told is shared.
func (c *Company) With(f Faults) *Company {
	other := *c
	other.Faults = f
	return &other
}

// Wrote notes that the journal had this number at this day: acts that change no fact of
// ours count too.
func (c *Company) Wrote(at Act) { c.entries = append(c.entries, at) }

// Moment is the day as known now, or as known by its end; ok is false where nothing was
// recorded by then.
func (c *Company) Moment(day Date, then bool) (m Moment, ok bool) {
	m.Day = day
	for _, e := range c.entries {
		if !then || e.Day <= day {
			m.K = max(m.K, e.Seq)
		}
	}
	return m, m.K > 0
}

// Deals lists the ids in the order they came.
func (c *Company) Deals() (ids []string) {
	for _, d := range c.deals {
		ids = append(ids, d.ID)
	}
	return ids
}

func (c *Company) deal(id string) *Deal {
	for _, d := range c.deals {
		if d.ID == id {
			return d
		}
	}
	panic("truth: no deal " + id)
}
