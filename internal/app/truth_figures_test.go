package app_test

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
)

// namedFigures are an answer by the names the reference gives its own; what is nought is left out.
type namedFigures truth.Figures

func (f namedFigures) set(n int64, name string, args ...any) {
	if n != 0 {
		f[fmt.Sprintf(name, args...)] = strconv.FormatInt(n, 10)
	}
}

func (f namedFigures) rate(name string, bp *int) {
	if bp != nil {
		f[name+" bp"] = strconv.Itoa(*bp)
	}
}

func (f namedFigures) cycle(prefix string, c funnel.Cycle) {
	f.set(c.Unknown, "%scycle unknown", prefix)
	for state, d := range map[string]funnel.Days{"won": c.Won, "lost": c.Lost} {
		f.set(d.N, "%scycle %s n", prefix, state)
		if d.N > 0 {
			f.set(int64(2**d.Median), "%scycle %s median ×2", prefix, state)
			f.set(int64(*d.P80), "%scycle %s p80", prefix, state)
		}
	}
}

func (f namedFigures) population(prefix string, p funnel.Population, r funnel.Rate) {
	f.set(p.Created, "%screated", prefix)
	f.set(p.Open, "%screated open", prefix)
	f.set(p.Won, "%screated won", prefix)
	f.set(p.Lost, "%screated lost", prefix)
	f.set(p.Withdrawn, "%screated withdrawn", prefix)
	f.set(r.Won, "%swon", prefix)
	f.set(r.Lost, "%slost", prefix)
	f.rate(prefix+"win", r.BP)
}

func (f namedFigures) noRate(list []opportunity.Total) {
	for _, t := range list {
		f.set(t.Count, "no rate %s", t.Currency)
		f.set(t.AmountMinor, "no rate %s amount", t.Currency)
	}
}

func (f namedFigures) weighted(line string, count int64, w funnel.Weighted) {
	f.set(count, "%s count", line)
	f.set(w.AmountMinor, "%s amount", line)
	f.set(w.ExpectedMinor, "%s expected", line)
	f.set(w.CalibratedMinor, "%s calibrated", line)
	f.set(w.ConfidenceMinor, "%s confidence", line)
	f.set(w.NoConfidence, "%s without confidence", line)
	f.set(w.NoAmount, "%s without amount", line)
}

func (f namedFigures) dwell(s funnel.Stage) {
	f.set(s.Returns, "%s returns", s.Name)
	f.set(s.Dwell.Undated, "%s stays undated", s.Name)
	f.set(s.Dwell.Open, "%s stays going on", s.Name)
	f.set(s.Dwell.Left, "%s stays left", s.Name)
	f.rate(s.Name+" on time", s.Dwell.OnTimeBP)
	for name, d := range map[string]funnel.Days{"days": s.Dwell.Calendar, "days forward": s.Dwell.ForwardCalendar} {
		if d.N > 0 {
			f.set(int64(2**d.Median), "%s %s median ×2", s.Name, name)
			f.set(int64(*d.P80), "%s %s p80", s.Name, name)
		}
	}
	quarters := func(days, times float64) int64 { return int64(math.Round(36 * times * days)) }
	for name, d := range map[string]funnel.Days{"quarters": s.Dwell.Working, "quarters forward": s.Dwell.Forward} {
		if d.N > 0 {
			f.set(quarters(*d.Median, 2), "%s working %s median ×2", s.Name, name)
			f.set(quarters(*d.P80, 1), "%s working %s p80", s.Name, name)
		}
	}
	if m := s.Dwell.SurvivalMedian; m != nil {
		f.set(quarters(*m, 1)+1, "%s survival median +1", s.Name)
	}
}

func (f namedFigures) velocity(v funnel.Velocity) {
	f.set(v.Open, "velocity open")
	f.set(v.Rate.Won, "velocity won")
	f.set(v.Rate.Lost, "velocity lost")
	f.set(v.N, "velocity n")
	if v.MeanWonMinor != nil {
		f.set(*v.MeanWonMinor, "velocity mean won")
	}
	if v.MeanDays != nil {
		f.set(int64(1000**v.MeanDays), "velocity mean days ×1000")
	}
}

// ofReport names the figures of a report.
func ofReport(r funnel.Report) namedFigures {
	f := namedFigures{}
	if r.Why != "" {
		return f
	}
	f.set(int64(r.VersionNumber), "version")
	f.population("", r.Population, r.ClosedWinRate)
	f.rate("created win", r.CreatedWinRate.BP)
	f.rate("amount win", r.ClosedAmountBP)
	f.set(r.WonMinor, "won amount")
	f.set(r.LostMinor, "lost amount")
	f.set(r.OpenMinor, "open amount")
	f.cycle("", r.Cycle)
	f.set(r.LeftOut.Undated, "undated")
	f.set(r.LeftOut.ClosedUndated, "closed undated")
	f.set(r.LeftOut.Pathless, "pathless")
	f.set(r.LeftOut.NoAmount, "no amount")
	f.noRate(r.LeftOut.NoRate)
	for _, s := range r.Stages {
		if s.Kind == pipeline.Lost {
			continue
		}
		f.set(s.Reached, "%s reached", s.Name)
		if s.Cohort == nil {
			continue
		}
		f.set(s.Skipped, "%s skipped", s.Name)
		f.set(s.Cohort.Advanced, "%s advanced", s.Name)
		f.set(s.Cohort.Lost, "%s lost", s.Name)
		f.set(s.Cohort.Open, "%s open", s.Name)
		f.set(s.Cohort.TakenOut, "%s out", s.Name)
		f.set(s.Cohort.Undated, "%s undated", s.Name)
		f.set(s.Weighted.Resolved, "%s resolved", s.Name)
		f.set(s.Weighted.ResolvedWon, "%s resolved won", s.Name)
		f.weighted(s.Name+" open now", s.Open, *s.Weighted)
		f.dwell(s)
	}
	f.velocity(r.Velocity)
	f.set(r.Flow.Left, "flow left")
	f.rate("flow on time", r.Flow.OnTimeBP)
	for _, l := range r.Losses {
		name := fmt.Sprintf("loss %s %s from %s", l.Kind, l.Competitor, l.Stage)
		f.set(l.Count, "%s", name)
		f.set(l.AmountMinor, "%s amount", name)
	}
	for _, g := range r.Groups {
		prefix := fmt.Sprintf("group %s %s: ", r.GroupBy, g.ID)
		f.population(prefix, g.Population, g.ClosedWinRate)
		f.set(g.WonMinor, "%swon amount", prefix)
		f.set(g.OpenMinor, "%sopen amount", prefix)
		f.cycle(prefix, g.Cycle)
	}
	f.set(r.MultiProduct+r.MultiCredit, "in more than one group")
	return f
}

// ofForecast names the figures of a forecast.
func ofForecast(x funnel.Forecast) namedFigures {
	f := namedFigures{}
	for _, m := range x.Months {
		f.weighted(m.Month, m.Count, m.Open)
	}
	f.weighted("overdue", x.Overdue.Count, x.Overdue.Open)
	f.weighted("undated", x.Undated.Count, x.Undated.Open)
	f.weighted("total", x.Total.Count, x.Total.Open)
	f.set(x.Total.Won, "won this month")
	f.set(x.Total.WonAmt, "won this month amount")
	return f
}

// ofCohorts names the figures of a triangle.
func ofCohorts(c funnel.Cohorts) namedFigures {
	f := namedFigures{}
	f.set(c.Undated, "undated")
	for _, r := range c.Rows {
		f.set(r.Entered, "%s entered", r.Month)
		f.set(r.Advanced, "%s advanced", r.Month)
		f.set(r.Lost, "%s lost", r.Month)
		f.set(r.Open, "%s open", r.Month)
		f.set(r.TakenOut, "%s out", r.Month)
		f.set(r.Undated, "%s undated", r.Month)
		for k, cell := range r.Cells {
			f.set(cell.Reached, "%s reached by month %d", r.Month, k)
		}
	}
	return f
}

// ofPoint names the figures of a point of the trend.
func ofPoint(p funnel.TrendPoint) namedFigures {
	f := namedFigures{}
	f.set(p.Created, "created")
	f.set(p.ClosedWinRate.Won, "won")
	f.set(p.ClosedWinRate.Lost, "lost")
	f.rate("win", p.ClosedWinRate.BP)
	f.set(p.WonMinor, "won amount")
	f.set(p.LostMinor, "lost amount")
	f.set(p.OpenMinor, "open amount")
	if p.CycleMedian != nil {
		f.set(int64(2**p.CycleMedian), "cycle won median ×2")
	}
	f.set(p.CycleN, "cycle won n")
	f.velocity(p.Velocity)
	f.set(p.Flow.Left, "flow left")
	f.rate("flow on time", p.Flow.OnTimeBP)
	return f
}

// ofWaterfall names the ends, and what the steps between do not explain.
func ofWaterfall(w funnel.Waterfall) namedFigures {
	f := namedFigures{}
	sum := int64(0)
	for i, s := range w.Steps {
		if s.Name == funnel.OpenStart || s.Name == funnel.OpenEnd {
			f.set(s.Count, "%s", s.Name)
			f.set(s.AmountMinor, "%s amount", s.Name)
		}
		switch s.Name {
		case funnel.OpenStart:
			sum += s.AmountMinor
		case funnel.OpenEnd:
			f.set(s.AmountMinor-sum, "amount the steps do not explain")
		default:
			sum += funnel.Steps[i].Sign * s.AmountMinor
		}
	}
	return f
}

// differ lists what differs, by name, at most some.
func differ(want, got map[string]string) (out []string) {
	names := map[string]bool{}
	for n := range want {
		names[n] = true
	}
	for n := range got {
		names[n] = true
	}
	for n := range names {
		if want[n] != got[n] {
			out = append(out, fmt.Sprintf("%s: %s, by the reference %s", n, dash(got[n]), dash(want[n])))
		}
	}
	sort.Strings(out)
	const most = 12
	if n := len(out); n > most {
		out = append(out[:most], fmt.Sprintf("and %d more", n-most))
	}
	return out
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// kept keeps the figures whose name a test accepts.
func kept(f truth.Figures, accept func(string) bool) map[string]string {
	out := map[string]string{}
	for n, v := range f {
		if accept(n) {
			out[n] = v
		}
	}
	return out
}

// reported are the figures a report holds: its groups say nothing of what was lost.
func reported(name string) bool {
	return !strings.HasPrefix(name, "group") || !strings.HasSuffix(name, "lost amount")
}
