package intake

import (
	"sort"
	"strings"

	"yunchou/internal/pipeline"
	"yunchou/internal/text"
)

// synonyms are the column names people use, by kind of file and target, matched on
// folded names.
var synonyms = map[string]map[string][]string{
	"opportunity": {
		"externalId": {"id", "opportunity id", "deal id", "编号", "商机编号", "项目编号", "单号", "opportunity number"},
		"name":       {"name", "opportunity", "opportunity name", "deal", "deal name", "商机", "商机名称", "项目", "项目名称", "机会名称"},
		"account":    {"account", "account name", "customer", "company", "client", "客户", "客户名称", "公司", "公司名称", "单位"},
		"owner":      {"owner", "sales agent", "sales rep", "rep", "opportunity owner", "负责人", "销售", "销售员", "业务员", "跟进人", "所有人"},
		"product":    {"product", "product line", "product family", "产品", "产品线", "产品名称"},
		"stage":      {"stage", "deal stage", "sales stage", "status", "state", "opportunity result", "result", "阶段", "销售阶段", "商机阶段", "状态"},
		"amount":     {"amount", "value", "close value", "deal value", "total amount", "price", "金额", "预计金额", "商机金额", "合同金额"},
		"currency":   {"currency", "币种", "total amount currency"},
		"createdOn":  {"created", "created on", "created date", "create date", "deal date", "opportunity created date", "创建日期", "创建时间", "建立日期", "录入日期"},
		"closedOn":   {"closed", "close date", "closed on", "成交日期", "成交或关闭日期", "关闭日期", "结束日期", "赢单日期"},
		"expectedOn": {"expected", "expected close", "expected close date", "预计成交", "预计成交日期", "预计签约", "预计签约日期"},
		"confidence": {"probability", "confidence", "win rate", "赢率", "把握", "信心"},
		"source":     {"source", "lead source", "来源", "商机来源", "线索来源"},
		"region":     {"region", "area", "区域", "地区", "大区"},
		"lossReason": {"loss reason", "lost reason", "丢单原因", "输单原因", "失败原因"},
		"competitor": {"competitor", "竞争对手", "对手"},
	},
	"account": {
		"externalId": {"id", "account id", "customer id", "编号", "客户编号"},
		"name":       {"account", "account name", "customer", "customer name", "company", "name", "客户", "客户名称", "公司名称", "单位名称"},
		"industry":   {"industry", "sector", "行业", "所属行业"},
		"region":     {"region", "office location", "country", "province", "区域", "地区", "省份", "所在地"},
		"class":      {"class", "tier", "segment", "等级", "级别", "客户级别", "客户等级"},
		"owner":      {"owner", "account owner", "sales rep", "负责人", "所有人", "业务员"},
		"parent":     {"parent", "parent account", "subsidiary of", "上级客户", "母公司", "集团", "所属集团"},
		"createdOn":  {"created", "created on", "created date", "创建日期", "创建时间"},
	},
	"product": {
		"name":      {"product", "product name", "product line", "产品", "产品名称", "产品线"},
		"series":    {"series", "family", "category", "系列", "类别"},
		"listPrice": {"sales price", "list price", "price", "单价", "目录价", "标价"},
	},
	"member": {
		"name":     {"sales agent", "sales rep", "rep", "employee", "name", "姓名", "销售", "销售员", "业务员", "员工"},
		"manager":  {"manager", "supervisor", "主管", "经理", "上级"},
		"team":     {"team", "department", "团队", "部门", "小组"},
		"region":   {"regional office", "region", "区域", "大区", "地区"},
		"email":    {"email", "e-mail", "邮箱"},
		"phone":    {"phone", "mobile", "电话", "手机"},
		"joinedOn": {"joined", "hire date", "入职日期"},
	},
	"contact": {
		"externalId": {"id", "contact id", "编号", "联系人编号"},
		"name":       {"contact", "contact name", "full name", "name", "联系人", "姓名", "联系人姓名"},
		"account":    {"account", "account name", "company", "customer", "客户", "客户名称", "公司", "单位"},
		"title":      {"title", "job title", "position", "职务", "职位"},
		"mobile":     {"mobile", "cell", "手机", "手机号"},
		"phone":      {"phone", "telephone", "电话", "座机"},
		"email":      {"email", "e-mail", "邮箱"},
		"wechat":     {"wechat", "微信"},
	},
	"events": {
		"case":     {"case", "case id", "case:concept:name", "案例", "工单", "工单号", "商机编号"},
		"activity": {"activity", "concept:name", "event", "活动", "事件", "环节", "阶段"},
		"time":     {"time", "timestamp", "time:timestamp", "时间", "发生时间"},
		"owner":    {"resource", "org:resource", "负责人"},
	},
}

// match finds the columns of a file of a kind, and tells how many it found; 0
// where one that is required is not there.
func match(kind string, header []string) (columns map[string]Cell, taken map[int]bool, found int) {
	columns, taken = map[string]Cell{}, map[int]bool{}
	wanted := make([]string, 0, len(synonyms[kind]))
	for target := range synonyms[kind] {
		wanted = append(wanted, target)
	}
	sort.Strings(wanted)
	for _, target := range wanted {
		if i := columnOf(synonyms[kind][target], header, taken); i >= 0 {
			columns[target], taken[i] = Cell{Column: strings.TrimSpace(header[i])}, true
		}
	}
	for _, target := range required[kind] {
		if _, ok := columns[target]; !ok {
			return columns, taken, 0
		}
	}
	return columns, taken, len(columns)
}

// columnOf returns the place of the first name that is a column, -1 for none.
func columnOf(names, header []string, taken map[int]bool) int {
	for _, n := range names {
		for i, h := range header {
			if key := headerKey(h); !taken[i] && (key == n || strings.ReplaceAll(key, "_", " ") == n) {
				return i
			}
		}
	}
	return -1
}

// Suggest guesses what a file holds and its mapping from the header, and from the
// values of the stage column; the first of the mapping's files is the guess, the
// others are what the file would be as another kind. Nothing is written by it.
func Suggest(name string, header []string, rows [][]string, versions []pipeline.Version) (m Mapping, other []FileSpec) {
	m = Mapping{Version: 1, Source: strings.TrimSuffix(strings.TrimSuffix(name, ".csv"), ".xlsx"), Empty: []string{"None", "NaT", "Select", "N/A", "-"}}
	best, most := 0, -1
	var specs []FileSpec
	// An event log or a pipeline file also has names and accounts: they are asked first.
	for _, kind := range []string{"events", "opportunity", "account", "contact", "member", "product"} {
		columns, taken, found := match(kind, header)
		f := FileSpec{Match: name, Kind: kind, Columns: columns}
		if kind == "opportunity" || kind == "events" {
			choosePipeline(&f, header, rows, versions, taken)
			if found > 0 {
				found += 100
			}
		}
		specs = append(specs, f)
		if found > most {
			best, most = len(specs)-1, found
		}
	}
	if most <= 0 {
		best = 1 // nothing fits: most likely a pipeline file with names of its own
	}
	m.Files = []FileSpec{specs[best]}
	return m, append(specs[:best:best], specs[best+1:]...)
}

// choosePipeline takes the pipeline most of whose stage names are in the file.
func choosePipeline(f *FileSpec, header []string, rows [][]string, versions []pipeline.Version, taken map[int]bool) {
	column := "stage"
	if f.Kind == "events" {
		column = "activity"
	}
	best, score := pipeline.Version{}, -1
	values := distinct(f.Columns[column].Column, header, rows)
	for _, v := range versions {
		hits := 0
		for _, text := range values {
			if _, ok := v.StageNamed(text); ok {
				hits++
			}
		}
		if hits > score {
			best, score = v, hits
		}
	}
	if best.Name == "" {
		return
	}
	f.Pipeline = best.Name
	if f.Kind == "opportunity" {
		stageColumns(f, best, header, taken)
	}
	if c, ok := f.Columns[column]; ok {
		c.Values = stageValues(values, best)
		f.Columns[column] = c
	}
}

// stageColumns finds a date column for each open stage by its name.
func stageColumns(f *FileSpec, v pipeline.Version, header []string, taken map[int]bool) {
	for _, st := range v.Stages {
		if st.Kind != pipeline.Open {
			continue
		}
		for i, h := range header {
			key := headerKey(h)
			name := headerKey(st.Name)
			if !taken[i] && strings.HasPrefix(key, name) && key != name && (strings.Contains(key, "date") || strings.Contains(key, "日期") || strings.Contains(key, "时间") || strings.HasSuffix(key, " on")) {
				f.Columns["entered."+st.Name], taken[i] = Cell{Column: strings.TrimSpace(h)}, true
				break
			}
		}
	}
}

var wonWords = []string{"won", "closed won", "赢单", "中标", "成交", "已签约", "签约", "成功"}
var lostWords = []string{"lost", "loss", "closed lost", "丢单", "输单", "失败", "未中标", "流失"}

// stageValues translates the stage names a file uses, where they are not the
// pipeline's own.
func stageValues(values []string, v pipeline.Version) map[string]string {
	out := map[string]string{}
	for _, text := range values {
		if _, ok := v.StageNamed(text); ok {
			continue
		}
		key := headerKey(text)
		for _, w := range wonWords {
			if key == w {
				out[text] = v.OfKind(pipeline.Won).Name
			}
		}
		for _, w := range lostWords {
			if key == w {
				out[text] = v.OfKind(pipeline.Lost).Name
			}
		}
	}
	return out
}

func distinct(column string, header []string, rows [][]string) []string {
	seen := map[string]bool{}
	var out []string
	for i, h := range header {
		if column == "" || headerKey(h) != headerKey(column) {
			continue
		}
		for _, r := range rows {
			if i < len(r) {
				if text := text.Fold(r[i]); text != "" && !seen[text] {
					seen[text] = true
					out = append(out, text)
				}
			}
		}
	}
	return out
}
