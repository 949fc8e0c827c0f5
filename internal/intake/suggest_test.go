package intake_test

import (
	"testing"

	"yunchou/internal/intake"
	"yunchou/internal/pipeline"
)

func TestSuggestKnowsWhatAFileHolds(t *testing.T) {
	bid := pipeline.Version{Name: "投标", Stages: []pipeline.Stage{{ID: "a", Name: "机会", Kind: pipeline.Open}, {ID: "b", Name: "报价", Kind: pipeline.Open}, {ID: "w", Name: "中标", Kind: pipeline.Won}, {ID: "l", Name: "丢单", Kind: pipeline.Lost}}}
	for _, c := range []struct {
		name   string
		header []string
		kind   string
		column map[string]string
	}{
		{"accounts.csv", []string{"account", "sector", "office_location", "subsidiary_of"}, "account", map[string]string{"name": "account", "industry": "sector", "parent": "subsidiary_of"}},
		{"products.csv", []string{"product", "series", "sales_price"}, "product", map[string]string{"listPrice": "sales_price"}},
		{"sales_teams.csv", []string{"sales_agent", "manager", "regional_office"}, "member", map[string]string{"name": "sales_agent", "manager": "manager"}},
		{"log.csv", []string{"case:concept:name", "concept:name", "time:timestamp"}, "events", map[string]string{"case": "case:concept:name"}},
		{"商机.xlsx", []string{"商机名称", "客户名称", "负责人", "销售阶段", "金额", "报价日期"}, "opportunity", map[string]string{"stage": "销售阶段", "entered.报价": "报价日期"}},
		{"联系人.xlsx", []string{"姓名", "单位", "职务", "手机"}, "contact", map[string]string{"account": "单位"}},
		{"what.csv", []string{"a", "b"}, "opportunity", nil},
	} {
		m, other := intake.Suggest(c.name, c.header, [][]string{{"", "", "", "机会"}}, []pipeline.Version{bid})
		got := m.Files[0]
		if got.Kind != c.kind || len(other) != 5 {
			t.Errorf("%s is taken for %s, %d others", c.name, got.Kind, len(other))
		}
		for target, column := range c.column {
			if got.Columns[target].Column != column {
				t.Errorf("%s: %s from %q, want %q", c.name, target, got.Columns[target].Column, column)
			}
		}
	}
}
