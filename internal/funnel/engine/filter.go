package engine

import (
	"bytes"
	"context"
	"strings"
	"unsafe"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"

	"github.com/google/uuid"
)

// bySQL tells whether columns cannot answer a filter.
func bySQL(f opportunity.Filter) bool {
	return f.Account != "" || f.NoNextStep || f.Stalled || f.Overstayed || len(f.Conditions) > 0 || len(f.IDs) > 0 ||
		f.Deleted || f.Provisional
}

// test tells whether a row counts; nil keeps every row.
type test func(c *chunk, i int) bool

// figures compiles what of a figure's filter is of the record as it is today into one test
// of a row; dated compiles the rest, and there is no scope (attribution.go). What columns
// cannot answer — a company field, a missing next step — is asked of SQL first, which finds
// the few by its indexes.
func figures(
	ctx context.Context, tx database.Tx, rows Rows, numbers numbering, rates map[symbol][]rateFrom, q funnel.Query,
) (test, error) {
	q.Scope, q.Filter = org.Scope{All: true}, q.AsToday()
	if bySQL(q.Filter) {
		ids, err := rows.Matching(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		return among(ids)
	}
	return list(numbers, rates, q), nil
}

// list compiles scope and filter of a list, nil where they keep every row.
func list(numbers numbering, rates map[symbol][]rateFrom, q funnel.Query) test {
	x := &compiled{numbers: numbers, rates: rates}
	x.scope(q.Scope)
	x.filter(q.Filter)
	if len(x.tests) == 0 {
		return nil
	}
	return x.all
}

// among tests for some ids.
func among(ids []string) (test, error) {
	in := make(map[uuid.UUID]bool, len(ids))
	for _, text := range ids {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, err
		}
		in[id] = true
	}
	return func(c *chunk, i int) bool { return in[c.id[i]] }, nil
}

// compiled is a filter by numbers: every test must hold.
type compiled struct {
	numbers numbering
	rates   map[symbol][]rateFrom
	tests   []test
}

func (x *compiled) all(c *chunk, i int) bool {
	for _, holds := range x.tests {
		if !holds(c, i) {
			return false
		}
	}
	return true
}

func (x *compiled) add(t test) { x.tests = append(x.tests, t) }

// set numbers texts; those in no row are left out.
func (x *compiled) set(list []string) map[symbol]bool {
	out := map[symbol]bool{}
	for _, text := range list {
		if n := x.numbers.texts.find(text); n > 0 {
			out[n] = true
		}
	}
	return out
}

// equal tests a column for a text; the empty one asks for nothing.
func (x *compiled) equal(text string, of func(c *chunk) *column[symbol]) {
	if text == "" {
		return
	}
	want := x.numbers.texts.find(text)
	x.add(func(c *chunk, i int) bool { return of(c).at(i) == want })
}

// between tests a column for a half-open window; an unknown day lies in none.
func (x *compiled) between(from, to calendar.Date, of func(c *chunk) *column[day]) {
	if from == "" && to == "" {
		return
	}
	first, end := dayOf(from), dayOf(to)
	x.add(func(c *chunk, i int) bool {
		d := of(c).at(i)
		return d != unknown && d >= first && (end == unknown || d < end)
	})
}

// amount tests the stated amount, in the company's currency at today's rate, against
// bounds; what has no rate lies within none.
func (x *compiled) amount(f opportunity.Filter) {
	if f.AmountMin == nil && f.AmountMax == nil {
		return
	}
	least, largest := int64(0), int64(most)
	if f.AmountMin != nil {
		least = *f.AmountMin
	}
	if f.AmountMax != nil {
		largest = *f.AmountMax
	}
	today := x.today(f)
	x.add(func(c *chunk, i int) bool {
		minor, in := c.amount.at(i), today[c.currency.at(i)]
		if minor == nothing || in.rate == 0 {
			return false
		}
		if in.rate != money.RateScale || in.scale != same {
			minor = in.turn(minor, uint64(in.rate))
		}
		return minor >= least && minor <= largest
	})
}

// same turns an amount into the same, at a rate of one.
var same = scale{1, money.RateScale}

// priced is how a currency is turned into the company's.
type priced struct {
	scale
	rate int64
}

// today is how each currency is turned on the day of the filter's bounds.
func (x *compiled) today(f opportunity.Filter) map[symbol]priced {
	out := map[symbol]priced{x.numbers.texts.find(f.PricedIn): {same, money.RateScale}}
	on := dayOf(f.PricedOn)
	for c, list := range x.rates {
		in := priced{scale: scaleOf(x.numbers.texts.text[c], f.PricedIn)}
		for _, r := range list { // by day and entry
			if r.from <= on {
				in.rate = r.rate
			}
		}
		if x.numbers.texts.text[c] != f.PricedIn {
			out[c] = in
		}
	}
	return out
}

// scope is org.Scope.Allows on columns.
func (x *compiled) scope(s org.Scope) {
	if s.All {
		return
	}
	owners, crew, lines, regions := x.set(s.Owners), x.set(s.DealTeams), x.set(s.ProductLines), x.set(s.Regions)
	x.add(func(c *chunk, i int) bool {
		return owners[c.owner.at(i)] || regions[c.region.at(i)] ||
			len(crew) > 0 && c.crewHas(i, crew) || len(lines) > 0 && c.lineHas(i, lines)
	})
}

func (x *compiled) filter(f opportunity.Filter) {
	x.equal(f.Pipeline, func(c *chunk) *column[symbol] { return &c.pipeline })
	x.equal(f.Owner, func(c *chunk) *column[symbol] { return &c.owner })
	x.equal(f.Region, func(c *chunk) *column[symbol] { return &c.region })
	x.equal(f.Source, func(c *chunk) *column[symbol] { return &c.source })
	x.equal(f.LossKind, func(c *chunk) *column[symbol] { return &c.lossKind })
	x.equal(f.Industry, func(c *chunk) *column[symbol] { return &c.industry })
	x.equal(f.Stage, func(c *chunk) *column[symbol] { return &c.stage })
	if f.Team != "" {
		owners := x.set(f.Owners)
		x.add(func(c *chunk, i int) bool { return owners[c.owner.at(i)] })
	}
	if f.ProductLine != "" {
		lines := x.set([]string{f.ProductLine})
		x.add(func(c *chunk, i int) bool { return c.lineHas(i, lines) })
	}
	if len(f.States) > 0 {
		var in [out + 1]bool
		for _, s := range f.States {
			in[stateOf(string(s))] = true
		}
		x.add(func(c *chunk, i int) bool { return in[c.state.at(i)] })
	}
	x.between(f.CreatedFrom, f.CreatedTo, func(c *chunk) *column[day] { return &c.created })
	x.between(f.ClosedFrom, f.ClosedTo, func(c *chunk) *column[day] { return &c.closed })
	x.between(f.ExpectedFrom, f.ExpectedTo, func(c *chunk) *column[day] { return &c.expected })
	x.amount(f)
	x.search(f.Query)
}

// search tests names as recorddb.Search does: for a part of the name, and for the
// beginning of its reading or initials.
func (x *compiled) search(query string) {
	text, letters := pinyin.Search(query)
	if text == "" {
		return
	}
	part := []byte(text)
	x.add(func(c *chunk, i int) bool {
		name := c.name.at(i)
		return bytes.Contains(name, part) || pinyin.Begins(unsafe.String(unsafe.SliceData(name), len(name)), letters)
	})
}

// searched is a name in lower case.
func searched(name string) []byte { return []byte(strings.ToLower(name)) }

func (c *chunk) crewHas(i int, set map[symbol]bool) bool {
	for _, m := range c.crew.at(i) {
		if set[m] {
			return true
		}
	}
	return false
}

func (c *chunk) lineHas(i int, set map[symbol]bool) bool {
	for _, l := range c.lines.at(i) {
		if set[l.product] {
			return true
		}
	}
	return false
}
