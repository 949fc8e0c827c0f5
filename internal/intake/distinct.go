package intake

import (
	"cmp"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"

	"yunchou/internal/grid"
	"yunchou/internal/intake/form"
	"yunchou/internal/text"
)

// Column is what stands in a column, from the whole file.
type Column struct {
	Header   string  `json:"header"`
	Filled   int64   `json:"filled" doc:"rows in which it holds something"`
	Distinct int     `json:"distinct" doc:"different values, as they were counted"`
	Many     bool    `json:"many" doc:"there are more than were counted"`
	Values   []Value `json:"values" doc:"at most 200, the most frequent first; none of a column with too many"`
	// Readings are how its cells are read as days, amounts and rates, as far as they can be such.
	Readings []Reading `json:"readings"`
}

// Value is one text of a column and how often it stands there.
type Value struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// Bounds of what is counted: a column with more values, or with longer ones, is no choice among
// some.
const (
	mostValues   = 500
	longestValue = 200 // bytes
	shownValues  = 200
)

// values counts the different values of a column.
type values struct {
	filled int64
	many   bool
	count  map[string]int // the place of a text as it is written
	order  []string       // folded, in the order they appear
	counts []int64
	folded map[string]int
	learn  form.Column // from every different text
	hashes [hashed / 64]uint64
}

// hashed is how many places the texts of a column are thrown into, to tell about how many differ
// (linear counting: Whang, Vander-Zanden, Taylor 1990); with more than a few times as many it says
// no more than "very many".
const hashed = 1 << 16

var hashSeed = maphash.MakeSeed()

// different is how many different texts the column has, about, where there are many.
func (v *values) different() int64 {
	if !v.many {
		return int64(len(v.order))
	}
	empty := 0
	for _, w := range v.hashes {
		empty += 64 - bits.OnesCount64(w)
	}
	if empty == 0 {
		return v.filled
	}
	return min(v.filled, int64(float64(hashed)*math.Log(float64(hashed)/float64(empty))+0.5))
}

func (v *values) add(cell string) {
	if v.many {
		if plain := text.Fold(cell); plain != "" {
			v.filled++
			v.learn.See(plain)
			v.hash(plain)
		}
		return
	}
	if i, ok := v.count[cell]; ok {
		v.filled++
		v.counts[i]++
		return
	}
	plain := text.Fold(cell)
	if plain == "" {
		return
	}
	v.filled++
	v.learn.See(plain)
	v.hash(plain)
	if len(plain) > longestValue || len(v.order) == mostValues || len(v.count) == 2*mostValues {
		v.many, v.count, v.folded = true, nil, nil
		return
	}
	if v.count == nil {
		v.count, v.folded = map[string]int{}, map[string]int{}
	}
	i, ok := v.folded[plain]
	if !ok {
		i = len(v.order)
		v.order, v.counts = append(v.order, plain), append(v.counts, 0)
		v.folded[plain] = i
	}
	v.count[strings.Clone(cell)] = i // the cell is a part of its row, which need not be held
	v.counts[i]++
}

// nothing is in how many rows the column says that there is nothing to say.
func (v *values) nothing() int64 {
	n := v.learn.Nothing // of texts that are counted once each
	for i, text := range v.order {
		if form.Nothing(text) {
			n += v.counts[i] - 1
		}
	}
	return n
}

func (v *values) hash(plain string) {
	at := maphash.String(hashSeed, plain) % hashed
	v.hashes[at/64] |= 1 << (at % 64)
}

// looks judges the column by its cells.
func (v *values) looks() form.Looks {
	l := v.learn.Looks(v.different())
	l.Filled = v.filled - v.nothing()
	return l
}

func (v *values) column(header string) Column {
	c := Column{Header: header, Filled: v.filled, Distinct: len(v.order), Many: v.many, Values: []Value{}, Readings: []Reading{}}
	if v.many {
		return c
	}
	for i, text := range v.order {
		c.Values = append(c.Values, Value{text, v.counts[i]})
	}
	slices.SortStableFunc(c.Values, func(a, b Value) int { return cmp.Compare(b.Count, a.Count) })
	c.Values = c.Values[:min(len(c.Values), shownValues)]
	return c
}

// columnName is what the nth column is called, counted from 1.
func columnName(header []string, n int) string {
	if n > 0 && n <= len(header) && strings.TrimSpace(header[n-1]) != "" {
		return strings.TrimSpace(header[n-1])
	}
	return grid.Letters(max(n, 1) - 1)
}
