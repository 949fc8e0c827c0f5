package engine

import (
	"math/bits"
	"slices"
	"unsafe"

	"github.com/google/uuid"
)

// An edit changes one opportunity of a chunk, and of that a column or two. What does not change is
// shared with the chunk before; of what does the codes are copied, which takes a microsecond, and a
// column is made anew only where its values do not fit it any more.

// rewrite is what is written into columns to make others of them.
type rewrite struct {
	was   int   // how many opportunities there were
	at    []int // the places of those that are replaced, in order
	rows  []row // by what
	added []row // what follows
}

// write writes every column.
func (c *columns) write(w *rewrite) {
	if len(w.added) > 0 { // who is replaced keeps his id
		c.id = slices.Concat(c.id, each(w.added, func(r *row) uuid.UUID { return r.id }))
	}
	put(w, &c.pipeline, func(r *row) symbol { return r.pipeline })
	put(w, &c.stage, func(r *row) symbol { return r.stage })
	put(w, &c.state, func(r *row) uint8 { return r.state })
	put(w, &c.tax, func(r *row) uint8 { return r.tax })
	put(w, &c.deleted, func(r *row) bool { return r.deleted })
	put(w, &c.promised, func(r *row) bool { return r.promised })
	put(w, &c.provisional, func(r *row) bool { return r.provisional })
	put(w, &c.created, func(r *row) day { return r.created })
	put(w, &c.closed, func(r *row) day { return r.closed })
	put(w, &c.expected, func(r *row) day { return r.expected })
	put(w, &c.entered, func(r *row) day { return r.entered })
	put(w, &c.stayed, func(r *row) day { return r.stayed })
	put(w, &c.clock, func(r *row) day { return r.clock })
	put(w, &c.contact, func(r *row) day { return r.contact })
	put(w, &c.waiting, func(r *row) day { return r.waiting })
	put(w, &c.amount, func(r *row) int64 { return r.amount })
	put(w, &c.contract, func(r *row) int64 { return r.contract })
	put(w, &c.confidence, func(r *row) int16 { return r.confidence })
	put(w, &c.currency, func(r *row) symbol { return r.currency })
	put(w, &c.owner, func(r *row) symbol { return r.owner })
	put(w, &c.team, func(r *row) symbol { return r.team })
	put(w, &c.region, func(r *row) symbol { return r.region })
	put(w, &c.source, func(r *row) symbol { return r.source })
	put(w, &c.industry, func(r *row) symbol { return r.industry })
	put(w, &c.class, func(r *row) symbol { return r.class })
	put(w, &c.lossKind, func(r *row) symbol { return r.lossKind })
	put(w, &c.competitor, func(r *row) symbol { return r.competitor })
	put(w, &c.account, func(r *row) int32 { return r.account })
	putList(w, &c.stays, func(r *row) []stay { return r.stays })
	putList(w, &c.amounts, func(r *row) []amountUntil { return r.amounts })
	putList(w, &c.values, func(r *row) []valueUntil { return r.values })
	putList(w, &c.closings, func(r *row) []closing { return r.closings })
	putList(w, &c.credits, func(r *row) []credit { return r.credits })
	putList(w, &c.lines, func(r *row) []line { return r.lines })
	putList(w, &c.earlier, func(r *row) []lineUntil { return r.earlier })
	putList(w, &c.crew, func(r *row) []symbol { return r.crew })
	putList(w, &c.rivals, func(r *row) []symbol { return r.rivals })
	putList(w, &c.name, func(r *row) []byte { return r.name })
	putOwn(w, &c.own, func(r *row) []ownValue { return r.own })
}

func each[T any](rows []row, of func(*row) T) []T {
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = of(&rows[i])
	}
	return out
}

func put[T comparable](w *rewrite, c *column[T], of func(*row) T) {
	if w.was == 0 {
		*c = columnOf(w.added, of)
	} else {
		*c = c.with(w.was, w.at, each(w.rows, of), each(w.added, of))
	}
}

func putList[T comparable](w *rewrite, r *ragged[T], of func(*row) []T) {
	if w.was == 0 {
		*r = raggedOf(w.added, of)
	} else {
		*r = r.with(w.was, w.at, each(w.rows, of), each(w.added, of), slices.Equal)
	}
}

// with is a column of so many values with others at some places, and more behind.
func (c *column[T]) with(was int, at []int, values, more []T) column[T] {
	if !c.changes(at, values, more) {
		return *c
	}
	next, n := column[T]{values: slices.Clip(c.values)}, was+len(more)
	if bits.Len(uint(n)) != bits.Len(uint(was)) {
		return c.anew(was, at, values, more) // another way to keep them may take less by now
	}
	fits, size := true, int(unsafe.Sizeof(*new(T)))
	switch {
	case c.narrow != nil:
		next.narrow = slices.Grow(slices.Clone(c.narrow), len(more))[:n]
		next.code(was, at, values, more, func(i, code int) { next.narrow[i] = uint8(code) })
		fits = narrowFits(n, len(next.values), size)
	case c.wide != nil:
		next.wide = slices.Grow(slices.Clone(c.wide), len(more))[:n]
		next.code(was, at, values, more, func(i, code int) { next.wide[i] = uint16(code) })
		fits = wideFits(n, len(next.values), size)
	case len(c.values) == 1:
		fits = false
	default:
		next.values = slices.Concat(c.values, more)
		for k, i := range at {
			next.values[i] = values[k]
		}
	}
	if !fits {
		return c.anew(was, at, values, more)
	}
	return next
}

// changes tells whether a column is another with these values.
func (c *column[T]) changes(at []int, values, more []T) bool {
	for k, i := range at {
		if c.at(i) != values[k] {
			return true
		}
	}
	one := c.narrow == nil && c.wide == nil && len(c.values) == 1
	return len(more) > 0 && !(one && !slices.ContainsFunc(more, func(v T) bool { return v != c.values[0] }))
}

// code numbers values, those that are new behind the others: a value that occurs no more keeps its
// number until the column is made anew.
func (c *column[T]) code(was int, at []int, values, more []T, set func(i, code int)) {
	number := func(v T) int {
		n := slices.Index(c.values, v)
		if n < 0 {
			n, c.values = len(c.values), append(c.values, v)
		}
		return n
	}
	for k, i := range at {
		set(i, number(values[k]))
	}
	for k, v := range more {
		set(was+k, number(v))
	}
}

// anew is what with is, made of every value.
func (c *column[T]) anew(was int, at []int, values, more []T) column[T] {
	all := make([]T, was, was+len(more))
	for i := range all {
		all[i] = c.at(i)
	}
	for k, i := range at {
		all[i] = values[k]
	}
	return columnOf(append(all, more...), func(v *T) T { return *v })
}

// with is lists of so many records with others at some places, and more behind.
func (r *ragged[T]) with(was int, at []int, lists, more [][]T, equal func(a, b []T) bool) ragged[T] {
	same := len(more) == 0
	for k, i := range at {
		same = same && equal(r.at(i), lists[k])
	}
	if same {
		return *r
	}
	all := make([][]T, was, was+len(more))
	for i := range all {
		all[i] = r.at(i)
	}
	for k, i := range at {
		all[i] = lists[k]
	}
	return raggedOf(append(all, more...), func(list *[]T) []T { return *list })
}
