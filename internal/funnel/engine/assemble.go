package engine

import (
	"cmp"
	"slices"
)

// assemble makes an opportunity's lists of the facts known at an entry. Lists hold only
// what the columns do not say: most opportunities have few of them.
func (r *row) assemble(f *facts, k int64) {
	r.stays, r.amounts, r.values, r.closings, r.credits, r.earlier = nil, nil, nil, nil, nil, nil
	place := make([]int, len(f.stays)) // of a stay in the row, where it is in it
	first := forever
	for i := range f.stays {
		if place[i] = -1; f.stays[i].at(k) {
			place[i] = len(r.stays)
			r.stays = append(r.stays, f.stays[i].stay)
			first = min(first, f.stays[i].since)
		}
	}
	if len(r.stays) == 0 {
		return // in no figure
	}
	t := &timeline{row: r, facts: f, k: k, first: first}
	t.fields()
	t.owners()
	t.accounts()
	t.lines()
	for i := range f.stays {
		if s := &f.stays[i]; place[i] >= 0 && s.state() != open {
			r.close(s, uint16(place[i]))
		}
	}
	r.credit(f, k, place)
}

// timeline finds what fields were before the days on which they changed. What nobody can
// ask for, before the first stay, is left out.
type timeline struct {
	*row
	*facts
	k     int64
	first day
}

// piece is what held until a day.
type piece[T any] struct {
	until day
	value T
}

// pieces are what held before each of some days, in order, and, with forever, from the last
// one on; what today says of that is left out.
func pieces[T any](days []day, first day, today T, at func(on day) T, same func(a, b T) bool) (out []piece[T]) {
	slices.Sort(days)
	days = slices.Compact(days)
	from := unknown
	for n := 0; n <= len(days); n++ {
		until := forever
		if n < len(days) {
			until = days[n]
		}
		if until > first {
			value := at(from)
			if last := len(out) - 1; last >= 0 && same(out[last].value, value) {
				out[last].until = until
			} else {
				out = append(out, piece[T]{until, value})
			}
		}
		from = until
	}
	if last := len(out) - 1; last >= 0 && same(out[last].value, today) { // the last one is forever's
		out = out[:last]
	}
	return out
}

func equal[T comparable](a, b T) bool { return a == b }

// on is the value of a field on a day: of the last day, of several on it the last written.
// Known tells whether there is any value of the field at all.
func (t *timeline) on(f field, key symbol, on day) (best *valueFact) {
	for i := range t.facts.values {
		v := &t.facts.values[i]
		if v.field == f && v.key == key && v.day <= on && v.at(t.k) && v.after(best) {
			best = v
		}
	}
	return best
}

// after tells whether a value holds rather than another: of a later day, or written later.
func (v *valueFact) after(o *valueFact) bool {
	return o == nil || v.day > o.day || v.day == o.day && v.seq >= o.seq
}

// days lists the days on which a field changed.
func (t *timeline) days(f field) (days []day) {
	for i := range t.facts.values {
		if v := &t.facts.values[i]; v.field == f && v.at(t.k) {
			days = append(days, v.day)
		}
	}
	return days
}

// fields are those with one value and no key. One that was never written is not stated,
// whatever the column of today says.
func (t *timeline) fields() {
	number := func(otherwise int64) func(v *valueFact) int64 {
		return func(v *valueFact) int64 {
			if v == nil || v.number == nothing {
				return otherwise
			}
			return v.number
		}
	}
	text := func(otherwise symbol) func(v *valueFact) int64 {
		return func(v *valueFact) int64 {
			if v == nil || v.text == 0 {
				return int64(otherwise)
			}
			return int64(v.text)
		}
	}
	for _, p := range t.changes(ofAmount, t.amount, number(nothing)) {
		t.amounts = append(t.amounts, newAmountUntil(p.until, p.value))
	}
	t.put(ofCurrency, t.changes(ofAmount, int64(t.currency), text(t.currency)))
	t.put(ofExpected, t.changes(ofExpected, int64(t.expected), text(0)))
	t.put(ofConfidence, t.changes(ofConfidence, int64(t.confidence), number(-1)))
	t.put(ofRegion, t.changes(ofRegion, int64(t.region), text(0)))
	t.put(ofTax, t.changes(ofTax, int64(t.tax), number(int64(withTax))))
	t.put(ofDeleted, t.changes(ofDeleted, int64(bit(t.deleted)), number(0)))
}

func (t *timeline) put(f field, list []piece[int64]) {
	for _, p := range list {
		t.row.values = append(t.row.values, valueUntil{int32(p.value), p.until, f})
	}
}

// changes are the pieces of one field.
func (t *timeline) changes(f field, today int64, read func(v *valueFact) int64) []piece[int64] {
	return pieces(t.days(f), t.first, today, func(on day) int64 { return read(t.on(f, 0, on)) }, equal[int64])
}

// owners are whose it was.
func (t *timeline) owners() {
	var days []day
	for i := range t.facts.owners {
		if o := &t.facts.owners[i]; o.at(t.k) {
			days = append(days, o.from)
		}
	}
	on := func(on day) (best ownerFact) {
		for _, o := range t.facts.owners {
			if o.from <= on && o.at(t.k) {
				best = o // in the order of days and entries
			}
		}
		return best
	}
	owner := func(d day) int64 { return int64(on(d).member) }
	team := func(d day) int64 { return int64(on(d).team) }
	t.put(ofOwner, pieces(slices.Clone(days), t.first, int64(t.owner), owner, equal[int64]))
	t.put(ofTeam, pieces(days, t.first, int64(t.team), team, equal[int64]))
}

// accounts are whose opportunity it was: an account's industry is as today, its class as of the day.
func (t *timeline) accounts() {
	days, classes := t.days(ofAccount), t.days(ofClass)
	account := func(on day) symbol { // plus one
		if v := t.on(ofAccount, 0, on); v != nil {
			return v.text
		}
		return 0
	}
	industry := func(on day) int64 {
		if n := account(on); n > 0 {
			return int64(t.facts.accounts[n-1].industry)
		}
		return 0
	}
	class := func(on day) int64 {
		n := account(on)
		if n == 0 {
			return 0
		}
		return int64(t.class(n-1, on))
	}
	t.put(ofClass, pieces(append(classes, days...), t.first, int64(t.row.class), class, equal[int64]))
	t.put(ofIndustry, pieces(days, t.first, int64(t.industry), industry, equal[int64]))
}

// class is an account's, by its place.
func (t *timeline) class(account symbol, on day) symbol {
	if v := t.on(ofClass, account, on); v != nil {
		return v.text
	}
	return 0
}

// lines are the product lines it had.
func (t *timeline) lines() {
	var products []symbol
	for i := range t.facts.values {
		if v := &t.facts.values[i]; v.field == ofLine {
			products = append(products, v.key)
		}
	}
	slices.Sort(products)
	products = slices.Compact(products)
	on := func(on day) (list []line) {
		for _, p := range products {
			if v := t.on(ofLine, p, on); v != nil && v.number != nothing {
				list = append(list, line{v.number, p})
			}
		}
		return list
	}
	for _, p := range pieces(t.days(ofLine), t.first, t.row.lines, on, slices.Equal[[]line]) {
		if len(p.value) == 0 {
			t.earlier = append(t.earlier, lineUntil{line{0, -1}, p.until})
		}
		for _, l := range p.value {
			t.earlier = append(t.earlier, lineUntil{l, p.until})
		}
	}
}

// close notes what a closing was where the columns say another thing. One that was written
// without its facts is what the columns say.
func (r *row) close(s *stayFact, at uint16) {
	same := s.amount == r.amount && s.currency == r.currency && s.competitor == r.competitor
	switch s.state() {
	case won:
		same = same && s.contract == r.contract
	case lost, withdrawn:
		same = same && s.kind == r.lossKind
	}
	if s.told && !same {
		r.closings = append(r.closings, closing{s.amount, s.contract, s.currency, s.kind, s.competitor, at})
	}
}

// credit notes the shares of each closing, where they are not the whole for owner and team
// of that day. What a line was taken back by on its own day cancels here.
func (r *row) credit(f *facts, k int64, place []int) {
	var list []credit
	for _, c := range f.credits {
		if at := place[c.stay]; at >= 0 && c.seq <= k {
			c.stay = uint16(at)
			list = append(list, c.credit)
		}
	}
	slices.SortFunc(list, func(a, b credit) int {
		return cmp.Or(cmp.Compare(a.stay, b.stay), cmp.Compare(a.from, b.from), cmp.Compare(a.member, b.member),
			cmp.Compare(a.team, b.team), cmp.Compare(a.product, b.product))
	})
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].stay == list[from].stay {
			to++
		}
		r.credits = append(r.credits, r.shares(list[from:to])...)
		from = to
	}
}

// shares are those of one closing.
func (r *row) shares(list []credit) (out []credit) {
	for _, c := range list {
		last := len(out) - 1
		if last < 0 || out[last].from != c.from || !out[last].alike(&c) {
			out = append(out, c)
			continue
		}
		out[last].share += c.share
		if c.minor != nothing {
			out[last].minor += c.minor
		}
	}
	out = slices.DeleteFunc(out, func(c credit) bool { return c.share == 0 })
	on := r.stays[list[0].stay].since
	owner, team := r.ownerOn(on), r.teamOn(on)
	other := func(c credit) bool { return c.share < 0 || c.from > on || c.member != owner || c.team != team }
	if !slices.ContainsFunc(out, other) {
		return nil
	}
	return out
}

// alike tells whether two are of the same member, team and product line.
func (c *credit) alike(o *credit) bool {
	return c.member == o.member && c.team == o.team && c.product == o.product
}

func (r *row) ownerOn(on day) symbol { return r.was(ofOwner, on, r.owner) }
func (r *row) teamOn(on day) symbol  { return r.was(ofTeam, on, r.team) }

func (r *row) was(f field, on day, today symbol) symbol {
	for _, v := range r.values {
		if v.field == f && on < v.until {
			return v.value
		}
	}
	return today
}
