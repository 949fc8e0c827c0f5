package pinyin_test

import (
	"testing"

	"yunchou/internal/pinyin"
)

func TestWhatWasTypedIsMarkedHoweverItWasTyped(t *testing.T) {
	for _, tt := range []struct{ query, name, want string }{
		{"华新", "上海华新机电", "华新"}, {"huaxin", "上海华新机电", "华新"}, {"huax", "上海华新机电", "华新"}, {"hxj", "上海华新机电", "华新机"},
		{"chongqing", "国网重庆电力", "重庆"}, {"shanxiao", "单晓", "单晓"}, {"ABB", "上海 abb 电气", "abb"}, {"dianqi", "ABB 电气", "电气"},
		{"cafe", "Café Zürich", "Café"}, {"zurich", "Café Zürich", "Zürich"}, {"zuerich", "Café Zürich", "Zürich"}, {"cz", "Café Zürich", "Café Z"},
		{"mueller", "Müller & Söhne", "Müller"}, {"strasse", "Lange Straße 5", "Straße"}, {"138", "陈露", ""}, {"xyz", "华新", ""}, {"新", "", ""},
		{"hxjd", "🚀华新机电", "华新机电"}, {"abc", "ＡＢＣ仪表", "ＡＢＣ"},
	} {
		m := pinyin.NewMatcher(tt.query)
		from, to := m.Mark(tt.name)
		if got := string([]rune(tt.name)[from:to]); got != tt.want {
			t.Errorf("%s in %s: %q is marked, want %q", tt.query, tt.name, got, tt.want)
		}
	}
}
