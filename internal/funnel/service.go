package funnel

import (
	"context"
	"math"
	"sort"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// Source answers a query with counts and sums; ranking and rounding is ours.
// funneldb answers in SQL, and stays the reference for the in-memory engine.
type Source interface {
	// Ready waits until the source can answer for a company, before a transaction is begun.
	Ready(ctx context.Context, tenant string) error
	// Begin readies a transaction for a report and returns the source that answers it,
	// every part from the same moment.
	Begin(ctx context.Context, tx database.Tx, q Query) (Source, error)
	Counts(ctx context.Context, tx database.Tx, q Query) ([]Count, error)
	CycleDates(ctx context.Context, tx database.Tx, q Query) ([]CycleDates, error)
	Reached(ctx context.Context, tx database.Tx, q Query) ([]Reach, error)
	Stays(ctx context.Context, tx database.Tx, q Query) ([]StayDates, error)
	Open(ctx context.Context, tx database.Tx, q Query) ([]OpenSum, error)
	Qualified(ctx context.Context, tx database.Tx, q Query, stage string) ([]QualifiedSum, error)
	Losses(ctx context.Context, tx database.Tx, q Query) ([]LossSum, error)
	ProductNames(ctx context.Context, tx database.Tx, tenant string) (map[string]string, error)
	MultiProduct(ctx context.Context, tx database.Tx, q Query) (int64, error)
	Records(ctx context.Context, tx database.Tx, q Query, m Measure, offset, limit int) (ids []string, total int64, err error)
	// Ledger returns the opportunities that are open or were written about since a
	// moment, and what was written, newest first.
	Ledger(ctx context.Context, tx database.Tx, q Query, since time.Time) ([]LedgerRow, []LedgerEntry, error)
	// Rates are the exchange rates in force on a day.
	Rates(ctx context.Context, tx database.Tx, tenant string, on calendar.Date) (map[string]int64, error)
	WonStays(ctx context.Context, tx database.Tx, tenant string) ([]StayDates, error)
	WonGround(ctx context.Context, tx database.Tx, tenant string) ([]Ground, error)
	Resolved(ctx context.Context, tx database.Tx, tenant, pipelineID string) ([]ResolvedCount, error)
}

// Sum is an amount in the reporting currency, each record converted alone. NoRate
// names the currency that has no rate; Minor is then 0 and Raw the sum in it.
type Sum struct {
	NoRate   string
	Minor    int64
	Raw      int64
	NoAmount int64
}

// Count is the number of opportunities with one key, state and place in the window.
type Count struct {
	Key                 string
	State               string
	InCreated, InClosed bool
	Dated, ClosedDated  bool
	N                   int64
	Sum
}

// CycleDates are first and closing days of closed opportunities, by key.
type CycleDates struct {
	Key, State string
	From, To   calendar.Date
	N          int64
}

// Reach is what became of the opportunities that reached a stage.
type Reach struct {
	StageID  string
	Fate     string // advanced, lost, open, out
	Dated    bool
	Stayed   bool
	N        int64
	Youngest calendar.Date
}

// StayDates are stays with equal dates.
type StayDates struct {
	StageID     string
	From, To    calendar.Date // To "" is open
	Forward     bool
	Move        string // the move that began the stay
	InWindow    bool   // left in the window
	BeganWindow bool
	N           int64
}

// OpenSum is the open amount of a stage at one stated confidence.
type OpenSum struct {
	StageID      string
	ConfidenceBP *int64
	N            int64
	Sum
}

// QualifiedSum is the opportunities at or past the qualified stage, by state.
type QualifiedSum struct {
	State    string
	InWindow bool
	From, To calendar.Date
	N        int64
	Sum
}

// LossSum is a loss line before conversion.
type LossSum struct {
	Kind, CompetitorID, Competitor, StageID string
	N                                       int64
	Sum
}

// Ground is a day on which a won opportunity broke new ground in a stage.
type Ground struct {
	OpportunityID, StageID string
	On                     calendar.Date
}

// ResolvedCount is won and lost records that ever reached a stage.
type ResolvedCount struct {
	StageID   string
	Won, Lost int64
}

// Measure names a figure to open. Of the whole: created, created_open, created_won,
// created_lost, created_withdrawn (by creation), open, won, lost (by closing),
// undated, closed_undated, no_amount. Of StageID: reached, advanced, stage_lost,
// stage_open, taken_out, stage_undated, stage_now. Of a line of losses: loss.
type Measure struct {
	Name                   string
	StageID                string
	LossKind, CompetitorID string
	Key                    *string // a group's id
}

// Service answers questions. It implements opportunity.LimitSource.
type Service struct {
	DB        *database.DB
	Source    Source
	Pipelines *pipeline.Service
	// Opportunities resolves filters, the same for lists and reports.
	Opportunities *opportunity.Service
	Calendar      func(tenant string) calendar.Calendar
	Now           func() time.Time

	mu       sync.Mutex
	limits   map[string]kept[map[string]opportunity.Limits] // by tenant
	resolved map[string]kept[[]ResolvedCount]               // by tenant and pipeline
}

// kept is a value computed over the whole company, and when.
type kept[T any] struct {
	at    time.Time
	value T
}

// keep returns a value computed less than keptFor ago, or computes it.
func keep[T any](s *Service, m *map[string]kept[T], key string, compute func() (T, error)) (T, error) {
	now := s.Now()
	s.mu.Lock()
	hit, ok := (*m)[key]
	s.mu.Unlock()
	if ok && now.Sub(hit.at) < keptFor {
		return hit.value, nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if *m == nil {
		*m = map[string]kept[T]{}
	}
	(*m)[key] = kept[T]{now, v}
	return v, nil
}

// Ask is a report request: names as a person gives them.
type Ask struct {
	Pipeline       string
	From, To, AsOf calendar.Date
	Group          GroupBy
	Filter         opportunity.Filter
}

func (s *Service) query(ctx context.Context, tx database.Tx, a org.Actor, in Ask) (Query, error) {
	v, err := s.Pipelines.Current(ctx, tx, a.TenantID, in.Pipeline)
	if err != nil {
		return Query{}, err
	}
	if in.AsOf == "" {
		in.AsOf = a.Today
	}
	for ptr, d := range map[string]calendar.Date{"/from": in.From, "/to": in.To, "/asOf": in.AsOf} {
		if d == "" {
			continue
		}
		if _, err := calendar.Parse(string(d)); err != nil {
			return Query{}, fault.Input(ptr, "calendar.bad_date", "dates are written 2026-02-28")
		}
	}
	if in.From != "" && in.To != "" && in.To <= in.From {
		return Query{}, fault.Input("/to", "report.window_empty", "the window ends before it begins; to is exclusive")
	}
	if in.Group != "" {
		known := false
		for _, g := range Groupings {
			known = known || g == in.Group
		}
		if !known {
			return Query{}, fault.Input("/groupBy", "report.group_unknown", "owner, team, product, region, account-industry, account-class, source or month")
		}
	}
	if err := s.Opportunities.Resolve(ctx, tx, a, &in.Filter, s); err != nil {
		return Query{}, err
	}
	q := Query{TenantID: a.TenantID, Pipeline: v, From: in.From, To: in.To, AsOf: in.AsOf, Today: a.Today, Group: in.Group, Scope: a.Read, Filter: in.Filter, Currency: a.Company.Currency}
	q.source, err = s.Source.Begin(ctx, tx, q)
	return q, err
}

// ask runs a question on one snapshot of the data, once the source is ready for it.
func (s *Service) ask(ctx context.Context, a org.Actor, in Ask, answer func(tx database.Tx, q Query) error) error {
	if err := s.Source.Ready(ctx, a.TenantID); err != nil {
		return err
	}
	return s.DB.Read(ctx, func(tx database.Tx) error {
		q, err := s.query(ctx, tx, a, in)
		if err != nil {
			return err
		}
		return answer(tx, q)
	})
}

// Report answers the whole report in the actor's scope.
func (s *Service) Report(ctx context.Context, a org.Actor, in Ask) (r Report, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return r, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		r, err = s.report(ctx, tx, a, q)
		return err
	})
	return r, err
}

// Records opens a figure: the ids behind it, newest first from offset on, at most
// limit, and how many there are.
func (s *Service) Records(ctx context.Context, a org.Actor, in Ask, m Measure, offset, limit int) (ids []string, total int64, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return nil, 0, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		ids, total, err = q.source.Records(ctx, tx, q, m, offset, limit)
		return err
	})
	return ids, total, err
}

// adder adds sums and remembers what had no rate.
type adder struct{ noRate map[string]*opportunity.Total }

func newAdder() *adder { return &adder{map[string]*opportunity.Total{}} }

// take returns what of a sum counts.
func (ad *adder) take(s Sum, n int64) int64 {
	if s.NoRate == "" {
		return s.Minor
	}
	t := ad.noRate[s.NoRate]
	if t == nil {
		t = &opportunity.Total{Currency: s.NoRate}
		ad.noRate[s.NoRate] = t
	}
	t.Count += n
	t.AmountMinor += s.Raw
	return 0
}

func (s *Service) report(ctx context.Context, tx database.Tx, a org.Actor, q Query) (Report, error) {
	r := Report{Pipeline: q.Pipeline.Name, PipelineID: q.Pipeline.PipelineID, VersionNumber: q.Pipeline.Number, From: q.From, To: q.To, AsOf: q.AsOf, Currency: q.Currency, GroupBy: q.Group,
		Losses: []Loss{}}
	ad := newAdder()
	groups, err := s.counts(ctx, tx, a, q, &r, ad)
	if err != nil {
		return r, err
	}
	if err := s.stages(ctx, tx, q, &r, ad); err != nil {
		return r, err
	}
	if err := s.velocity(ctx, tx, q, &r); err != nil {
		return r, err
	}
	losses, err := q.source.Losses(ctx, tx, q)
	if err != nil {
		return r, err
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
	}
	for _, l := range lines {
		r.Losses = append(r.Losses, *l)
	}
	sort.Slice(r.Losses, func(i, j int) bool {
		x, y := r.Losses[i], r.Losses[j]
		if x.Count != y.Count {
			return x.Count > y.Count
		}
		return x.Kind+x.Competitor+x.StageID < y.Kind+y.Competitor+y.StageID
	})
	r.LeftOut.NoRate = []opportunity.Total{}
	for _, t := range ad.noRate {
		r.LeftOut.NoRate = append(r.LeftOut.NoRate, *t)
	}
	sort.Slice(r.LeftOut.NoRate, func(i, j int) bool { return r.LeftOut.NoRate[i].Currency < r.LeftOut.NoRate[j].Currency })
	if q.Group != "" {
		r.Groups = groups
		if q.Group == ByProduct {
			r.MultiProduct, err = q.source.MultiProduct(ctx, tx, q)
		}
	}
	return r, err
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
	}
	r.ClosedWinRate.BP = rate(r.ClosedWinRate.Won, r.ClosedWinRate.Lost)
	r.CreatedWinRate = Rate{Won: r.Population.Won, Lost: r.Population.Created - r.Population.Won}
	r.CreatedWinRate.BP = rate(r.CreatedWinRate.Won, r.CreatedWinRate.Lost)
	r.CreatedWinRate.Lost = r.Population.Lost
	r.ClosedAmountBP = rate(r.WonMinor, r.LostMinor)
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
		switch {
		case c.State == "open":
			g.OpenMinor += minor
		case c.State == "won" && c.InClosed:
			g.ClosedWinRate.Won += c.N
			g.WonMinor += minor
		case c.State == "lost" && c.InClosed:
			g.ClosedWinRate.Lost += c.N
			if r != nil {
				r.LostMinor += minor
			}
		}
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
	cycles, err := q.source.CycleDates(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	durations := map[string]map[string][]Duration{}
	for _, c := range cycles {
		if c.From == "" || c.To == "" || c.To < c.From {
			group(c.Key).Cycle.Unknown += c.N
			continue
		}
		if durations[c.Key] == nil {
			durations[c.Key] = map[string][]Duration{}
		}
		durations[c.Key][c.State] = append(durations[c.Key][c.State], Duration{c.To.Sub(c.From), c.N})
	}
	for key, g := range groups {
		g.Cycle.Won, g.Cycle.Lost = Summarise(durations[key]["won"]), Summarise(durations[key]["lost"])
		g.ClosedWinRate.BP = rate(g.ClosedWinRate.Won, g.ClosedWinRate.Lost)
	}
	return groups, nil
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

// stages fills the line of each stage: reached, cohort, dwell, flow, weighted amount.
func (s *Service) stages(ctx context.Context, tx database.Tx, q Query, r *Report, ad *adder) error {
	at := map[string]int{}
	for i, st := range q.Pipeline.Stages {
		r.Stages = append(r.Stages, Stage{ID: st.ID, Name: st.Name, Kind: st.Kind})
		at[st.ID] = i
		if st.Kind == pipeline.Open {
			r.Stages[i].Cohort, r.Stages[i].Dwell, r.Stages[i].Weighted = &Cohort{}, &Dwell{}, &Weighted{ExpectedBP: st.SuccessBP, CalibratedBP: st.SuccessBP}
		}
	}
	youngest, err := s.reached(ctx, tx, q, r, at)
	if err != nil {
		return err
	}
	if err := s.dwell(ctx, tx, q, r, at); err != nil {
		return err
	}
	cal := s.Calendar(q.TenantID)
	for i := range r.Stages {
		if c, d := r.Stages[i].Cohort, r.Stages[i].Dwell; c != nil {
			c.shares()
			if y := youngest[r.Stages[i].ID]; y != "" && d.Working.P80 != nil && c.Open > 0 {
				c.Immature = float64(cal.WorkingDaysBetween(y, q.AsOf)) < *d.Working.P80
			}
		}
	}
	limits, err := s.StageLimits(ctx, tx, q.TenantID)
	if err != nil {
		return err
	}
	resolved, err := q.source.Resolved(ctx, tx, q.TenantID, q.Pipeline.PipelineID)
	if err != nil {
		return err
	}
	for _, c := range resolved {
		if i, ok := at[c.StageID]; ok && r.Stages[i].Weighted != nil {
			w := r.Stages[i].Weighted
			w.Resolved, w.ResolvedWon = c.Won+c.Lost, c.Won
			w.CalibratedBP = Calibrated(c.Won, c.Won+c.Lost, w.ExpectedBP)
		}
	}
	for i := range r.Stages {
		if l, ok := limits[r.Stages[i].ID]; ok && r.Stages[i].Kind == pipeline.Open {
			r.Stages[i].Limits = &l
		}
	}
	return s.weighted(ctx, tx, q, r, at)
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

func (s *Service) dwell(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) error {
	rows, err := q.source.Stays(ctx, tx, q)
	if err != nil {
		return err
	}
	cal := s.Calendar(q.TenantID)
	type lists struct{ calendar, working, open []Duration }
	by := map[string]*lists{}
	onTime := map[string]int64{}
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok || r.Stages[i].Dwell == nil {
			continue
		}
		d := r.Stages[i].Dwell
		if x.Move == string(pipeline.Return) && x.BeganWindow {
			r.Stages[i].Returns += x.N
		}
		if by[x.StageID] == nil {
			by[x.StageID] = &lists{}
		}
		l := by[x.StageID]
		switch {
		case x.From == "" || x.To != "" && x.To < x.From:
			d.Undated += x.N
		case x.To == "":
			d.Open += x.N
			l.open = append(l.open, Duration{cal.WorkingDaysBetween(x.From, q.AsOf), x.N})
		case x.InWindow:
			working := cal.WorkingDaysBetween(x.From, x.To)
			l.calendar = append(l.calendar, Duration{x.To.Sub(x.From), x.N})
			l.working = append(l.working, Duration{working, x.N})
			d.Left += x.N
			r.Flow.Left += x.N
			if x.Forward && working <= q.Pipeline.Stages[i].StandardDays {
				onTime[x.StageID] += x.N
				r.Flow.OnTime += x.N
			}
		}
	}
	for i := range r.Stages {
		if d := r.Stages[i].Dwell; d != nil {
			if l := by[r.Stages[i].ID]; l != nil {
				d.Calendar, d.Working = Summarise(l.calendar), Summarise(l.working)
				d.SurvivalMedian = SurvivalMedian(l.working, l.open)
			}
			d.OnTimeBP = rate(onTime[r.Stages[i].ID], d.Left-onTime[r.Stages[i].ID])
		}
	}
	r.Flow.OnTimeBP = rate(r.Flow.OnTime, r.Flow.Left-r.Flow.OnTime)
	return nil
}

func (s *Service) weighted(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) error {
	rows, err := q.source.Open(ctx, tx, q)
	if err != nil {
		return err
	}
	quiet := newAdder()
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok || r.Stages[i].Weighted == nil {
			continue
		}
		minor := quiet.take(x.Sum, x.N)
		w := r.Stages[i].Weighted
		r.Stages[i].Open += x.N
		w.AmountMinor += minor
		w.NoAmount += x.NoAmount
		if x.ConfidenceBP == nil {
			w.NoConfidence += x.N
		} else {
			w.ConfidenceMinor += money.Weighted(minor, int(*x.ConfidenceBP))
		}
	}
	for i := range r.Stages {
		if w := r.Stages[i].Weighted; w != nil {
			w.ExpectedMinor, w.CalibratedMinor = money.Weighted(w.AmountMinor, w.ExpectedBP), money.Weighted(w.AmountMinor, w.CalibratedBP)
		}
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
	for _, x := range rows {
		switch {
		case x.State == "open":
			v.Open += x.N
		case x.State == "lost" && x.InWindow:
			v.Rate.Lost += x.N
		case x.State == "won" && x.InWindow:
			v.Rate.Won += x.N
			minor := quiet.take(x.Sum, x.N)
			if x.NoRate == "" {
				wonMinor += minor
				wonWithAmount += x.N - x.NoAmount
			}
			if x.From != "" && x.To >= x.From {
				v.N += x.N
				sumDays += int64(x.To.Sub(x.From)) * x.N
			}
		}
	}
	if v.N > 0 {
		mean := float64(sumDays) / float64(v.N)
		v.MeanDays = &mean
	}
	if wonWithAmount > 0 {
		mean := (2*wonMinor + wonWithAmount) / (2 * wonWithAmount)
		v.MeanWonMinor = &mean
	}
	v.finish()
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

// MinKnown is how many won records raise a limit above the standard.
const MinKnown = 20

// keptFor bounds how long limits and calibrated rates are reused: they move by days,
// and recomputing them for each list or record would cost more than the list.
const keptFor = time.Minute

// StageLimits computes, over the whole company, when a record is stalled and when
// its stay is too long: the stage's standard, raised to p80 of the won records'
// gaps (or stays) in that stage once 20 are known, never above the maximum.
func (s *Service) StageLimits(ctx context.Context, tx database.Tx, tenant string) (map[string]opportunity.Limits, error) {
	return keep(s, &s.limits, tenant, func() (map[string]opportunity.Limits, error) { return s.computeLimits(ctx, tx, tenant) })
}

func (s *Service) computeLimits(ctx context.Context, tx database.Tx, tenant string) (map[string]opportunity.Limits, error) {
	cal := s.Calendar(tenant)
	stays, err := s.Source.WonStays(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	lengths, gaps := map[string][]Duration{}, map[string][]Duration{}
	for _, x := range stays {
		lengths[x.StageID] = append(lengths[x.StageID], Duration{cal.WorkingDaysBetween(x.From, x.To), x.N})
	}
	ground, err := s.Source.WonGround(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(ground); i++ {
		if before, after := ground[i-1], ground[i]; before.OpportunityID == after.OpportunityID && after.On >= before.On {
			gaps[before.StageID] = append(gaps[before.StageID], Duration{cal.WorkingDaysBetween(before.On, after.On), 1})
		}
	}
	by := map[string]opportunity.Limits{}
	all, err := s.Pipelines.Rows.List(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		v, err := s.Pipelines.Version(ctx, tx, tenant, p.VersionID)
		if err != nil {
			return nil, err
		}
		for _, st := range v.Stages {
			if st.Kind == pipeline.Open {
				by[st.ID] = Limit(st, Summarise(gaps[st.ID]), Summarise(lengths[st.ID]))
			}
		}
	}
	return by, nil
}

// Limit applies the rule to one stage.
func Limit(st pipeline.Stage, gaps, stays Days) opportunity.Limits {
	raise := func(known Days) int {
		days := st.StandardDays
		if known.N >= MinKnown {
			days = max(days, int(*known.P80))
		}
		if st.MaxDays > 0 {
			days = min(days, st.MaxDays)
		}
		return days
	}
	return opportunity.Limits{Stalled: raise(gaps), Overstayed: raise(stays), Gaps: int(gaps.N), Stays: int(stays.N)}
}

// CalibratedFor returns the calibrated rate of one stage, and false where the
// stage is not an open one of the version.
func (s *Service) CalibratedFor(ctx context.Context, a org.Actor, v pipeline.Version, stage string) (bp int, ok bool, err error) {
	st, i := v.Stage(stage)
	if i < 0 || st.Kind != pipeline.Open {
		return 0, false, nil
	}
	bp = st.SuccessBP
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		rows, err := keep(s, &s.resolved, a.TenantID+v.PipelineID, func() ([]ResolvedCount, error) { return s.Source.Resolved(ctx, tx, a.TenantID, v.PipelineID) })
		for _, r := range rows {
			if r.StageID == stage {
				bp = Calibrated(r.Won, r.Won+r.Lost, st.SuccessBP)
			}
		}
		return err
	})
	return bp, true, err
}
