package sheet_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/sheet"

	"github.com/xuri/excelize/v2"
)

// tokens are what a mutation puts in.
var tokens = []string{"99999999999999", "1048577", "-1", "0", "1e9", "XFD1", "ZZZZZZ1", "", "<", ">", "</row>", "<row>", "<row r=\"",
	"<c r=\"A1\">", "</c>", "<is><t>", "&amp;", "&#0;", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
	"<!DOCTYPE a>", "\x00", "\xff\xfe", "t=\"s\"", "t=\"b\"", "t=\"d\"", "t=\"e\"", "<f t=\"shared\" si=\"0\">A1</f>", "xmlns:x=\"y\"",
	"xl/worksheets/sheet1.xml", "../", "<sheet name=\"T\" sheetId=\"2\"/>", "<mergeCell ref=\"A1:XFD1048576\"/>", strings.Repeat("x", 40_000)}

var attributes = regexp.MustCompile(`"[^"]*"|>[^<>]+<`)

// sound are workbooks as programs write them.
func sound(t testing.TB) []map[string]string {
	t.Helper()
	shared := and(plain(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45000</v></c><c r="B2" t="b"><v>1</v></c></row>`),
		"xl/sharedStrings.xml", `<sst xmlns="`+namespace+`" count="2" uniqueCount="2"><si><t>名称</t></si><si><r><t>金</t></r><r><t>额</t></r></si></sst>`)
	return []map[string]string{
		plain(`<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>二期改造</t></is></c></row>`),
		shared,
		plain(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><v>x</v></c></row><row r="9"><c r="B9" t="e"><v>#N/A</v></c></row>`),
	}
}

// written is what the library writes itself.
func written(t testing.TB) []byte {
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

// mutated is a workbook that was sound: its texts changed before it was packed, or its
// bytes after.
func mutated(t testing.TB, rng *rand.Rand) []byte {
	t.Helper()
	all := sound(t)
	parts := all[rng.IntN(len(all))]
	names := []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
	for range 1 + rng.IntN(2) {
		name := names[rng.IntN(len(names))]
		parts = and(parts, name, changed(rng, parts[name]))
	}
	raw := zipOf(t, parts)
	if rng.IntN(4) == 0 {
		raw = written(t)
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

// TestMutatedWorkbooksAreReadOrRefused: each ends, with rows or with a fault of its own, and
// little memory. The seed is fixed, so that what fails once fails again.
func TestMutatedWorkbooksAreReadOrRefused(t *testing.T) {
	count := 60
	if os.Getenv("YUNCHOU_SOAK") != "" {
		count = 500
	}
	rng := rand.New(rand.NewPCG(9, 1))
	codes := map[string]int{}
	for n := range count {
		raw := mutated(t, rng)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rows, err := readAll(t, raw, sheet.Usual)
		runtime.ReadMemStats(&after)
		code := fault.CodeOf(err)
		codes[code]++
		if code == "internal" || code == "file.too_slow" {
			t.Errorf("workbook %d: %d rows, %v", n, rows, err)
		}
		if rows > sheet.Usual.Rows {
			t.Errorf("workbook %d has %d rows", n, rows)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 64<<20 {
			t.Errorf("workbook %d: the heap grew by %d MiB", n, grown>>20)
		}
	}
	t.Logf("%d workbooks: %v", count, codes)
	if codes[""] == 0 || codes["file.not_spreadsheet"] == 0 {
		t.Error("the mutations are too mild, or too wild")
	}
}

// FuzzWorkbook looks for what the mutations did not think of: go test -fuzz FuzzWorkbook.
func FuzzWorkbook(f *testing.F) {
	for _, parts := range sound(f) {
		f.Add(zipOf(f, parts))
	}
	f.Add(written(f))
	f.Add(zipOf(f, plain(`<row r="1048577"><c r="XFD1048577"><v>1</v></c></row>`)))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := readAll(t, raw, sheet.Usual); fault.CodeOf(err) == "internal" || fault.CodeOf(err) == "file.too_slow" {
			t.Error(err)
		}
	})
}
