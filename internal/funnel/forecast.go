package funnel

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// Forecast is the open pipeline by month of expected close, by the three probabilities.
type Forecast struct {
	AsOf     calendar.Date       `json:"asOf"`
	Currency string              `json:"currency"`
	Months   []ForecastMonth     `json:"months" doc:"the coming months in order, to the last that holds anything"`
	Overdue  ForecastMonth       `json:"overdue" doc:"expected before today: dates that were not kept"`
	Undated  ForecastMonth       `json:"undated" doc:"without an expected date"`
	Total    ForecastMonth       `json:"total"`
	NoRate   []opportunity.Total `json:"noRate"`
	Why      string              `json:"why,omitempty" doc:"why there is no figure: nothing_recorded"`
}

// ForecastMonth is what is expected to close in one month; Month is "" in the rows aside.
type ForecastMonth struct {
	Month  string   `json:"month"`
	Count  int64    `json:"count"`
	Open   Weighted `json:"open"`
	Won    int64    `json:"won" doc:"already won in the month"`
	WonAmt int64    `json:"wonAmountMinor"`
	// WonTooLarge: WonAmt is beyond what is stated, and 0.
	WonTooLarge bool `json:"wonTooLarge,omitempty"`
}

// openPart is the open amount of one stage and month, weighted.
type openPart struct {
	stage, month string
	overdue      bool
	Count        int64
	Weighted
}

// weigh weights open sums by stage and month; what stands in no open stage of the version
// has no rates and is left out.
func weigh(rows []OpenSum, ad *adder, rates map[string]Weighted) []openPart {
	type key struct {
		stage, month string
		overdue      bool
	}
	parts, by := make([]openPart, 0, len(rows)), make(map[key]int, len(rows))
	for _, x := range rows {
		w, ok := rates[x.StageID]
		if !ok {
			continue
		}
		k := key{x.StageID, x.Month, x.Overdue}
		n, begun := by[k]
		if !begun {
			n, by[k] = len(parts), len(parts)
			parts = append(parts, openPart{stage: x.StageID, month: x.Month, overdue: x.Overdue,
				Weighted: Weighted{ExpectedBP: w.ExpectedBP, CalibratedBP: w.CalibratedBP}})
		}
		p := &parts[n]
		minor := ad.take(x.Sum, x.N)
		p.TooLarge = p.TooLarge || x.tooLarge()
		p.Count += x.N
		p.AmountMinor += minor
		p.NoAmount += x.NoAmount
		if x.ConfidenceBP == nil {
			p.NoConfidence += x.N
		} else {
			p.ConfidenceMinor += money.Weighted(minor, int(*x.ConfidenceBP))
		}
	}
	for n := range parts {
		p := &parts[n]
		p.ExpectedMinor = money.Weighted(p.AmountMinor, p.ExpectedBP)
		p.CalibratedMinor = money.Weighted(p.AmountMinor, p.CalibratedBP)
	}
	return parts
}

// add sums amounts; rates stay the receiver's.
func (w *Weighted) add(o Weighted) {
	w.AmountMinor += o.AmountMinor
	w.ExpectedMinor += o.ExpectedMinor
	w.ConfidenceMinor += o.ConfidenceMinor
	w.CalibratedMinor += o.CalibratedMinor
	w.NoConfidence += o.NoConfidence
	w.NoAmount += o.NoAmount
	w.TooLarge = w.TooLarge || o.TooLarge
	if bound(&w.AmountMinor, &w.TooLarge); w.TooLarge {
		w.ExpectedMinor, w.ConfidenceMinor, w.CalibratedMinor = 0, 0, 0
	}
}

// rates are the expected and the calibrated rate of each open stage, without amounts.
func (s *Service) rates(ctx context.Context, tx database.Tx, q Query) (map[string]Weighted, error) {
	rates := map[string]Weighted{}
	for _, st := range q.Pipeline.Stages {
		if st.Kind == pipeline.Open {
			rates[st.ID] = Weighted{ExpectedBP: st.SuccessBP, CalibratedBP: st.SuccessBP}
		}
	}
	resolved, err := q.source.Resolved(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	for _, c := range resolved {
		if w, ok := rates[c.StageID]; ok {
			w.Resolved, w.ResolvedWon = c.Won+c.Lost, c.Won
			w.CalibratedBP = Calibrated(c.Won, c.Won+c.Lost, w.ExpectedBP)
			rates[c.StageID] = w
		}
	}
	return rates, nil
}

// Forecast answers for any day, from the values of that day.
func (s *Service) Forecast(ctx context.Context, a org.Actor, in Ask) (f Forecast, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return f, err
	}
	in.From, in.To, in.Group = "", "", ""
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		f, err = s.forecast(ctx, tx, q)
		return err
	})
	return f, err
}

func (s *Service) forecast(ctx context.Context, tx database.Tx, q Query) (Forecast, error) {
	f := Forecast{AsOf: q.AsOf, Currency: q.Currency, Months: []ForecastMonth{}, NoRate: []opportunity.Total{}}
	if q.Known == NothingKnown {
		f.Why = NothingRecorded
		return f, nil
	}
	rates, err := s.rates(ctx, tx, q)
	if err != nil {
		return f, err
	}
	rows, err := q.source.Open(ctx, tx, q)
	if err != nil {
		return f, err
	}
	ad := newAdder()
	parts := weigh(rows, ad, rates)
	months := map[string]*ForecastMonth{}
	at := func(month string) *ForecastMonth {
		if months[month] == nil {
			months[month] = &ForecastMonth{Month: month}
		}
		return months[month]
	}
	now := q.AsOf.Month()
	at(now)
	for _, p := range parts {
		row := &f.Undated
		switch {
		case p.overdue:
			row = &f.Overdue
		case p.month != "":
			row = at(p.month)
		}
		for _, r := range []*ForecastMonth{row, &f.Total} {
			r.Count += p.Count
			r.Open.add(p.Weighted)
		}
	}
	first := calendar.Date(now + "-01")
	wins := q
	wins.From, wins.To = first, ""
	if wins, err = q.begin(wins); err != nil {
		return f, err
	}
	counts, err := wins.source.Counts(ctx, tx, wins)
	if err != nil {
		return f, err
	}
	for _, c := range counts {
		if c.State == "won" && c.InClosed {
			m := at(now)
			m.Won += c.N
			m.WonAmt += ad.take(c.Sum, c.N)
			m.WonTooLarge = m.WonTooLarge || c.tooLarge()
		}
	}
	bound(&at(now).WonAmt, &at(now).WonTooLarge)
	f.Total.Won, f.Total.WonAmt, f.Total.WonTooLarge = at(now).Won, at(now).WonAmt, at(now).WonTooLarge
	f.Months = filled(months)
	f.NoRate = ad.list()
	return f, nil
}

// most is how many months a forecast lists one by one before it leaves out the empty.
const most = 24

// filled lists months in order, the empty ones between them too.
func filled(months map[string]*ForecastMonth) []ForecastMonth {
	keys := make([]string, 0, len(months))
	for k := range months {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := []ForecastMonth{}
	for i, k := range keys {
		for i > 0 && len(out) < most {
			between := next(out[len(out)-1].Month)
			if between >= k {
				break
			}
			out = append(out, ForecastMonth{Month: between})
		}
		out = append(out, *months[k])
	}
	return out
}

// next is the month after one.
func next(month string) string {
	return calendar.Date(month + "-28").Add(4).Month()
}
