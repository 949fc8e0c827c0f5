package funnel

import (
	"context"
	"math"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// adder adds sums and remembers what had no rate, and of how many deals the amount lies
// beyond what can be stated.
type adder struct {
	noRate map[string]*opportunity.Total
	beyond int64
}

func newAdder() *adder { return &adder{noRate: map[string]*opportunity.Total{}} }

// take returns what of a sum counts. What has no rate counts in none, however much it is: it is
// listed by currency.
func (ad *adder) take(s Sum, n int64) int64 {
	switch {
	case s.NoRate != "":
		ad.unrated(s, n)
		return 0
	case s.Overflow:
		ad.beyond += n
		return 0
	}
	return s.Minor
}

func (ad *adder) unrated(s Sum, n int64) {
	t := ad.noRate[s.NoRate]
	if t == nil {
		t = &opportunity.Total{Currency: s.NoRate}
		ad.noRate[s.NoRate] = t
	}
	t.Count += n
	t.TooLarge = t.TooLarge || s.Overflow
	t.AmountMinor += s.Raw
	bound(&t.AmountMinor, &t.TooLarge)
}

// list is what had no rate, by currency.
func (ad *adder) list() []opportunity.Total {
	out := []opportunity.Total{}
	for _, t := range ad.noRate {
		out = append(out, *t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Currency < out[j].Currency })
	return out
}

// heading is a report before it is filled; done says that it stays so, because nothing was known.
func heading(q Query) (r Report, done bool) {
	r = Report{Pipeline: q.Pipeline.Name, PipelineID: q.Pipeline.PipelineID, VersionNumber: q.Pipeline.Number, From: q.From, To: q.To, AsOf: q.AsOf, Currency: q.Currency, GroupBy: q.Group,
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
	if err := q.source.Foresee(ctx, tx, q, Foreseen{Qualified: q.Pipeline.Stages[q.Pipeline.QualifiedFrom()].ID}); err != nil {
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

// counts fills population, win rates, amounts and cycle days, whole and by group.
func (s *Service) counts(ctx context.Context, tx database.Tx, a org.Actor, q Query, r *Report, ad *adder) ([]Group, error) {
	whole := q
	whole.Group = ""
	byKey, err := s.countBy(ctx, tx, whole, r, ad)
	if err != nil {
		return nil, err
	}
	if g := byKey[""]; g != nil {
		r.Population, r.ClosedWinRate, r.Cycle, r.WonMinor, r.OpenMinor = g.Population, g.ClosedWinRate, g.Cycle, g.WonMinor, g.OpenMinor
		r.LostMinor, r.TooLarge, r.UnlikeTax = g.lostMinor, g.TooLarge, g.UnlikeTax
	}
	r.ClosedWinRate.finish()
	r.CreatedWinRate = Rate{Won: r.Population.Won, Lost: r.Population.Created - r.Population.Won}
	r.CreatedWinRate.finish()
	r.CreatedWinRate.Lost = r.Population.Lost
	if !r.TooLarge.Won && !r.TooLarge.Lost {
		r.ClosedAmountBP = rate(r.WonMinor, r.LostMinor)
	}
	if q.Group == "" {
		return nil, nil
	}
	if byKey, err = s.countBy(ctx, tx, q, nil, newAdder()); err != nil {
		return nil, err
	}
	groups := make([]Group, 0, len(byKey))
	for id, g := range byKey {
		g.ID, g.Key = id, id
		switch q.Group {
		case ByOwner:
			g.Key = a.Structure.Members[id].Name
		case ByTeam:
			g.Key = a.Structure.Teams[id].Name
		}
		groups = append(groups, *g)
	}
	if q.Group == ByProduct {
		if err := s.nameProducts(ctx, tx, q, groups); err != nil {
			return nil, err
		}
	}
	sort.Slice(groups, func(i, j int) bool {
		if groups[i].Key != groups[j].Key {
			return groups[i].Key < groups[j].Key
		}
		return groups[i].ID < groups[j].ID
	})
	return groups, nil
}

func (s *Service) nameProducts(ctx context.Context, tx database.Tx, q Query, groups []Group) error {
	names, err := q.source.ProductNames(ctx, tx, q.TenantID)
	for i := range groups {
		groups[i].Key = names[groups[i].ID]
	}
	return err
}

// countBy adds up counts by key. r, where given, receives what the whole leaves out.
func (s *Service) countBy(ctx context.Context, tx database.Tx, q Query, r *Report, ad *adder) (map[string]*Group, error) {
	counts, err := q.source.Counts(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	groups := map[string]*Group{}
	group := func(key string) *Group {
		if groups[key] == nil {
			groups[key] = &Group{}
		}
		return groups[key]
	}
	for _, c := range counts {
		g := group(c.Key)
		if c.InCreated {
			g.Population.add(c.State, c.N)
		}
		counted := c.State == "open" || (c.State == "won" || c.State == "lost") && c.InClosed
		var minor int64
		if counted {
			minor = ad.take(c.Sum, c.N)
		}
		g.take(c, minor)
		if r != nil {
			if !c.Dated {
				r.LeftOut.Undated += c.N
			}
			if !c.ClosedDated && (c.State == "won" || c.State == "lost") {
				r.LeftOut.ClosedUndated += c.N
			}
			if counted {
				r.LeftOut.NoAmount += c.NoAmount
			}
		}
	}
	cycles, err := q.source.Cycles(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	durations := map[string]map[string][]Duration{}
	for _, c := range cycles {
		if !c.Known {
			group(c.Key).Cycle.Unknown += c.N
			continue
		}
		if durations[c.Key] == nil {
			durations[c.Key] = map[string][]Duration{}
		}
		durations[c.Key][c.State] = append(durations[c.Key][c.State], Duration{c.Days, c.N})
	}
	for key, g := range groups {
		bound(&g.OpenMinor, &g.TooLarge.Open)
		bound(&g.WonMinor, &g.TooLarge.Won)
		bound(&g.lostMinor, &g.TooLarge.Lost)
		g.Cycle.Won, g.Cycle.Lost = Summarise(durations[key]["won"]), Summarise(durations[key]["lost"])
		g.ClosedWinRate.finish()
	}
	return groups, nil
}

// take adds what is open, and what was won and lost in the window.
func (g *Group) take(c Count, minor int64) {
	var unlike int64
	if c.UnlikeTax {
		unlike = c.N - c.NoAmount
	}
	switch {
	case c.State == "open":
		g.OpenMinor += minor
		g.TooLarge.Open = g.TooLarge.Open || c.tooLarge()
		g.UnlikeTax.Open += unlike
	case c.State == "won" && c.InClosed:
		g.ClosedWinRate.Won += c.N
		g.WonMinor += minor
		g.TooLarge.Won = g.TooLarge.Won || c.tooLarge()
		g.UnlikeTax.Won += unlike
	case c.State == "lost" && c.InClosed:
		g.ClosedWinRate.Lost += c.N
		g.lostMinor += minor
		g.TooLarge.Lost = g.TooLarge.Lost || c.tooLarge()
		g.UnlikeTax.Lost += unlike
	}
}

func (p *Population) add(state string, n int64) {
	p.Created += n
	switch state {
	case "open":
		p.Open += n
	case "won":
		p.Won += n
	case "lost":
		p.Lost += n
	case "withdrawn":
		p.Withdrawn += n
	}
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

func (s *Service) reached(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) (map[string]calendar.Date, error) {
	rows, err := q.source.Reached(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	youngest := map[string]calendar.Date{}
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok {
			continue
		}
		st := &r.Stages[i]
		if !x.Dated && st.Cohort != nil && x.Fate != "out" {
			st.Cohort.Undated += x.N
		}
		if !x.Dated && q.Windowed() {
			continue // in no cohort of the stage
		}
		if x.Fate != "out" {
			st.Reached += x.N
			if !x.Stayed && st.Kind == pipeline.Open {
				st.Skipped += x.N
			}
		}
		if st.Cohort == nil {
			continue
		}
		switch x.Fate {
		case "advanced":
			st.Cohort.Advanced += x.N
		case "lost":
			st.Cohort.Lost += x.N
		case "open":
			st.Cohort.Open += x.N
		default:
			st.Cohort.TakenOut += x.N
		}
		youngest[x.StageID] = max(youngest[x.StageID], x.Youngest)
	}
	return youngest, nil
}

// stayed is the lengths of stays in one stage: of those that ended in the window in calendar and
// in working days, and of those that go on.
type stayed struct {
	calendar, working, open []Duration
	onTime                  int64
}

// lengths counts the stays of each stage, and of all that were left.
func (s *Service) lengths(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) ([]stayed, error) {
	rows, err := q.source.Stays(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	by := make([]stayed, len(r.Stages))
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok || r.Stages[i].Dwell == nil {
			continue
		}
		d, l := r.Stages[i].Dwell, &by[i]
		if x.Move == string(pipeline.Return) && x.BeganWindow {
			r.Stages[i].Returns += x.N
		}
		switch {
		case !x.Known:
			d.Undated += x.N
		case !x.Ended:
			d.Open += x.N
			l.open = append(l.open, Duration{x.Working, x.N})
		case x.InWindow:
			l.calendar = append(l.calendar, Duration{x.Days, x.N})
			l.working = append(l.working, Duration{x.Working, x.N})
			d.Left += x.N
			r.Flow.Left += x.N
			if x.Forward && x.Working <= q.Pipeline.Stages[i].StandardDays {
				l.onTime += x.N
				r.Flow.OnTime += x.N
			}
		}
	}
	r.Flow.OnTimeBP = rate(r.Flow.OnTime, r.Flow.Left-r.Flow.OnTime)
	return by, nil
}

func (s *Service) dwell(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) error {
	by, err := s.lengths(ctx, tx, q, r, at)
	for i := range by {
		if d, l := r.Stages[i].Dwell, &by[i]; d != nil {
			d.Histogram = histogram(l.working, l.open)
			if len(l.working)+len(l.open) > 0 {
				d.Calendar, d.Working = Summarise(l.calendar), Summarise(l.working)
				d.SurvivalMedian = SurvivalMedian(l.working, l.open)
			}
			d.OnTimeBP = rate(l.onTime, d.Left-l.onTime)
		}
	}
	return err
}

// weighted states what is open in each stage by the three probabilities. Amounts are
// weighted by month of expected close, as the forecast shows them, so that its months
// add up to the funnel to the minor unit.
func (s *Service) weighted(ctx context.Context, tx database.Tx, q Query, rates map[string]Weighted, r *Report, at map[string]int) error {
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

func (s *Service) velocity(ctx context.Context, tx database.Tx, q Query, r *Report) error {
	from := q.Pipeline.Stages[q.Pipeline.QualifiedFrom()]
	v := &r.Velocity
	v.QualifiedStage = from.Name
	rows, err := q.source.Qualified(ctx, tx, q, from.ID)
	if err != nil {
		return err
	}
	quiet := newAdder()
	var sumDays, wonMinor, wonWithAmount int64
	tooLarge := false
	for _, x := range rows {
		switch {
		case x.State == "open":
			v.Open += x.N
		case x.State == "lost" && x.InWindow:
			v.Rate.Lost += x.N
		case x.State == "won" && x.InWindow:
			v.Rate.Won += x.N
			minor := quiet.take(x.Sum, x.N)
			tooLarge = tooLarge || x.tooLarge()
			if x.NoRate == "" {
				wonMinor += minor
				wonWithAmount += x.N - x.NoAmount
			}
			if x.Known {
				v.N += x.N
				sumDays += int64(x.Days) * x.N
			}
		}
	}
	if v.N > 0 {
		mean := float64(sumDays) / float64(v.N)
		v.MeanDays = &mean
	}
	if bound(&wonMinor, &tooLarge); wonWithAmount > 0 && !tooLarge {
		mean := (2*wonMinor + wonWithAmount) / (2 * wonWithAmount)
		v.MeanWonMinor = &mean
	}
	if v.finish(); tooLarge {
		v.Why = "too_large"
	}
	s.newGround(q, r)
	return nil
}

// newGround states moves to new ground per open opportunity and month: first reaches
// beyond the first stage in the window over what is open at its end.
func (s *Service) newGround(q Query, r *Report) {
	for i, st := range r.Stages {
		if i > 0 && st.Kind != pipeline.Lost {
			r.Flow.NewGround += st.Reached
		}
	}
	if q.From == "" || r.Population.Open == 0 {
		return
	}
	to := q.To
	if to == "" || to > q.AsOf {
		to = q.AsOf.Add(1)
	}
	months := float64(to.Sub(q.From)) / 30.44
	if months > 0 {
		var open int64
		for _, st := range r.Stages {
			open += st.Open
		}
		if open > 0 {
			v := math.Round(float64(r.Flow.NewGround)/float64(open)/months*100) / 100
			r.Flow.PerOpenMonth = &v
		}
	}
}
