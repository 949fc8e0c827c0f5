package funnelhttp

import (
	"context"

	"yunchou/internal/funnel"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// tableIn asks for one card of the analysis as a table.
type tableIn struct {
	Question
	httpapi.ExportQuery
	Triangle
	Periods
	Part string `query:"part" required:"true" enum:"stages,dwell,losses,groups,rivals,trend,cohorts,forecast"`
}

// tables adds the route that writes a card of the analysis as a table.
func tables(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/reports/table", ID: "getReportTable",
		Summary: "A card of the analysis as CSV or XLSX; noted in the journal", Permission: org.ReportRead, Report: true,
	}, func(ctx context.Context, actor org.Actor, in *tableIn) (*httpapi.Sent, error) {
		card, err := cardOf(ctx, d.Funnel, actor, in)
		if err != nil {
			return nil, err
		}
		return api.Table(ctx, in.ExportQuery, in.Part+"-"+string(actor.Today), func(w sheet.Writer) error {
			if err := card.write(w, in.ExportQuery); err != nil {
				return err
			}
			return d.Funnel.Exported(ctx, actor, in.Part, in.Format)
		})
	})
}

// card is a part of the analysis in the order the screen shows it. A cell that is a
// label is written in the language of the headings.
type card struct {
	head []httpapi.Label
	rows [][]any
}

func (c *card) add(cells ...any) { c.rows = append(c.rows, cells) }

func (c *card) write(w sheet.Writer, q httpapi.ExportQuery) error {
	if err := w.Row(q.Head(c.head)); err != nil {
		return err
	}
	for _, row := range c.rows {
		for i, cell := range row {
			if l, ok := cell.(httpapi.Label); ok {
				row[i] = q.Text(l)
			}
		}
		if err := w.Row(row); err != nil {
			return err
		}
	}
	return nil
}

func cardOf(ctx context.Context, svc *funnel.Service, actor org.Actor, in *tableIn) (*card, error) {
	switch in.Part {
	case "forecast":
		f, err := svc.Forecast(ctx, actor, in.ask())
		return forecastCard(f), err
	case "trend":
		t, err := svc.Trend(ctx, actor, in.ask(), in.Step, in.Number)
		return trendCard(t), err
	case "cohorts":
		c, err := svc.Cohorts(ctx, actor, in.ask(), in.OfStage, in.Target)
		return cohortCard(c), err
	case "rivals":
		r, err := svc.Rivals(ctx, actor, in.ask())
		return rivalCard(r), err
	}
	r, err := svc.Report(ctx, actor, in.ask())
	if err != nil {
		return nil, err
	}
	switch in.Part {
	case "stages":
		return stageCard(r), nil
	case "dwell":
		return dwellCard(r), nil
	case "losses":
		return lossCard(r), nil
	}
	if in.GroupBy == "" {
		return nil, funnel.ErrGroup
	}
	return groupCard(r), nil
}
