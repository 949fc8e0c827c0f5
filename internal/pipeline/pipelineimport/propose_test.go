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
		{"3-谈判 1-线索 2-方案 赢单", "1-线索 2-方案 3-谈判 赢单 输单", ""},
		{"Negotiation/Review|Closed_Won|Prospecting|Proposal/Price_Quote|Qualification|Closed_Lost", "Prospecting|Qualification|Proposal/Price_Quote|Negotiation/Review|Closed_Won|Closed_Lost", ""},
		{"Won Lost", "", ""},
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
			if values[from] != to {
				t.Errorf("%s: %s is %q, want %s", tt.stages, from, values[from], to)
			}
		}
	}
	if KindOf("Closed Won") != string(pipeline.Won) || KindOf("5-赢单") != string(pipeline.Won) || KindOf("方案") != "" {
		t.Error("what ends a deal is told from its name")
	}
}
