package pipelineimport

import (
	"strings"
	"testing"

	"yunchou/internal/pipeline"
)

func TestAPipelineIsProposedFromAFilesStages(t *testing.T) {
	for _, tt := range []struct{ stages, want, values string }{
		{"方案报价 赢单 初步接触 输单 商务谈判 需求确认", "初步接触 需求确认 方案报价 商务谈判 赢单 输单", ""},
		{"报价 中标 已签约 线索 丢单 作废", "线索 报价 中标 丢单", "已签约=中标 作废=withdrawn"},
		{"线索 报价 中标 丢单 流标 流标 取消 已放弃", "线索 报价 中标 丢单", "流标=lost:tender_void 取消=lost:cancelled 已放弃=lost:we_withdrew"},
		{"线索 流标", "线索 赢单 输单", "流标=lost:tender_void"},
		{"3-谈判 1-线索 2-方案 赢单", "1-线索 2-方案 3-谈判 赢单 输单", ""},
		{"Negotiation/Review|Closed_Won|Prospecting|Proposal/Price_Quote|Qualification|Closed_Lost", "Prospecting|Qualification|Proposal/Price_Quote|Negotiation/Review|Closed_Won|Closed_Lost", ""},
		{"Won Lost", "", ""},
		{"谈判审核(80%) 初步接洽(10%) 赢单(100%) 输单(0%) 方案/报价(50%)", "初步接洽(10%) 方案/报价(50%) 谈判审核(80%) 赢单(100%) 输单(0%)", ""},
		{"80% 10% 100% 30%", "10% 30% 80% 100% Lost", ""},
		{"Qualification|Closed_Lost_to_Competition|Closed_Won|Closed_Lost", "Qualification|Closed_Won|Closed_Lost", "Closed_Lost_to_Competition=Closed_Lost"},
		{"提案 中标 验收 回款 输单-价格 输单", "提案 中标 输单", "验收=中标 回款=中标 输单-价格=输单"},
		{"初步接觸 提案報價 得標 失標", "初步接觸 提案報價 得標 失標", ""},
		{"交渉 提案 見積 初回訪問 受注 失注", "初回訪問 提案 見積 交渉 受注 失注", ""},

		{"甲 乙 丙", "甲 乙 丙 赢单 输单", ""},
		{"Angebot Erstkontakt Gewonnen Verhandlung Verloren", "Erstkontakt Angebot Verhandlung Gewonnen Verloren", ""},
	} {
		sep := " "
		if strings.Contains(tt.stages, "|") {
			sep = "|"
		}
		var list []Stated
		for _, s := range strings.Split(tt.stages, sep) {
			list = append(list, Stated{strings.ReplaceAll(s, "_", " "), 1})
		}
		spec, values := Propose("文件", list)
		var got []string
		if spec != nil {
			if err := versionOf(*spec).Check(); err != nil {
				t.Errorf("%s: %v", tt.stages, err)
			}
			for _, s := range spec.Stages {
				got = append(got, strings.ReplaceAll(s.Name, " ", "_"))
			}
		}
		if strings.Join(got, sep) != tt.want {
			t.Errorf("%s: %s; want %s", tt.stages, strings.Join(got, sep), tt.want)
		}
		for _, pair := range strings.Fields(tt.values) {
			from, to, _ := strings.Cut(pair, "=")
			if from = strings.ReplaceAll(from, "_", " "); strings.ReplaceAll(values[from], " ", "_") != to {
				t.Errorf("%s: %s is %q, want %s", tt.stages, from, values[from], to)
			}
		}
	}
	if KindOf("Closed Won") != string(pipeline.Won) || KindOf("5-赢单") != string(pipeline.Won) || KindOf("方案") != "" ||
		KindOf("中标公示") != "" || KindOf("赢率评估") != "" || KindOf("Lost contact") != "" || KindOf("已丢单:价格") != string(pipeline.Lost) {
		t.Error("what ends a deal is told from its name")
	}
}
