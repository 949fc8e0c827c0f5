package funnel

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// Trend is one report per month or quarter, each as of its own end.
type Trend struct {
	Currency string       `json:"currency"`
	Step     string       `json:"step"`
	Points   []TrendPoint `json:"points"`
}

// TrendPoint is of the report of one period what is drawn.
type TrendPoint struct {
	From          calendar.Date `json:"from"`
	To            calendar.Date `json:"to" doc:"exclusive"`
	Partial       bool          `json:"partial" doc:"the period is not over"`
	Created       int64         `json:"created"`
	ClosedWinRate Rate          `json:"closedWinRate"`
	WonMinor      int64         `json:"wonAmountMinor"`
	LostMinor     int64         `json:"lostAmountMinor"`
	OpenMinor     int64         `json:"openAmountMinor" doc:"at the end of the period"`
	TooLarge      TooLarge      `json:"tooLarge"`
	Open          int64         `json:"open" doc:"at the end of the period"`
	CycleMedian   *float64      `json:"cycleMedian" doc:"calendar days, of those won"`
	CycleN        int64         `json:"cycleN"`
	Velocity      Velocity      `json:"velocity"`
	Flow          Flow          `json:"flow"`
	Why           string        `json:"why,omitempty" doc:"why there is no figure: nothing_recorded"`
}

// MaxPeriods is the longest trend.
const MaxPeriods = 36

// Trend answers the last periods, the running one included: by month or by quarter.
// Faults: report.step_unknown, report.periods.
func (s *Service) Trend(ctx context.Context, a org.Actor, in Ask, step string, periods int) (t Trend, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return t, err
	}
	months, ok := map[string]int{"month": 1, "quarter": 3}[step]
	if !ok {
		return t, fault.Input("/step", "report.step_unknown", "month or quarter")
	}
	if periods < 1 || periods > MaxPeriods {
		return t, fault.Input("/periods", "report.periods", "1 to %d periods", MaxPeriods)
	}
	in.From, in.To, in.Group = "", "", ""
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		// Anew, because who waited for what was known earlier is asked again from the first period on.
		t = Trend{Currency: a.Company.Currency, Step: step, Points: []TrendPoint{}}
		for _, w := range windows(q.AsOf, months, periods) {
			p := q
			p.From, p.To, p.AsOf = w[0], w[1], min(q.AsOf, w[1].Add(-1))
			if p, err = q.begin(p); err != nil {
				return err
			}
			r, err := s.outline(ctx, tx, a, p)
			if err != nil {
				return err
			}
			t.Points = append(t.Points, point(r, w[1] > q.AsOf.Add(1)))
		}
		return nil
	})
	return t, err
}

// windows are periods of some months in order, the last one the asked day's.
func windows(asOf calendar.Date, months, periods int) (out [][2]calendar.Date) {
	t := asOf.Time()
	first := (int(t.Month())-1)/months*months + 1 - (periods-1)*months
	for i := range periods {
		out = append(out, [2]calendar.Date{firstOf(t.Year(), first+i*months), firstOf(t.Year(), first+(i+1)*months)})
	}
	return out
}

func point(r Report, partial bool) TrendPoint {
	p := TrendPoint{From: r.From, To: r.To, Partial: partial, Created: r.Population.Created,
		ClosedWinRate: r.ClosedWinRate, WonMinor: r.WonMinor, LostMinor: r.LostMinor, OpenMinor: r.OpenMinor,
		TooLarge: r.TooLarge, CycleMedian: r.Cycle.Won.Median, CycleN: r.Cycle.Won.N, Velocity: r.Velocity, Flow: r.Flow, Why: r.Why}
	for _, st := range r.Stages {
		p.Open += st.Open
	}
	return p
}

// firstOf is the first day of a month; months beyond 1 to 12 are in other years.
func firstOf(year, month int) calendar.Date {
	return calendar.DateOfCivil(year, month, 1)
}

// Ways to compare with an earlier period.
const (
	Previous = "previous" // as long, right before
	LastYear = "year"     // the same days a year before
)

// before is the earlier window of a comparison and its report's date: as long after the
// window's beginning as the question's own, so that both cohorts had as much time.
func before(q Query, how string) (Query, error) {
	if q.From == "" {
		return q, fault.Input("/compare", "report.compare_window", "a comparison needs the day the window begins")
	}
	end := q.To
	if end == "" {
		end = q.AsOf.Add(1)
	}
	back := func(d calendar.Date) calendar.Date { return d.Add(q.From.Sub(end)) }
	switch how {
	case Previous:
		if whole := monthsIn(q.From, end); whole > 0 { // a month is compared with a month, not with as many days
			back = func(d calendar.Date) calendar.Date { return shift(d, -whole) }
		}
	case LastYear:
		back = func(d calendar.Date) calendar.Date { return shift(d, -12) }
	default:
		return q, fault.Input("/compare", "report.compare_unknown", "previous or year")
	}
	q.From, q.To, q.AsOf = back(q.From), back(end), min(back(q.AsOf), q.AsOf)
	return q, nil
}

// monthsIn is how many calendar months a window is, 0 where it is not whole ones.
func monthsIn(from, to calendar.Date) int {
	f, t := from.Time(), to.Time()
	if f.Day() != 1 || t.Day() != 1 {
		return 0
	}
	return (t.Year()-f.Year())*12 + int(t.Month()) - int(f.Month())
}

// shift moves a day by months; the last of a month stays within the shorter one.
func shift(d calendar.Date, months int) calendar.Date {
	t := d.Time()
	first := firstOf(t.Year(), int(t.Month())+months)
	last := firstOf(t.Year(), int(t.Month())+months+1).Add(-1)
	return min(first.Add(t.Day()-1), last)
}
