package truth

import (
	"fmt"
	"strconv"
)

// Figures are named numbers; what is nought or "—" is not in them.
type Figures map[string]string

func (f Figures) set(n int64, name string, args ...any) {
	name = fmt.Sprintf(name, args...)
	delete(f, name)
	if n != 0 {
		f[name] = strconv.FormatInt(n, 10)
	}
}

func (f Figures) get(name string) int64 {
	n, _ := strconv.ParseInt(f[name], 10, 64)
	return n
}

func (f Figures) add(n int64, name string, args ...any) {
	name = fmt.Sprintf(name, args...)
	f.set(f.get(name)+n, "%s", name)
}

// rate writes a share in basis points, unless it is a share of nothing.
func (f Figures) rate(name string, part, rest int64) {
	if bp, ok := share(part, part+rest); ok {
		f[name+" bp"] = strconv.FormatInt(bp, 10)
	}
}

// Report answers a whole report; ok is false where nothing was recorded by then.
func (c *Company) Report(q Question) (f Figures, ok bool) {
	m, ok := c.Moment(q.Day, q.Then)
	if !ok {
		return nil, false
	}
	r := c.chosen(q, m)
	f = Figures{}
	f.set(int64(r.Number), "version")
	all := c.look(q, m)
	c.counts(f, all, q, "", everything)
	f.rate("created win", f.get("created won"), f.get("created")-f.get("created won"))
	if c.mostPriced(all, q, Won) && c.mostPriced(all, q, Lost) {
		f.rate("amount win", f.get("won amount"), f.get("lost amount"))
	}
	c.leftOut(f, all, q)
	for _, st := range r.Stages {
		if st.Kind != Lost {
			c.stage(f, all, q, r, st)
		}
	}
	c.openNow(f, all, q, r)
	c.dwell(f, all, q, r)
	c.velocity(f, all, q, r)
	c.losses(f, all, q, r)
	if q.Group != "" {
		c.groups(f, all, q)
	}
	return f, true
}

// mostPriced tells whether at least every second record that ended so in the window has a price in the reporting currency.
func (c *Company) mostPriced(all []seen, q Question, state string) bool {
	priced, ended := 0, 0
	for _, x := range all {
		if x.out != "" || x.last.State != state || !q.in(x.last.Entered) {
			continue
		}
		ended++
		if _, stated, noRate := c.worth(x, everything); stated && noRate == "" {
			priced++
		}
	}
	return priced*2 >= ended
}

func (c *Company) chosen(q Question, m Moment) Version {
	if q.Version > 0 {
		if v, ok := c.numbered(q.Pipeline, q.Version); ok {
			return v
		}
	}
	return c.InForce(q.Pipeline, m)
}

// look sees every record the question is about.
func (c *Company) look(q Question, m Moment) (all []seen) {
	for _, d := range c.deals {
		if q.Deals != nil && !q.Deals[d.ID] {
			continue
		}
		if x, ok := c.see(d, q, m); ok {
			all = append(all, x)
		}
	}
	return all
}

// counts states population, win rate, amounts and cycles of the parts accepted, under a
// prefix.
func (c *Company) counts(f Figures, all []seen, q Question, prefix string, accept func(part) bool) {
	cycles := map[string][]int{}
	for _, x := range all {
		if x.out != "" && x.out != "withdrawn" || !x.any(accept) {
			continue
		}
		if q.in(x.created()) {
			f.add(1, prefix+"created")
			f.add(1, prefix+"created %s", x.last.State)
		}
		minor, _, noRate := c.worth(x, accept)
		if noRate != "" {
			minor = 0
		}
		switch {
		case x.last.State == Open:
			f.add(minor, prefix+"open amount")
		case x.last.State != Withdrawn && q.in(x.last.Entered):
			f.add(1, prefix+"%s", x.last.State)
			f.add(minor, prefix+"%s amount", x.last.State)
			if from := x.created(); from == "" || x.last.Entered == "" || from > x.last.Entered {
				f.add(1, prefix+"cycle unknown")
			} else {
				cycles[x.last.State] = append(cycles[x.last.State], x.last.Entered.Sub(from))
			}
		}
	}
	f.rate(prefix+"win", f.get(prefix+"won"), f.get(prefix+"lost"))
	for state, days := range cycles {
		f.set(int64(len(days)), prefix+"cycle %s n", state)
		f.set(int64(twiceMedian(days)), prefix+"cycle %s median ×2", state)
		f.set(int64(rank(days, 80)), prefix+"cycle %s p80", state)
	}
}

// any tells whether some part asked about is accepted.
func (x seen) any(accept func(part) bool) bool {
	for _, p := range x.parts {
		if p.in && accept(p) {
			return true
		}
	}
	return false
}

func everything(part) bool { return true }

// leftOut counts what the figures do not hold, by why.
func (c *Company) leftOut(f Figures, all []seen, q Question) {
	for _, x := range all {
		if x.out != "" && x.out != "withdrawn" {
			continue
		}
		closed := x.last.State == Won || x.last.State == Lost
		if x.created() == "" {
			f.add(1, "undated")
		}
		if closed && x.last.Entered == "" {
			f.add(1, "closed undated")
		}
		if closed && q.in(x.last.Entered) && x.mystery(q.Pipeline) {
			f.add(1, "pathless")
		}
		if x.last.State != Open && !(closed && q.in(x.last.Entered)) {
			continue
		}
		minor, stated, noRate := c.worth(x, everything)
		if !stated {
			f.add(1, "no amount")
		}
		if noRate != "" {
			f.add(1, "no rate %s", noRate)
			f.add(minor, "no rate %s amount", noRate)
		}
	}
}

// stage states what became of those who reached a stage.
func (c *Company) stage(f Figures, all []seen, q Question, r Version, st Stage) {
	name := st.Name
	for _, x := range all {
		day, ok := c.reach(x, st.ID, r)
		if !ok {
			continue
		}
		fate := c.fate(x, st.ID, r)
		if day == "" && fate != "out" && st.Kind == Open {
			f.add(1, "%s undated", name)
		}
		if !q.in(day) {
			continue
		}
		if fate != "out" {
			f.add(1, "%s reached", name)
			if st.Kind == Open && !c.stayedIn(x, st.ID, r) && !x.mystery(r.Pipeline) {
				f.add(1, "%s skipped", name)
			}
		}
		if st.Kind == Open {
			f.add(1, "%s %s", name, fate)
		}
	}
}

// stayedIn tells whether a stay counts for a stage.
func (c *Company) stayedIn(x seen, stage string, r Version) bool {
	for _, s := range x.stays {
		if c.countsFor(s, r) == stage {
			return true
		}
	}
	return false
}

// openNow states what is open in each stage, by the three probabilities.
func (c *Company) openNow(f Figures, all []seen, q Question, r Version) {
	rates := c.calibration(q, r)
	for _, st := range r.Stages {
		if st.Kind == Open {
			f.set(rates[st.ID].won, "%s resolved won", st.Name)
			f.set(rates[st.ID].won+rates[st.ID].lost, "%s resolved", st.Name)
		}
	}
	for _, cell := range c.cells(all, rates, r) {
		cell.write(f, cell.stage.Name+" open now")
	}
}

// losses lists what was lost in the window, by kind, to whom and from which stage.
func (c *Company) losses(f Figures, all []seen, q Question, r Version) {
	for _, x := range all {
		if x.out != "" || x.last.State != Lost || !q.in(x.last.Entered) {
			continue
		}
		from := ""
		if n := len(x.stays); n > 1 {
			if id := c.countsFor(x.stays[n-2], r); id != "" {
				from = r.Stages[r.index(id)].Name
			}
		}
		name := fmt.Sprintf("loss %s %s from %s", x.last.LossKind, x.last.Competitor, from)
		minor, _, noRate := c.worth(x, everything)
		if noRate != "" {
			minor = 0
		}
		f.add(1, "%s", name)
		f.add(minor, "%s amount", name)
	}
}

// groups splits the counts by who, which team, which product, where, which account or month.
func (c *Company) groups(f Figures, all []seen, q Question) {
	if q.Group == "product" {
		all = c.byProduct(all)
	}
	keys := map[string]bool{}
	for _, x := range all {
		mine := map[string]bool{}
		for i := range x.parts {
			p := &x.parts[i]
			switch q.Group {
			case "owner":
				p.key = p.owner.Member
			case "team":
				p.key = p.owner.Team
			case "product":
				p.key = p.product
			case "month":
				p.key = month(x.created())
			case "region":
				p.key = x.deal.region(x.m)
			case "account-industry":
				p.key = c.industry(x, x.moment())
			case "account-class":
				p.key = c.class(x, x.moment())
			}
			if p.in {
				mine[p.key], keys[p.key] = true, true
			}
		}
		if len(mine) > 1 && (x.out == "" || x.out == "withdrawn") {
			f.add(1, "in more than one group")
		}
	}
	for k := range keys {
		c.counts(f, all, q, "group "+q.Group+" "+k+": ", func(p part) bool { return p.key == k })
	}
}

// month of a day, "" of an unknown one.
func month(d Date) string {
	if d == "" {
		return ""
	}
	return string(d[:7])
}

// byProduct lets a record's parts be its product lines: as of the day where it is open, of
// the closing's day where it is closed.
func (c *Company) byProduct(all []seen) (out []seen) {
	for _, x := range all {
		day := x.m.Day
		if x.last.State != Open {
			day = x.last.Day
		}
		lines, _ := last(x.deal.lines, Moment{day, x.m.K})
		in := x.any(everything)
		x.parts = nil
		for _, l := range lines {
			x.parts = append(x.parts, part{product: l.Product, weight: l.Minor, in: in})
		}
		if len(lines) == 0 {
			x.parts = []part{{weight: 1, in: in}}
		}
		out = append(out, x)
	}
	return out
}
