package engine

import (
	"math"
	"slices"
	"unsafe"
)

// column is a value per record in the fewest bytes that hold them: one value for
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

// those keeps of some places, in their order, those whose value holds: asked once of each
// value that occurs, but where nearly all differ. It writes over the list.
func (c *column[T]) those(at []uint16, holds func(v T) bool) []uint16 {
	switch {
	case c.narrow != nil:
		var in [256]bool
		some := false
		for n, v := range c.values {
			in[n] = holds(v)
			some = some || in[n]
		}
		if !some {
			return nil
		}
		kept := 0
		for _, i := range at { // without a branch: what comes next is anybody's guess
			at[kept] = i
			if in[c.narrow[i]] {
				kept++
			}
		}
		return at[:kept]
	case c.wide == nil && len(c.values) == 1:
		if holds(c.values[0]) {
			return at
		}
		return nil
	}
	kept := at[:0]
	for _, i := range at {
		if holds(c.at(int(i))) {
			kept = append(kept, i)
		}
	}
	return kept
}

// mark marks those of some places whose value holds, as those keeps them.
func (c *column[T]) mark(at []uint16, holds func(v T) bool, marks *[chunkSize]bool) {
	if c.narrow == nil {
		for _, i := range at {
			marks[i] = marks[i] || holds(c.at(int(i)))
		}
		return
	}
	var in [256]bool
	for n, v := range c.values {
		in[n] = holds(v)
	}
	for _, i := range at {
		marks[i] = marks[i] || in[c.narrow[i]]
	}
}

func columnOf[R any, T comparable](rows []R, of func(*R) T) column[T] {
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
	switch {
	case distinct <= 1:
		return column[T]{values: slices.Clone(values)}
	case narrowFits(len(rows), distinct, size):
		narrow := make([]uint8, len(rows))
		for i, n := range codes {
			narrow[i] = uint8(n)
		}
		return column[T]{values: slices.Clone(values), narrow: narrow}
	case wideFits(len(rows), distinct, size):
		return column[T]{values: slices.Clone(values), wide: codes}
	}
	all := make([]T, len(rows))
	for i, n := range codes {
		all[i] = values[n]
	}
	return column[T]{values: all}
}

// narrowFits and wideFits tell whether numbers of 8 or 16 bits into so many values take less than
// the values themselves.
func narrowFits(rows, distinct, size int) bool {
	return distinct <= 1<<8 && rows+distinct*size < rows*size
}

func wideFits(rows, distinct, size int) bool {
	return distinct <= 1<<16 && 2*rows+distinct*size < rows*size
}

// ragged is a list per record, all lists after one another, with the place where
// each ends: in 16 bits where that is enough. There are no ends where every list is empty.
type ragged[T any] struct {
	ends  []uint16
	far   []uint32
	items []T
}

func (r *ragged[T]) at(i int) []T {
	from, to := uint32(0), uint32(0)
	switch {
	case r.ends != nil:
		if to = uint32(r.ends[i]); i > 0 {
			from = uint32(r.ends[i-1])
		}
	case r.far != nil:
		if to = r.far[i]; i > 0 {
			from = r.far[i-1]
		}
	default:
		return nil
	}
	return r.items[from:to:to]
}

// end is where the list of an opportunity ends, of lists that are not all empty.
func (r *ragged[T]) end(i int) int {
	if r.far != nil {
		return int(r.far[i])
	}
	return int(r.ends[i])
}

func raggedOf[R, T any](rows []R, of func(*R) []T) ragged[T] {
	n := 0
	for i := range rows {
		n += len(of(&rows[i]))
	}
	if n == 0 {
		return ragged[T]{}
	}
	r := ragged[T]{items: make([]T, 0, n)}
	if n <= math.MaxUint16 {
		r.ends = make([]uint16, len(rows))
	} else {
		r.far = make([]uint32, len(rows))
	}
	for i := range rows {
		r.items = append(r.items, of(&rows[i])...)
		if r.far != nil {
			r.far[i] = uint32(len(r.items))
		} else {
			r.ends[i] = uint16(len(r.items))
		}
	}
	return r
}
