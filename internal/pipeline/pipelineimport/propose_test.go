package pipelineimport

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

func seen(texts ...string) (out []Seen) {
	for _, s := range texts {
		out = append(out, Seen{Text: s, Count: 1})
	}
	return out
}

// TestAPipelineIsMadeOfAFilesStages: in their order, with kinds, rates that do not fall, and what
// each text is in it.
func TestAPipelineIsMadeOfAFilesStages(t *testing.T) {
	for _, tt := range []struct {
		name   string
		in     []Seen
		want   string
		values map[string]string
		unsure string
	}{
		{"by usual words", seen("合同", "丢单", "初步接触", "商务谈判", "方案", "赢单", "报价", "线索"),
			"线索 10|初步接触 26|方案 42|报价 58|商务谈判 74|合同 90|赢单 won|丢单 lost", nil, ""},
		{"in English", seen("Closed Won", "Negotiation/Review", "Closed Lost", "Prospecting", "Qualification", "Proposal/Price Quote"),
			"Prospecting 10|Qualification 37|Proposal/Price Quote 63|Negotiation/Review 90|Closed Won won|Closed Lost lost", nil, ""},
		{"by number", seen("3-投标", "1-立项", "2-方案"), "1-立项 10|2-方案 50|3-投标 90|赢单 won|丢单 lost", nil, ""},
		{"by percentage", seen("谈判 80%", "接触 10%", "方案 40%"), "接触 10% 10|方案 40% 40|谈判 80% 80|赢单 won|丢单 lost", nil, ""},
		{"kinds of loss", seen("线索", "流标", "搁置", "失败", "输单", "无效", "重复", "中标", "成交"),
			"线索 10|中标 won|失败 lost", map[string]string{"流标": "lost:tender_void", "搁置": "lost:no_decision", "输单": "失败", "无效": "withdrawn",
				"重复": "withdrawn:duplicate", "成交": "中标"}, ""},
		{"what is not known stands where it appears", seen("线索", "内部讨论", "报价"), "线索 10|内部讨论 50|报价 90|赢单 won|丢单 lost", nil, "内部讨论"},
		{"one in two forms", seen("Lead", "ＬＥＡＤ", "lead"), "Lead 10|Won won|Lost lost", map[string]string{"ＬＥＡＤ": "Lead", "lead": "Lead"}, ""},
		{"by what came before what", []Seen{{Text: "B", Before: map[string]int64{"C": 9}}, {Text: "C", Before: map[string]int64{"B": 1}},
			{Text: "A", Before: map[string]int64{"B": 5, "C": 3}}}, "A 10|B 50|C 90|Won won|Lost lost", nil, ""},
	} {
		p, ok := Propose("流程", tt.in)
		if err := p.Checks(); !ok || err != nil {
			t.Errorf("%s: %v %v", tt.name, ok, err)
		}
		var got []string
		for _, s := range p.Pipeline.Stages {
			if s.Kind == "open" {
				got = append(got, fmt.Sprint(s.Name, " ", s.Success))
			} else {
				got = append(got, s.Name+" "+s.Kind)
			}
		}
		if tt.values == nil {
			tt.values = map[string]string{}
		}
		if strings.Join(got, "|") != tt.want || !maps.Equal(p.Values, tt.values) || strings.Join(p.Unsure, ",") != tt.unsure {
			t.Errorf("%s: %s\nwant %s\n%v, unsure %v", tt.name, strings.Join(got, "|"), tt.want, p.Values, p.Unsure)
		}
	}
	if _, ok := Propose("流程", seen("赢单", "丢单")); ok {
		t.Error("a pipeline without an open stage")
	}
}
