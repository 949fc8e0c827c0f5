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

// crediting replays a record's acts: each closing gives its lines (those that are there, else
// by the shares of its day), and after each act they stand on the days they should.
type crediting struct {
	r       *rebuilt
	o       Opportunity
	facts   []StayFacts
	shares  []shareState
	seat    func(member string, on calendar.Date) (team, position string)
	newID   func() string
	groups  map[string][]credit.Line // lines that are there, by when they were voided
	live    map[int]bool             // stays, as known at the act
	gone    []credit.Span            // days on which it is deleted
	given   map[int][]credit.Line    // by closing
	written map[int][]credit.Line
	out     []credit.Line
	patches []CreditFacts
}

func (c *crediting) run() {
	c.groups, c.live, c.given, c.written = map[string][]credit.Line{}, map[int]bool{}, map[int][]credit.Line{}, map[int][]credit.Line{}
	for _, l := range c.o.Credit {
		c.groups[l.VoidedAt] = append(c.groups[l.VoidedAt], l.Line)
	}
	acts := c.acts()
	for i := 0; i < len(acts); {
		seq := acts[i].seq
		var wrong []credit.Line // what a closing gave that the same entry corrects
		for ; i < len(acts) && acts[i].seq == seq; i++ {
			switch a := acts[i]; {
			case a.stay >= 0 && a.ends:
				delete(c.live, a.stay)
				wrong = c.given[a.stay]
			case a.stay >= 0:
				c.live[a.stay] = true
				if c.o.Stays[a.stay].State != "open" {
					c.given[a.stay] = c.gives(a, wrong)
				}
			case a.deletes && (len(c.gone) == 0 || c.gone[len(c.gone)-1].To != ""):
				c.gone = append(c.gone, credit.Span{From: a.on})
			case !a.deletes && len(c.gone) > 0:
				c.gone[len(c.gone)-1].To = a.on
			}
		}
		c.settle(database.Seq(seq))
	}
}

// settle writes what it takes that each closing stands on the days it should.
func (c *crediting) settle(seq database.Seq) {
	for i, s := range c.o.Stays {
		if c.given[i] == nil {
			continue
		}
		var spans []credit.Span
		if c.live[i] {
			var after []calendar.Date
			for j := i + 1; j < len(c.o.Stays); j++ {
				if c.live[j] {
					after = append(after, cmp.Or(c.o.Stays[j].EnteredOn, c.o.Stays[j].RecordedOn))
				}
			}
			spans = credit.Stands(s.EnteredOn, cmp.Or(s.EnteredOn, s.RecordedOn), after, c.gone)
		}
		lines := credit.Settle(c.written[i], c.given[i], spans, seq, c.newID)
		c.written[i] = append(c.written[i], lines...)
		c.out = append(c.out, lines...)
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

// gives is what a closing gives; one that corrects another gives what that gave, in the
// teams of the right day.
func (c *crediting) gives(a act, wrong []credit.Line) []credit.Line {
	s := c.o.Stays[a.stay]
	seat := func(member string) (string, string) { return c.seat(member, cmp.Or(a.on, s.RecordedOn)) }
	if wrong != nil {
		out := slices.Clone(wrong)
		for i := range out {
			out[i].StayID = s.ID
			out[i].TeamID, out[i].PositionID = seat(out[i].MemberID)
		}
		return out
	}
	group := c.reopenedAt(a.stay)
	if there := c.groups[group]; s.State == "won" && len(there) > 0 {
		delete(c.groups, group)
		for i := range there {
			there[i].StayID, there[i].Seq = s.ID, database.Seq(a.seq)
			c.patches = append(c.patches, CreditFacts{there[i].ID, s.ID, a.seq})
		}
		c.written[a.stay] = there
		return there
	}
	out := c.closing(a, s).Lines(c.newID, seat)
	for i := range out {
		out[i].Basis = record.Carried
	}
	return out
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
