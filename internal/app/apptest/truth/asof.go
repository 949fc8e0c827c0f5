package truth

import "slices"

import "sort"

// Question asks for figures of one pipeline. From and To bound a half-open window.
type Question struct {
	Pipeline string
	From, To Date
	Day      Date
	Then     bool // known as of the end of the day; else known now
	Version  int  // 0 is the one in force
	Group    string
	// Only what is attributed to a member, to a team and those under it, or to one of
	// these teams or members.
	Owner, Team    string
	Teams, Members map[string]bool
	Deals          map[string]bool // nil is all
	Filter         Filter
	rates          *Moment // whose exchange rates bounds are converted at; nil is the record's own
}

// part is what of a record is attributed to one member in one team.
type part struct {
	owner   Owner
	product string
	weight  int64
	day     Date   // whose tree of teams counts
	in      bool   // within the question
	key     string // of the group it is in
}

// seen is a record at a moment.
type seen struct {
	deal  *Deal
	m     Moment
	stays []Stay // live, in order
	last  Stay
	out   string // "" or why it is taken out: withdrawn, deleted, elsewhere
	parts []part
	money Money
	day   Date // of its exchange rate
}

// live lists the stays that count at a moment, in order.
func (c *Company) live(d *Deal, m Moment) (out []Stay) {
	for _, s := range d.stays {
		if c.Faults.LeftDayRewrite {
			s = d.rewritten(s)
		}
		if m.Counts(s.Known) {
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Ord < out[j].Ord })
	return out
}

// rewritten is what a fault makes of a stay that was corrected: its day becomes the right
// one, as if it had always been known.
func (d *Deal) rewritten(s Stay) Stay {
	for _, right := range d.stays {
		if right.Ord > s.Ord && right.Ord < (s.Ord/ordStep+1)*ordStep && right.Seq >= s.Ended && s.Ended != 0 {
			s.Day, s.Entered, s.Minute = right.Day, right.Entered, right.Minute
		}
	}
	return s
}

// see looks at a record; ok is false where it has no live stay: then it is in no figure.
func (c *Company) see(d *Deal, q Question, m Moment) (x seen, ok bool) {
	x = seen{deal: d, m: m, stays: c.live(d, m)}
	if len(x.stays) == 0 {
		return x, false
	}
	x.last = x.stays[len(x.stays)-1]
	gone, _ := last(d.deleted, m)
	switch {
	case gone:
		x.out = "deleted"
	case x.last.Pipeline != q.Pipeline:
		x.out = "elsewhere"
	case x.last.State == Withdrawn:
		x.out = "withdrawn"
	}
	x.money, x.day = x.last.Amount, x.last.Day
	if x.last.State == Open {
		x.money, _ = last(d.amounts, m)
		x.day = m.Day
	}
	x.parts = c.attribution(x)
	any := false
	for i, p := range x.parts {
		x.parts[i].in = c.within(p, q, m)
		any = any || x.parts[i].in
	}
	return x, any && c.passes(x, q)
}

// closed tells that credit says whose the record is.
func (x seen) closed() bool {
	return x.last.State != Open && x.out != "deleted" && x.out != "elsewhere"
}

// attribution: of what is closed the credit that stands, of what is open or was taken out
// owner and team; of nobody's one part without a name.
func (c *Company) attribution(x seen) (parts []part) {
	if c.Faults.OwnerOfToday {
		owner, _ := last(x.deal.owners, Moment{forever, always})
		return []part{{owner: owner, weight: 1, day: x.m.Day}}
	}
	if !x.closed() {
		owner, _ := last(x.deal.owners, x.m)
		return []part{{owner: owner, weight: 1, day: x.m.Day}}
	}
	at := map[Owner]int{}
	for _, l := range c.standing(x.deal, x.m) {
		who := Owner{Member: l.Member, Team: l.Team}
		if l.Kind != "direct" {
			continue
		}
		if _, seen := at[who]; !seen { // a share has a line for each product
			at[who] = len(parts)
			parts = append(parts, part{owner: who, day: x.last.Day})
		}
		if l.Minor != nil {
			parts[at[who]].weight += *l.Minor
		}
	}
	if len(parts) == 0 {
		parts = []part{{weight: 1, day: x.last.Day}}
	}
	return parts
}

// within tells whether a part is one the question asks about.
func (c *Company) within(p part, q Question, m Moment) bool {
	switch {
	case q.Owner != "" && p.owner.Member != q.Owner:
		return false
	case q.Team != "" && !c.Within(p.owner.Team, q.Team, Moment{p.day, m.K}):
		return false
	case q.Teams != nil && !q.Teams[p.owner.Team] && !q.Members[p.owner.Member]:
		return false
	}
	return true
}

// worth is what of the record's amount in the reporting currency lies in the parts that
// are asked about and that a test accepts. The record is converted and rounded alone, then
// split by the largest remainder, so that parts add up to it. NoRate is the currency where
// there is no rate; minor is then in it.
func (c *Company) worth(x seen, accept func(part) bool) (minor int64, stated bool, noRate string) {
	rate, ok := int64(0), true
	if x.money.Currency != c.Currency {
		if rate, ok = c.rateOf(x.money.Currency, Moment{x.day, x.m.K}); !ok {
			noRate = x.money.Currency
		}
	}
	if x.money.Minor == nil {
		return 0, false, ""
	}
	whole := *x.money.Minor
	if rate > 0 {
		whole = convert(whole, x.money.Currency, c.Currency, rate)
	}
	weights := make([]int64, len(x.parts))
	for i, p := range x.parts {
		weights[i] = p.weight
	}
	for i, v := range split(whole, weights) {
		if x.parts[i].in && accept(x.parts[i]) {
			minor += v
		}
	}
	return minor, true, noRate
}

// rateOf is the rate of a currency that held on a day.
func (c *Company) rateOf(currency string, m Moment) (int64, bool) {
	if c.Faults.RateOverwritten {
		m.K = always
	}
	var rows []Dated[Rate]
	for _, r := range c.rates {
		if r.Value.Currency == currency {
			rows = append(rows, r)
		}
	}
	r, ok := last(rows, m)
	return r.Millionth, ok
}

// created is the day a record counts as made: as stated, else its first dated open stage.
func (x seen) created() Date {
	if x.deal.Created != "" {
		return x.deal.Created
	}
	var first Date
	for _, s := range x.stays {
		if s.State == Open && s.Entered != "" && (first == "" || s.Entered < first) {
			first = s.Entered
		}
	}
	return first
}

// mystery tells that a record was never seen in an open stage of a pipeline: how it got where it is nobody can say.
func (x seen) mystery(pipeline string) bool {
	return !slices.ContainsFunc(x.stays, func(s Stay) bool { return s.State == Open && s.Pipeline == pipeline })
}

// isWon tells whether a stage is a version's won one.
func isWon(stage string, r Version) bool {
	return slices.ContainsFunc(r.Stages, func(s Stage) bool { return s.ID == stage && s.Kind == Won })
}

// reach is whether a record reached a stage, and the first day; an unknown day is the
// first of all. A mystery began in the first stage, and of the rest reached at most the end.
func (c *Company) reach(x seen, stage string, r Version) (day Date, ok bool) {
	if x.mystery(r.Pipeline) {
		if stage == r.Stages[0].ID && c.knew(x, stage, r) {
			return x.created(), true
		}
		if !isWon(stage, r) {
			return "", false
		}
	}
	for _, s := range x.stays {
		if c.place(s, stage, r) >= 0 && (!ok || s.Entered < day) {
			day, ok = s.Entered, true
		}
	}
	return day, ok
}

// fate of a record that reached a stage: advanced whatever came after, or how it stands.
func (c *Company) fate(x seen, stage string, r Version) string {
	for _, s := range x.stays {
		if c.place(s, stage, r) > 0 {
			return "advanced"
		}
	}
	switch {
	case x.last.State == Won && x.out == "":
		return "advanced"
	case x.out != "":
		return "out"
	}
	return x.last.State
}

// in tells whether a day lies in the question's window; an unknown one only in no window.
func (q Question) in(d Date) bool {
	if q.From == "" && q.To == "" {
		return true
	}
	return d != "" && d >= q.From && (q.To == "" || d < q.To)
}
