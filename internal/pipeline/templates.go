package pipeline

// Template is a pipeline that ships ready.
type Template struct {
	Key     string
	Version func(zh bool) Version
}

func pick(zh bool, c, e string) string {
	if zh {
		return c
	}
	return e
}

// Bid is the seven-stage bid pipeline: 机会, 入围, 方案制定, 报价, 方案确认,
// 商务确认, 中标. Rates and days are starting values that calibration replaces.
func Bid(zh bool) Version {
	t := func(c, e string) string { return pick(zh, c, e) }
	open := func(name string, phase Phase, rate, capBP, std, maxDays int, cat Category, buyer string, ms ...Milestone) Stage {
		return Stage{Name: name, Kind: Open, Phase: phase, SuccessBP: rate, ConfidenceCapBP: capBP, StandardDays: std, MaxDays: maxDays,
			NextStepDays: 5, BuyerStep: buyer, AllowReturn: true, Category: cat, Milestones: ms}
	}
	ms := func(key, name string, ev Evidence, required, accept bool) Milestone {
		return Milestone{Key: key, Name: name, Evidence: ev, Required: required, Acceptance: accept, OwnerRole: string("rep"), StandardDays: 5}
	}
	shortlisted := open(t("入围", "Shortlisted"), Early, 2000, 4000, 10, 30, InPipe, t("筛选供应商", "Screens suppliers"),
		ms("requirement", t("客户需求确认", "Requirement confirmed by the customer"), Text, true, false),
		ms("decision_maker", t("见到关键决策人", "Met the key decision maker"), Contact, true, false))
	shortlisted.Qualified = true
	return Version{Name: t("投标流程", "Bid"), Business: "project", Stages: []Stage{
		open(t("机会", "Opportunity"), Early, 1000, 3000, 10, 30, InPipe, t("提出需求", "Recognises a need"),
			ms("budget", t("预算与时间表", "Budget and timetable"), Text, true, false),
			ms("first_contact", t("首个联系人", "First contact"), Contact, false, false)),
		shortlisted,
		open(t("方案制定", "Solution design"), Middle, 3500, 6000, 15, 40, InPipe, t("评估方案", "Evaluates solutions"),
			ms("solution", t("技术方案", "Technical solution"), File, true, false),
			ms("survey", t("现场勘查日期", "Site survey date"), Date, false, false)),
		open(t("报价", "Quotation"), Middle, 5000, 7500, 10, 30, BestCase, t("比价", "Compares prices"),
			ms("quotation", t("报价单已送达", "Quotation delivered"), File, true, false),
			ms("response", t("客户对报价的书面回应", "Written response to the quotation"), Text, true, false)),
		open(t("方案确认", "Solution confirmed"), Late, 7000, 8500, 8, 25, BestCase, t("选定方案", "Selects a solution"),
			ms("agreement", t("技术协议", "Technical agreement"), File, true, true)),
		open(t("商务确认", "Terms agreed"), Late, 8500, 9500, 8, 25, Commit, t("商务谈判", "Negotiates terms"),
			ms("terms", t("商务条款确认", "Terms confirmed"), Text, true, true)),
		{Name: t("中标", "Bid won"), Kind: Won, Phase: Late, SuccessBP: 10000, ConfidenceCapBP: 10000, Category: Closed},
		{Name: t("丢单", "Lost"), Kind: Lost, Phase: Late, Category: Omitted},
	}}
}

// Distributor is the shorter pipeline of signing up a distributor or outlet.
func Distributor(zh bool) Version {
	t := func(c, e string) string { return pick(zh, c, e) }
	open := func(name string, phase Phase, rate, capBP, std, maxDays int, cat Category, ms ...Milestone) Stage {
		return Stage{Name: name, Kind: Open, Phase: phase, SuccessBP: rate, ConfidenceCapBP: capBP, StandardDays: std, MaxDays: maxDays,
			NextStepDays: 3, AllowReturn: true, Category: cat, Milestones: ms}
	}
	visit := open(t("首次拜访", "First visit"), Early, 2500, 5000, 5, 15, InPipe,
		Milestone{Key: "visit", Name: t("拜访结果", "Result of the visit"), Evidence: Text, Required: true, OwnerRole: "rep", StandardDays: 3})
	visit.Qualified = true
	sample := open(t("样品试用", "Trial"), Middle, 4500, 7000, 8, 20, InPipe)
	sample.AllowSkip = true
	return Version{Name: t("分销流程", "Distributor"), Business: "distributor", Stages: []Stage{
		open(t("线索", "Lead"), Early, 1000, 3000, 5, 15, InPipe),
		visit, sample,
		open(t("条件洽谈", "Terms"), Late, 7000, 9000, 5, 15, BestCase,
			Milestone{Key: "terms", Name: t("合作条件", "Terms"), Evidence: Text, Required: true, OwnerRole: "rep", StandardDays: 3}),
		{Name: t("首单", "First order"), Kind: Won, Phase: Late, SuccessBP: 10000, ConfidenceCapBP: 10000, Category: Closed},
		{Name: t("丢单", "Lost"), Kind: Lost, Phase: Late, Category: Omitted},
	}}
}
