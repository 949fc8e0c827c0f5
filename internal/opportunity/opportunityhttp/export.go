package opportunityhttp

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitytable"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// exports adds the route that writes a list as a table.
func (h *handler) exports(api *httpapi.API) {
	type exportIn struct {
		httpapi.ExportQuery
		httpapi.Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/exports/opportunities", ID: "exportOpportunities",
		Summary: "The list as CSV or XLSX; noted in the journal", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *exportIn) (*httpapi.Sent, error) {
		fields, err := h.Fields.All(ctx, actor)
		if err != nil {
			return nil, err
		}
		names, err := h.names(ctx, actor)
		if err != nil {
			return nil, err
		}
		own, filter := fieldhttp.ColumnsOf(fields, "opportunity"), in.Filter()
		if filter.Limited() {
			// A link is followed and a file expected: nobody is there to ask again.
			if err := h.Measures.Await(ctx, actor.TenantID); err != nil {
				return nil, err
			}
		}
		return api.Table(ctx, in.ExportQuery, "opportunities-"+string(actor.Today), func(w sheet.Writer) error {
			if err := w.Row(own.Head(in.Columns(opportunitytable.Columns), in.Locale)); err != nil {
				return err
			}
			write := func(o opportunity.Whole, asOf database.Seq) error {
				d := opportunitytable.Deal{Whole: o, Names: names, AsOf: asOf}
				return w.Row(own.Row(d.Row(in.Locale), actor, o.Custom))
			}
			return h.Opportunities.Export(ctx, actor, filter, in.Request(), h.Measures, in.Format, write)
		})
	})
}

// names are what the records are called that a table of deals names.
func (h *handler) names(ctx context.Context, a org.Actor) (n opportunitytable.Names, err error) {
	err = h.Opportunities.DB.Read(ctx, func(tx database.Tx) error {
		n, err = opportunitytable.NamesIn(ctx, tx, h.Opportunities, a)
		return err
	})
	return n, err
}
