// Package credit says whose success a closing was (业绩归属): who is credited, in which
// team and position of that day, with which share. Lines are written when a record closes
// and never changed; what is taken back is a line of its own. Targets, pay and figures
// about people read credit, not today's owner. It knows no opportunities.
package credit

import (
	"cmp"
	"context"
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

// Reverse takes lines back: on their own day where they were never true, else on the day
// it ceased.
func Reverse(lines []Line, how string, on calendar.Date, seq database.Seq, newID func() string) []Line {
	out := make([]Line, len(lines))
	for i, l := range lines {
		r := l
		r.ID, r.Reverses, r.Reversal, r.ShareBP, r.Seq = newID(), cmp.Or(l.Reverses, l.ID), how, -l.ShareBP, seq
		if l.AmountMinor != nil {
			minor := -*l.AmountMinor
			r.AmountMinor = &minor
		}
		if how == Ceased {
			r.On = on
		}
		out[i] = r
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
