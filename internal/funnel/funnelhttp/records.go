package funnelhttp

import (
	"context"

	"yunchou/internal/funnel"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org"
)

// records adds the routes that open a figure to what it counts.
func records(api *httpapi.API, d Deps) {
	type recordsIn struct {
		Question
		Triangle
		Measure    string `query:"measure" required:"true" enum:"created,created_open,created_won,created_lost,created_withdrawn,open,won,lost,closed,undated,closed_undated,pathless,no_amount,unlike_tax,loss,lost_kind,lost_stage,lost_reason,reached,advanced,stage_lost,stage_open,taken_out,stage_undated,stage_now,expected,expected_overdue,expected_none,rival_won,rival_lost,rival_closed,rival_lost_to,rival_lost_stage,cohort,cohort_reached,cohort_advanced,cohort_lost,cohort_open,cohort_out,qualified_open,qualified_closed,qualified_won,stayed,stayed_forward,staying,stays"`
		Kind       string `query:"kind" maxLength:"30" doc:"of measure loss"`
		Competitor string `query:"competitor" maxLength:"60" doc:"of measures loss, rival_won, rival_lost, rival_closed, rival_lost_to and rival_lost_stage: the competitor's id; empty is none named"`
		Reason     string `query:"reason" maxLength:"2000" doc:"of measure lost_reason: the words, as the reasons tell them"`
		Month      string `query:"month" maxLength:"7" doc:"of measure expected and those of a cohort: 2026-11"`
		Months     int    `query:"months" minimum:"0" maximum:"600" doc:"of measure cohort_reached"`
		Bin        int    `query:"bin" minimum:"-1" maximum:"7" default:"-1" doc:"of measures stayed, stayed_forward, staying and stays: the place in the histogram, from 0; -1 is every length"`
		HasKey     bool   `query:"hasKey"`
		Key        string `query:"key" maxLength:"200"`
		Offset     int    `query:"offset" minimum:"0" maximum:"1000000"`
	}
	type recordsBody struct {
		Items []opportunityhttp.OppBody `json:"items" doc:"newest first, 50 from offset on"`
		Total int64                     `json:"total"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/funnel/records", ID: "getFunnelRecords",
		Summary: "Open a figure: the records behind it", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *recordsIn) (*httpapi.Body[recordsBody], error) {
		m := funnel.Measure{
			Name: in.Measure, StageID: in.OfStage, Target: in.Target, LossKind: in.Kind,
			CompetitorID: in.Competitor, Reason: in.Reason, Month: in.Month, Months: in.Months, Bin: funnel.BinAt(in.Bin),
		}
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
	type stepIn struct {
		Question
		Step   string `query:"step" required:"true" enum:"open_start,new,reopened,moved_in,transferred_in,increased,decreased,moved_out,transferred_out,won,lost,withdrawn,open_end"`
		Offset int    `query:"offset" minimum:"0" maximum:"1000000"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/waterfall/records", ID: "getWaterfallRecords",
		Summary: "Open a step: the records behind it", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *stepIn) (*httpapi.Body[recordsBody], error) {
		ids, err := d.Funnel.WaterfallRecords(ctx, actor, in.ask(), in.Step)
		if err != nil {
			return nil, err
		}
		from := min(in.Offset, len(ids))
		items, err := d.Deals(ctx, actor, ids[from:min(from+50, len(ids))])
		return httpapi.Answer(recordsBody{items, int64(len(ids))}, err)
	})
}
