package funnel

import (
	"cmp"
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// MinKnown is how many won records raise a limit above the standard.
const MinKnown = 20

// longStalled is how many times the maximum a record stands still before it is one to be cleared.
const longStalled = 3

// StageLimits computes, over the whole company, when a record is stalled and when
// its stay is too long: the stage's standard, raised to p80 of the won records'
// gaps (or stays) in that stage once 20 are known, never above the maximum.
func (s *Service) StageLimits(ctx context.Context, tx database.Tx, tenant string) (map[string]opportunity.Limits, error) {
	versions, err := s.Pipelines.VersionsInForce(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	compute, wait := s.limitsOf(tenant), needed
	if l, may := s.Source.(interface{ Loading(tenant string) bool }); may && l.Loading(tenant) {
		wait = 0 // longer than a transaction should; computing them here says so
	}
	if database.IsAside(ctx) {
		wait = 0 // whoever computes them may be waiting for this very connection
	}
	if by, known := s.limits.now(ctx, s, keptKey{tenant, "limits", versions}, wait, compute); known {
		return by, nil
	}
	return compute(ctx, tx)
}

// Soon waits a moment for limits nobody has computed yet, and tells whether they are there; and, as
// part of the same moment, for columns that are just being taken up. Who asks before it begins a
// transaction does not wait within one.
func (s *Service) Soon(ctx context.Context, tenant string) (bool, error) {
	start := time.Now()
	if m, may := s.Source.(interface {
		TakenUp(ctx context.Context, tenant string, most time.Duration)
	}); may {
		m.TakenUp(ctx, tenant, s.Wait)
	}
	if s.limits.fresh(s, keptKey{tenant: tenant, key: "limits"}) {
		return true, nil
	}
	_, known, err := s.limitsWithin(ctx, tenant, s.Wait-time.Since(start))
	return known, err
}

// awaits is how long a table that is written waits for limits: as long as a large company's columns
// take to be loaded, and again.
const awaits = 2 * time.Minute

// Await waits until there are limits, for who has nobody sitting before a page: he would have to be
// told to ask again. Beyond its bound StageLimits tells so.
func (s *Service) Await(ctx context.Context, tenant string) error {
	_, _, err := s.limitsWithin(ctx, tenant, awaits)
	return err
}

// Limits is StageLimits for a page, which does not wait for them: known is false where they are
// being computed.
func (s *Service) Limits(ctx context.Context, tenant string) (by map[string]opportunity.Limits, known bool, err error) {
	return s.limitsWithin(ctx, tenant, s.Wait)
}

// LimitsNow is StageLimits for who does not wait for them; they begin to be computed where nobody has.
func (s *Service) LimitsNow(ctx context.Context, tx database.Tx, tenant string) (by map[string]opportunity.Limits, known bool, err error) {
	versions, err := s.Pipelines.VersionsInForce(ctx, tx, tenant)
	if err != nil {
		return nil, false, err
	}
	by, known = s.limits.now(ctx, s, keptKey{tenant, "limits", versions}, 0, s.limitsOf(tenant))
	return by, known, nil
}

func (s *Service) limitsWithin(ctx context.Context, tenant string, wait time.Duration) (by map[string]opportunity.Limits, known bool, err error) {
	var versions string
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		versions, err = s.Pipelines.VersionsInForce(ctx, tx, tenant)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	by, known = s.limits.now(ctx, s, keptKey{tenant, "limits", versions}, wait, s.limitsOf(tenant))
	return by, known, nil
}

func (s *Service) limitsOf(tenant string) computes[map[string]opportunity.Limits] {
	return func(ctx context.Context, tx database.Tx) (map[string]opportunity.Limits, error) {
		return s.computeLimits(ctx, tx, tenant)
	}
}

func (s *Service) computeLimits(ctx context.Context, tx database.Tx, tenant string) (map[string]opportunity.Limits, error) {
	cal := s.Calendar(tenant)
	stays, err := s.Source.WonStays(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	between, err := s.Source.WonGaps(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	byStage := func(spans []WonSpan) map[string][]Duration {
		by := map[string][]Duration{}
		for _, x := range spans {
			by[x.StageID] = append(by[x.StageID], Duration{cal.WorkingDaysBetween(x.From, x.To), x.N})
		}
		return by
	}
	lengths, gaps := byStage(stays), byStage(between)
	by := map[string]opportunity.Limits{}
	all, err := s.Pipelines.InForceIn(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
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
	l := opportunity.Limits{Stalled: raise(gaps), Overstayed: raise(stays), Gaps: int(gaps.N), Stays: int(stays.N)}
	l.LongStalled = longStalled * cmp.Or(st.MaxDays, l.Stalled)
	return l
}

// CalibratedFor returns the calibrated rate of one stage, for a page, which does not wait for it.
func (s *Service) CalibratedFor(ctx context.Context, a org.Actor, v pipeline.Version, stage string) opportunity.Rate {
	st, i := v.Stage(stage)
	if i < 0 || st.Kind != pipeline.Open {
		return opportunity.Rate{}
	}
	wait := s.Wait
	if !s.limits.fresh(s, keptKey{tenant: a.TenantID, key: "limits"}) {
		wait = 0 // the page waited for these already, and one is computed after the other
	}
	rows, known := s.resolvedOf(ctx, a, v, wait)
	if !known {
		return opportunity.Rate{Computing: true}
	}
	bp := st.SuccessBP
	for _, r := range rows {
		if r.StageID == stage {
			bp = Calibrated(r.Won, r.Won+r.Lost, st.SuccessBP)
		}
	}
	return opportunity.Rate{BP: &bp}
}

// resolvedOf is what became of a pipeline's records by stage.
func (s *Service) resolvedOf(ctx context.Context, a org.Actor, v pipeline.Version, wait time.Duration) ([]ResolvedCount, bool) {
	ask := func(ctx context.Context, tx database.Tx) ([]ResolvedCount, error) {
		all, err := s.Pipelines.Versions(ctx, tx, a.TenantID, v.PipelineID)
		if err != nil {
			return nil, err
		}
		q := Query{TenantID: a.TenantID, Pipeline: v, Path: pipeline.NewPath(v, all), AsOf: a.Today, Today: a.Today, Currency: a.Company.Currency,
			Scope: org.Scope{All: true}, Figures: org.Figures{All: true}, Calendar: s.Calendar(a.TenantID)}
		from, err := s.Source.Begin(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		return from.Resolved(ctx, tx, q)
	}
	return s.resolved.now(ctx, s, keptKey{tenant: a.TenantID, key: "rates." + v.ID}, wait, ask)
}

// StageRates are the calibrated rates of all open stages in basis points. It waits a moment for them: where one is still
// being computed it is that of the pipeline, and known is false.
func (s *Service) StageRates(ctx context.Context, tx database.Tx, a org.Actor) (by map[string]int, known bool, err error) {
	versions, err := s.Pipelines.InForceIn(ctx, tx, a.TenantID)
	if err != nil {
		return nil, false, err
	}
	by, known = map[string]int{}, true
	wait := s.Wait
	if l, may := s.Source.(interface{ Loading(tenant string) bool }); database.IsAside(ctx) || may && l.Loading(a.TenantID) {
		wait = 0 // it would be longer than a moment, or whoever computes them waits for this very connection
	}
	for _, v := range versions {
		start := time.Now()
		rows, there := s.resolvedOf(ctx, a, v, 0) // as they are kept, though they are old
		if !there {
			rows, there = s.resolvedOf(ctx, a, v, wait)
			wait = max(0, wait-time.Since(start))
		}
		known = known && there
		for _, st := range v.Stages {
			if st.Kind == pipeline.Open {
				by[st.ID] = st.SuccessBP
			}
		}
		for _, r := range rows {
			if st, i := v.Stage(r.StageID); i >= 0 && st.Kind == pipeline.Open {
				by[r.StageID] = Calibrated(r.Won, r.Won+r.Lost, st.SuccessBP)
			}
		}
	}
	return by, known, nil
}
