// Package opportunityimport reads files of opportunities and logs of events, moves deals that
// are there through the same gate as a person would, and takes back what an import did.
package opportunityimport

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Importer implements intake.Importer.
type Importer struct {
	Opportunities *opportunity.Service
	Accounts      *account.Service
	Pipelines     *pipeline.Service
}

// weight is more than a file of anything else has columns: an event log or a pipeline file also
// has names and accounts.
const weight = 100

// points are the targets faults of the gate are about.
var points = map[string]string{"ownerId": "owner", "accountId": "account", "amountMinor": "amount", "contractMinor": "amount",
	"lines": "product", "confidenceBp": "confidence", "on": "closedOn", "to": "stage", "reason": "lossReason",
	"opportunity.account_deleted": "account", "opportunity.closed": "stage",
	"pipeline.skip_not_allowed": "stage"}

// Kinds are logs of events and files of opportunities.
func (i Importer) Kinds() []intake.Kind { return []intake.Kind{i.events(), i.opportunities()} }

func (i Importer) opportunities() intake.Kind {
	return intake.Kind{
		Name:    record.Opportunity,
		After:   []string{record.Account, record.Contact, "member", "product"},
		Read:    func(t *intake.Table) error { return intake.PartOf[*Deals](t.Run).read(t) },
		Undo:    &intake.Undo{Unmake: i.Opportunities.Unrecord, Restore: i.restore, Along: i.Opportunities.AccountsOf},
		Points:  points,
		Suggest: i.suggestDeals,
		Weight:  weight,
		Usual:   true, // with names of its own
		Targets: []intake.Target{
			{Name: "externalId", Columns: []string{"id", "opportunity id", "deal id", "编号", "商机编号", "项目编号", "单号",
				"opportunity number"}},
			{Name: "name", Columns: []string{"name", "opportunity", "opportunity name", "deal", "deal name", "商机", "商机名称", "项目",
				"项目名称", "机会名称"}},
			{Name: "account", Columns: []string{"account", "account name", "customer", "company", "client", "客户", "客户名称", "公司",
				"公司名称", "单位"}},
			{Name: "account.industry"},
			{Name: "account.region"},
			{Name: "account.class"},
			{Name: "owner", Columns: []string{"owner", "sales agent", "sales rep", "rep", "opportunity owner", "负责人", "销售", "销售员",
				"业务员", "跟进人", "所有人"}},
			{Name: "product", Columns: []string{"product", "product line", "product family", "产品", "产品线", "产品名称"}},
			{Name: "stage", Required: true, Columns: []string{"stage", "deal stage", "sales stage", "status", "state",
				"opportunity result", "result", "阶段", "销售阶段", "商机阶段", "状态"}},
			{Name: "amount", Amount: true, Columns: []string{"amount", "value", "close value", "deal value", "total amount", "price", "金额",
				"预计金额", "商机金额", "合同金额"}},
			{Name: "currency", Columns: []string{"currency", "币种", "total amount currency"}},
			{Name: "createdOn", Date: true, Columns: []string{"created", "created on", "created date", "create date", "deal date",
				"opportunity created date", "创建日期", "创建时间", "建立日期", "录入日期"}},
			{Name: "closedOn", Date: true, Columns: []string{"closed", "close date", "closed on", "成交日期", "成交或关闭日期", "关闭日期",
				"结束日期", "赢单日期"}},
			{Name: "signedOn", Date: true},
			{Name: "expectedOn", Date: true, Ahead: true, Columns: []string{"expected", "expected close", "expected close date", "预计成交",
				"预计成交日期", "预计签约", "预计签约日期"}},
			{Name: "confidence", Rate: true, Columns: []string{"probability", "confidence", "win rate", "赢率", "把握", "信心"}},
			{Name: "source", Columns: []string{"source", "lead source", "来源", "商机来源", "线索来源"}},
			{Name: "region", Columns: []string{"region", "area", "区域", "地区", "大区"}},
			{Name: "lossKind"},
			{Name: "lossReason", Columns: []string{"loss reason", "lost reason", "丢单原因", "输单原因", "失败原因"}},
			{Name: "competitor", Columns: []string{"competitor", "竞争对手", "对手"}},
			{Name: "entered.", Date: true}, // a stage's name
			{Name: "lastContactOn", Date: true},
			{Name: "custom."},
		},
	}
}

func (i Importer) events() intake.Kind {
	return intake.Kind{
		Name:    "events",
		After:   []string{record.Opportunity},
		Read:    func(t *intake.Table) error { return intake.PartOf[*Deals](t.Run).readEvents(t) },
		Points:  points,
		Suggest: i.suggestEvents,
		Weight:  weight,
		Targets: []intake.Target{
			{Name: "case", Required: true,
				Columns: []string{"case", "case id", "case:concept:name", "案例", "工单", "工单号", "商机编号"}},
			{Name: "activity", Required: true, Columns: []string{"activity", "concept:name", "event", "活动", "事件", "环节", "阶段"}},
			{Name: "time", Required: true, Date: true, Columns: []string{"time", "timestamp", "time:timestamp", "时间", "发生时间"}},
			{Name: "name"},
			{Name: "owner", Columns: []string{"resource", "org:resource", "负责人"}},
			{Name: "account"},
			{Name: "amount", Amount: true},
			{Name: "custom."},
		},
	}
}

// restore gives back what an import found of a deal.
func (i Importer) restore(ctx context.Context, tx database.Tx, a org.Actor, c intake.Change) (back, kept bool, err error) {
	r := opportunity.Restated{Left: c.Left(), BatchID: c.BatchID}
	if err := c.Stated(&r.Before, &r.After); err != nil {
		return false, false, err
	}
	return i.Opportunities.Unstate(ctx, tx, a, r)
}
