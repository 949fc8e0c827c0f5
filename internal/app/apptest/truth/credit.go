package truth

// credit writes the lines of a closing on its day: for each share as of that day, with the
// main team of that day; without shares the owner of that day has all. Where the record
// has product lines there is one line for each.
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
	lines, _ := last(d.lines, day)
	if len(lines) == 0 {
		c.creditLine(d, at, s, on, shares, "", s.Amount.Minor)
		return
	}
	for _, l := range lines {
		c.creditLine(d, at, s, on, shares, l.Product, &l.Minor)
	}
}

// creditLine shares one amount: direct shares by the largest remainder, overlay ones each
// its own part of the whole.
func (c *Company) creditLine(d *Deal, at Act, s Stay, on Date, shares []Share, product string, minor *int64) {
	var weights []int64
	for _, sh := range shares {
		if sh.Kind == "direct" {
			weights = append(weights, sh.BP)
		}
	}
	direct := 0
	for _, sh := range shares {
		l := Credit{Known: Known{Day: on, Seq: at.Seq}, StayID: s.ID, Outcome: s.State, Member: sh.Member, Team: c.mainTeam(sh.Member, on), Kind: sh.Kind, BP: sh.BP, Currency: s.Amount.Currency, Product: product}
		var part int64
		if minor != nil {
			part = weighted(*minor, int(sh.BP))
			if sh.Kind == "direct" {
				part = split(*minor, weights)[direct]
			}
			l.Minor = &part
		}
		if sh.Kind == "direct" {
			direct++
		}
		d.credits = append(d.credits, l)
	}
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
		if o.Day == l.Day && o.StayID == l.StayID && o.Member == l.Member && o.Team == l.Team && o.Kind == l.Kind && o.Product == l.Product {
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
	for _, l := range net(d.credits, Moment{"9999-12-31", at.Seq}, false) {
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
