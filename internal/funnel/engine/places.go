package engine

import (
	"bytes"
	"slices"
	"sort"

	"github.com/google/uuid"
)

// places tells where the records of a kind lie in its chunks, which are all full but the last:
// a record's place is its number, counted over them, and stays. So many, from the first on, lie
// in the order of their ids; added says where the others are.
type places struct {
	sorted int
	added  map[uuid.UUID]int
}

func newPlaces() places { return places{added: map[uuid.UUID]int{}} }

// chunked is a chunk of records of one kind, made of rows.
type chunked[R, C any] interface {
	ids() []uuid.UUID
	// with is its records with some replaced, by place in it, and others following.
	with(replaced map[int]R, added []R) C
}

// having is a chunk whose records have ids.
type having interface{ ids() []uuid.UUID }

// lengthOf counts the records of chunks.
func lengthOf[C having](chunks []C) int {
	if len(chunks) == 0 {
		return 0
	}
	last := len(chunks) - 1
	return last*chunkSize + len(chunks[last].ids())
}

// placeOf is the place of a record: by bisection among those that lie in order, from a map for
// those that came later. What the map tells holds where the record lies there: a catch-up that was
// given up leaves it ahead of the chunks, and the next one puts records there anew.
func placeOf[C having](x *places, chunks []C, id uuid.UUID) (int, bool) {
	at := func(n int) *uuid.UUID { return &chunks[n/chunkSize].ids()[n%chunkSize] }
	if n, ok := x.added[id]; ok {
		return n, n < lengthOf(chunks) && *at(n) == id
	}
	n := sort.Search(x.sorted, func(n int) bool { return bytes.Compare(at(n)[:], id[:]) >= 0 })
	return n, n < x.sorted && *at(n) == id
}

// found notes the places of those that do not lie in order.
func found[C having](x *places, chunks []C) {
	for n := x.sorted; n < lengthOf(chunks); n++ {
		x.added[chunks[n/chunkSize].ids()[n%chunkSize]] = n
	}
}

// replaced is chunks with new values of some records, and those that are new behind them.
func replaced[R any, C chunked[R, C]](x *places, chunks []C, fresh func([]R) C, rows []R, id func(*R) uuid.UUID) []C {
	chunks = slices.Clone(chunks)
	changed := map[int]map[int]R{}
	var added []R
	for i := range rows {
		n, known := placeOf(x, chunks, id(&rows[i]))
		if !known {
			added = append(added, rows[i])
			continue
		}
		at := n / chunkSize
		if changed[at] == nil {
			changed[at] = map[int]R{}
		}
		changed[at][n%chunkSize] = rows[i]
	}
	for at, rows := range changed {
		chunks[at] = chunks[at].with(rows, nil)
	}
	for len(added) > 0 {
		base, last := lengthOf(chunks), len(chunks)-1
		part := added[:min(len(added), chunkSize-base%chunkSize)]
		for i := range part {
			x.added[id(&part[i])] = base + i
		}
		if base%chunkSize == 0 {
			chunks = append(chunks, fresh(slices.Clone(part)))
		} else {
			chunks[last] = chunks[last].with(nil, part)
		}
		added = added[len(part):]
	}
	return chunks
}

// rewritten is the rows of a chunk with some replaced and others following.
func rewritten[R any](n int, row func(i int) R, replaced map[int]R, added []R) []R {
	rows := make([]R, 0, n+len(added))
	for i := range n {
		if r, ok := replaced[i]; ok {
			rows = append(rows, r)
		} else {
			rows = append(rows, row(i))
		}
	}
	return append(rows, added...)
}
