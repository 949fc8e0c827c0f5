package grid_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/grid/gridtest"
)

// hang is twenty times and more what the slowest file here takes.
const hang = time.Minute

// readAll reads a workbook to its end, as an import does.
func readAll(t testing.TB, raw []byte, l grid.Limits) (rows int, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	return drain(ctx, path, l, nil)
}

// drain reads the table of a file to its end; each is called before every row.
func drain(ctx context.Context, path string, l grid.Limits, each func()) (rows int, err error) {
	f, err := grid.Open(ctx, path, grid.Stated{}, l)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := f.Table(grid.Stated{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for {
		if each != nil {
			each()
		}
		if _, err := w.Next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, err
		}
		rows++
	}
}

// TestAHostileWorkbookIsRefusedByName: each of these hung, crashed or filled the memory of a
// reader that believed it.
func TestAHostileWorkbookIsRefusedByName(t *testing.T) {
	small := grid.Usual
	small.Unpacked, small.Cells, small.Texts, small.Parts, small.Other = 96<<20, 100_000, 1000, 100, 1<<20
	one := `<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>`
	many := map[string]string{}
	for n := range 200 {
		many["x"+strings.Repeat("y", n)] = ""
	}
	for name, x := range map[string]struct {
		code  string // "" is read to the end
		rows  int    // below the first, which heads them
		parts map[string]string
	}{
		"a row beyond the sheet":         {"file.too_many_rows", 0, gridtest.Plain(one + `<row r="99999999999999"><c><v>1</v></c></row>`)},
		"the row after the last":         {"file.too_many_rows", 0, gridtest.Plain(one + `<row r="1048577"><c><v>1</v></c></row>`)},
		"a row that is no number":        {"file.too_many_rows", 0, gridtest.Plain(one + `<row r="1e9"><c><v>1</v></c></row>`)},
		"a row before the first":         {"file.too_many_rows", 0, gridtest.Plain(one + `<row r="-5"><c><v>1</v></c></row>`)},
		"the last row":                   {"", 1, gridtest.Plain(one + `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)},
		"the last column":                {"file.too_wide", 0, gridtest.Plain(one + `<row r="2"><c r="XFD2"><v>1</v></c></row>`)},
		"a column beyond the sheet":      {"file.too_wide", 0, gridtest.Plain(one + `<row r="2"><c r="ZZZZZZZZZZ2"><v>1</v></c></row>`)},
		"wide rows that hold one cell":   {"file.too_many_cells", 0, gridtest.Plain(strings.Repeat(`<row><c r="ALL1"><v>1</v></c></row>`, 101))},
		"one cell written again and on":  {"file.too_many_cells", 0, gridtest.Plain(`<row r="1">` + strings.Repeat(`<c r="A1"><v>1</v></c>`, 101_000) + `</row>`)},
		"no sheets":                      {"file.no_sheets", 0, gridtest.And(gridtest.Plain(one), "xl/workbook.xml", `<workbook xmlns="`+gridtest.Namespace+`"><sheets/></workbook>`)},
		"an empty workbook part":         {"file.no_sheets", 0, gridtest.And(gridtest.Plain(one), "xl/workbook.xml", ``)},
		"elements in elements":           {"file.not_spreadsheet", 0, gridtest.Plain(strings.Repeat("<a>", 100_000))},
		"a cell of a million runs":       {"file.text_too_long", 0, gridtest.Plain(`<row r="1"><c r="A1" t="inlineStr"><is>` + strings.Repeat(`<r><t>a</t></r>`, 100_000) + `</is></c></row>`)},
		"a text of less-than signs":      {"file.text_too_long", 0, gridtest.Plain(`<row r="1"><c r="A1"><v><![CDATA[` + strings.Repeat("<", 2<<20) + `]]></v></c></row>`)},
		"a comment without an end":       {"file.text_too_long", 0, gridtest.Plain(one + `<!--` + strings.Repeat("< ", 1<<20))},
		"declared entities":              {"file.not_spreadsheet", 0, gridtest.And(gridtest.Plain(one), "xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "b">]>`+gridtest.Head+one+gridtest.Tail)},
		"texts without number":           {"file.too_many_texts", 0, gridtest.And(gridtest.Plain(one), "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 2000)+"</sst>")},
		"a text nobody keeps":            {"file.empty", 0, gridtest.Plain(`<row r="1"><c r="A1" t="s"><v>5</v></c></row>`)},
		"a negative text":                {"file.not_spreadsheet", 0, gridtest.And(gridtest.Plain(`<row r="1"><c r="A1" t="s"><v>-5</v></c></row>`), "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>")},
		"a workbook part too large":      {"file.bomb", 0, gridtest.And(gridtest.Plain(one), "xl/workbook.xml", gridtest.Plain(one)["xl/workbook.xml"]+strings.Repeat(" ", 5<<20))},
		"a sheet nothing leads to":       {"", 0, gridtest.And(gridtest.Plain(one), "xl/worksheets/other.xml", gridtest.Head+strings.Repeat(" ", 5<<20)+gridtest.Tail)},
		"more than it may become":        {"file.bomb", 0, gridtest.Plain(one + strings.Repeat(" ", 100<<20))},
		"a picture that is a bomb":       {"", 0, gridtest.And(gridtest.Plain(one), "xl/media/image1.png", strings.Repeat("\x00", 100<<20))},
		"styles nothing leads to":        {"", 0, gridtest.And(gridtest.Plain(one), "xl/styles.xml", strings.Repeat("<x>", 1<<20))},
		"styles in styles":               {"file.not_spreadsheet", 0, gridtest.Styled(one, strings.Repeat("<x>", 1<<20))},
		"styles that are a bomb":         {"file.bomb", 0, gridtest.Styled(one, "<styleSheet>"+strings.Repeat("<x/>", 5<<20)+"</styleSheet>")},
		"styles without number":          {"file.bomb", 0, gridtest.Styled(one, "<styleSheet><cellXfs>"+strings.Repeat("<xf/>", 200_000)+"</cellXfs></styleSheet>")},
		"a format of a megabyte":         {"file.text_too_long", 0, gridtest.Styled(one, `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="`+strings.Repeat("0", 2<<20)+`"/></numFmts></styleSheet>`)},
		"merged over everything":         {"", 1, gridtest.Plain(one + `<row r="9"><c r="B9"><v>1</v></c></row></sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 200_000) + `</mergeCells><sheetData>`)},
		"merged backwards":               {"", 0, gridtest.Plain(one + `</sheetData><mergeCells><mergeCell ref="C9:A1"/><mergeCell ref="A0:A-1"/><mergeCell ref="ZZZZZZZZ1:A2"/><mergeCell ref=""/></mergeCells><sheetData>`)},
		"more parts than any":            {"file.bomb", 0, many},
		"a relation that leads outside":  {"file.no_sheets", 0, gridtest.And(gridtest.Plain(one), "xl/_rels/workbook.xml.rels", strings.ReplaceAll(gridtest.Plain(one)["xl/_rels/workbook.xml.rels"], "worksheets/sheet1.xml", "../../../../etc/passwd"))},
		"a relation that leads in rings": {"file.empty", 0, gridtest.And(gridtest.Plain(one), "xl/_rels/workbook.xml.rels", strings.ReplaceAll(gridtest.Plain(one)["xl/_rels/workbook.xml.rels"], "worksheets/sheet1.xml", "workbook.xml"))},
	} {
		rows, err := readAll(t, gridtest.Zip(t, x.parts), small)
		if fault.CodeOf(err) != x.code || rows < x.rows {
			t.Errorf("%s: %d rows, %v; want %q", name, rows, err, x.code)
		}
	}
}

// TestAReadingEndsWithItsTime: whoever waits for a file does not wait for ever, and a
// reading that is stopped ends as stopped.
func TestAReadingEndsWithItsTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.xlsx")
	raw := gridtest.Zip(t, gridtest.Plain(strings.Repeat(`<row><c><v>1</v></c></row>`, 5000)))
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithTimeout(t.Context(), -1)
	defer cancel()
	if _, err := drain(over, path, grid.Usual, nil); fault.CodeOf(err) != "file.too_slow" {
		t.Errorf("its time is over: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	rows, err := drain(stopped, path, grid.Usual, stop)
	if !errors.Is(err, context.Canceled) || rows > 5001 {
		t.Errorf("stopped, it read %d rows on: %v", rows, err)
	}
}

// TestALyingSizeIsNotBelieved: a zip says how large its parts are, and may say anything.
func TestALyingSizeIsNotBelieved(t *testing.T) {
	raw := gridtest.Zip(t, gridtest.Plain(strings.Repeat(`<row><c><v>1</v></c></row>`, 50_000)))
	for at := range raw { // the central directory's uncompressed sizes become 1
		if bytes.HasPrefix(raw[at:], []byte("PK\x01\x02")) {
			copy(raw[at+24:], []byte{1, 0, 0, 0})
		}
	}
	if rows, err := readAll(t, raw, grid.Usual); fault.CodeOf(err) != "file.not_spreadsheet" {
		t.Errorf("%d rows, %v", rows, err)
	}
}
