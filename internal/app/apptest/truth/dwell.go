package truth

import "sort"

// spent is one stay by its length.
type spent struct {
	stay           Stay
	ended, known   bool
	forward        bool
	left           Date
	days, working  int
	ends           int  // quarters of an hour of working time that ended in it
	began, wasLeft bool // in the question's window
}

// spells lists the stays of a record that count for a stage, with what became of them: a
// stay is left when the next begins.
func (c *Company) spells(x seen, q Question, r Version, stage string) (out []spent) {
	for i, s := range x.stays {
		if s.State != Open || c.countsFor(s, r) != stage {
			continue
		}
		p := spent{stay: s, known: s.Entered != "", left: x.m.Day, began: q.in(s.Entered)}
		if i+1 < len(x.stays) {
			next := x.stays[i+1]
			p.ended, p.left, p.forward = true, next.Entered, c.forward(s, next)
		}
		p.known = p.known && p.left != "" && s.Entered <= p.left
		if p.known {
			p.days, p.working = p.left.Sub(s.Entered), c.Working(s.Entered, p.left)
			p.ends = 36 * p.working
			if p.ended && s.Minute >= 0 && x.stays[i+1].Minute >= 0 {
				p.ends = c.ends(s, x.stays[i+1])
			}
		}
		p.wasLeft = p.ended && q.in(p.left)
		out = append(out, p)
	}
	return out
}

// ends counts, day by day and quarter by quarter, the quarters of an hour from 9 to 18 o'clock of days
// that are worked that ended after one stay was entered and not after the next was.
func (c *Company) ends(s, next Stay) (n int) {
	for day := s.Entered; day <= next.Entered; day = day.Add(1) {
		if c.Works != nil && !c.Works(day) {
			continue
		}
		for minute := 9*60 + 15; minute <= 18*60; minute += 15 {
			if (day > s.Entered || minute > s.Minute) && (day < next.Entered || minute <= next.Minute) {
				n++
			}
		}
	}
	return n
}

// forward tells whether a stay was left by advancing, skipping or winning.
func (c *Company) forward(s, next Stay) bool {
	if next.State == Won {
		return true
	}
	if next.State != Open || next.Remapped || next.Pipeline != s.Pipeline {
		return false
	}
	v := c.versionByID(next.Version)
	return v.index(next.Stage) > v.index(s.Stage)
}

// returned tells whether a stay was begun by a return.
func (c *Company) returned(was, s Stay) bool {
	if s.State != Open || was.State != Open || s.Remapped || s.Pipeline != was.Pipeline {
		return false
	}
	v := c.versionByID(s.Version)
	return v.index(s.Stage) < v.index(was.Stage)
}

// dwell states how long stays lasted, stage by stage, and how many were left in time.
// Those of records that were deleted or moved to another pipeline count in none.
func (c *Company) dwell(f Figures, all []seen, q Question, r Version) {
	var flowLeft, flowOnTime int64
	for _, st := range r.Stages {
		if st.Kind != Open {
			continue
		}
		var calendar, working, going, calendarOn, workingOn []int // working ones in quarters
		var onTime int64
		for _, x := range all {
			if x.out == "deleted" || x.out == "elsewhere" {
				continue
			}
			for i, s := range x.stays {
				if i > 0 && c.countsFor(s, r) == st.ID && c.returned(x.stays[i-1], s) && q.in(s.Entered) {
					f.add(1, "%s returns", st.Name)
				}
			}
			for _, p := range c.spells(x, q, r, st.ID) {
				switch {
				case !p.known:
					f.add(1, "%s stays undated", st.Name)
				case !p.ended:
					going = append(going, 36*p.working)
				case p.wasLeft:
					calendar, working = append(calendar, p.days), append(working, p.ends)
					if !p.forward {
						continue
					}
					calendarOn, workingOn = append(calendarOn, p.days), append(workingOn, p.ends)
					if p.working <= st.Standard {
						onTime++
					}
				}
			}
		}
		f.set(int64(len(going)), "%s stays going on", st.Name)
		f.set(int64(len(working)), "%s stays left", st.Name)
		f.rate(st.Name+" on time", onTime, int64(len(working))-onTime)
		f.lengths(st.Name+" days", calendar)
		f.lengths(st.Name+" working quarters", working)
		f.lengths(st.Name+" days forward", calendarOn)
		f.lengths(st.Name+" working quarters forward", workingOn)
		if days, ok := halfGone(working, going); ok {
			f.set(int64(days)+1, "%s survival median +1", st.Name)
		}
		flowLeft, flowOnTime = flowLeft+int64(len(working)), flowOnTime+onTime
	}
	f.set(flowLeft, "flow left")
	f.rate("flow on time", flowOnTime, flowLeft-flowOnTime)
}

// lengths states the median and p80 of some lengths; of none there are none.
func (f Figures) lengths(name string, days []int) {
	if len(days) > 0 {
		f.set(int64(twiceMedian(days)), "%s median ×2", name)
		f.set(int64(rank(days, 80)), "%s p80", name)
	}
}

// halfGone is the shortest time after which at most half are still there (Kaplan–Meier);
// ok is false where more than half are.
func halfGone(ended, going []int) (days int, ok bool) {
	times := append([]int{}, ended...)
	sort.Ints(times)
	surviving := 1.0
	for i, t := range times {
		if i > 0 && times[i-1] == t {
			continue
		}
		var gone, atRisk float64
		for _, e := range ended {
			if e == t {
				gone++
			}
			if e >= t {
				atRisk++
			}
		}
		for _, g := range going {
			if g >= t {
				atRisk++
			}
		}
		if surviving *= 1 - gone/atRisk; surviving <= 0.5 {
			return t, true
		}
	}
	return 0, false
}

// velocity states its factors: what is open and ever reached the first qualified stage,
// how those that did and were closed in the window ended, what was won in the mean and how
// long it took from there.
func (c *Company) velocity(f Figures, all []seen, q Question, r Version) {
	stage := r.Stages[0].ID
	for i := len(r.Stages) - 1; i >= 0; i-- {
		if r.Stages[i].Qualified {
			stage = r.Stages[i].ID
		}
	}
	var won, lost, minor, stated, days, timed int64
	for _, x := range all {
		since, ok := c.reach(x, stage, r)
		if !ok || x.out != "" {
			continue
		}
		switch {
		case x.last.State == Open:
			f.add(1, "velocity open")
		case !q.in(x.last.Entered):
		case x.last.State == Lost:
			lost++
		default:
			won++
			if v, has, noRate := c.worth(x, everything); has && noRate == "" {
				minor, stated = minor+v, stated+1
			}
			if since != "" && x.last.Entered != "" && since <= x.last.Entered {
				days, timed = days+int64(x.last.Entered.Sub(since)), timed+1
			}
		}
	}
	f.set(won, "velocity won")
	f.set(lost, "velocity lost")
	f.set(timed, "velocity n")
	if stated > 0 {
		f.set((2*minor+stated)/(2*stated), "velocity mean won")
	}
	if timed > 0 {
		f.set(1000*days/timed, "velocity mean days ×1000")
	}
}
