package funnel

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// heading is a report before it is filled; done says that it stays so, because nothing was known.
func heading(q Query) (r Report, done bool) {
	r = Report{Pipeline: q.Pipeline.Name, PipelineID: q.Pipeline.PipelineID, VersionNumber: q.Pipeline.Number,
		From: q.From, To: q.To, AsOf: q.AsOf, Currency: q.Currency, GroupBy: q.Group,
		Losses: []Loss{}, LeftOut: LeftOut{NoRate: []opportunity.Total{}}, Knowledge: KnownNow}
	if q.Known != 0 {
		r.Knowledge = KnownThen
	}
	since := q.From
	if since == "" || q.AsOf.Sub(since) > 730 {
		since = q.AsOf.Add(-365)
	}
	r.Uncertain = append([]calendar.YearStatus{}, q.Calendar.Uncertain(since, q.AsOf)...)
	if q.Known == NothingKnown {
		r.Why, r.Stages = NothingRecorded, []Stage{}
		return r, true
	}
	return r, false
}

// report answers the whole report.
func (s *Service) report(ctx context.Context, tx database.Tx, a org.Actor, q Query) (Report, error) {
	r, done := heading(q)
	if done {
		return r, nil
	}
	if err := q.source.Foresee(ctx, tx, q, Foreseen{q.Pipeline.Stages[q.Pipeline.QualifiedFrom()].ID, true}); err != nil {
		return r, err
	}
	rates, err := s.rates(ctx, tx, q)
	if err != nil {
		return r, err
	}
	ad := newAdder()
	groups, err := s.counts(ctx, tx, a, q, &r, ad)
	if err != nil {
		return r, err
	}
	if err := s.stages(ctx, tx, q, rates, &r); err != nil {
		return r, err
	}
	b := bottleneck(&r)
	r.Bottleneck = &b
	if err := s.velocity(ctx, tx, q, &r); err != nil {
		return r, err
	}
	if err := s.losses(ctx, tx, q, &r); err != nil {
		return r, err
	}
	r.LeftOut.NoRate, r.LeftOut.Beyond = ad.list(), ad.beyond
	if q.Group != "" {
		r.Groups = groups
		switch q.Group {
		case ByProduct:
			r.MultiProduct, err = q.source.MultiProduct(ctx, tx, q)
		case ByOwner, ByTeam:
			r.MultiCredit, err = q.source.MultiCredit(ctx, tx, q)
		}
	}
	return r, err
}

// outline fills of a report what a trend shows: no losses, limits, probabilities or histograms.
func (s *Service) outline(ctx context.Context, tx database.Tx, a org.Actor, q Query) (Report, error) {
	r, done := heading(q)
	if done {
		return r, nil
	}
	q.Left = true
	qualified := q.Pipeline.Stages[q.Pipeline.QualifiedFrom()].ID
	if err := q.source.Foresee(ctx, tx, q, Foreseen{Qualified: qualified}); err != nil {
		return r, err
	}
	if _, err := s.counts(ctx, tx, a, q, &r, newAdder()); err != nil {
		return r, err
	}
	at := lines(q, &r)
	if _, err := s.reached(ctx, tx, q, &r, at); err != nil {
		return r, err
	}
	if _, err := s.lengths(ctx, tx, q, &r, at); err != nil {
		return r, err
	}
	open, err := q.source.Open(ctx, tx, q)
	if err != nil {
		return r, err
	}
	for _, x := range open {
		if i, ok := at[x.StageID]; ok && r.Stages[i].Kind == pipeline.Open {
			r.Stages[i].Open += x.N
		}
	}
	return r, s.velocity(ctx, tx, q, &r)
}

// lines begins the line of each stage, and tells its place by id.
func lines(q Query, r *Report) map[string]int {
	at := map[string]int{}
	for i, st := range q.Pipeline.Stages {
		r.Stages = append(r.Stages, Stage{ID: st.ID, Name: st.Name, Kind: st.Kind})
		at[st.ID] = i
		if st.Kind == pipeline.Open {
			r.Stages[i].Cohort, r.Stages[i].Dwell = &Cohort{}, &Dwell{}
		}
	}
	return at
}

// stages fills the line of each stage: reached, cohort, dwell, flow, weighted amount.
func (s *Service) stages(ctx context.Context, tx database.Tx, q Query, rates map[string]Weighted, r *Report) error {
	at := lines(q, r)
	youngest, err := s.reached(ctx, tx, q, r, at)
	if err != nil {
		return err
	}
	if err := s.dwell(ctx, tx, q, r, at); err != nil {
		return err
	}
	for i := range r.Stages {
		if c, d := r.Stages[i].Cohort, r.Stages[i].Dwell; c != nil {
			c.shares()
			if y := youngest[r.Stages[i].ID]; y != "" && d.Working.P80 != nil && c.Open > 0 {
				c.Immature = float64(q.Calendar.WorkingDaysBetween(y, q.AsOf)) < *d.Working.P80
			}
		}
	}
	limits := map[string]opportunity.Limits{} // today's: what is known then says none
	if q.Known == 0 {
		var err error
		if limits, err = s.StageLimits(ctx, tx, q.TenantID); err != nil {
			return err
		}
	}
	for i := range r.Stages {
		if l, ok := limits[r.Stages[i].ID]; ok && r.Stages[i].Kind == pipeline.Open {
			r.Stages[i].Limits = &l
		}
	}
	return s.weighted(ctx, tx, q, rates, r, at)
}

// weighted states what is open in each stage by the three probabilities. Amounts are
// weighted by month of expected close, as the forecast shows them, so that its months
// add up to the funnel to the minor unit.
func (s *Service) weighted(
	ctx context.Context, tx database.Tx, q Query, rates map[string]Weighted, r *Report, at map[string]int,
) error {
	rows, err := q.source.Open(ctx, tx, q)
	if err != nil {
		return err
	}
	for i := range r.Stages {
		if w, ok := rates[r.Stages[i].ID]; ok {
			r.Stages[i].Weighted = &w
		}
	}
	for _, p := range weigh(rows, newAdder(), rates) {
		i := at[p.stage]
		r.Stages[i].Open += p.Count
		r.Stages[i].Weighted.add(p.Weighted)
	}
	return nil
}

// losses fills the lines of what was lost.
func (s *Service) losses(ctx context.Context, tx database.Tx, q Query, r *Report) error {
	losses, err := q.source.Losses(ctx, tx, q)
	if err != nil {
		return err
	}
	quiet := newAdder()
	lines := map[Loss]*Loss{}
	for _, l := range losses {
		minor := quiet.take(l.Sum, l.N)
		st, _ := q.Pipeline.Stage(l.StageID)
		key := Loss{Kind: l.Kind, Competitor: l.Competitor, CompetitorID: l.CompetitorID, StageID: l.StageID, Stage: st.Name}
		if lines[key] == nil {
			line := key
			lines[key] = &line
		}
		lines[key].Count += l.N
		lines[key].AmountMinor += minor
		lines[key].TooLarge = lines[key].TooLarge || l.tooLarge()
	}
	for _, l := range lines {
		bound(&l.AmountMinor, &l.TooLarge)
		r.Losses = append(r.Losses, *l)
	}
	sort.Slice(r.Losses, func(i, j int) bool {
		x, y := r.Losses[i], r.Losses[j]
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Kind+x.Competitor+x.StageID < y.Kind+y.Competitor+y.StageID
	})
	return nil
}
