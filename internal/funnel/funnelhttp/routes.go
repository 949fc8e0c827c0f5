// Package funnelhttp is the routes of funnel reports.
package funnelhttp

import (
	"context"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/calendar"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org"
)

type Question struct {
	opportunityhttp.Filters
	From    calendar.Date  `query:"from" maxLength:"10"`
	To      calendar.Date  `query:"to" maxLength:"10" doc:"exclusive"`
	AsOf    calendar.Date  `query:"asOf" maxLength:"10"`
	GroupBy funnel.GroupBy `query:"groupBy" maxLength:"30"`
	Compare string         `query:"compare" maxLength:"10" doc:"previous: the period before, as long; year: the same days a year before"`
}

// Triangle names the two stages of a cohort triangle.
type Triangle struct {
	OfStage string `query:"ofStage" maxLength:"60" doc:"the stage entered, or opened"`
	Target  string `query:"target" maxLength:"60" doc:"the stage reached later; the won one where left out"`
}

// Periods names the points of a trend.
type Periods struct {
	Step   string `query:"step" enum:"month,quarter" default:"month"`
	Number int    `query:"periods" minimum:"1" maximum:"36" default:"12"`
}

func (q Question) ask() funnel.Ask {
	f := q.Filter()
	pipeline := f.Pipeline
	f.Pipeline = "" // the report's own relation knows which pipeline
	return funnel.Ask{Pipeline: pipeline, From: q.From, To: q.To, AsOf: q.AsOf, Group: q.GroupBy, Compare: q.Compare, Filter: f}
}

// Deps is what the routes need.
type Deps struct {
	Funnel *funnel.Service
	// Progress tells how far a company's columns are loaded.
	Progress func(tenant string) engine.Progress
	// Deals shows records by id as the list of opportunities does.
	Deals func(ctx context.Context, actor org.Actor, ids []string) ([]opportunityhttp.OppBody, error)
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/funnel", ID: "getFunnel", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Report], error) {
		return httpapi.Answer(d.Funnel.Report(ctx, actor, in.ask()))
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/progress", ID: "getReportProgress", Summary: "How far the columns behind the reports are loaded, after a start", Permission: org.ReportRead}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[engine.Progress], error) {
		return httpapi.Answer(d.Progress(actor.TenantID), nil)
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/forecast", ID: "getForecast", Summary: "The open pipeline by month of expected close, by three probabilities", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Forecast], error) {
		return httpapi.Answer(d.Funnel.Forecast(ctx, actor, in.ask()))
	})
	type trendIn struct {
		Question
		Periods
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/trend", ID: "getTrend", Summary: "Win rate, velocity and flow by month or quarter", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *trendIn) (*httpapi.Body[funnel.Trend], error) {
		return httpapi.Answer(d.Funnel.Trend(ctx, actor, in.ask(), in.Step, in.Number))
	})
	type cohortIn struct {
		Question
		Triangle
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/cohorts", ID: "getCohorts", Summary: "Of those who entered a stage in a month, how many had reached another after so many months", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *cohortIn) (*httpapi.Body[funnel.Cohorts], error) {
		return httpapi.Answer(d.Funnel.Cohorts(ctx, actor, in.ask(), in.OfStage, in.Target))
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/rivals", ID: "getRivals", Summary: "Won and lost by the competitors present", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Rivals], error) {
		return httpapi.Answer(d.Funnel.Rivals(ctx, actor, in.ask()))
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/table", ID: "getReportTable", Summary: "A card of the analysis as CSV or XLSX; noted in the journal", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *tableIn) (*accounthttp.Table, error) {
		return table(ctx, d, actor, in)
	})
	type recordsIn struct {
		Question
		Triangle
		Measure    string `query:"measure" required:"true" enum:"created,created_open,created_won,created_lost,created_withdrawn,open,won,lost,undated,closed_undated,no_amount,loss,lost_kind,lost_stage,reached,advanced,stage_lost,stage_open,taken_out,stage_undated,stage_now,expected,expected_overdue,expected_none,rival_won,rival_lost,cohort,cohort_reached,stayed,staying"`
		Kind       string `query:"kind" maxLength:"30" doc:"of measure loss"`
		Competitor string `query:"competitor" maxLength:"60" doc:"of measures loss, rival_won and rival_lost: the competitor's id; empty is none named"`
		Month      string `query:"month" maxLength:"7" doc:"of measures expected, cohort and cohort_reached: 2026-11"`
		Months     int    `query:"months" minimum:"0" maximum:"600" doc:"of measure cohort_reached"`
		Bin        int    `query:"bin" minimum:"0" maximum:"7" doc:"of measures stayed and staying: the place in the histogram, from 0"`
		HasKey     bool   `query:"hasKey"`
		Key        string `query:"key" maxLength:"200"`
		Offset     int    `query:"offset" minimum:"0" maximum:"1000000"`
	}
	type recordsBody struct {
		Items []opportunityhttp.OppBody `json:"items" doc:"newest first, 50 from offset on"`
		Total int64                     `json:"total"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/funnel/records", ID: "getFunnelRecords", Summary: "Open a figure: the records behind it", Permission: org.ReportRead},
		func(ctx context.Context, actor org.Actor, in *recordsIn) (*httpapi.Body[recordsBody], error) {
			m := funnel.Measure{Name: in.Measure, StageID: in.OfStage, Target: in.Target, LossKind: in.Kind, CompetitorID: in.Competitor, Month: in.Month, Months: in.Months, Bin: funnel.Bins[in.Bin]}
			if in.HasKey {
				m.Key = &in.Key
			}
			ids, total, err := d.Funnel.Records(ctx, actor, in.ask(), m, in.Offset, 50)
			if err != nil {
				return nil, err
			}
			items, err := d.Deals(ctx, actor, ids)
			return httpapi.Answer(recordsBody{items, total}, err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/waterfall", ID: "getWaterfall", Summary: "How the open pipeline of one day became that of another, by recorded time", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Waterfall], error) {
		return httpapi.Answer(d.Funnel.Waterfall(ctx, actor, in.ask()))
	})
	type stepIn struct {
		Question
		Step   string `query:"step" required:"true" enum:"open_start,new,reopened,moved_in,transferred_in,increased,decreased,moved_out,transferred_out,won,lost,withdrawn,open_end"`
		Offset int    `query:"offset" minimum:"0" maximum:"1000000"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/waterfall/records", ID: "getWaterfallRecords", Summary: "Open a step: the records behind it", Permission: org.ReportRead},
		func(ctx context.Context, actor org.Actor, in *stepIn) (*httpapi.Body[recordsBody], error) {
			ids, err := d.Funnel.WaterfallRecords(ctx, actor, in.ask(), in.Step)
			if err != nil {
				return nil, err
			}
			from := min(in.Offset, len(ids))
			items, err := d.Deals(ctx, actor, ids[from:min(from+50, len(ids))])
			return httpapi.Answer(recordsBody{items, int64(len(ids))}, err)
		})
}
