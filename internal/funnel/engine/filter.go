package engine

import (
	"bytes"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/text"

	"github.com/google/uuid"
)

// bySQL tells whether columns cannot answer a filter.
func bySQL(f opportunity.Filter) bool {
	return len(f.IDs) > 0 || f.Lacks.BySQL() || slices.ContainsFunc(f.Conditions, isText)
}

// sieve keeps of some places of a chunk, in their order, those that hold; it writes over the
// list. A chunk at a time, a condition is one look at each value that occurs there.
type sieve func(c *chunk, at []uint16) []uint16

// every is all places of a chunk.
var every = func() (all [chunkSize]uint16) {
	for i := range all {
		all[i] = uint16(i)
	}
	return all
}()

// room is where places of a chunk are kept while sieves work on them.
type room [chunkSize]uint16

// all writes the places of a chunk.
func (r *room) all(c *chunk) []uint16 {
	at := r[:len(c.id)]
	copy(at, every[:])
	return at
}

// figures compiles what of a figure's filter is of the record as it is today into one test
// of a row; dated compiles the rest, and there is no scope (attribution.go). What columns
// cannot answer — a company field of free text — is asked of SQL first, which finds the few by its
// indexes.
func figures(
	ctx context.Context, tx database.Tx, rows Rows, numbers numbering, rates map[symbol][]rateFrom, q funnel.Query,
) (sieve, error) {
	q.Scope, q.Filter = org.Scope{All: true}, q.AsToday()
	// What an undone import had made is told by the stays known now: those known then may be others.
	if bySQL(q.Filter) || q.Filter.Deleted && q.Known != 0 {
		ids, err := rows.Matching(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		return among(ids)
	}
	x := &compiled{numbers: numbers, rates: rates}
	x.filter(q.Filter)
	return x.sieve(), nil
}

// list compiles scope and filter of a list, among few where these are not nil; it is nil where they
// keep every row. The tenant's lock is held.
func (s *snapshot) list(q funnel.Query, few map[uuid.UUID]bool) sieve {
	x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	x.there(q.Filter)
	if q.Filter.Account != "" {
		at := s.accountAsked(q.Filter.Account)
		x.add(those(func(c *chunk) *column[int32] { return &c.account }, func(v int32) bool { return v == at && at != noAccount }))
	}
	if few != nil {
		x.add(s.placed(few))
	}
	x.scope(q.Scope)
	x.filter(q.Filter)
	return x.sieve()
}

// among keeps some ids.
func among(ids []string) (sieve, error) {
	in := make(map[uuid.UUID]bool, len(ids))
	for _, text := range ids {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, err
		}
		in[id] = true
	}
	return one(func(c *chunk, i int) bool { return in[c.id[i]] }), nil
}

// placed keeps some ids of a list, found by their places: they are few, and of most chunks none. The
// tenant's lock is held.
func (s *snapshot) placed(few map[uuid.UUID]bool) sieve {
	in := map[*chunk][]uint16{}
	for id := range few {
		if n, there := s.find(id); there {
			c := s.chunks[n/chunkSize]
			in[c] = append(in[c], uint16(n%chunkSize))
		}
	}
	return func(c *chunk, at []uint16) []uint16 {
		if len(in[c]) == 0 {
			return nil
		}
		var marks [chunkSize]bool
		for _, i := range in[c] {
			marks[i] = true
		}
		return marked(at, &marks)
	}
}

// compiled is a filter by numbers: every sieve must let a row through.
type compiled struct {
	numbers numbering
	rates   map[symbol][]rateFrom
	sieves  []sieve
}

func (x *compiled) sieve() sieve {
	if len(x.sieves) == 0 {
		return nil
	}
	return func(c *chunk, at []uint16) []uint16 {
		for _, through := range x.sieves {
			if at = through(c, at); len(at) == 0 {
				return nil
			}
		}
		return at
	}
}

func (x *compiled) add(s sieve) { x.sieves = append(x.sieves, s) }

// one makes a sieve of what is asked of each row.
func one(holds func(c *chunk, i int) bool) sieve {
	return func(c *chunk, at []uint16) []uint16 {
		kept := at[:0]
		for _, i := range at {
			if holds(c, int(i)) {
				kept = append(kept, i)
			}
		}
		return kept
	}
}

// those makes a sieve of what is asked of a column's values.
func those[T comparable](of func(c *chunk) *column[T], holds func(v T) bool) sieve {
	return func(c *chunk, at []uint16) []uint16 { return of(c).those(at, holds) }
}

// equal asks for a text; the empty one asks for nothing.
func (x *compiled) equal(text string, of func(c *chunk) *column[symbol]) {
	if text != "" {
		want := x.numbers.texts.find(text)
		x.add(those(of, func(v symbol) bool { return v == want }))
	}
}

// between asks for a half-open window; an unknown day lies in none.
func (x *compiled) between(from, to calendar.Date, of func(c *chunk) *column[day]) {
	if from != "" || to != "" {
		x.add(those(of, window(from, to)))
	}
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
	today := x.today(f.PricedIn, f.PricedOn)
	x.add(one(func(c *chunk, i int) bool {
		minor := today.of(c, i)
		return minor != nothing && minor >= least && minor <= largest
	}))
}

// same turns an amount into the same, at a rate of one.
var same = scale{1, money.RateScale}

// priced is how a currency is turned into the company's.
type priced struct {
	scale
	rate int64
}

// prices are how currencies are turned into the company's, by symbol.
type prices []priced

// of is an amount in the company's currency; nothing without a rate, or beyond what can be stated.
func (p prices) of(c *chunk, i int) int64 {
	minor, currency := c.amount.at(i), c.currency.at(i)
	if minor == nothing || int(currency) >= len(p) || p[currency].rate == 0 {
		return nothing
	}
	if in := &p[currency]; in.rate != money.RateScale || in.scale != same {
		if minor = in.turn(minor, uint64(in.rate)); minor > money.MaxTotal {
			return nothing // as a record states none
		}
	}
	return minor
}

// today is how each currency is turned into one on a day.
func (x *compiled) today(currency string, on calendar.Date) prices {
	out := make(prices, len(x.numbers.texts.text))
	last := dayOf(on)
	for c, list := range x.rates {
		in := priced{scale: scaleOf(x.numbers.texts.text[c], currency)}
		for _, r := range list { // by day and entry
			if r.from <= last {
				in.rate = r.rate
			}
		}
		out[c] = in
	}
	if own := x.numbers.texts.find(currency); own >= 0 {
		out[own] = priced{same, money.RateScale}
	}
	return out
}

// trimmed is without what has no rate at its end.
func (p prices) trimmed() prices {
	for len(p) > 0 && p[len(p)-1].rate == 0 {
		p = p[:len(p)-1]
	}
	return p
}

// there leaves out what was deleted, unless that is what is asked for. It comes first: of what is open the places are known.
func (x *compiled) there(f opportunity.Filter) {
	if !f.WithDeleted && !f.Deleted && f.OnlyOpen() {
		x.add(func(c *chunk, at []uint16) []uint16 {
			if len(at) == len(c.id) {
				return at[:copy(at, c.alive())]
			}
			return one(func(c *chunk, i int) bool { return c.state.at(i) == open && !c.deleted.at(i) })(c, at)
		})
		return
	}
	if !f.WithDeleted && !f.Deleted {
		x.add(those(func(c *chunk) *column[bool] { return &c.deleted }, func(v bool) bool { return !v }))
	}
}

// deleted keeps what was deleted; what an undone import had made has no stay, and is in no list.
func (x *compiled) deleted() {
	x.add(those(func(c *chunk) *column[bool] { return &c.deleted }, func(v bool) bool { return v }))
	x.add(one(func(c *chunk, i int) bool { return len(c.stays.at(i)) > 0 }))
}

// scope is org.Scope.Allows on columns.
func (x *compiled) scope(s org.Scope) {
	if s.All {
		return
	}
	owners, crew, lines, regions := x.numbers.set(s.Owners), x.numbers.set(s.DealTeams), x.numbers.set(s.ProductLines), x.numbers.set(s.Regions)
	if len(s.DealTeams)+len(s.ProductLines)+len(s.Regions) == 0 {
		x.add(those(func(c *chunk) *column[symbol] { return &c.owner }, owners.has))
		return
	}
	x.add(func(c *chunk, at []uint16) []uint16 {
		var in [chunkSize]bool
		c.owner.mark(at, owners.has, &in)
		if len(s.Regions) > 0 {
			c.region.mark(at, regions.has, &in)
		}
		if len(s.DealTeams) > 0 && len(c.crew.items) > 0 {
			also(at, &in, func(i int) bool { return c.crewHas(i, crew) })
		}
		if len(s.ProductLines) > 0 && len(c.lines.items) > 0 {
			also(at, &in, func(i int) bool { return c.lineHas(i, lines) })
		}
		return marked(at, &in)
	})
}

// also marks those of some places that hold and are not marked yet.
func also(at []uint16, in *[chunkSize]bool, holds func(i int) bool) {
	for _, i := range at {
		if !in[i] {
			in[i] = holds(int(i))
		}
	}
}

// marked keeps of some places, in their order, those that are marked; it writes over the list.
func marked(at []uint16, in *[chunkSize]bool) []uint16 {
	kept := 0
	for _, i := range at { // without a branch: what comes next is anybody's guess
		at[kept] = i
		if in[i] {
			kept++
		}
	}
	return at[:kept]
}

func (x *compiled) filter(f opportunity.Filter) {
	if f.Deleted {
		x.deleted()
	}
	x.equal(f.Pipeline, func(c *chunk) *column[symbol] { return &c.pipeline })
	x.equal(f.Owner, func(c *chunk) *column[symbol] { return &c.owner })
	x.equal(f.Region, func(c *chunk) *column[symbol] { return &c.region })
	x.equal(f.Source, func(c *chunk) *column[symbol] { return &c.source })
	x.equal(f.LossKind, func(c *chunk) *column[symbol] { return &c.lossKind })
	x.equal(f.Industry, func(c *chunk) *column[symbol] { return &c.industry })
	x.equal(f.Stage, func(c *chunk) *column[symbol] { return &c.stage })
	if f.Team != "" {
		x.add(those(func(c *chunk) *column[symbol] { return &c.owner }, x.numbers.set(f.Owners).has))
	}
	if f.ProductLine != "" {
		lines := x.numbers.set([]string{f.ProductLine})
		x.add(one(func(c *chunk, i int) bool { return c.lineHas(i, lines) }))
	}
	if len(f.States) > 0 {
		var in [out + 1]bool
		for _, s := range f.States {
			in[stateOf(string(s))] = true
		}
		x.states(in)
	}
	if f.NoNextStep {
		x.states([out + 1]bool{open: true})
		x.add(those(func(c *chunk) *column[bool] { return &c.promised }, func(v bool) bool { return !v }))
	}
	if f.Waiting {
		x.states([out + 1]bool{open: true})
		x.add(those(func(c *chunk) *column[day] { return &c.waiting }, func(v day) bool { return v != unknown }))
	}
	if f.Provisional {
		x.states([out + 1]bool{won: true})
		x.add(those(func(c *chunk) *column[bool] { return &c.provisional }, func(v bool) bool { return v }))
	}
	if f.NoAmount {
		x.states([out + 1]bool{open: true})
		x.add(those(func(c *chunk) *column[int64] { return &c.amount }, func(v int64) bool { return v == nothing }))
	}
	if f.NoOwner {
		x.states([out + 1]bool{open: true})
		x.add(those(func(c *chunk) *column[symbol] { return &c.owner }, func(v symbol) bool { return v == 0 }))
	}
	if f.StandsStill() { // what waits for an approver does not
		x.add(those(func(c *chunk) *column[day] { return &c.waiting }, func(v day) bool { return v == unknown }))
	}
	for _, b := range f.Beyond {
		x.beyond(b)
	}
	x.between(f.CreatedFrom, f.CreatedTo, func(c *chunk) *column[day] { return &c.created })
	x.between(f.ClosedFrom, f.ClosedTo, func(c *chunk) *column[day] { return &c.closed })
	x.between(f.ExpectedFrom, f.ExpectedTo, func(c *chunk) *column[day] { return &c.expected })
	x.amount(f)
	x.own(f.Conditions)
	x.search(f.Query)
}

func (x *compiled) states(in [out + 1]bool) {
	x.add(those(func(c *chunk) *column[uint8] { return &c.state }, func(v uint8) bool { return in[v] }))
}

// beyond keeps what is beyond a limit of its stage.
func (x *compiled) beyond(b opportunity.Beyond) {
	before := make([]day, len(x.numbers.texts.text)) // by stage; no day is before unknown
	after := make([]day, len(before))
	for _, limit := range b.Cutoffs {
		if n := x.numbers.texts.find(limit.StageID); n > 0 {
			before[n], after[n] = dayOf(limit.Before), dayOf(limit.After)
		}
	}
	since := func(c *chunk) *column[day] { return &c.clock }
	if b.On == "stay_on" {
		since = func(c *chunk) *column[day] { return &c.stayed }
	}
	x.add(one(func(c *chunk, i int) bool {
		d, stage := since(c).at(i), c.stage.at(i)
		return d != unknown && int(stage) < len(before) && d <= before[stage] && d > after[stage]
	}))
}

// search tests names as recorddb.Search does.
func (x *compiled) search(query string) {
	holds := searching(query)
	if holds == nil {
		return
	}
	asked := pinyin.NewMatcher(query)
	part := []byte(asked.Part)
	x.add(func(c *chunk, at []uint16) []uint16 {
		if len(at) <= len(c.id)/8 {
			return one(func(c *chunk, i int) bool { return holds(c.name.at(i)) })(c, at)
		}
		var named [chunkSize]bool
		c.naming(part, &named)
		kept := at[:0]
		for _, i := range at {
			name := c.name.at(int(i))
			if named[i] || asked.Reads(letters(name)) {
				kept = append(kept, i)
			}
		}
		return kept
	})
}

// searching asks a name what search does; nil where nothing is searched for.
func searching(query string) func(name []byte) bool {
	asked := pinyin.NewMatcher(query)
	if asked.Part == "" {
		return nil
	}
	return func(name []byte) bool { return asked.Of(letters(name)) }
}

// naming marks the names that hold a part: they lie one after the other, and are looked through
// as one text.
func (c *chunk) naming(part []byte, holds *[chunkSize]bool) {
	names, i := c.name.items, 0
	for from := 0; ; {
		at := bytes.Index(names[from:], part)
		if at < 0 {
			return
		}
		at += from
		for at >= c.name.end(i) {
			i++
		}
		if from = at + 1; at+len(part) <= c.name.end(i) { // else it lies across two
			holds[i], from = true, c.name.end(i)
		}
	}
}

// searched is a name as searches read it.
func searched(name string) []byte { return []byte(text.Plain(name)) }

func (c *chunk) crewHas(i int, in set) bool {
	for _, m := range c.crew.at(i) {
		if in.has(m) {
			return true
		}
	}
	return false
}

func (c *chunk) lineHas(i int, in set) bool {
	for _, l := range c.lines.at(i) {
		if in.has(l.product) {
			return true
		}
	}
	return false
}
