package truth

import "fmt"

// cell is what is open in one stage and expected in one month: weighted as one amount, so
// that the months add up to the funnel.
type cell struct {
	stage      Stage
	calibrated int
	month      string // "" is not stated
	overdue    bool
	n          int64
	minor      int64
	noAmount   int64
	silent     int64           // without a stated confidence
	stated     map[int64]int64 // amount by confidence
}

// cells sorts what is open into stages and months. What stands in no open stage of r is in
// none.
func (c *Company) cells(all []seen, rates map[string]resolved, r Version) (out []*cell) {
	at := map[string]*cell{}
	for _, x := range all {
		i := r.index(c.countsFor(x.last, r))
		if x.out != "" || x.last.State != Open || i < 0 || r.Stages[i].Kind != Open {
			continue
		}
		expected, _ := last(x.deal.expected, x.m)
		overdue := expected != "" && expected < x.m.Day
		key := fmt.Sprint(i, month(expected), overdue)
		if at[key] == nil {
			st := r.Stages[i]
			at[key] = &cell{stage: st, calibrated: rates[st.ID].bp, month: month(expected), overdue: overdue,
				stated: map[int64]int64{}}
			out = append(out, at[key])
		}
		cl := at[key]
		minor, stated, noRate := c.worth(x, everything)
		if noRate != "" {
			minor = 0
		}
		cl.n++
		cl.minor += minor
		if !stated {
			cl.noAmount++
		}
		if confidence, _ := last(x.deal.confidence, x.m); confidence == nil {
			cl.silent++
		} else {
			cl.stated[*confidence] += minor
		}
	}
	return out
}

// write adds a cell to the figures of a line.
func (cl *cell) write(f Figures, line string) {
	f.add(cl.n, "%s count", line)
	f.add(cl.minor, "%s amount", line)
	f.add(weighted(cl.minor, cl.stage.ExpectedBP), "%s expected", line)
	f.add(weighted(cl.minor, cl.calibrated), "%s calibrated", line)
	for bp, minor := range cl.stated {
		f.add(weighted(minor, int(bp)), "%s confidence", line)
	}
	f.add(cl.silent, "%s without confidence", line)
	f.add(cl.noAmount, "%s without amount", line)
}

// resolved is what became of the records that ever reached a stage, and the rate that
// follows.
type resolved struct {
	won, lost int64
	bp        int
}

// calibration counts, for each stage, the company's records won and lost as of the
// question's moment that ever reached it, whoever asks.
func (c *Company) calibration(q Question, r Version) map[string]resolved {
	m, _ := c.Moment(q.Day, q.Then)
	out := map[string]resolved{}
	for _, x := range c.look(Question{Pipeline: q.Pipeline}, m) {
		for _, st := range r.Stages {
			n := out[st.ID]
			if _, ok := c.reach(x, st.ID, r); ok && x.out == "" {
				switch x.last.State {
				case Won:
					n.won++
				case Lost:
					n.lost++
				}
			}
			out[st.ID] = n
		}
	}
	for _, st := range r.Stages {
		n := out[st.ID]
		n.bp = calibratedBP(n.won, n.won+n.lost, st.ExpectedBP)
		out[st.ID] = n
	}
	return out
}

// calibratedBP is (won + 8·p)/(n + 8), half up.
func calibratedBP(won, n int64, p int) int {
	above, below := 10000*won+8*int64(p), n+8
	return int((2*above + below) / (2 * below))
}

// Forecast is what is open as of a day by the month it is expected in, and what was won in
// the day's month.
func (c *Company) Forecast(q Question) (f Figures, ok bool) {
	m, ok := c.Moment(q.Day, q.Then)
	if !ok {
		return nil, false
	}
	q.From, q.To = "", ""
	f = Figures{}
	all := c.look(q, m)
	r := c.chosen(q, m)
	for _, cl := range c.cells(all, c.calibration(q, r), r) {
		line := cl.month
		switch {
		case cl.overdue:
			line = "overdue"
		case cl.month == "":
			line = "undated"
		}
		cl.write(f, line)
		cl.write(f, "total")
	}
	for _, x := range all {
		if x.out == "" && x.last.State == Won && month(x.last.Entered) == month(q.Day) {
			minor, _, noRate := c.worth(x, everything)
			if noRate != "" {
				minor = 0
			}
			f.add(1, "won this month")
			f.add(minor, "won this month amount")
		}
	}
	return f, true
}

// Cohorts is the triangle: of those who first reached a stage in a month, how many had
// reached a target by the end of that month, of the next, and so on.
func (c *Company) Cohorts(q Question, stage, target string) (f Figures, ok bool) {
	m, ok := c.Moment(q.Day, q.Then)
	if !ok {
		return nil, false
	}
	f = Figures{}
	r := c.chosen(q, m)
	for _, x := range c.look(q, m) {
		day, ok := c.reach(x, stage, r)
		if !ok || day != "" && !q.in(day) || !c.knew(x, target, r) ||
			x.mystery(r.Pipeline) && !isWon(target, r) {
			continue
		}
		hit, reached := c.reach(x, target, r)
		fate := x.last.State
		switch {
		case reached:
			fate = "advanced"
		case x.out != "":
			fate = "out"
		}
		if day == "" {
			if fate != "out" {
				f.add(1, "undated")
			}
			continue
		}
		row := month(day)
		f.add(1, "%s %s", row, fate)
		if fate != "out" {
			f.add(1, "%s entered", row)
		}
		if fate == "advanced" && hit == "" {
			f.add(1, "%s undated", row)
		}
		for k := 0; fate == "advanced" && hit != "" && k <= monthsFrom(row, month(q.Day)); k++ {
			if monthsFrom(row, month(hit)) <= k {
				f.add(1, "%s reached by month %d", row, k)
			}
		}
	}
	return f, true
}

// knew tells whether a stage existed in any of the versions a record has stays in: one that
// did not was neither reached nor missed. A withdrawal is in no stage and knows none.
func (c *Company) knew(x seen, stage string, r Version) bool {
	for _, s := range x.stays {
		if s.Pipeline == r.Pipeline && s.Stage != "" && c.existed(stage, r, c.versionByID(s.Version)) >= 0 {
			return true
		}
	}
	return false
}

// End is an end of a waterfall: what was open in a pipeline at the end of a day as known by
// then, at the rates of the waterfall's last day as known by its end.
func (c *Company) End(q Question, last Date) (n, minor int64, ok bool) {
	q.Then = true
	m, ok := c.Moment(q.Day, true)
	if !ok {
		return 0, 0, false
	}
	rates, _ := c.Moment(last, true)
	q.rates = &rates
	for _, x := range c.look(q, m) {
		if x.out != "" || x.last.State != Open {
			continue
		}
		n++
		if x.money.Minor == nil {
			continue
		}
		if x.money.Currency == c.Currency {
			minor += *x.money.Minor
		} else if rate, ok := c.rateOf(x.money.Currency, rates); ok {
			minor += convert(*x.money.Minor, x.money.Currency, c.Currency, rate)
		}
	}
	return n, minor, true
}
