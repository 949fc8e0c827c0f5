// Package opportunitytable is a list of deals as a table that people read, edit and bring back: its
// columns, the words in its cells, and how several product lines, people or competitors stand in
// one. What it writes it reads.
package opportunitytable

import (
	"yunchou/internal/opportunity"
	"yunchou/internal/sheet"
)

// Columns of the table, before a company's own fields. Whose target is not filled by an import is
// told where it differs.
var Columns = []sheet.Column{
	{Target: "id", Label: sheet.Label{"编号", "ID"}, Exported: true},
	{Target: "name", Label: sheet.Label{"商机名称", "Opportunity"}},
	{Target: "account", Label: sheet.Label{"客户", "Account"}},
	{Target: "pipeline", Label: sheet.Label{"销售流程", "Pipeline"}},
	{Target: "stage", Label: sheet.Label{"阶段", "Stage"}},
	{Target: "outcome", Label: sheet.Label{"状态", "State"}},
	{Target: "owner", Label: sheet.Label{"负责人", "Owner"}},
	{Target: "team", Label: sheet.Label{"团队", "Team"}, Exported: true},
	{Target: "region", Label: sheet.Label{"区域", "Region"}},
	{Target: "amount", Label: sheet.Label{"金额", "Amount"}},
	{Target: "contract", Label: sheet.Label{"合同金额", "Contract amount"}, Exported: true},
	{Target: "currency", Label: sheet.Label{"币种", "Currency"}},
	{Target: "lines", Label: sheet.Label{"产品明细", "Product lines"}, Note: sheet.Label{"每个产品线和金额，如「主轴: 1200.00; 导轨: 300.00」。", "Each product line with its amount, as \"Spindle: 1200.00; Rail: 300.00\"."}},
	{Target: "confidence", Label: sheet.Label{"信心", "Confidence"}},
	{Target: "expectedOn", Label: sheet.Label{"预计签约", "Expected close"}},
	{Target: "createdOn", Label: sheet.Label{"创建日期", "Created on"}},
	{Target: "closedOn", Label: sheet.Label{"成交或关闭日期", "Closed on"}},
	{Target: "signedOn", Label: sheet.Label{"签约日期", "Signed on"}},
	{Target: "lastContactOn", Label: sheet.Label{"最近接触", "Last contact"}},
	{Target: "source", Label: sheet.Label{"来源", "Source"}},
	{Target: "lossKind", Label: sheet.Label{"丢单类别", "Loss kind"}},
	{Target: "lossReason", Label: sheet.Label{"丢单原因", "Loss reason"}},
	{Target: "competitor", Label: sheet.Label{"输给", "Lost to"}},
	{Target: "competitors", Label: sheet.Label{"竞争对手", "Competitors"}, Exported: true},
	{Target: "contacts", Label: sheet.Label{"客户联系人", "Contacts"}, Exported: true},
	{Target: "asOf", Label: sheet.Label{"导出时的记录号", "As of entry"}, Exported: true},
}

// Events are the columns of a log to be filled.
var Events = []sheet.Column{
	{Target: "case", Label: sheet.Label{"案例编号", "Case"}},
	{Target: "activity", Label: sheet.Label{"活动", "Activity"}},
	{Target: "time", Label: sheet.Label{"时间", "Time"}},
	{Target: "name", Label: sheet.Label{"商机名称", "Opportunity"}},
	{Target: "owner", Label: sheet.Label{"负责人", "Owner"}},
	{Target: "account", Label: sheet.Label{"客户", "Account"}},
	{Target: "amount", Label: sheet.Label{"金额", "Amount"}},
	{Target: "lossKind", Label: sheet.Label{"丢单类别", "Loss kind"}},
	{Target: "lossReason", Label: sheet.Label{"丢单原因", "Loss reason"}},
}

// Words are what codes are called in cells.
type Words map[string]sheet.Label

// The words of states, of kinds of loss and withdrawal, and of the roles of a customer's people.
var (
	States = Words{
		string(opportunity.Open): {"在途", "Open"}, string(opportunity.Won): {"赢单", "Won"},
		string(opportunity.Lost): {"丢单", "Lost"}, string(opportunity.Withdrawn): {"已作废", "Withdrawn"},
	}
	LossKinds = Words{
		opportunity.LostToCompetitor: {"输给对手", "Competitor"}, opportunity.NoDecision: {"搁置", "No decision"},
		opportunity.Cancelled: {"项目取消", "Cancelled"}, opportunity.TenderVoid: {"流标", "Tender void"},
		opportunity.WeWithdrew: {"主动放弃", "We withdrew"}, opportunity.UnknownLoss: {"未说明", "Not stated"},
		opportunity.Invalid: {"无效", "Invalid"}, opportunity.Duplicate: {"重复", "Duplicate"},
	}
	Roles = Words{
		"economic": {"决策", "Economic"}, "technical": {"技术", "Technical"}, "user": {"使用", "User"}, "coach": {"内线", "Coach"},
		"approver": {"审批", "Approver"}, "blocker": {"反对", "Blocker"}, "unknown": {"角色待定", "Role unknown"},
	}
)
