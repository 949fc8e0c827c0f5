package intake

import (
	"strings"

	"yunchou/internal/pinyin"
	"yunchou/internal/pipeline"
)

// synonyms are the column names people use, by target, matched on folded names.
var synonyms = map[string][]string{
	"externalId": {"id", "opportunity id", "opportunity_id", "deal id", "编号", "商机编号", "项目编号", "单号", "opportunity number"},
	"name":       {"name", "opportunity", "opportunity name", "opportunity_name", "deal", "deal name", "商机", "商机名称", "项目", "项目名称", "机会名称"},
	"account":    {"account", "account name", "account_name", "customer", "company", "client", "客户", "客户名称", "公司", "公司名称", "单位"},
	"owner":      {"owner", "sales agent", "sales_agent", "sales rep", "rep", "opportunity_owner", "负责人", "销售", "销售员", "业务员", "跟进人", "所有人"},
	"product":    {"product", "product line", "product_family", "产品", "产品线", "产品名称"},
	"stage":      {"stage", "deal stage", "deal_stage", "sales stage", "status", "state", "opportunity result", "result", "阶段", "销售阶段", "商机阶段", "状态"},
	"amount":     {"amount", "value", "close value", "close_value", "deal value", "total_amount", "price", "金额", "预计金额", "商机金额", "合同金额"},
	"currency":   {"currency", "币种", "total_amount_currency"},
	"createdOn":  {"created", "created on", "created date", "create date", "created_on", "deal date", "opportunity_created_date", "创建日期", "创建时间", "建立日期", "录入日期"},
	"closedOn":   {"closed", "close date", "close_date", "closed on", "closed_on", "成交日期", "关闭日期", "结束日期", "赢单日期"},
	"expectedOn": {"expected", "expected close", "expected close date", "预计成交日期", "预计签约", "预计签约日期"},
	"confidence": {"probability", "confidence", "win rate", "赢率", "把握", "信心"},
	"source":     {"source", "lead source", "来源", "商机来源", "线索来源"},
	"region":     {"region", "area", "区域", "地区", "大区"},
	"lossReason": {"loss reason", "lost reason", "丢单原因", "输单原因", "失败原因"},
	"competitor": {"competitor", "竞争对手", "对手"},
}

// Suggest guesses a mapping from the header, and from the values of the stage
// column. A guess is shown for a person to change; nothing is written by it.
func Suggest(name string, header []string, rows [][]string, versions []pipeline.Version) Mapping {
	f := FileSpec{Match: name, Kind: "opportunity", Columns: map[string]Cell{}}
	taken := map[int]bool{}
	for target, names := range synonyms {
		for _, n := range names {
			found := false
			for i, h := range header {
				if key := headerKey(h); !taken[i] && (key == n || strings.ReplaceAll(key, "_", " ") == n) {
					f.Columns[target], taken[i], found = Cell{Column: strings.TrimSpace(h)}, true, true
					break
				}
			}
			if found {
				break
			}
		}
	}
	m := Mapping{Version: 1, Source: strings.TrimSuffix(strings.TrimSuffix(name, ".csv"), ".xlsx"), Empty: []string{"None", "NaT", "Select", "N/A", "-"}}
	best, score := pipeline.Version{}, -1
	values := distinct(f.Columns["stage"].Column, header, rows)
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
	if best.Name != "" {
		f.Pipeline = best.Name
		stageColumns(&f, best, header, taken)
		if c, ok := f.Columns["stage"]; ok {
			c.Values = stageValues(values, best)
			f.Columns["stage"] = c
		}
	}
	m.Files = []FileSpec{f}
	return m
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
				if text := pinyin.Fold(r[i]); text != "" && !seen[text] {
					seen[text] = true
					out = append(out, text)
				}
			}
		}
	}
	return out
}
