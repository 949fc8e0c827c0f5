package truth

import "fmt"

// credit writes the lines of a closing on its day: for each share as of that day, with the
// main team of that day; without shares the owner of that day has all. Direct shares split
// the amount by the largest remainder, overlay ones have each its own part of the whole;
// where the record has product lines, a share has a line for each.
func (c *Company) credit(d *Deal, at Act, s Stay, on Date) {
	day := Moment{on, at.Seq}
	shares, _ := last(d.shares, day)
	if len(shares) == 0 {
		owner, _ := last(d.owners, day)
		if owner.Member == "" {
			return
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
		team := c.mainTeam(sh.Member, on)
		for j, p := range products {
			l := Credit{Known: Known{Day: on, Seq: at.Seq}, StayID: s.ID, Outcome: s.State, Member: sh.Member,
				Team: team, Kind: sh.Kind, BP: sh.BP, Currency: s.Amount.Currency, Product: p.Product}
			if part != nil {
				minor := split(*part, weights)[j]
				l.Minor = &minor
			}
			d.credits = append(d.credits, l)
		}
	}
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

// opposite takes a line back on a day.
func (l Credit) opposite(at Act, on Date, back string, wrongDay Date) Credit {
	l.Known, l.Back, l.wrongDay = Known{Day: on, Seq: at.Seq}, back, wrongDay
	l.BP = -l.BP
	if l.Minor != nil {
		minus := -*l.Minor
		l.Minor = &minus
	}
	return l
}

// neverCredited takes back on their own days the lines that were never true.
func (c *Company) neverCredited(d *Deal, at Act, which func(Credit) bool) {
	for _, l := range d.credits {
		if which(l) && l.Back != "never" && l.Seq < at.Seq && !d.undone(l) {
			d.credits = append(d.credits, l.opposite(at, l.Day, "never", at.Day))
		}
	}
}

// undone tells whether a line was already said to be never true.
func (d *Deal) undone(l Credit) bool {
	given, taken := 0, 0
	for _, o := range d.credits {
		sameWho := o.Member == l.Member && o.Team == l.Team && o.Kind == l.Kind && o.Product == l.Product
		if o.Day == l.Day && o.StayID == l.StayID && sameWho {
			switch {
			case o.Back == l.Back && o.BP == l.BP && same(o.Minor, l.Minor):
				given++
			case o.Back == "never" && o.BP == -l.BP:
				taken++
			}
		}
	}
	return taken >= given
}

// ceased takes back, on the day of the act, what stands.
func (c *Company) ceased(d *Deal, at Act, on Date) {
	for _, l := range net(d.credits, Moment{forever, at.Seq}, false) {
		d.credits = append(d.credits, l.opposite(at, on, "ceased", l.Day))
	}
}

// again gives on the restoring day what the deletion took.
func (c *Company) again(d *Deal, at Act) {
	for _, l := range d.credits {
		if l.Seq == d.takenBy && l.Back == "ceased" {
			l = l.opposite(at, at.Day, "", "")
			l.restored = true
			d.credits = append(d.credits, l)
		}
	}
}

// redateCredit follows the correction of a stay's day: a closing's lines were never true
// and are written for the right day, by the shares of that day; what a reopening took back
// it takes back on the right day.
func (c *Company) redateCredit(d *Deal, at Act, wrong, right Stay) {
	if wrong.State != Open {
		c.neverCredited(d, at, func(l Credit) bool { return l.StayID == wrong.ID && l.Back == "" && !l.restored })
		c.credit(d, at, right, right.Day)
		return
	}
	taken := []Credit{}
	for _, l := range d.credits {
		if l.Seq == wrong.made && l.Back == "ceased" {
			taken = append(taken, l)
		}
	}
	c.neverCredited(d, at, func(l Credit) bool { return l.Seq == wrong.made && l.Back == "ceased" })
	for _, l := range taken {
		l.Known = Known{Day: right.Day, Seq: at.Seq}
		d.credits = append(d.credits, l)
	}
}

// net adds lines up by whom, in which team, for what: what does not cancel stands. The
// order is that of the first line of each.
func net(lines []Credit, m Moment, wrongDays bool) (standing []Credit) {
	type key struct{ member, team, kind, product string }
	at := map[key]int{}
	var sums []Credit
	for _, l := range lines {
		if wrongDays && l.Back != "" {
			l.Day = l.wrongDay
		}
		if !m.Counts(l.Known) {
			continue
		}
		k := key{l.Member, l.Team, l.Kind, l.Product}
		i, seen := at[k]
		if !seen {
			i = len(sums)
			at[k] = i
			sums = append(sums, l)
			continue
		}
		sum := &sums[i]
		sum.BP += l.BP
		if l.Minor != nil {
			minor := *l.Minor
			if sum.Minor != nil {
				minor += *sum.Minor
			}
			sum.Minor = &minor
		}
		if l.Back == "" {
			sum.Day, sum.StayID, sum.Outcome, sum.Currency, sum.Back = l.Day, l.StayID, l.Outcome, l.Currency, ""
		}
	}
	for _, s := range sums {
		if s.BP != 0 || s.Minor != nil && *s.Minor != 0 {
			standing = append(standing, s)
		}
	}
	return standing
}

// Standing lists the credit of every record that stands at a moment, a line each.
func (c *Company) Standing(m Moment) (out []string) {
	for _, d := range c.deals {
		for _, l := range net(d.credits, m, c.Faults.ReversalDay) {
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
