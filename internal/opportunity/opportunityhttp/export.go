package opportunityhttp

import (
	"bytes"
	"context"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// headings of the exported table; an import suggests its mapping from them.
var headings = [][2]string{
	{"编号", "ID"}, {"商机名称", "Opportunity"}, {"客户", "Account"}, {"销售流程", "Pipeline"}, {"阶段", "Stage"}, {"状态", "State"}, {"负责人", "Owner"}, {"团队", "Team"}, {"区域", "Region"},
	{"金额", "Amount"}, {"合同金额", "Contract amount"}, {"币种", "Currency"}, {"信心", "Confidence"}, {"预计成交", "Expected close"}, {"创建日期", "Created on"}, {"成交或关闭日期", "Closed on"},
	{"来源", "Source"}, {"输单类别", "Loss kind"}, {"输单原因", "Loss reason"},
}

var states = map[opportunity.State][2]string{opportunity.Open: {"进行中", "Open"}, opportunity.Won: {"赢单", "Won"}, opportunity.Lost: {"输单", "Lost"}, opportunity.Withdrawn: {"已撤销", "Withdrawn"}}

// exports adds the route that writes a list as a table.
func (h *handler) exports(api *httpapi.API) {
	type exportIn struct {
		accounthttp.ExportQuery
		accounthttp.Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/exports/opportunities", ID: "exportOpportunities", Summary: "The list as CSV or XLSX; noted in the journal", Permission: org.OppRead},
		func(ctx context.Context, actor org.Actor, in *exportIn) (*accounthttp.Table, error) {
			fields, err := h.Fields.All(ctx, actor)
			if err != nil {
				return nil, err
			}
			stages, names, err := h.stageNames(ctx, actor)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			w, err := sheet.New(&b, in.Format)
			if err != nil {
				return nil, err
			}
			head := []any{}
			for _, t := range headings {
				head = append(head, t[in.Language()])
			}
			own := accounthttp.OwnFields(fields, "opportunity")
			for _, f := range own {
				head = append(head, f.Label)
			}
			if err := w.Row(head); err != nil {
				return nil, err
			}
			p := in.Request()
			err = h.Opportunities.Export(ctx, actor, in.Filter(), p, h.Measures, in.Format, func(o opportunity.Opportunity) error {
				row := []any{o.ID, o.Name, o.AccountName, names[o.PipelineID], stages[o.StageID], states[o.State][in.Language()], actor.Structure.Members[o.OwnerID].Name, actor.Structure.Teams[o.TeamID].Name, o.Region,
					sheet.Amount{Minor: o.AmountMinor, Currency: o.Currency}, sheet.Amount{Minor: o.ContractMinor, Currency: o.Currency}, o.Currency, sheet.Percent{BP: o.ConfidenceBP},
					string(o.ExpectedOn), string(o.CreatedOn), string(o.ClosedOn), o.Source, o.LossKind, o.LossReason}
				for _, f := range own {
					row = append(row, accounthttp.Shown(actor, f, o.Custom))
				}
				return w.Row(row)
			})
			if err != nil {
				return nil, err
			}
			return accounthttp.TableOf(w, &b, in.Format, "opportunities-"+string(actor.Today))
		})
}

// stageNames returns the names of stages, of every version, and of pipelines by id.
func (h *handler) stageNames(ctx context.Context, actor org.Actor) (stages, pipelines map[string]string, err error) {
	inForce, err := h.Pipelines.InForce(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	stages, pipelines = map[string]string{}, map[string]string{}
	for _, v := range inForce {
		pipelines[v.PipelineID] = v.Name
		for _, s := range v.Stages {
			stages[s.ID] = s.Name
		}
	}
	return stages, pipelines, nil
}
