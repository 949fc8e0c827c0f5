package funnel

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
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
	// Choices are what the company chose of each day, as it was known at an entry.
	Choices func(ctx context.Context, tx database.Tx, c org.Company, known int64) (ChoicesOf, error)
	Now     func() time.Time
	Dir     string        // where what is dear to compute is kept between starts; "" keeps none
	Wait    time.Duration // how long a page waits for limits and rates
	// Head is how far a company's journal is, where somebody follows it; nil is nobody.
	Head func(tenant string) (seq int64, known bool)

	// beside is held by who computes beside the requests, one at a time: so are connections few.
	beside   sync.Mutex
	working  sync.WaitGroup                      // who computes
	limits   kept[map[string]opportunity.Limits] // by tenant
	resolved kept[[]ResolvedCount]               // by tenant and pipeline
	desks    desks
}

// ChoicesOf are what a company chose of a day.
type ChoicesOf = func(day calendar.Date) org.Choices

// Settle waits until nothing is computed beside the requests any more.
func (s *Service) Settle() {
	s.working.Wait()
	s.desks.working.Wait()
}

// Ask is a report request: names as a person gives them.
type Ask struct {
	Pipeline       string
	From, To, AsOf calendar.Date
	Group          GroupBy
	Compare        string // "", Previous or LastYear
	Filter         opportunity.Filter
	// Knowledge "" or "now" answers by all that is known now, "then" by what was known at the end of AsOf.
	Knowledge string
	// Version chooses the version whose stages are shown, by its number; 0 is the one in force on AsOf.
	Version int
}

// Ways of knowing.
const (
	KnownNow  = "now"
	KnownThen = "then"
)

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
			return Query{}, calendar.BadDate(ptr)
		}
	}
	if in.From != "" && in.To != "" && in.To <= in.From {
		return Query{}, fault.Input("/to", "report.window_empty", "the window ends before it begins; to is exclusive")
	}
	own, err := s.grouping(ctx, tx, a, in.Group)
	if err != nil {
		return Query{}, err
	}
	if err := s.Opportunities.Resolve(ctx, tx, a, &in.Filter, s); err != nil {
		return Query{}, err
	}
	q := Query{TenantID: a.TenantID, From: in.From, To: in.To, AsOf: in.AsOf, Today: a.Today, Group: in.Group, Own: own,
		Scope: a.Scope(record.Opportunity, org.Read), Figures: a.Figures, Filter: in.Filter, Currency: a.Company.Currency}
	x := &asking{Service: s, tx: tx, actor: a, in: in, source: s.Source, chose: map[int64]ChoicesOf{}}
	if x.versions, err = s.Pipelines.Versions(ctx, tx, a.TenantID, v.PipelineID); err != nil {
		return q, err
	}
	q.begin = func(q Query) (Query, error) { return x.as(ctx, q) }
	return q.begin(q)
}

// ErrGroup refuses a grouping there is none of.
var ErrGroup = fault.Input("/groupBy", "report.group_unknown",
	"owner, team, product, region, account-industry, account-class, source or month; or own: and the key of a field of your own that has choices or is a person")

// grouping checks what a report is to be split by, and finds the own field it names.
func (s *Service) grouping(ctx context.Context, tx database.Tx, a org.Actor, g GroupBy) (field.Field, error) {
	key, own := g.Own()
	if g == "" || !own && slices.Contains(Groupings, g) {
		return field.Field{}, nil
	}
	if own {
		all, err := s.Opportunities.Fields.List(ctx, tx, a.TenantID, "opportunity")
		if err != nil {
			return field.Field{}, err
		}
		for _, f := range all {
			if f.Key == key && (f.Offers() || f.Type == field.Person) {
				return f, nil
			}
		}
	}
	return field.Field{}, ErrGroup
}

// asking is a question under way, and what it reads once for all days it asks about.
type asking struct {
	*Service
	tx       database.Tx
	actor    org.Actor
	in       Ask
	source   Source
	versions []pipeline.Version  // of the pipeline
	chose    map[int64]ChoicesOf // by what was known
}

// as settles what was known and which stages there were on a question's day, and readies
// its source. A trend asks it again for each of its points.
func (x *asking) as(ctx context.Context, q Query) (Query, error) {
	if err := x.knowing(ctx, &q); err != nil {
		return q, err
	}
	of, read := x.chose[q.LastKnown()]
	if !read {
		var err error
		if of, err = x.Choices(ctx, x.tx, x.actor.Company, q.LastKnown()); err != nil {
			return q, err
		}
		x.chose[q.LastKnown()] = of
	}
	chose := of(q.AsOf)
	q.Calendar, q.Filter.WithoutTax = chose.Calendar, !chose.SumsWithTax
	if x.in.Filter.Team != "" {
		tree := x.actor.Structure
		if q.Known != 0 {
			tree = tree.AsKnown(q.LastKnown())
		}
		q.Spans = tree.Subtree(x.in.Filter.Team)
	}
	var err error
	if q.Pipeline, err = shown(x.versions, q, x.in.Version); err != nil {
		return q, err
	}
	q.Path = pipeline.NewPath(q.Pipeline, x.versions)
	q.source, err = x.source.Begin(ctx, x.tx, q)
	x.source = q.source // for the next day, of the same moment
	return q, err
}

// knowing settles by what is known a question is answered.
func (x *asking) knowing(ctx context.Context, q *Query) error {
	switch x.in.Knowledge {
	case "", KnownNow:
		q.Known = 0
	case KnownThen:
		known, err := journal.KnownBefore(ctx, x.tx, q.TenantID, q.AsOf.Add(1).In(x.actor.Company.Zone()))
		if err != nil {
			return err
		}
		if q.Known = known; known == 0 {
			q.Known = NothingKnown
		}
	default:
		return fault.Input("/knowledge", "report.knowledge_unknown", "now or then")
	}
	return nil
}

// shown is the version whose stages an answer shows: the one chosen, or the last that was
// in force on the day, as far as was known; before the first it is the first.
func shown(all []pipeline.Version, q Query, number int) (pipeline.Version, error) {
	best := pipeline.Version{}
	for _, v := range all {
		switch {
		case number != 0 && v.Number == number:
			return v, nil
		case number == 0 && (best.ID == "" || v.Effective <= q.AsOf && v.Seq <= q.LastKnown()):
			best = v
		}
	}
	if number != 0 || best.ID == "" {
		return best, fault.Input("/version", "pipeline.version_unknown", "the pipeline has no such version")
	}
	return best, nil
}

// ask runs a question on one snapshot of the data, once the source is ready for it.
func (s *Service) ask(ctx context.Context, a org.Actor, in Ask, answer func(tx database.Tx, q Query) error) error {
	return WhenReady(ctx, s.Source, a.TenantID, func() error {
		return s.DB.Read(ctx, func(tx database.Tx) error {
			q, err := s.query(ctx, tx, a, in)
			if err != nil {
				return err
			}
			return answer(tx, q)
		})
	})
}

// Report answers the whole report in the actor's scope.
func (s *Service) Report(ctx context.Context, a org.Actor, in Ask) (r Report, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return r, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		if r, err = s.report(ctx, tx, a, q); err != nil || in.Compare == "" {
			return err
		}
		earlier, err := before(q, in.Compare)
		if err != nil {
			return err
		}
		if earlier, err = q.begin(earlier); err != nil {
			return err
		}
		c, err := s.report(ctx, tx, a, earlier)
		r.Compared = &c
		return err
	})
	return r, err
}

// Exported notes that a part of the analysis left as a table.
func (s *Service) Exported(ctx context.Context, a org.Actor, part, format string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), reportExported(record.NewID(a.Now), a.Today, exported{part, format}))
		return nil
	})
}

// Records opens a figure: the ids behind it, newest first from offset on, at most
// limit, and how many there are.
func (s *Service) Records(
	ctx context.Context, a org.Actor, in Ask, m Measure, offset, limit int,
) (ids []string, total int64, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return nil, 0, err
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		if strings.HasPrefix(m.Name, "qualified_") {
			m.StageID = q.Pipeline.Stages[q.Pipeline.QualifiedFrom()].ID
		}
		if m.OfTriangle() {
			stage, target, err := q.rungs(m.StageID, m.Target)
			if err != nil {
				return err
			}
			m.StageID, m.Target = stage.ID, target.ID
		}
		if m.Name == "lost_reason" {
			ids, total, err = s.ofReason(ctx, tx, a, q, m.Reason, offset, limit)
			return err
		}
		ids, total, err = q.source.Records(ctx, tx, q, m, offset, limit)
		return err
	})
	return ids, total, err
}
