// Package funnelhttp is the routes of funnel reports.
package funnelhttp

import (
	"context"

	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/funnel"
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
}

func (q Question) ask() funnel.Ask {
	f := q.Filter()
	pipeline := f.Pipeline
	f.Pipeline = "" // the report's own relation knows which pipeline
	return funnel.Ask{Pipeline: pipeline, From: q.From, To: q.To, AsOf: q.AsOf, Group: q.GroupBy, Filter: f}
}

// Register adds the routes.
func Register(api *httpapi.API, a *app.App) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/funnel", ID: "getFunnel", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Report], error) {
		return httpapi.Answer(a.Funnel.Report(ctx, actor, in.ask()))
	})
	type recordsIn struct {
		Question
		Measure    string `query:"measure" required:"true" enum:"created,created_open,created_won,created_lost,created_withdrawn,open,won,lost,undated,closed_undated,no_amount,loss,reached,advanced,stage_lost,stage_open,taken_out,stage_undated,stage_now"`
		OfStage    string `query:"ofStage" maxLength:"60"`
		Kind       string `query:"kind" maxLength:"30" doc:"of measure loss"`
		Competitor string `query:"competitor" maxLength:"60" doc:"of measure loss: the competitor's id"`
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
			m := funnel.Measure{Name: in.Measure, StageID: in.OfStage, LossKind: in.Kind, CompetitorID: in.Competitor}
			if in.HasKey {
				m.Key = &in.Key
			}
			ids, total, err := a.Funnel.Records(ctx, actor, in.ask(), m, in.Offset, 50)
			if err != nil {
				return nil, err
			}
			items, err := opportunityhttp.Bodies(ctx, a, actor, ids)
			return httpapi.Answer(recordsBody{items, total}, err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/waterfall", ID: "getWaterfall", Summary: "How the open pipeline of one day became that of another, by recorded time", Permission: org.ReportRead}, func(ctx context.Context, actor org.Actor, in *Question) (*httpapi.Body[funnel.Waterfall], error) {
		return httpapi.Answer(a.Funnel.Waterfall(ctx, actor, in.ask()))
	})
	type stepIn struct {
		Question
		Step   string `query:"step" required:"true" enum:"open_start,new,reopened,moved_in,transferred_in,increased,decreased,moved_out,transferred_out,won,lost,withdrawn,open_end"`
		Offset int    `query:"offset" minimum:"0" maximum:"1000000"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/waterfall/records", ID: "getWaterfallRecords", Summary: "Open a step: the records behind it", Permission: org.ReportRead},
		func(ctx context.Context, actor org.Actor, in *stepIn) (*httpapi.Body[recordsBody], error) {
			ids, err := a.Funnel.WaterfallRecords(ctx, actor, in.ask(), in.Step)
			if err != nil {
				return nil, err
			}
			from := min(in.Offset, len(ids))
			items, err := opportunityhttp.Bodies(ctx, a, actor, ids[from:min(from+50, len(ids))])
			return httpapi.Answer(recordsBody{items, int64(len(ids))}, err)
		})
}
