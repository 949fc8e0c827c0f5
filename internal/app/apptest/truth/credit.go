package truth

import "fmt"

// Credit is one part of a closing: whose it is, in which team of the closing's day. What
// was written stays as it is, whoever moves to which team later. Whether it stands on a day
// follows from the record: it does while that closing is the record's state and the record
// is not deleted. So a reopening and a deletion end it on their day, a restoring gives it
// again on its own, and a closing that never was has none on any day.
type Credit struct {
	Member, Team string
	Kind         string // direct or overlay
	BP           int64
	Minor        *int64
	Product      string
}

// creditOf are the lines of a closing: for each share as of its day, with the main team of
// that day; without shares the owner of that day has all. Direct shares split the amount by
// the largest remainder, overlay ones have each its own part of the whole; where the record
// has product lines, a share has a line for each.
func (c *Company) creditOf(d *Deal, at Act, s Stay) (out []Credit) {
	day := Moment{s.Day, at.Seq}
	shares, _ := last(d.shares, day)
	if len(shares) == 0 {
		owner, _ := last(d.owners, day)
		if owner.Member == "" {
			return nil
		}
		shares = []Share{{owner.Member, "direct", 10000}}
	}
	products, _ := last(d.lines, day)
	if len(products) == 0 {
		products = []Line{{Minor: 1}}
	}
	var weights []int64
	for _, p := range products {
		weights = append(weights, p.Minor)
	}
	for i, part := range direct(s.Amount.Minor, shares) {
		sh := shares[i]
		team := c.satLast(sh.Member, s.Day)
		for j, p := range products {
			l := Credit{Member: sh.Member, Team: team, Kind: sh.Kind, BP: sh.BP, Product: p.Product}
			if part != nil {
				minor := split(*part, weights)[j]
				l.Minor = &minor
			}
			out = append(out, l)
		}
	}
	return out
}

// direct is the part of an amount each share has; of none stated none has any.
func direct(minor *int64, shares []Share) []*int64 {
	out := make([]*int64, len(shares))
	if minor == nil {
		return out
	}
	weights := make([]int64, len(shares)) // of an overlay share 0: it takes nothing from the others
	for i, sh := range shares {
		if sh.Kind == "direct" {
			weights[i] = sh.BP
		}
	}
	for i, part := range split(*minor, weights) {
		if shares[i].Kind != "direct" {
			part = weighted(*minor, int(shares[i].BP))
		}
		out[i] = &part
	}
	return out
}

// standing is the credit of a record that stands at a moment.
func (c *Company) standing(d *Deal, m Moment) []Credit {
	stays := c.live(d, m)
	if gone, _ := last(d.deleted, m); gone || len(stays) == 0 {
		return nil
	}
	closing := stays[len(stays)-1]
	if c.Faults.ReversalDay {
		return c.wronglyReversed(d, closing, m)
	}
	return closing.credit
}

// wronglyReversed is what stands where a reopening takes credit back on the day of the
// closing, and where what was never true goes on the day that was said.
func (c *Company) wronglyReversed(d *Deal, closing Stay, m Moment) []Credit {
	for _, s := range d.stays {
		if s.State != Open && s.Ended != 0 && s.Ended <= m.K && s.Day <= m.Day && m.Day < c.dayOf(s.Ended) {
			return s.credit
		}
		if m.Knows(s.Known) && s.Ord > closing.Ord && s.State == Open {
			return nil
		}
	}
	return closing.credit
}

// dayOf is the day of an act.
func (c *Company) dayOf(seq int64) Date {
	for _, e := range c.entries {
		if e.Seq >= seq {
			return e.Day
		}
	}
	return forever
}

// Standing lists the credit of every record that stands at a moment, a line each; what
// closed on an unknown day is left out.
func (c *Company) Standing(m Moment) (out []string) {
	for _, d := range c.deals {
		if stays := c.live(d, m); len(stays) == 0 || stays[len(stays)-1].Entered == "" {
			continue
		}
		for _, l := range c.standing(d, m) {
			out = append(out, CreditLine(d.ID, l.Member, l.Team, l.Kind, l.Product, l.BP, l.Minor))
		}
	}
	return out
}

// CreditLine writes a line of credit as Standing lists it.
func CreditLine(deal, member, team, kind, product string, bp int64, minor *int64) string {
	amount := int64(0)
	if minor != nil {
		amount = *minor
	}
	return fmt.Sprintf("%s: %s of %s, %s %s %d bp, %d", deal, member, team, kind, product, bp, amount)
}
