// Package funnelhttp is the routes of funnel reports. It embeds the filters and the bodies
// of opportunities: a report is asked of what a list may be asked of, and a figure opens to
// the records a list would show.
package funnelhttp

import (
	"context"

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
	GroupBy funnel.GroupBy `query:"groupBy" maxLength:"60" doc:"owner, team, product, region, account-industry, account-class, source, month; or own: and the key of a field of one's own that is a choice or a person"`
	Compare string         `query:"compare" maxLength:"10" doc:"previous: the period before, as long; year: the same days a year before"`
	// As one knows the day today, or as it was known that evening.
	Knowledge string `query:"knowledge" maxLength:"10" doc:"now: by what is known today; then: by what was known at the end of asOf"`
	Version   int    `query:"version" minimum:"0" doc:"the version of the process whose stages are shown; the one in force on asOf where left out"`
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
	return funnel.Ask{
		Pipeline: pipeline, From: q.From, To: q.To, AsOf: q.AsOf, Group: q.GroupBy, Compare: q.Compare, Filter: f,
		Knowledge: q.Knowledge, Version: q.Version,
	}
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
	reports(api, d)
	records(api, d)
	tables(api, d)
}

func reports(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/funnel", ID: "getFunnel", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Report], error) {
		return httpapi.Answer(d.Funnel.Report(ctx, actor, in.ask()))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/progress", ID: "getReportProgress",
		Summary: "How far the columns behind the reports are loaded, after a start", Permission: org.ReportRead,
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[engine.Progress], error) {
		return httpapi.Answer(d.Progress(actor.TenantID), nil)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/forecast", ID: "getForecast",
		Summary: "The open pipeline by month of expected close, by three probabilities", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Forecast], error) {
		return httpapi.Answer(d.Funnel.Forecast(ctx, actor, in.ask()))
	})
	type trendIn struct {
		Question
		Periods
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/trend", ID: "getTrend",
		Summary: "Win rate, velocity and flow by month or quarter", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *trendIn) (*httpapi.Body[funnel.Trend], error) {
		return httpapi.Answer(d.Funnel.Trend(ctx, actor, in.ask(), in.Step, in.Number))
	})
	type cohortIn struct {
		Question
		Triangle
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/cohorts", ID: "getCohorts",
		Summary:    "Of those who entered a stage in a month, how many had reached another after so many months",
		Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *cohortIn) (*httpapi.Body[funnel.Cohorts], error) {
		return httpapi.Answer(d.Funnel.Cohorts(ctx, actor, in.ask(), in.OfStage, in.Target))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/rivals", ID: "getRivals", Summary: "Won and lost by the competitors present",
		Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Rivals], error) {
		return httpapi.Answer(d.Funnel.Rivals(ctx, actor, in.ask()))
	})
	type againstIn struct {
		Question
		ID string `path:"id" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/competitors/{id}/record", ID: "getCompetitorRecord",
		Summary: "Won and lost where a competitor was present, by the stage lost from and by groups", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *againstIn) (*httpapi.Body[funnel.Against], error) {
		return httpapi.Answer(d.Funnel.Against(ctx, actor, in.ask(), in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/reasons", ID: "getReasons", Summary: "Why deals were lost, in the words of who closed them",
		Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Reasons], error) {
		return httpapi.Answer(d.Funnel.Reasons(ctx, actor, in.ask()))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/waterfall", ID: "getWaterfall",
		Summary:    "How the open pipeline of one day became that of another, by recorded time",
		Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Waterfall], error) {
		return httpapi.Answer(d.Funnel.Waterfall(ctx, actor, in.ask()))
	})
}
