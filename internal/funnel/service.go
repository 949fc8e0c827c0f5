package funnel

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Service answers questions. It implements opportunity.LimitSource.
type Service struct {
	DB        *database.DB
	Source    Source
	Pipelines *pipeline.Service
	// Opportunities resolves filters, the same for lists and reports.
	Opportunities *opportunity.Service
	Calendar      func(tenant string) calendar.Calendar
	Now           func() time.Time

	limits   kept[map[string]opportunity.Limits] // by tenant
	resolved kept[[]ResolvedCount]               // by tenant and pipeline
}

// Ask is a report request: names as a person gives them.
type Ask struct {
	Pipeline       string
	From, To, AsOf calendar.Date
	Group          GroupBy
	Compare        string // "", Previous or LastYear
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
	q := Query{TenantID: a.TenantID, Pipeline: v, From: in.From, To: in.To, AsOf: in.AsOf, Today: a.Today, Group: in.Group, Scope: a.Read, Filter: in.Filter, Currency: a.Company.Currency, Calendar: s.Calendar(a.TenantID)}
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
		rates, err := s.rates(ctx, tx, q)
		if err != nil {
			return err
		}
		if r, err = s.report(ctx, tx, a, q, rates); err != nil || in.Compare == "" {
			return err
		}
		earlier, err := before(q, in.Compare)
		if err != nil {
			return err
		}
		if earlier.source, err = s.Source.Begin(ctx, tx, earlier); err != nil {
			return err
		}
		c, err := s.report(ctx, tx, a, earlier, rates)
		r.Compared = &c
		return err
	})
	return r, err
}

// Exported notes that a part of the analysis left as a table.
func (s *Service) Exported(ctx context.Context, a org.Actor, part, format string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "export", ID: record.NewID(a.Now)}, Kind: "report.exported", On: a.Today, Payload: map[string]any{"part": part, "format": format}})
		return nil
	})
}

// Records opens a figure: the ids behind it, newest first from offset on, at most
// limit, and how many there are.
func (s *Service) Records(ctx context.Context, a org.Actor, in Ask, m Measure, offset, limit int) (ids []string, total int64, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return nil, 0, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		if m.Name == "cohort" || m.Name == "cohort_reached" {
			stage, target, err := q.rungs(m.StageID, m.Target)
			if err != nil {
				return err
			}
			m.StageID, m.Target = stage.ID, target.ID
		}
		ids, total, err = q.source.Records(ctx, tx, q, m, offset, limit)
		return err
	})
	return ids, total, err
}
