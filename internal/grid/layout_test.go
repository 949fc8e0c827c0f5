package grid_test

import (
	"strings"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/grid/gridtest"

	"github.com/google/go-cmp/cmp"
)

// found is where a table was found: its header, where its rows stand, and what is none of them.
type found struct {
	header string
	lines  []int
	aside  []string
	unit   string
}

var tables = []struct {
	name, text string
	merged     []string
	want       found
	csv        bool // without merged places it is the same
}{
	{"plain", "商机|客户|金额\n一期|华信|100\n二期|明德|200", nil, found{"商机|客户|金额", []int{2, 3}, nil, ""}, true},
	{"title, unit and sums", "2026年商机台账|||\n单位:万元|||\n商机名称|客户|阶段|预计金额\n一期|华信|线索|100\n二期|明德|报价|200\n小计|||300\n三期|丙|线索|50\n四期|丁|线索|60\n小计|||110\n合计|||410",
		[]string{"A1:D1"}, found{"商机名称|客户|阶段|预计金额", []int{4, 5, 7, 8}, []string{"1 title", "2 title", "6 sum", "9 sum", "10 sum"}, "万元"}, true},
	{"title with its unit beside it", "2026年台账|||单位:元\n商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200", []string{"A1:C1"},
		found{"商机|客户|阶段|金额", []int{3, 4}, []string{"1 title"}, "元"}, true},
	{"who made it, above", "商机台账|||\n部门:销售一部||制表人:张三|\n商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200", nil,
		found{"商机|客户|阶段|金额", []int{4, 5}, []string{"1 title", "2 title"}, ""}, true},
	{"empty lines and columns before", "||||\n|台账|||\n||||\n||商机|客户|金额\n||一期|华信|100\n||||\n||二期|明德|200", nil,
		found{"||商机|客户|金额", []int{5, 7}, []string{"2 title"}, ""}, false},
	{"a header of two lines", "客户|合同||回款||负责人\n|编号|金额|日期|金额|\n华信|H1|100|2026-03-01|50|张三\n明德|H2|200|2026-03-02|60|李四",
		[]string{"A1:A2", "B1:C1", "D1:E1", "F1:F2"}, found{"客户|合同 编号|合同 金额|回款 日期|回款 金额|负责人", []int{3, 4}, nil, ""}, true},
	{"a title over a header of two lines", "合同台账|||||\n客户|合同||回款||负责人\n|编号|金额|日期|金额|\n华信|H1|100|2026-03-01|50|张三\n明德|H2|200|2026-03-02|60|李四\n合计||300||110|",
		[]string{"A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"}, found{"客户|合同 编号|合同 金额|回款 日期|回款 金额|负责人", []int{4, 5}, []string{"1 title", "6 sum"}, ""}, true},
	{"a line of units under the header", "客户|金额|赢率\n|(万元)|%\n华信|100|20\n明德|200|30", nil, found{"客户|金额 (万元)|赢率 %", []int{3, 4}, nil, ""}, true},
	{"a name of two lines", `商机|预计金额\n(万元)|客户` + "\n一期|100|华信\n二期|200|明德", nil, found{"商机|预计金额\n(万元)|客户", []int{2, 3}, nil, ""}, false},
	{"notes below", "商机|客户|金额\n一期|华信|100\n二期|明德|200\n||\n备注:金额含税||\n制表人:张三|审核:李四|", nil,
		found{"商机|客户|金额", []int{2, 3}, []string{"5 note", "6 note"}, ""}, false},
	{"a sentence below", "商机|客户|金额\n一期|华信|100\n二期|明德|200\n以上金额均为含税价,以合同为准。||", nil, found{"商机|客户|金额", []int{2, 3}, []string{"4 note"}, ""}, true},
	{"a row somebody has begun", "商机|客户|金额\n一期|华信|100\n三期||\n二期|明德|200\n四期||", nil, found{"商机|客户|金额", []int{2, 3, 4, 5}, nil, ""}, true},
	{"sections", "商机|客户|金额\n华东区||\n一期|华信|100\n二期|明德|200\n华南区||\n三期|丙|300", []string{"A2:C2", "A5:C5"},
		found{"商机|客户|金额", []int{3, 4, 6}, []string{"2 section", "5 section"}, ""}, false},
	{"a header on every page", "商机|客户|金额\n一期|华信|100\n商机|客户|金额\n二期|明德|200", nil, found{"商机|客户|金额", []int{2, 4}, []string{"3 header"}, ""}, true},
	{"English sums", "deal|owner|amount\na|Ann|100\nb|Bob|200\nSubtotal||300\nc|Ann|5\nGrand Total||305\nTotal: 3||305", nil,
		found{"deal|owner|amount", []int{2, 3, 5}, []string{"4 sum", "6 sum", "7 sum"}, ""}, true},
	{"sums of a pivot", "区域|负责人|商机|金额\n华东|张三|一期|100\n华东|李四|二期|200\n华东 汇总|||300\n华南|王五|三期|50\n华南|小计||50\n总计|||350", nil,
		found{"区域|负责人|商机|金额", []int{2, 3, 5}, []string{"4 sum", "6 sum", "7 sum"}, ""}, true},
	{"a sum without a word", "商机|客户|金额|成本\n一期|华信|100|40\n二期|明德|200.5|60\n||300.5|100\n三期|丙|7|1\n四期|丁|8|1\n||15|2", nil,
		found{"商机|客户|金额|成本", []int{2, 3, 5, 6}, []string{"4 sum", "7 sum"}, ""}, true},
	{"a customer called so", "编号|客户|商机|金额\nK1|合计科技有限公司|一期|100\nK2|总计|二期|200\nK3|Total|三期|300\nK4|小计(上海)贸易|四期|5", nil,
		found{"编号|客户|商机|金额", []int{2, 3, 4, 5}, nil, ""}, true},
	{"a deal called so", "id|name|stage|account|amount\n1|一期|Lead|甲|100\n2|总计|Lead|乙|200\n3|Total|Won|丙|300", nil, found{"id|name|stage|account|amount", []int{2, 3, 4}, nil, ""}, true},
	{"a deal called so by its name and stage", "name|stage|account|amount\n一期|Lead|甲|100\n总计|Lead|乙|200\n二期|Won|丙|300", nil,
		found{"name|stage|account|amount", []int{2, 3, 4}, nil, ""}, true},
	{"names that end so", "商机|客户|阶段|金额\n一期|华信|线索|100\n数据汇总||线索|200\n报表合计|明德||300\n总计||线索|5\n总计|华信|线索|7", nil,
		found{"商机|客户|阶段|金额", []int{2, 3, 4, 5, 6}, nil, ""}, true},
	{"customers called like notes", "name|city|owner|stage|amount\nSource Energy||Ann|Lead|5\nNotes Ltd|Rome||Won|6\nPrinted Circuits||Bob||7\n打印机租赁||Bob|Lead|8\n统计局项目|||Lead|9", nil,
		found{"name|city|owner|stage|amount", []int{2, 3, 4, 5, 6}, nil, ""}, true},
	{"notes of every kind", "商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200\n制表人:张三|审核:李四||日期:2026-03-01\nPrepared by Ann|||\n截至2026-03-31|||\nNote: net|||", nil,
		found{"商机|客户|阶段|金额", []int{2, 3}, []string{"4 note", "5 note", "6 note", "7 note"}, ""}, true},
	{"how many, beside the sum", "商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200\n合 计|共2单||300", nil, found{"商机|客户|阶段|金额", []int{2, 3}, []string{"4 sum"}, ""}, true},
	{"an amount that happens to be the sum", "商机|客户|金额\n一期|华信|100\n二期|明德|200\n三期|丙|300", nil, found{"商机|客户|金额", []int{2, 3, 4}, nil, ""}, true},
	{"columns of one name, and of none", "商机|金额|金额||客户\n一期|100|200|x|华信\n二期|300|400|y|明德", nil, found{"商机|金额|金额 (2)|D|客户", []int{2, 3}, nil, ""}, true},
	{"texts alone", "account|sector|country\nAcme|retail|US\nBeta|retail|DE\nCorp|medical|US", nil, found{"account|sector|country", []int{2, 3, 4}, nil, ""}, true},
	{"one column", "客户名称\n华信\n明德", nil, found{"客户名称", []int{2, 3}, nil, ""}, true},
	{"a header alone", "商机|客户|金额", nil, found{"商机|客户|金额", nil, nil, ""}, true},
	{"names with digits", "客户|2025年|2026年|Q1 金额\n华信|100|200|5\n明德|300|400|6", nil, found{"客户|2025年|2026年|Q1 金额", []int{2, 3}, nil, ""}, true},
	{"merged customers and their sums", "客户|商机|金额\n华信|一期|100\n|二期|200\n|小计|300\n明德|三期|50\n|四期|60\n|小计|110", []string{"A2:A4", "A5:A7"},
		found{"客户|商机|金额", []int{2, 3, 5, 6}, []string{"4 sum", "7 sum"}, ""}, false},
	{"running numbers", "序号|客户|商机|金额\n1|华信|一期|100\n2|明德|二期|200\n3|丙|三期|300\n合计|||600", nil, found{"序号|客户|商机|金额", []int{2, 3, 4}, []string{"5 sum"}, ""}, true},
	{"sections that are not merged", "商机|客户|金额\n一、华东区域||\n一期|华信|100\n二期|明德|200\n第二季度||\n三期|丙|300\n【重点】||\n四期|丁|300", nil,
		found{"商机|客户|金额", []int{3, 4, 6, 8}, []string{"2 section", "5 section", "7 section"}, ""}, true},
	{"who signs, below", "商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200\n部门负责人签字:||审核:|", nil, found{"商机|客户|阶段|金额", []int{2, 3}, []string{"4 note"}, ""}, true},
	{"lines that are drawn", "商机|客户|金额\n---|:---|---:\n一期|华信|100", nil, found{"商机|客户|金额", []int{3}, []string{"2 note"}, ""}, true},
	{"another table below", "商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200\n|||\n统计|||\n阶段|数量||\n线索|2||\n报价|0||", nil,
		found{"商机|客户|阶段|金额", []int{2, 3}, []string{"5 note", "6 note", "7 note", "8 note"}, ""}, true},
	{"no header", "一期|华信|线索|1200|2026-03-01\n二期|明德|报价|500.5|2026-03-02\n三期|丙|线索|7000|2026-03-03", nil,
		found{"A|B|C|D|E", []int{1, 2, 3}, nil, ""}, true},
	{"no header, of a log", "c1|建立|2026-03-01 10:00\nc1|报价|2026-03-05 09:30\nc2|建立|2026-03-07 11:00", nil, found{"A|B|C", []int{1, 2, 3}, nil, ""}, true},
	{"no header, under a title", "2026年台账|||\n一期|华信|线索|1200\n二期|明德|报价|5000\n合计|||6200", []string{"A1:D1"},
		found{"A|B|C|D", []int{2, 3}, []string{"1 title", "4 sum"}, ""}, true},
	{"a header of years", "产品|2024|2025\n泵|100|200\n阀|300|400", nil, found{"产品|2024|2025", []int{2, 3}, nil, ""}, true},
	{"a header of years alone", "2024|2025|2026\n1000|2000|5000\n3000|4000|6000", nil, found{"2024|2025|2026", []int{2, 3}, nil, ""}, true},
	{"rows after an empty line", "商机|客户|阶段|金额\n一期|华信|线索|100\n二期|明德|线索|200\n|||\n三期|丙||\n四期|丁||5", nil, found{"商机|客户|阶段|金额", []int{2, 3, 5, 6}, nil, ""}, true},
	{"a long form with most cells empty", "编号|商机|客户|阶段|金额|行业|地区|来源|备注|负责人\n1|一期||线索||||||\n2|二期||线索||||||", nil,
		found{"编号|商机|客户|阶段|金额|行业|地区|来源|备注|负责人", []int{2, 3}, nil, ""}, true},
}

func check(t *testing.T, name string, want found, w whole, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if diff := cmp.Diff(want, found{w.Header, w.Lines, w.Asides, w.Layout.Unit}, cmp.AllowUnexported(found{})); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// TestTheTableIsFound as companies lay them out; of every row it is said what became of it.
func TestTheTableIsFound(t *testing.T) {
	for _, x := range tables {
		w, err := read(t, gridtest.Zip(t, gridtest.Table(x.text, x.merged...)), grid.Stated{})
		check(t, x.name, x.want, w, err)
		if x.csv {
			w, err = read(t, []byte(strings.ReplaceAll(x.text, "|", "\t")), grid.Stated{})
			check(t, x.name+", as text", x.want, w, err)
		}
	}
}

// TestNoRowIsSwallowed: rows that a quotation mark nobody closed takes into a cell are rows again where they
// fit, and told where not; a cell of several lines is none. Old line breaks are breaks.
func TestNoRowIsSwallowed(t *testing.T) {
	for text, want := range map[string]struct {
		said string
		rows string
	}{
		"a,b,c\n1,\"x,3\n4,y,6\n7,z,9\n":        {"quote_open 2 2", "1|x|3 4|y|6 7|z|9"},
		"a,b,c\n1,\"x,3\n4,\"y\",6\n7,z,9\n":    {"quote_open 2 2", "1|x|3 4|y|6 7|z|9"},
		"a,b,c\n1,2,\"x\n4,5,y\n7,8,\"z\"\n":    {"quote_open 2 3", "1|2|x 4|5|y 7|8|z"},
		"a,b,c\n1,2,\"x\n4,5,y\n7,8,z":          {"quote_open 2 3", "1|2|x 4|5|y 7|8|z"},
		"a,b,c\n1,\"x,3\n4,\"y\n5\",6\n7,z,9\n": {"row_in_cell 2 2", ""},
		"a,b,c\n1,\"x\ny, z\",3\n4,y,6\n":       {"", "1|x\ny, z|3 4|y|6"},
		"a,b,c\r1,2,3\r4,5,6\r":                 {"", "1|2|3 4|5|6"},
	} {
		w, err := read(t, []byte(text), grid.Stated{})
		if err != nil || strings.Join(w.Said, " ") != want.said || len(w.Header) == 0 || want.rows != "" && strings.Join(w.Rows, " ") != want.rows {
			t.Errorf("%q: %q %q %v", text, w.Rows, w.Said, err)
		}
	}
}

// TestWhereTheTableStandsCanBeSaid: the header by its line, and how many rows it has.
func TestWhereTheTableStandsCanBeSaid(t *testing.T) {
	text := "a|b\nc|d\n1|2\n3|4"
	raw := gridtest.Zip(t, gridtest.Table(text))
	for _, x := range []struct {
		stated grid.Stated
		header string
		rows   int
		code   string
	}{
		{grid.Stated{Header: 2}, "c|d", 2, ""}, {grid.Stated{Header: 1, HeaderRows: 2}, "a c|b d", 2, ""}, {grid.Stated{Header: 1, HeaderRows: 1}, "a|b", 3, ""},
		{grid.Stated{Header: 4}, "3|4", 0, ""}, {grid.Stated{Header: 5}, "", 0, "file.header_unknown"}, {grid.Stated{Header: 3, HeaderRows: 9}, "", 0, "file.header_unknown"},
		{grid.Stated{Sheet: "T"}, "", 0, "file.sheet_unknown"},
	} {
		w, err := read(t, raw, x.stated)
		if fault.CodeOf(err) != x.code || w.Header != x.header || len(w.Rows) != x.rows {
			t.Errorf("%+v: %q %q %v", x.stated, w.Header, w.Rows, err)
		}
	}
}

// TestWhatAMappingNamesLeads: a row that has the mapped columns is the header.
func TestWhatAMappingNamesLeads(t *testing.T) {
	text := "alpha,beta,gamma\nx1,x2,x3\n1,2,3\n4,5,6\n"
	known := map[string]bool{"x1": true, "x2": true, "x3": true}
	w, err := read(t, []byte(text), grid.Stated{Known: func(s string) bool { return known[s] }})
	if err != nil || w.Header != "x1|x2|x3" || len(w.Rows) != 2 {
		t.Errorf("%q %q %v", w.Header, w.Rows, err)
	}
}
