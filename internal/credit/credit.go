// Package credit says whose success a closing was (业绩归属): who is credited, in which
// team and position of that day, with which share. Lines are written when a record closes
// and never changed; what is taken back is a line of its own. Targets, pay and figures
// about people read credit, not today's owner. It knows no opportunities.
package credit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/money"
)

// Kinds of share. Direct shares add up to the whole; overlay shares stand apart and are
// never added in.
const (
	Direct  = "direct"
	Overlay = "overlay"
)

// Kinds of reversal. What was never true is reversed on the original day, what ceased on
// the day it did.
const (
	Never  = "never"
	Ceased = "ceased"
)

// Line is one member's share of a closing, or its reversal: then share and amount have
// the opposite sign and Reverses names the line that was written first. A reversal that was
// never true is taken back by a line that names the same one: a closing stands while what
// was written of it does not cancel.
type Line struct {
	ID, FactID, StayID           string
	Outcome                      string // won, lost, withdrawn
	MemberID, TeamID, PositionID string
	Kind                         string
	ProductLineID                string // "" where the record has none
	ShareBP                      int64
	AmountMinor                  *int64
	Currency                     string
	On                           calendar.Date // "" is unknown
	Seq                          database.Seq
	Reverses, Reversal           string
	Basis                        string
}

// Share is whom a record would be credited to.
type Share struct {
	MemberID, Kind string
	BP             int64
}

// Product is the part of one product line in a record's amount.
type Product struct {
	ProductLineID string
	Minor         int64
}

// Closing is what is credited.
type Closing struct {
	FactID, StayID, Outcome string
	On                      calendar.Date
	AmountMinor             *int64
	Currency                string
	Shares                  []Share
	Products                []Product
}

// Lines splits a closing over its shares, and each share over the product lines, by
// largest remainder, so that direct lines always add up to the amount; an overlay share is
// a share of the whole. seat tells the team and position of a member on the closing's day.
func (c Closing) Lines(newID func() string, seat func(member string) (team, position string)) []Line {
	var out []Line
	parts := c.direct()
	for _, s := range c.Shares {
		part := c.AmountMinor
		switch {
		case part == nil:
		case s.Kind == Direct:
			part, parts = &parts[0], parts[1:]
		default:
			v := money.Weighted(*c.AmountMinor, int(s.BP))
			part = &v
		}
		team, position := seat(s.MemberID)
		for _, p := range c.products(part) {
			out = append(out, Line{ID: newID(), FactID: c.FactID, StayID: c.StayID, Outcome: c.Outcome, MemberID: s.MemberID, TeamID: team,
				PositionID: position, Kind: s.Kind, ProductLineID: p.id, ShareBP: s.BP, AmountMinor: p.minor, Currency: c.Currency, On: c.On})
		}
	}
	return out
}

// direct is the parts of the direct shares, in their order.
func (c Closing) direct() []int64 {
	var weights []int64
	for _, s := range c.Shares {
		if s.Kind == Direct {
			weights = append(weights, s.BP)
		}
	}
	if c.AmountMinor == nil || len(weights) == 0 {
		return nil
	}
	return money.Split(*c.AmountMinor, weights)
}

type productPart struct {
	id    string
	minor *int64
}

// products splits a part over the product lines.
func (c Closing) products(part *int64) []productPart {
	if len(c.Products) == 0 {
		return []productPart{{"", part}}
	}
	weights, some := make([]int64, len(c.Products)), false
	for i, p := range c.Products {
		weights[i] = max(0, p.Minor)
		some = some || weights[i] > 0
	}
	if !some {
		weights[0] = 1
	}
	out := make([]productPart, len(c.Products))
	for i, p := range c.Products {
		out[i].id = p.ProductLineID
	}
	if part != nil {
		for i, minor := range money.Split(*part, weights) {
			out[i].minor = &minor
		}
	}
	return out
}

// Span is a stretch of days from From up to To and without it; From "" is an unknown day
// that counts as every day, To "" is no end.
type Span struct{ From, To calendar.Date }

// Stands are the days on which the credit of a closing stands that was entered on a day,
// "" where that is unknown, and counts from day on: until the first of the days on which
// what came after it began, and in none of the spans in which the record was gone, which are
// in order.
func Stands(entered, day calendar.Date, after []calendar.Date, gone []Span) (out []Span) {
	whole := Span{From: day}
	for _, begun := range after {
		if whole.To == "" || begun < whole.To {
			whole.To = max(day, begun)
		}
	}
	out = whole.without(gone)
	switch {
	case entered != "" || len(out) == 0 || out[0].From != day:
	case out[0].empty():
		return nil // every day but none
	default:
		out[0].From = ""
	}
	return out
}

func (s Span) empty() bool { return s.To != "" && s.From == s.To }

// without are the days of a span that are in none of the others.
func (s Span) without(others []Span) (out []Span) {
	for _, o := range others {
		switch {
		case s.empty() || s.To != "" && o.From >= s.To:
			return append(out, s)
		case o.empty() || o.To != "" && o.To <= s.From:
			continue // before it
		case o.From > s.From:
			out = append(out, Span{s.From, o.From})
		}
		if o.To == "" || s.To != "" && o.To >= s.To {
			return out
		}
		s.From = o.To
	}
	return append(out, s)
}

// Given is what a closing was credited with when it was first written down: the lines it
// had then, whatever was taken back since.
func Given(written []Line) []Line {
	var out []Line
	for _, l := range written {
		if l.Reverses == "" && (len(out) == 0 || l.Seq == out[0].Seq && l.On == out[0].On) {
			out = append(out, l)
		}
	}
	return out
}

// Settle returns what has to be written of one closing so that its credit stands on the
// days of the spans and on no other. Written are the lines there are of it, of what it gives
// on each of those days; given again, it gives the same. No line is ever changed: what stands
// and should not is reversed where it was never true, or from the day it ceased; a reversal
// that should not have been is taken back.
func Settle(written, given []Line, spans []Span, seq database.Seq, newID func() string) (out []Line) {
	list := rootsOf(written)
	for _, span := range spans {
		for _, g := range given {
			r := list.of(g, span.From)
			if r == nil && span.empty() {
				continue
			}
			if r == nil {
				g.ID, g.On, g.Seq, g.Reverses, g.Reversal = newID(), span.From, seq, "", ""
				out = append(out, g)
				r = &root{first: g, net: map[calendar.Date]int64{span.From: g.ShareBP}}
				list = append(list, r)
			}
			r.span = &span
		}
	}
	for _, r := range list {
		out = append(out, r.settle(seq, newID)...)
	}
	return out
}

// root is a line that was written first, with the sum of what was written of it each day.
type root struct {
	first Line
	net   map[calendar.Date]int64
	span  *Span // in which it should stand; nil is never
}

type roots []*root

func rootsOf(written []Line) (out roots) {
	byID := map[string]*root{}
	for _, l := range written {
		if l.Reverses == "" {
			byID[l.ID] = &root{first: l, net: map[calendar.Date]int64{}}
			out = append(out, byID[l.ID])
		}
	}
	for _, l := range written {
		if r := byID[cmp.Or(l.Reverses, l.ID)]; r != nil {
			r.net[l.On] += l.ShareBP
		}
	}
	return out
}

// of finds the line that gives the same from the same day and has no span yet.
func (list roots) of(g Line, from calendar.Date) *root {
	for _, r := range list {
		f := r.first
		same := f.MemberID == g.MemberID && f.TeamID == g.TeamID && f.PositionID == g.PositionID && f.Kind == g.Kind &&
			f.ProductLineID == g.ProductLineID && f.ShareBP == g.ShareBP
		if same && f.On == from && r.span == nil {
			return r
		}
	}
	return nil
}

// settle returns the lines that make the sums of each day what they should be.
func (r *root) settle(seq database.Seq, newID func() string) (out []Line) {
	due := map[calendar.Date]int64{}
	for day, bp := range r.net {
		due[day] = -bp
	}
	if r.span != nil {
		due[r.span.From] += r.first.ShareBP
		if r.span.To != "" {
			due[r.span.To] -= r.first.ShareBP
		}
	}
	for _, day := range slices.Sorted(maps.Keys(due)) {
		bp := due[day]
		if bp == 0 {
			continue
		}
		l := r.first
		l.ID, l.Reverses, l.Reversal, l.On, l.Seq, l.ShareBP = newID(), r.first.ID, Never, day, seq, bp
		if bp < 0 && r.span != nil && day == r.span.To {
			l.Reversal = Ceased
		}
		if minor := r.first.AmountMinor; minor != nil {
			part := *minor * (bp / r.first.ShareBP)
			l.AmountMinor = &part
		}
		out = append(out, l)
	}
	return out
}

// Standing are the lines that count on a day as known at an entry: those written by then
// that do not cancel with what was taken back by then. A line of an unknown day counts on
// every day.
func Standing(lines []Line, on calendar.Date, known database.Seq) []Line {
	share := map[string]int64{} // of what was written first
	for _, l := range lines {
		if l.On <= on && l.Seq <= known {
			share[cmp.Or(l.Reverses, l.ID)] += l.ShareBP
		}
	}
	out := []Line{}
	for _, l := range lines {
		if l.Reverses == "" && share[l.ID] != 0 {
			out = append(out, l)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		if a.ShareBP != b.ShareBP {
			return a.ShareBP > b.ShareBP
		}
		return a.MemberID < b.MemberID
	})
	return out
}

// Rows is what the package needs of its table; creditdb implements it.
type Rows interface {
	// Insert writes lines; their Seq may stand for an entry of this transaction.
	Insert(ctx context.Context, tx database.Tx, tenant string, lines []Line) error
	// Of reads every line of some records, in the order they were written.
	Of(ctx context.Context, tx database.Tx, tenant string, facts []string) ([]Line, error)
}
