package opportunityimport

import (
	"yunchou/internal/intake"
	"yunchou/internal/opportunity/opportunitytable"
)

// What files of deals and logs may fill, with the names people and other systems give it, the
// likeliest first. 序号 and No. are no ids: the next edition counts anew. A column whose name is nearly one of them is found too, so none stands for each
// way to write it.
var dealTargets = intake.Titled([]intake.Target{
	{Name: "externalId", Holds: intake.OneEach, Columns: []string{"id", "opportunity id", "deal id", "record id", "编号", "商机编号", "项目编号",
		"单号", "商机id", "opportunity number", "deal number", "code", "编码", "合同编号"}},
	{Name: "name", Holds: intake.Words, Columns: []string{"opportunity name", "deal name", "商机名称", "项目名称", "opportunity", "deal", "商机", "项目", "name",
		"机会名称", "销售机会", "名称", "主题", "标题", "topic", "title", "subject", "project", "project name", "需求", "项目内容"}},
	{Name: "account", Holds: intake.Companies, Columns: []string{"account name", "account", "customer", "customer name", "客户名称", "客户", "company", "company name", "client",
		"客户全称", "客户单位", "公司名称", "公司", "单位", "单位名称", "甲方", "最终用户", "最终客户", "业主", "采购单位", "招标单位", "organization", "potential customer",
		"associated company", "buyer", "client name", "往来单位"}},
	{Name: "account.industry", Holds: intake.Words, Columns: []string{"industry", "sector", "行业", "客户行业", "所属行业", "account industry"}},
	{Name: "account.region", Holds: intake.Words, Columns: []string{"billing country", "客户地区", "客户区域", "客户省份", "account region", "customer country"}},
	{Name: "account.class", Holds: intake.Few, Columns: []string{"客户级别", "客户等级", "客户类别", "account type", "account class", "customer segment", "customer tier",
		"client category"}},
	{Name: "owner", Holds: intake.Persons, Columns: []string{"owner", "opportunity owner", "deal owner", "负责人", "销售", "sales rep", "sales agent", "rep", "销售员",
		"销售负责人", "业务员", "跟进人", "所有人", "销售代表", "销售人员", "销售经理", "客户经理", "业务经理", "责任人", "项目负责人", "对接销售", "归属人",
		"account executive", "salesperson", "sales person", "assigned to", "seller", "responsible", "owner name"}},
	{Name: "product", Holds: intake.Words, Columns: []string{"product", "product line", "product family", "产品", "产品线", "产品名称", "产品类型", "产品类别", "品类", "solution",
		"product name", "solution type", "product group", "需求产品", "意向产品", "方案"}},
	{Name: "stage", Required: true, Holds: intake.Few, Columns: []string{"stage", "deal stage", "sales stage", "阶段", "销售阶段", "商机阶段", "项目阶段", "当前阶段",
		"stage name", "opportunity stage", "pipeline stage", "进度", "项目进度", "项目进展", "进展阶段", "跟进阶段", "状态", "项目状态", "status", "deal status",
		"opportunity result", "result", "结果", "state", "phase", "step", "status code"}},
	{Name: "outcome", Holds: intake.Few}, // found beside the stage
	{Name: "amount", Amount: true, Columns: []string{"amount", "deal amount", "金额", "预计金额", "商机金额", "deal value", "value", "close value", "合同金额", "项目金额",
		"预计合同额", "合同额", "签约金额", "预计成交金额", "成交金额", "销售金额", "报价", "报价金额", "预算", "项目预算", "total amount", "opportunity amount", "price",
		"合同总额", "价税合计", "投资额", "est revenue", "estimated revenue", "expected revenue", "revenue", "contract value", "deal size", "deal cost", "total contract value", "tcv", "acv", "预计收入", "订单金额"}},
	{Name: "currency", Holds: intake.Codes, Columns: []string{"currency", "币种", "total amount currency", "货币", "amount currency", "deal currency", "currency code"}},
	{Name: "createdOn", Date: true, Columns: []string{"created date", "created on", "created", "create date", "创建日期", "创建时间", "建立日期", "录入日期",
		"登记日期", "立项日期", "立项时间", "deal date", "deal created", "created at", "created time", "creation date", "open date", "opened", "start date", "开始日期", "报备日期",
		"首次接触日期", "opportunity created date", "date created", "申报日期", "新增日期", "engage date", "单据日期"}},
	{Name: "closedOn", Date: true, Columns: []string{"close date", "closed date", "closed on", "closed", "成交日期", "关闭日期", "结束日期", "成交或关闭日期",
		"结单日期", "actual close date", "签单日期", "成交时间", "关单日期", "closing date", "date closed", "结果日期", "完成日期", "ended", "赢单日期",
		"won time", "won date"}},
	{Name: "signedOn", Date: true, Columns: []string{"signed on", "签约日期", "签约时间", "合同签订日期", "签订日期", "contract date", "signed date", "date signed"}},
	{Name: "expectedOn", Date: true, Ahead: true, Columns: []string{"expected close date", "expected close", "预计成交日期", "预计签约日期", "预计成交", "预计签约",
		"预计成交时间", "预计签单日期", "预计关闭日期", "est close date", "estimated close date", "expected", "预计落地时间", "计划签约时间", "预计签约时间", "预计签单时间", "forecast close date", "预计结单日期",
		"预计完成日期", "target close date", "预计下单时间"}},
	{Name: "confidence", Rate: true, Columns: []string{"probability", "confidence", "win rate", "赢率", "把握", "信心", "win probability", "可能性", "成功率", "赢单率", "成交概率",
		"把握度", "成单概率", "概率"}},
	{Name: "source", Holds: intake.Words, Columns: []string{"source", "lead source", "来源", "商机来源", "线索来源", "客户来源", "original source", "项目来源", "渠道", "channel", "route to market"}},
	{Name: "region", Holds: intake.Words, Columns: []string{"region", "区域", "地区", "大区", "area", "territory", "所属区域", "省份", "城市", "所在地区", "片区", "location", "country"}},
	{Name: "lossKind", Holds: intake.Few, Columns: []string{"丢单类别", "输单类型", "loss kind", "loss type"}},
	{Name: "lossReason", Holds: intake.Words, Columns: []string{"loss reason", "lost reason", "丢单原因", "输单原因", "失败原因", "closed lost reason", "未中标原因", "流失原因", "关闭原因", "失单原因", "close reason"}},
	{Name: "competitor", Holds: intake.Words, Columns: []string{"competitor", "竞争对手", "对手", "竞品", "竞争厂商", "main competitor", "competitors", "主要竞争对手", "竞争品牌"}},
	{Name: "entered.", Date: true}, // a stage's name
	{Name: "lastContactOn", Date: true, Columns: []string{"last contact", "last activity date", "最近联系", "最后跟进时间", "最近跟进日期", "最近跟进时间", "last contacted", "last activity",
		"上次联系日期", "最后联系时间"}},
	{Name: "custom."},
	{Name: "contract", Amount: true},
}, opportunitytable.Columns)

var eventTargets = intake.Titled([]intake.Target{
	{Name: "case", Required: true, Holds: intake.Repeated, Columns: []string{"case id", "case", "case:concept:name", "案例", "案例编号", "工单", "工单号", "商机编号", "项目编号",
		"单号", "deal id", "opportunity id", "record id", "流程编号", "实例编号", "id"}},
	{Name: "activity", Required: true, Holds: intake.Few, Columns: []string{"activity", "concept:name", "event", "活动", "事件", "环节", "阶段", "to stage", "new stage", "新阶段", "变更后阶段",
		"节点", "操作", "event name", "activity name", "stage", "步骤", "动作", "status"}},
	{Name: "time", Required: true, Date: true, Columns: []string{"timestamp", "time", "time:timestamp", "时间", "发生时间", "start timestamp", "complete timestamp", "event time", "开始时间", "日期",
		"变更时间", "操作时间", "date", "changed on", "change date", "处理时间", "event date", "完成时间", "last modified", "last modified date", "modified on", "edit date", "修改时间", "进入时间"}},
	{Name: "name", Columns: []string{"case name", "商机名称", "项目名称", "opportunity name", "deal name"}},
	{Name: "owner", Holds: intake.Persons, Columns: []string{"resource", "org:resource", "负责人", "处理人", "操作人", "owner", "user", "执行人", "经办人", "edited by",
		"changed by", "last modified by", "变更人", "修改人"}},
	{Name: "account", Holds: intake.Companies, Columns: []string{"customer", "account", "客户", "客户名称", "account name", "customer name"}},
	{Name: "amount", Amount: true, Columns: []string{"amount", "金额", "value", "商机金额", "deal value"}},
	{Name: "lossKind"},
	{Name: "lossReason", Columns: []string{"loss reason", "lost reason", "丢单原因", "输单原因"}},
	{Name: "competitor"},
	{Name: "region"},
	{Name: "custom."},
}, opportunitytable.Events)
