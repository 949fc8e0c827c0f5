package opportunityhttp

import (
	"context"

	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// headings of the exported table; an import suggests its mapping from them.
var headings = []httpapi.Label{
	{"编号", "ID"}, {"商机名称", "Opportunity"}, {"客户", "Account"}, {"销售流程", "Pipeline"}, {"阶段", "Stage"},
	{"状态", "State"}, {"负责人", "Owner"}, {"团队", "Team"}, {"区域", "Region"}, {"金额", "Amount"},
	{"合同金额", "Contract amount"}, {"币种", "Currency"}, {"信心", "Confidence"}, {"预计成交", "Expected close"},
	{"创建日期", "Created on"}, {"成交或关闭日期", "Closed on"}, {"来源", "Source"}, {"丢单类别", "Loss kind"},
	{"丢单原因", "Loss reason"},
}

var states = map[opportunity.State]httpapi.Label{
	opportunity.Open: {"进行中", "Open"}, opportunity.Won: {"赢单", "Won"}, opportunity.Lost: {"丢单", "Lost"},
	opportunity.Withdrawn: {"已撤销", "Withdrawn"},
}

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
		names, err := h.Opportunities.PipelineNames(ctx, actor)
		if err != nil {
			return nil, err
		}
		own, filter := fieldhttp.ColumnsOf(fields, "opportunity"), in.Filter()
		if filter.Stalled || filter.Overstayed {
			// A link is followed and a file expected: nobody is there to ask again.
			if err := h.Measures.Await(ctx, actor.TenantID); err != nil {
				return nil, err
			}
		}
		return api.Table(ctx, in.ExportQuery, "opportunities-"+string(actor.Today), func(w sheet.Writer) error {
			if err := w.Row(own.Head(in.Head(headings))); err != nil {
				return err
			}
			write := func(o opportunity.Opportunity) error {
				row := []any{
					o.ID, o.Name, o.AccountName, names.Pipelines[o.PipelineID], names.Stages[o.StageID], in.Text(states[o.State]),
					actor.Structure.Members[o.OwnerID].Name, actor.Structure.Teams[o.TeamID].Name, o.Region,
					sheet.Amount{Minor: o.AmountMinor, Currency: o.Currency},
					sheet.Amount{Minor: o.ContractMinor, Currency: o.Currency}, o.Currency,
					sheet.Percent{BP: o.ConfidenceBP}, string(o.ExpectedOn), string(o.CreatedOn), string(o.ClosedOn),
					o.Source, o.LossKind, o.LossReason,
				}
				return w.Row(own.Row(row, actor, o.Custom))
			}
			return h.Opportunities.Export(ctx, actor, filter, in.Request(), h.Measures, in.Format, write)
		})
	})
}
