package grid_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/grid/gridtest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// whole is a file as it was read: its header and rows, each "|" between cells, and what was said.
type whole struct {
	*grid.Table
	file   *grid.File
	Header string
	Rows   []string
	Lines  []int
	Said   []string // notes: code, line, column
	Asides []string // line and why
}

func readFile(t *testing.T, path string, s grid.Stated) (w whole, err error) {
	t.Helper()
	f, err := grid.Open(t.Context(), path, s, grid.Usual)
	if err != nil {
		return w, err
	}
	defer f.Close()
	x, err := f.Table(s)
	if err != nil {
		return w, err
	}
	defer x.Close()
	w = whole{Table: x, file: f, Header: strings.Join(x.Header, "|")}
	for {
		r, err := x.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return w, err
		}
		w.Rows, w.Lines = append(w.Rows, strings.Join(r.Cells, "|")), append(w.Lines, r.Line)
		for _, n := range r.Notes {
			w.Said = append(w.Said, fmt.Sprint(n.Code, " ", n.Line, " ", n.Column))
		}
	}
	for _, a := range x.Aside {
		w.Asides = append(w.Asides, fmt.Sprint(a.Line, " ", a.Why))
	}
	return w, nil
}

func read(t *testing.T, raw []byte, s grid.Stated) (whole, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, path, s)
}

// TestSmallFilesThatFailed: each stands for a kind of file that was read wrongly.
func TestSmallFilesThatFailed(t *testing.T) {
	for name, want := range map[string]struct {
		header string
		rows   []string
		said   []string
		aside  []string
	}{
		"01-eu-amounts.csv": {"id|name|stage|amount", []string{"1|EU-1|Lead|512,77", "2|EU-2|Lead|1.234,56", "3|EU-3|Lead|19.234,56",
			"4|EU-4|Lead|1.234.567,00", "5|EU-5|Lead|1 234,50", "6|EU-6|Lead|10,5"}, nil, nil},
		"04-windows-1252.csv":  {"id|name|stage|amount", []string{"1|CP Müller GmbH|Lead|100", "2|CP Jäger KG|Lead|200", "3|CP Nuñez SA|Lead|300"}, nil, nil},
		"05-date1904.xlsx":     {"id|name|stage|created", []string{"1|D1904-1|Lead|2026-03-15"}, nil, nil},
		"08-title-row.xlsx":    {"商机名称|客户名称|阶段|金额", []string{"甲项目|标题公司|Lead|100"}, nil, []string{"1 title", "4 sum"}},
		"09-merged-cells.xlsx": {"商机编号|商机名称|客户名称|阶段|金额", []string{"m1|MG-甲一|合并客户甲|Lead|100", "m2|MG-甲二|合并客户甲|Lead|200", "m3|MG-甲三|合并客户甲|Lead|300"}, []string{"merged_filled 3 3", "merged_filled 4 3"}, nil},
		"10-second-sheet.xlsx": {"id|name|stage|amount", []string{"s1|SH-1|Lead|5"}, nil, nil},
		"11-unquoted-thousands.csv": {"id|name|stage|amount|note", []string{"1|RG-1|Lead|1|234|ok", "2|RG-2|Lead|500", `3|RG-3 "quoted", x|Lead|7|n`},
			[]string{"row_longer 2 6"}, nil},
	} {
		w, err := readFile(t, filepath.Join("testdata", name), grid.Stated{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff([]any{want.header, want.rows, want.said, want.aside}, []any{w.Header, w.Rows, w.Said, w.Asides}); diff != "" {
			t.Error(name, diff)
		}
	}
}

// TestEncodingsAreToldApart: by what somebody would write, however short.
func TestEncodingsAreToldApart(t *testing.T) {
	const (
		chinese = "商机编号,客户名称,负责人\n1,北京华信科技有限公司,张伟\n2,上海明德医院,王芳\n"
		short   = "编号,客户\n1,甲公司\n"
		taiwan  = "商機編號,客戶名稱,負責人\n1,臺北資訊股份有限公司,陳怡君\n2,高雄貿易公司,林志明\n"
		western = "id;name;city\n1;Müller GmbH;Köln\n2;Société Générale;Paris\n3;Peña y Nuñez;A Coruña\n4;Øst A/S;Århus\n5;plain;€ 300\n"
		nippon  = "番号,会社名,担当者\n1,株式会社アルファ,田中さくら\n2,ベータ工業,鈴木いちろう\n"
	)
	wide := func(order unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding {
		return unicode.UTF16(order, mark)
	}
	for _, x := range []struct {
		name  string
		text  string
		codec encoding.Encoding
		want  string
	}{
		{"UTF-8", chinese, encoding.Nop, grid.UTF8},
		{"UTF-8 with a mark", "\ufeff" + chinese, encoding.Nop, grid.UTF8BOM},
		{"one long line", "名称,客户\n" + strings.Repeat("长", 100_000) + ",1\n", encoding.Nop, grid.UTF8},
		{"ASCII", "a,b\n1,2\n", encoding.Nop, grid.UTF8},
		{"UTF-16 with a mark", chinese, wide(unicode.LittleEndian, unicode.UseBOM), grid.UTF16},
		{"UTF-16 with the other", chinese, wide(unicode.BigEndian, unicode.UseBOM), grid.UTF16},
		{"UTF-16 without", chinese, wide(unicode.LittleEndian, unicode.IgnoreBOM), grid.UTF16LE},
		{"UTF-16 the other way", chinese, wide(unicode.BigEndian, unicode.IgnoreBOM), grid.UTF16BE},
		{"GB", chinese, simplifiedchinese.GB18030, grid.GB18030},
		{"little GB", short, simplifiedchinese.GBK, grid.GB18030},
		{"rare GB", "名称,x\n𠮷野家,1\n客户,2\n", simplifiedchinese.GB18030, grid.GB18030},
		{"GB after much ASCII", "a,b,c\n" + strings.Repeat("1,2,3\n", 60_000) + chinese, simplifiedchinese.GB18030, grid.GB18030},
		{"Big5", taiwan, traditionalchinese.Big5, grid.Big5},
		{"Western", western, charmap.Windows1252, grid.Windows1252},
		{"one Western letter", "id,name\n1,Café\n", charmap.Windows1252, grid.Windows1252},
		{"capitals", "ID,NAME\n1,MÜLLER\n2,ÄRZTEKAMMER\n", charmap.Windows1252, grid.Windows1252},
		{"Japanese", nippon, japanese.ShiftJIS, grid.ShiftJIS},
	} {
		raw, err := x.codec.NewEncoder().Bytes([]byte(x.text))
		if err != nil {
			t.Fatal(x.name, err)
		}
		w, err := read(t, raw, grid.Stated{})
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(x.text, "\ufeff")), "\n")
		got := append([]string{w.Header}, w.Rows...)
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], w.file.Separator, "|")
		}
		if w.file.Encoding != x.want || !slices.Equal(got, lines) {
			t.Errorf("%s: %s, want %s: %.200q", x.name, w.file.Encoding, x.want, got)
		}
		if n := len(w.file.Candidates); n == 0 || w.file.Candidates[0].Encoding != x.want || len(w.file.Candidates[0].Lines) == 0 {
			t.Errorf("%s: candidates %v", x.name, w.file.Candidates)
		}
	}
}

// TestAnEncodingCanBeSaid: what a person says counts, and a name nobody knows is refused.
func TestAnEncodingCanBeSaid(t *testing.T) {
	raw := []byte("a,b\n\xd6\xd0,1\n")
	for name, want := range map[string]string{"gbk": "中|1", "GB2312": "中|1", "latin1": "ÖÐ|1", "big5": "笢|1"} {
		if w, err := read(t, raw, grid.Stated{Encoding: name}); err != nil || len(w.Rows) != 1 || w.Rows[0] != want {
			t.Errorf("%s: %q %v", name, w.Rows, err)
		}
	}
	if _, err := read(t, raw, grid.Stated{Encoding: "ebcdic"}); fault.CodeOf(err) != "file.encoding_unknown" {
		t.Error(err)
	}
}

// TestAFewBrokenBytesMakeNoOtherEncoding: they are named by their lines.
func TestAFewBrokenBytesMakeNoOtherEncoding(t *testing.T) {
	text := "名称,客户\n" + strings.Repeat("二期改造项目,北京华信科技有限公司\n", 30) + "坏\xff字,x\n" + strings.Repeat("三期,上海\n", 3)
	w, err := read(t, []byte(text), grid.Stated{})
	if err != nil || w.file.Encoding != grid.UTF8 || w.Rows[30] != "坏\ufffd字|x" || !slices.Equal(w.Said, []string{"broken_bytes 32 1"}) {
		t.Errorf("%v %v", w.Said, err)
	}
	raw, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(strings.ReplaceAll(text, "坏\xff字", "坏字")))
	if err != nil {
		t.Fatal(err)
	}
	bad := bytes.Replace(raw, []byte("\xbb\xb5\xd7\xd6"), []byte("\xbb\xb5\xff\xd7\xd6"), 1)
	w, err = read(t, bad, grid.Stated{})
	if err != nil || w.file.Encoding != grid.GB18030 || !slices.Equal(w.Said, []string{"broken_bytes 32 1"}) {
		t.Errorf("%v %v", w.Said, err)
	}
}

// TestSeparators: what most lines have as many of, a line that says it, and what a person says.
func TestSeparators(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\n1,2\n":                                ",",
		"a;b;c\n1,5;2,5;x, y, z\n1,0;2,0;x\n":       ";",
		"a\tb, c\n1\t2\n3\t4, 5\n":                  "\t",
		"a|b\n1|2\n":                                "|",
		"名称，金额\n甲，1\n乙，2\n":                         "，",
		"名称；金额\n甲；1\n乙；2\n":                         "；",
		"sep=;\na;b,c,d\n1;2,3,4\n":                 ";",
		"\"sep=|\"\na|b,c\n1|2,3\n":                 "|",
		"2026 list\na;b;c\n1,2;2;3\n1,2;2;3\n":      ";",
		"a,b\n\"x;y;z\",\"p;q;r\"\n\"s;t\",\"u\"\n": ",",
		"only\none\ncolumn\n":                       ",",
	} {
		if w, err := read(t, []byte(text), grid.Stated{}); err != nil || w.file.Separator != want || len(w.Rows) == 0 {
			t.Errorf("%q: %q, want %q (%v %v)", text, w.file.Separator, want, w.Rows, err)
		}
	}
	if w, err := read(t, []byte("a,b;c\n1,2;3\n"), grid.Stated{Separator: ";"}); err != nil || w.Header != "a,b|c" {
		t.Errorf("%q %v", w.Header, err)
	}
	if _, err := read(t, []byte("a,b\n"), grid.Stated{Separator: "\""}); fault.CodeOf(err) != "file.separator_unknown" {
		t.Error(err)
	}
	if w, err := read(t, []byte("sep=;\r\na;b\r\n1;2\r\n\"3"), grid.Stated{}); err != nil || !slices.Equal(w.Lines, []int{3, 4}) {
		t.Errorf("lines %v, %v", w.Lines, err)
	}
}

// TestNumberFormatsAreReadForTheirMeaning: what a cell's reader sees, in one form for programs.
func TestNumberFormatsAreReadForTheirMeaning(t *testing.T) {
	for _, x := range []struct{ code, stored, want string }{
		{"General", "1234.5", "1234.5"}, {"General", "1.38E10", "13800000000"}, {"General", "13800138000", "13800138000"},
		{"General", "123456789012345678", "123456789012345678"}, {"General", "1E-3", "0.001"}, {"General", "0.1", "0.1"},
		{"General", "1234.5600000000001", "1234.56"}, {"General", "-0.30000000000000004", "-0.3"}, {"General", "0", "0"},
		{"General", "1E300", "1" + strings.Repeat("0", 300)}, {"General", "x", "x"},
		{"0", "1.38E+10", "13800000000"}, {"#,##0.00", "1234567.891", "1234567.891"}, {"0.00E+00", "12345", "12345"},
		{"yyyy-mm-dd", "46096", "2026-03-15"}, {"yyyy/m/d h:mm", "46096.604166666664", "2026-03-15 14:30:00"},
		{"[$-804]yyyy\"年\"m\"月\"d\"日\"", "46096", "2026-03-15"}, {"m/d/yy", "1", "1900-01-01"}, {"m/d/yy", "59", "1900-02-28"}, {"m/d/yy", "61", "1900-03-01"},
		{"yyyy-mm-dd", "2958465", "9999-12-31"}, {"yyyy-mm-dd", "2958466", "2958466"}, {"yyyy-mm-dd", "-1", "-1"},
		{"mmm-yy", "46082", "2026-03-01"}, {"[$-F800]dddd, mmmm dd, yyyy", "46096", "2026-03-15"},
		{"h:mm AM/PM", "0.60416666666666663", "14:30:00"}, {"上午/下午h\"时\"mm\"分\"", "0.60416666666666663", "14:30:00"}, {"h:mm", "46096.5", "2026-03-15 12:00:00"},
		{"[h]:mm", "1.5", "36:00:00"}, {"mm:ss", "0.5", "12:00:00"},
		{"0%", "0.125", "12.5%"}, {"0.00%", "1", "100%"}, {"0%", "0.07", "7%"}, {"0%", "1.1E-2", "1.1%"}, {"0%", "-0.5", "-50%"}, {"0%", "0", "0%"},
		{"00000", "42", "00042"}, {"00000", "123456", "123456"}, {"000-0000", "21234", "002-1234"}, {"\"C\"0000", "7", "C0007"}, {"000000000000000000", "110101199001011", "000110101199001011"},
		{"[$€-407]#,##0.00", "1234.5", "€1234.5"}, {"#,##0.00\\ [$€-407]", "1234.5", "€1234.5"}, {"[$¥-804]#,##0", "99", "¥99"}, {"[$¥-411]#,##0", "99", "JPY 99"},
		{"\"¥\"#,##0.00;[Red]\\-\"¥\"#,##0.00", "-5", "-¥5"}, {"_ \"¥\"* #,##0.00_ ;_ \"¥\"* \\-#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ", "12.5", "¥12.5"},
		{"$#,##0", "1000", "$1000"}, {"\\$#,##0", "1000", "$1000"}, {"[$USD] #,##0", "1000", "USD 1000"}, {"[$$-1009]#,##0", "3", "CAD 3"}, {"#,##0\"元\"", "1000", "1000元"},
		{"0.00\"万元\"", "12.5", "12.5万元"}, {"0!.0,\"万\"", "123456", "123456"}, {"#,##0,\"K\"", "123456", "123456"}, {"0\"天\"", "30", "30"},
		{"@", "00042", "00042"}, {"# ?/?", "0.5", "0.5"}, {"", "7", "7"}, {"[Blue]0.0", "7.25", "7.25"}, {"General\" km\"", "5", "5"},
	} {
		styles := fmt.Sprintf(`<styleSheet><numFmts><numFmt numFmtId="170" formatCode="%s"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
			strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;").Replace(x.code))
		raw := gridtest.Zip(t, gridtest.Styled(`<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="2"><c r="A2" s="1"><v>`+x.stored+`</v></c></row>`, styles))
		if w, err := read(t, raw, grid.Stated{}); err != nil || len(w.Rows) != 1 || w.Rows[0] != x.want {
			t.Errorf("%s of %s: %q, want %q (%v)", x.code, x.stored, w.Rows, x.want, err)
		}
	}
}

// TestCellsOfEveryType: as the standard has them, and as programs write them.
func TestCellsOfEveryType(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>` +
		`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="b"><v>1</v></c></row>` +
		`<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="e"><v>#N/A</v></c></row>` +
		`<row r="4"><c r="A4" t="str"><f>A1&amp;B1</f><v>a&amp;b</v></c><c r="B4" t="d"><v>2026-03-15T00:00:00</v></c></row>` +
		`<row r="5"><c r="A5" t="inlineStr"><is><r><t>x</t></r><r><t xml:space="preserve"> y</t></r><rPh><t>no</t></rPh></is></c><c r="B5"><f>1+1</f><v>2</v></c></row>` +
		`<row><c><v>1</v></c><c t="d"><v>2026-03-15T14:30:00</v></c></row>`
	parts := gridtest.And(gridtest.Plain(rows), "xl/sharedStrings.xml", `<sst><si><t>一_x000D_二</t></si><si><r><t>金</t></r><r><t>额</t></r><phoneticPr/></si></sst>`)
	w, err := read(t, gridtest.Zip(t, parts), grid.Stated{})
	want := []string{"一\r二|TRUE", "金额", "a&b|2026-03-15", "x y|2", "1|2026-03-15 14:30:00"}
	if diff := cmp.Diff(want, w.Rows); diff != "" || err != nil || !slices.Equal(w.Said, []string{"cell_error 3 2"}) {
		t.Error(diff, w.Said, err)
	}
}

// TestWhatIsNoTableIsNamed, with the way out.
func TestWhatIsNoTableIsNamed(t *testing.T) {
	ole := func(stream string) []byte {
		return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 5000)), []byte(strings.Join(strings.Split(stream, ""), "\x00")+"\x00")...)
	}
	zip := func(name string) []byte { return gridtest.Zip(t, map[string]string{name: "x"}) }
	for name, x := range map[string]struct {
		raw        []byte
		code, kind string
	}{
		"xls":       {ole("Workbook"), "file.old_excel", ""},
		"encrypted": {ole("EncryptedPackage"), "file.encrypted", ""},
		"word":      {ole("WordDocument"), "file.not_table", "Word, WPS"},
		"docx":      {zip("word/document.xml"), "file.not_table", "Word"},
		"ods":       {zip("content.xml"), "file.not_table", "OpenDocument (.ods)"},
		"numbers":   {zip("Index/Document.iwa"), "file.not_table", "Numbers"},
		"xlsb":      {zip("xl/workbook.bin"), "file.not_table", "Excel (.xlsb)"},
		"a zip":     {zip("deals.csv"), "file.not_table", "ZIP"},
		"a program": {[]byte("MZ\x90\x00\x03\x00\x00\x00"), "file.not_table", "program"},
		"json":      {[]byte("[\n {\"name\": \"a\"}\n]"), "file.not_table", "JSON"},
		"sql":       {[]byte("INSERT INTO deals VALUES (1, 'a');\n"), "file.not_table", "SQL"},
		"pdf":       {[]byte("%PDF-1.7\n"), "file.not_table", "PDF"},
		"2003":      {[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`), "file.not_table", "Excel 2003 XML"},
		"a page":    {[]byte("<html><body><p>no table</p></body></html>"), "file.not_table", "HTML"},
		"a layout":  {[]byte("<html><table><tr><td><table><tr><td>x</td></tr></table></td></tr></table></html>"), "file.not_table", "HTML"},
	} {
		_, err := read(t, x.raw, grid.Stated{})
		f := fault.As(err)
		if f == nil || f.Code != x.code || x.kind != "" && f.Params["kind"] != x.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPagesUnderTheNameOfASpreadsheet: a table of HTML, and text with tabs.
func TestPagesUnderTheNameOfASpreadsheet(t *testing.T) {
	page := `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><table border=1>` +
		`<tr><th colspan=3>商机列表</th></tr><tr><th>客户</th><th>商机</th><th>金额</th></tr>` +
		`<tr><td rowspan=2>华信&amp;明德</td><td>一期<br>扩容</td><td>1,000</td></tr><tr><td>二期</td><td>&nbsp;</td></tr>` +
		`<tr><td>丙公司<td>三期<td>5</table></body></html>`
	raw, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	w, err := read(t, raw, grid.Stated{})
	if err != nil || w.file.Type != grid.HTML || w.Header != "客户|商机|金额" || w.Layout.Header != 2 ||
		!slices.Equal(w.Rows, []string{"华信&明德|一期 扩容|1,000", "华信&明德|二期|", "丙公司|三期|5"}) {
		t.Errorf("%s %q %+v %v", w.Header, w.Rows, w.Layout, err)
	}
	w, err = read(t, []byte("客户\t金额\n甲\t1\n乙\t2\n"), grid.Stated{})
	if err != nil || w.Header != "客户|金额" || len(w.Rows) != 2 {
		t.Errorf("%s %q %v", w.Header, w.Rows, err)
	}
}

// TestADateIsOfItsWorkbook: 1904 as a word and as a number, or not at all.
func TestADateIsOfItsWorkbook(t *testing.T) {
	for said, want := range map[string]string{`date1904="1"`: "2030-03-16", `date1904="true"`: "2030-03-16", `date1904="0"`: "2026-03-15", ``: "2026-03-15"} {
		parts := gridtest.Styled(`<row r="1"><c r="A1" t="inlineStr"><is><t>day</t></is></c></row><row r="2"><c r="A2" s="1"><v>46096</v></c></row>`,
			`<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`)
		parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "<sheets>", "<workbookPr "+said+"/><sheets>", 1)
		if w, err := read(t, gridtest.Zip(t, parts), grid.Stated{}); err != nil || !slices.Equal(w.Rows, []string{want}) {
			t.Errorf("%s: %v %v", said, w.Rows, err)
		}
	}
}

// TestManyTextsLieInAFile: what would fill the memory is read from there, the same.
func TestManyTextsLieInAFile(t *testing.T) {
	var texts, rows strings.Builder
	rows.WriteString(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`)
	long := strings.Repeat("长", 30_000)
	for n := range 700 {
		fmt.Fprintf(&texts, "<si><t>%d%s</t></si>", n, long)
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c></row>`, 699-n)
	}
	w, err := read(t, gridtest.Zip(t, gridtest.And(gridtest.Plain(rows.String()), "xl/sharedStrings.xml", "<sst>"+texts.String()+"</sst>")), grid.Stated{})
	if err != nil || len(w.Rows) != 700 {
		t.Fatal(len(w.Rows), err)
	}
	for n, r := range w.Rows {
		if r != fmt.Sprint(699-n, long) {
			t.Fatalf("%d: %.20s", n, r)
		}
	}
}

// TestWhatTheLibraryWritesIsRead, as far as a workbook has it.
func TestWhatTheLibraryWritesIsRead(t *testing.T) {
	w, err := read(t, gridtest.Written(t), grid.Stated{Header: 1, HeaderRows: 1})
	if err != nil || len(w.Rows) != 29 || w.Rows[0] != "商机 1|1000|2026-03-02|TRUE||1.5" {
		t.Errorf("%d %q %v", len(w.Rows), w.Rows[:1], err)
	}
	if !bytes.HasPrefix(gridtest.Written(t), []byte("PK")) {
		t.Error("no zip")
	}
}

// TestColumnsOfNothingAreNone: an export of a sheet whose columns somebody once marked has thousands of
// them.
func TestColumnsOfNothingAreNone(t *testing.T) {
	nothing := strings.Repeat(",", 16_000)
	w, err := read(t, []byte("a,b"+nothing+"\n1,2"+nothing+"\n"+nothing+"\n"), grid.Stated{})
	if err != nil || w.Header != "a|b" || len(w.Rows) != 1 {
		t.Errorf("%q %q %v", w.Header, w.Rows, err)
	}
	if _, err := read(t, []byte("a"+strings.Repeat(",a", 1001)+"\n"), grid.Stated{}); fault.CodeOf(err) != "file.too_wide" {
		t.Error(err)
	}
}
