// Package gridtest makes workbooks: sound ones, and by mutation ones no program would write.
package gridtest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What a sheet's part begins and ends with.
const (
	Namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	Head      = `<worksheet xmlns="` + Namespace + `"><sheetData>`
	Tail      = `</sheetData></worksheet>`
)

// Plain is a workbook of one sheet, part by part.
func Plain(rows string) map[string]string {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	return map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="` + Namespace + `" xmlns:r="` + office + `"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   Head + rows + Tail,
	}
}

// Table is a workbook of one sheet: a line of text is a row, "|" stands between its cells, digits are
// numbers, and merged are places such as "A1:C1".
func Table(text string, merged ...string) map[string]string {
	var b strings.Builder
	for n, line := range strings.Split(text, "\n") {
		fmt.Fprintf(&b, `<row r="%d">`, n+1)
		for i, c := range strings.Split(line, "|") {
			switch at := fmt.Sprintf("%c%d", 'A'+i, n+1); {
			case c == "":
				fmt.Fprintf(&b, `<c r="%s"/>`, at)
			case numeral.MatchString(c):
				fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, at, c)
			default:
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, at, strings.NewReplacer("&", "&amp;", "<", "&lt;", `\n`, "\n").Replace(c))
			}
		}
		b.WriteString("</row>")
	}
	if len(merged) > 0 {
		b.WriteString("</sheetData><mergeCells>")
		for _, m := range merged {
			b.WriteString(`<mergeCell ref="` + m + `"/>`)
		}
		b.WriteString("</mergeCells><sheetData>")
	}
	return Plain(b.String())
}

var numeral = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Styled is a plain workbook with styles.
func Styled(rows, styles string) map[string]string {
	const relation = `<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`
	parts := And(Plain(rows), "xl/styles.xml", styles)
	return And(parts, "xl/_rels/workbook.xml.rels", strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Rel", relation+"</Rel", 1))
}

// And is a workbook with another part, or with one in place of its own.
func And(parts map[string]string, name, content string) map[string]string {
	parts = maps.Clone(parts)
	parts[name] = content
	return parts
}

// Zip packs a workbook.
func Zip(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tokens are what a mutation puts in.
var tokens = []string{"99999999999999", "1048577", "-1", "0", "1e9", "XFD1", "ZZZZZZ1", "", "<", ">", "</row>", "<row>", "<row r=\"",
	"<c r=\"A1\">", "</c>", "<is><t>", "&amp;", "&#0;", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
	"<!DOCTYPE a>", "\x00", "\xff\xfe", "t=\"s\"", "t=\"b\"", "t=\"d\"", "t=\"e\"", "<f t=\"shared\" si=\"0\">A1</f>", "xmlns:x=\"y\"",
	"xl/worksheets/sheet1.xml", "../", "<sheet name=\"T\" sheetId=\"2\"/>", "<mergeCell ref=\"A1:XFD1048576\"/>", strings.Repeat("x", 40_000)}

var attributes = regexp.MustCompile(`"[^"]*"|>[^<>]+<`)

// Sound are workbooks as programs write them.
func Sound(t testing.TB) []map[string]string {
	t.Helper()
	shared := And(Plain(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45000</v></c><c r="B2" t="b"><v>1</v></c></row>`),
		"xl/sharedStrings.xml", `<sst xmlns="`+Namespace+`" count="2" uniqueCount="2"><si><t>名称</t></si><si><r><t>金</t></r><r><t>额</t></r></si></sst>`)
	return []map[string]string{
		Plain(`<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>二期改造</t></is></c></row>`),
		shared,
		Styled(`<row r="1"><c r="A1" t="inlineStr"><is><t>日期</t></is></c><c r="B1" t="inlineStr"><is><t>比例</t></is></c></row><row r="2"><c r="A2" s="1"><v>45000.5</v></c><c r="B2" s="2"><v>0.125</v></c></row><row r="3"><c r="B3" s="3"><v>42</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells><sheetData>`,
			`<styleSheet xmlns="`+Namespace+`"><numFmts><numFmt numFmtId="170" formatCode="[$€-407]#,##0.00"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>`),
		Plain(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><v>x</v></c></row><row r="9"><c r="B9" t="e"><v>#N/A</v></c></row>`),
	}
}

// Written is what the library writes itself.
func Written(t testing.TB) []byte {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for n := range 30 {
		row := []any{fmt.Sprint("商机 ", n), n * 1000, "2026-03-02", true, nil, 1.5}
		if err := x.SetSheetRow("Sheet1", fmt.Sprint("A", n+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Mutated is a workbook that was sound: its texts changed before it was packed, or its
// bytes after.
func Mutated(t testing.TB, rng *rand.Rand) []byte {
	t.Helper()
	all := Sound(t)
	parts := all[rng.IntN(len(all))]
	names := []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
	for range 1 + rng.IntN(2) {
		name := names[rng.IntN(len(names))]
		parts = And(parts, name, changed(rng, parts[name]))
	}
	raw := Zip(t, parts)
	if rng.IntN(4) == 0 {
		raw = Written(t)
	}
	switch rng.IntN(12) {
	case 0:
		for range 1 + rng.IntN(8) {
			raw[rng.IntN(len(raw))] ^= byte(1 << rng.IntN(8))
		}
	case 1:
		raw = raw[:rng.IntN(len(raw))]
	case 2:
		at := rng.IntN(len(raw))
		raw = append(bytes.Clone(raw[:at]), raw[rng.IntN(len(raw)):]...)
	}
	return raw
}

func changed(rng *rand.Rand, text string) string {
	if rng.IntN(2) == 0 { // a value for another, so that it stays XML
		values := []string{"99999999999999", "1048577", "1048576", "-1", "0", "1e9", "XFD1", "ALL7", "s", "b", "d", "inlineStr", "", "rId9"}
		was := attributes.FindAllStringIndex(text, -1)
		if len(was) > 0 {
			at := was[rng.IntN(len(was))]
			return text[:at[0]+1] + values[rng.IntN(len(values))] + text[at[1]-1:]
		}
	}
	at := rng.IntN(len(text) + 1)
	to := at + rng.IntN(min(60, len(text)-at)+1)
	token := tokens[rng.IntN(len(tokens))]
	switch rng.IntN(5) {
	case 0:
		return text[:at] + token + text[at:]
	case 1:
		return text[:at] + token + text[to:]
	case 2:
		return text[:at] + text[to:]
	case 3:
		return text[:to] + strings.Repeat(text[at:to], 1+rng.IntN(2000)) + text[to:]
	}
	if digits := strings.IndexAny(text[at:], "0123456789"); digits >= 0 {
		return text[:at+digits] + token + text[at+digits+1:]
	}
	return text + token
}
