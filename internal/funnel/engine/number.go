package engine

import (
	"fmt"
	"math"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// A day is days since 1899-12-31, so 16 bits hold every date calendar.Parse takes.
// Unknown stands for a date nobody knows, and sorts before all that are known; forever
// lies after every day.
type day = uint16

const (
	unknown  day = 0
	lastDay  day = 65379 // 2078-12-31
	forever  day = math.MaxUint16
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

func minorOf(p *int64) int64 {
	if p == nil {
		return nothing
	}
	return *p
}

func statedOf(minor int64) *int64 {
	if minor == nothing {
		return nil
	}
	return &minor
}

// How an amount is taxed; at a rate of nought it is the same with tax and without.
const (
	withTax uint8 = iota
	withoutTax
	taxFree
)

func taxOf(included bool, bp *int64) uint8 {
	switch {
	case bp != nil && *bp == 0:
		return taxFree
	case included:
		return withTax
	}
	return withoutTax
}

// unlike is what a company that sums without tax, or with it, does not add up unmarked.
func unlike(without bool) uint8 {
	if without {
		return withTax
	}
	return withoutTax
}

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
var moves = []pipeline.Move{"", pipeline.Create, pipeline.Advance, pipeline.Skip, pipeline.Return, pipeline.Win,
	pipeline.Lose, pipeline.Withdraw, pipeline.Reopen, pipeline.Change, pipeline.Remap}

var (
	advance = uint8(slices.Index(moves, pipeline.Advance))
	skip    = uint8(slices.Index(moves, pipeline.Skip))
	win     = uint8(slices.Index(moves, pipeline.Win))
	goBack  = uint8(slices.Index(moves, pipeline.Return))
	remap   = uint8(slices.Index(moves, pipeline.Remap))
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
// which is also what is not there, is 0.
type symbol = int32

// pair is a stage in a version of its pipeline, by number: a stage has its rank in each
// version. 0 is none. A stay has 16 bits for it.
type pair = uint16

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

// numbering gives texts their numbers: a company's two dictionaries.
type numbering struct{ texts, pairs *dictionary }

func newNumbering() numbering { return numbering{newDictionary(), newDictionary()} }

// set is some texts by number.
type set []bool

func (s set) has(n symbol) bool { return int(n) < len(s) && s[n] }

// set numbers texts; those in no row are left out.
func (n numbering) set(list []string) set {
	out := make(set, len(n.texts.text))
	for _, text := range list {
		if k := n.texts.find(text); k > 0 {
			out[k] = true
		}
	}
	return out
}

// pairMark stands between version and stage in the text of a pair; no id holds it.
const pairMark = "\x00"

// pair numbers a stage of a version; a withdrawn stay has no stage, but a version.
func (n numbering) pair(version, stage string) (pair, error) {
	s := n.pairs.of(version + pairMark + stage)
	if s > math.MaxUint16 {
		return 0, fmt.Errorf("engine: more than %d stages of versions", math.MaxUint16)
	}
	return pair(s), nil
}

// surroundings numbers the small tables.
func (n numbering) surroundings(small Around) *around {
	of := n.texts.of
	a := &around{pipelines: map[string]symbol{}, rates: map[symbol][]rateFrom{}, competitors: map[symbol]string{}, same: map[symbol]symbol{}}
	for _, v := range small.Versions {
		a.pipelines[v.ID] = of(v.PipelineID)
	}
	for _, r := range small.Rates {
		a.rates[of(r.Currency)] = append(a.rates[of(r.Currency)], rateFrom{dayOf(r.From), r.Rate, r.Seq})
	}
	for id, name := range small.Competitors {
		a.competitors[of(id)] = name
	}
	for id, as := range small.SameRivals {
		a.same[of(id)] = of(as)
	}
	return a
}
