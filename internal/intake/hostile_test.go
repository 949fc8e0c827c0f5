package intake

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/grid"

	"github.com/xuri/excelize/v2"
)

// TestHostileFilesAreRefusedWithoutMuchMemory opens files made to hurt and reads them to
// the end: each is read, or refused with a code, and none takes more than 200 MiB.
func TestHostileFilesAreRefusedWithoutMuchMemory(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, write func(w io.Writer) error) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(write(f), f.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
	repeat := func(s string, times int) func(io.Writer) error {
		return func(w io.Writer) error {
			for range times {
				if _, err := io.WriteString(w, s); err != nil {
					return err
				}
			}
			return nil
		}
	}
	after := func(head string, rest func(io.Writer) error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, head)
			return errors.Join(err, rest(w))
		}
	}
	mega, size := strings.Repeat("a", 1<<20), 200
	if os.Getenv("YUNCHOU_SOAK") == "" {
		size = 40
		defer func(was grid.Limits) { limits = was }(limits)
		limits.Unpacked = 128 << 20
	}
	for _, x := range []struct {
		name, code string // "" is read to the end
		write      func(io.Writer) error
	}{
		{"empty.csv", "file.empty", repeat("", 0)},
		{"quote not closed.csv", "file.row_too_long", after("a,b\n1,2\n3,\"", repeat(mega, size))},
		{"one line.csv", "file.row_too_long", repeat(mega, size)},
		{"many rows.csv", "", after("名称,金额\n", repeat("二期改造项目,120000.00\n", 30_000*size))},
		{"commas.csv", "file.too_wide", repeat(",", 1<<20)},
		{"a wide row.csv", "file.too_wide", after("a,b\n1,2\n", repeat(",", 1<<19))},
		{"a long cell.csv", "file.text_too_long", after("a,b\n1,", repeat("x", 3<<19))},
		{"zero bytes.csv", "", after("a,b\n", repeat("\x00,\x00\n", 1000))},
		{"gb cut.csv", "file.encoding_unknown", after("\xc9\xcc\xbb\xfa,x\n", repeat("\xc9\xcc\xff\xff,1\n", 1000))},
		{"utf-8 and gb.csv", "file.encoding_unknown", after("商机,x\n", repeat("\xc9\xcc\xbb\xff\xfe,1\n", 10))},
		{"utf-16 odd.csv", "", after("\xff\xfea\x00,\x00b\x00\n\x00", repeat("x", 1001))},
		{"quotes.csv", "", after("a,b\n", repeat("\"x\"\"y\"z,\"\n\",1\n", 1000))},
		{"old.xls", "file.old_excel", after("\xd0\xcf\x11\xe0", repeat("x", 1000))},
		{"protected.xlsx", "file.encrypted", after("\xd0\xcf\x11\xe0"+strings.Repeat("\x00", 3<<20)+"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", repeat("x", 1000))},
		{"tables in tables.xls", "file.not_table", after("<html>", repeat("<table><tr><td>", 100_000))},
		{"a cell of a page.xls", "file.text_too_long", after("<table><tr><td>a<td>b<tr><td>", repeat(mega, 4))},
		{"a tag of a page.xls", "file.text_too_long", after("<table><tr><td>a<td>b<tr><td x=\"", repeat(mega, 4))},
		{"spans of a page.xls", "file.too_wide", after("<table><tr><td>a<td>b<tr>", repeat("<td colspan=999 rowspan=99999>x", 10_000))},
		{"rows of a page.xls", "file.too_wide", after("<table><tr><td>a<td>b", repeat("<tr><td rowspan=1000000>x<td>y</tr>", 10_000*size/40))},
		{"comments of a page.xls", "file.not_table", after("<table>", repeat("<!-- x -->", 100_000))},
		{"utf-16 of zeros.csv", "", after("a\x00,\x00b\x00\n\x00", repeat("\x00\x00", 100_000))},
		{"shift-jis halves.csv", "file.encoding_unknown", after("a,b\n", repeat("\x81\x20\x8f,\xfd\n", 10_000))},
		{"separators alone.csv", "file.empty", repeat(";;;;\n", 10_000)},
		{"names alone.csv", "", repeat("甲;乙;丙;丁\n", 10_000*size/40)},
		{"sums alone.csv", "", after("商机,客户,金额\n", repeat("合计,,5\n", 100_000))},
		{"merged everywhere.xlsx", "file.not_spreadsheet", zipped(t, workbook(part{head: sheetHead + `<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row></sheetData><mergeCells>`, block: `<mergeCell ref="A1:XFD1048576"/>`, times: 6}))},
		{"a paper.xlsx", "file.not_table", after("%PDF-1.7\n", repeat("x", 1000))},
		{"a picture.csv", "file.not_table", after("\x89PNG\r\n\x1a\n", repeat("x", 1000))},
		{"a photograph.csv", "file.not_table", after("\xff\xd8\xff\xe0", repeat("x", 1000))},
		{"cut.xlsx", "file.not_spreadsheet", after("PK\x03\x04", repeat("x", 1000))},
		{"no workbook.xlsx", "file.not_spreadsheet", zipped(t, map[string]part{"a.txt": {head: "x"}})},
		{"bomb.xlsx", "file.bomb", zipped(t, workbook(part{head: sheetHead, block: "<row><c t=\"inlineStr\"><is><t>x</t></is></c></row>", times: 3000}))},
		{"one cell.xlsx", "file.text_too_long", zipped(t, workbook(part{head: sheetHead + `<row><c t="inlineStr"><is><t>`, block: "aaaaaaaaaaaaaaaa", times: 50}))},
		{"shared strings.xlsx", "file.text_too_long", zipped(t, with(workbook(part{head: sheetHead + "</sheetData></worksheet>"}), "xl/sharedStrings.xml", part{head: "<sst><si><t>", block: "aaaaaaaaaaaaaaaa", times: 50}))},
		{"entities.xlsx", "file.not_spreadsheet", zipped(t, workbook(part{head: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row>`}))},
		{"damaged in the middle.xlsx", "file.not_spreadsheet", zipped(t, workbook(part{head: sheetHead + `<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"><c r="A2"><v>1 &broken </v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData></worksheet>`}))},
		{"far cell.xlsx", "file.too_wide", zipped(t, workbook(part{head: sheetHead + `<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`}))},
		{"far row.xlsx", "", zipped(t, workbook(part{head: sheetHead + `<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>y</t></is></c></row></sheetData></worksheet>`}))},
	} {
		path := file(x.name, x.write)
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rows, err := drain(t, path)
		runtime.ReadMemStats(&after)
		got := ""
		if f := fault.As(err); f != nil {
			got = f.Code
		} else if err != nil {
			got = err.Error()
		}
		if got != x.code {
			t.Errorf("%s: %q after %d rows, want %q", x.name, got, rows, x.code)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 200<<20 {
			t.Errorf("%s: the heap grew by %d MiB", x.name, grown>>20)
		}
		os.Remove(path)
	}
}

func drain(t *testing.T, path string) (rows int, err error) {
	r, err := open(t.Context(), path, grid.Stated{})
	if err != nil {
		return 0, err
	}
	defer r.close()
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, err
		}
		rows++
	}
}

const sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`

// part is a file of a zip: a beginning, and a mebibyte of blocks so many times.
type part struct {
	head, block string
	times       int
}

func workbook(sheet part) map[string]part {
	return map[string]part{
		"[Content_Types].xml":        {head: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		"_rels/.rels":                {head: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		"xl/workbook.xml":            {head: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		"xl/_rels/workbook.xml.rels": {head: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		"xl/worksheets/sheet1.xml":   sheet,
	}
}

func with(parts map[string]part, name string, p part) map[string]part {
	parts[name] = p
	return parts
}

// zipped writes a zip whose parts repeat one compressed block: gigabytes in a moment,
// with honest sizes and checksums.
func zipped(t *testing.T, parts map[string]part) func(io.Writer) error {
	t.Helper()
	return func(w io.Writer) error {
		z := zip.NewWriter(w)
		for name, p := range parts {
			if err := p.write(z, name); err != nil {
				return err
			}
		}
		return z.Close()
	}
}

func (p part) write(z *zip.Writer, name string) error {
	block := ""
	if p.times > 0 {
		block = strings.Repeat(p.block, (1<<20)/len(p.block))
	}
	var b bytes.Buffer
	f, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return err
	}
	piece := func(text string) []byte {
		b.Reset()
		if _, e := io.WriteString(f, text); e != nil {
			err = e
		}
		if e := f.Flush(); e != nil {
			err = e
		}
		return append([]byte{}, b.Bytes()...)
	}
	head, one := piece(p.head), piece(block)
	b.Reset()
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	sum.Write([]byte(p.head))
	for range p.times {
		sum.Write([]byte(block))
	}
	out, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: sum.Sum32(), UncompressedSize64: uint64(len(p.head) + p.times*len(block)), CompressedSize64: uint64(len(head) + p.times*len(one) + b.Len())})
	if err != nil {
		return err
	}
	for n := range p.times + 2 {
		raw := one
		switch n {
		case 0:
			raw = head
		case p.times + 1:
			raw = b.Bytes()
		}
		if _, err := out.Write(raw); err != nil {
			return err
		}
	}
	return nil
}

// TestFormulaCellsAreReadAsTheirText: a formula is its stored result, or nothing, and
// text that looks like one is text.
func TestFormulaCellsAreReadAsTheirText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "formulas.xlsx")
	x := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "名称", "B1": "金额", "A2": "=cmd|'/c calc'!A1", "B2": "100"} {
		if err := x.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetCellFormula("Sheet1", "A3", "1+1"); err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellStr("Sheet1", "B3", "3"); err != nil {
		t.Fatal(err)
	}
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	r, err := open(t.Context(), path, grid.Stated{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	first, err := r.Next()
	if err != nil || first.Cells[0] != "=cmd|'/c calc'!A1" {
		t.Errorf("%q, %v", first.Cells, err)
	}
	second, err := r.Next()
	if err != nil || len(second.Cells) < 2 || second.Cells[1] != "3" || second.Cells[0] != "" {
		t.Errorf("a formula without a stored result reads as %q, %v", second.Cells, err)
	}
}
