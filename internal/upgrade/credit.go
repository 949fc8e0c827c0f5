package upgrade

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// CreditFacts are the columns of a credit line that schema 5 had not.
type CreditFacts struct {
	ID, StayID string
	Seq        int64
}

// act is a moment of a record's life that moves credit.
type act struct {
	seq, ord int64
	stay     int // -1 is not about a stay
	ends     bool
	deletes  bool
	on       calendar.Date
}

// crediting replays a record's acts: each closing writes lines (those that are there, else
// from the shares of its day), and what takes a closing back writes their reversal.
type crediting struct {
	r        *rebuilt
	o        Opportunity
	facts    []StayFacts
	shares   []shareState
	seat     func(member string, on calendar.Date) (team, position string)
	newID    func() string
	groups   map[string][]credit.Line // lines that are there, by when they were voided
	standing []credit.Line
	replaced []credit.Line // of a closing that is being corrected
	hidden   []credit.Line // of a record that was deleted
	ceased   []credit.Line // what the last reopening took, and its reversals
	taken    []credit.Line
	out      []credit.Line
	patches  []CreditFacts
}

func (c *crediting) run() {
	c.groups = map[string][]credit.Line{}
	for _, l := range c.o.Credit {
		c.groups[l.VoidedAt] = append(c.groups[l.VoidedAt], l.Line)
	}
	for _, a := range c.acts() {
		switch {
		case a.stay >= 0 && a.ends:
			c.neverWas(a)
		case a.stay >= 0:
			c.entered(a)
		case a.deletes:
			c.hidden = append(c.hidden, c.standing...)
			c.reverse(credit.Ceased, a.on, a.seq)
		default:
			c.standing = c.again(c.hidden, a.on, a.seq)
			c.hidden = nil
		}
	}
}

// acts are in the order they were written; of one entry the end comes before the beginning.
func (c *crediting) acts() []act {
	var list []act
	for i, s := range c.o.Stays {
		list = append(list, act{seq: c.facts[i].Seq, ord: s.Ord, stay: i, on: s.EnteredOn})
		if c.facts[i].EndedSeq != 0 {
			list = append(list, act{seq: c.facts[i].EndedSeq, ord: s.Ord, stay: i, ends: true})
		}
	}
	for _, e := range c.o.Entries {
		if e.Kind == "opportunity.deleted" || e.Kind == "opportunity.restored" {
			list = append(list, act{seq: e.Seq, stay: -1, ord: 1 << 62, deletes: e.Kind == "opportunity.deleted", on: e.On})
		}
	}
	slices.SortStableFunc(list, func(a, b act) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), -cmp.Compare(flag(a.ends), flag(b.ends)), cmp.Compare(a.ord, b.ord))
	})
	return list
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// neverWas reverses the closing a stay was said to be, on its own day; where it was a
// reopening, what that took back was never taken.
func (c *crediting) neverWas(a act) {
	s := c.o.Stays[a.stay]
	switch {
	case s.State != "open" && len(c.standing) > 0:
		c.replaced = c.standing
		c.reverse(credit.Never, "", a.seq)
	case s.Move == "reopen" && len(c.taken) > 0:
		c.out = append(c.out, credit.Reverse(c.taken, credit.Never, "", database.Seq(a.seq), c.newID)...)
		c.standing, c.taken = c.ceased, nil
	}
}

func (c *crediting) reverse(how string, on calendar.Date, seq int64) {
	c.out = append(c.out, credit.Reverse(c.standing, how, on, database.Seq(seq), c.newID)...)
	c.standing = nil
}

// entered credits a closing; whatever is entered behind one has reopened it.
func (c *crediting) entered(a act) {
	s := c.o.Stays[a.stay]
	if s.State == "open" {
		from := len(c.out)
		c.ceased = c.standing
		c.reverse(credit.Ceased, a.on, a.seq)
		c.taken = slices.Clone(c.out[from:])
		return
	}
	if c.replaced != nil {
		c.standing = c.again(c.replaced, a.on, a.seq)
		for i := range c.standing {
			c.standing[i].StayID = s.ID
			c.standing[i].TeamID, c.standing[i].PositionID = c.seat(c.standing[i].MemberID, cmp.Or(a.on, s.RecordedOn))
		}
		copy(c.out[len(c.out)-len(c.standing):], c.standing)
		c.replaced = nil
		return
	}
	group := c.reopenedAt(a.stay)
	if there := c.groups[group]; s.State == "won" && len(there) > 0 {
		delete(c.groups, group)
		for i := range there {
			there[i].StayID, there[i].Seq = s.ID, database.Seq(a.seq)
			c.patches = append(c.patches, CreditFacts{there[i].ID, s.ID, a.seq})
		}
		c.standing = there
		return
	}
	c.standing = c.closing(a, s).Lines(c.newID, func(m string) (string, string) { return c.seat(m, cmp.Or(a.on, s.RecordedOn)) })
	for i := range c.standing {
		c.standing[i].Seq, c.standing[i].Basis = database.Seq(a.seq), record.Carried
	}
	c.out = append(c.out, c.standing...)
}

// reopenedAt is the instant the closing was reopened, which its lines were voided at; "" is
// never.
func (c *crediting) reopenedAt(stay int) string {
	for _, s := range c.o.Stays[stay+1:] {
		if s.Move == "reopen" {
			return s.RecordedAt
		}
	}
	return ""
}

// again writes lines anew, on another day.
func (c *crediting) again(lines []credit.Line, on calendar.Date, seq int64) []credit.Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].ID, out[i].On, out[i].Seq = c.newID(), on, database.Seq(seq)
	}
	c.out = append(c.out, out...)
	return slices.Clone(out)
}

// closing is what a stay closes, by the shares and product lines of its day.
func (c *crediting) closing(a act, s Stay) credit.Closing {
	f := c.facts[a.stay]
	out := credit.Closing{FactID: c.o.ID, StayID: s.ID, Outcome: s.State, On: s.EnteredOn, AmountMinor: f.AmountMinor, Currency: f.Currency}
	if s.State == "won" {
		out.AmountMinor = f.ContractMinor
	}
	day := cmp.Or(s.EnteredOn, s.RecordedOn)
	for _, st := range c.shares {
		if st.day <= day && st.seq <= a.seq {
			out.Shares = st.shares
		}
	}
	if len(out.Shares) == 0 {
		for _, w := range c.o.Owners {
			if w.From <= day {
				out.Shares = whole(w.MemberID)
			}
		}
	}
	for _, id := range sorted(c.r.linesAt(day, a.seq)) {
		out.Products = append(out.Products, credit.Product{ProductLineID: id, Minor: c.r.linesAt(day, a.seq)[id]})
	}
	return out
}

// linesAt are the product lines of a day as known at an entry.
func (r *rebuilt) linesAt(day calendar.Date, seq int64) map[string]int64 {
	at := map[string]Value{}
	for _, v := range r.out {
		if v.Field == "line" && v.Day <= day && v.counts(seq) && v.after(at[v.Key]) {
			at[v.Key] = v
		}
	}
	out := map[string]int64{}
	for id, v := range at {
		if v.Number != nil {
			out[id] = *v.Number
		}
	}
	return out
}
