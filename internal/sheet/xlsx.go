package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"yunchou/internal/money"
)

// A workbook of one sheet (ECMA-376, part 1): what leads to the sheet is always the same, and
// the sheet is written row by row. The library that reads workbooks holds up to 32 MB of one it
// writes, and then the whole of it packed; this holds what packing takes, under 1 MB.
const (
	spreadsheet = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	relations   = `http://schemas.openxmlformats.org/package/2006/relationships`
	office      = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	contentType = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

var around = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + contentType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + contentType + `styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + contentType + `worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="` + relations + `">` +
		`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + office + `">` +
		`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + relations + `">` +
		`<Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="` + spreadsheet + `"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

type xlsxTable struct {
	z   *zip.Writer
	w   *bufio.Writer // the sheet, before it is packed
	row int
}

func beginXLSX(out io.Writer) (*xlsxTable, error) {
	t := &xlsxTable{z: zip.NewWriter(out)}
	for _, part := range around {
		w, err := t.z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, xml.Header+part[1])
		}
		if err != nil {
			return nil, err
		}
	}
	w, err := t.z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	t.w = bufio.NewWriter(w)
	_, err = t.w.WriteString(xml.Header + `<worksheet xmlns="` + spreadsheet + `"><sheetData>`)
	return t, err
}

// Row writes a row. What fails on the way is told by Flush (bufio keeps the first error).
func (t *xlsxTable) Row(cells []any) error {
	t.row++
	row := strconv.Itoa(t.row)
	_, _ = t.w.WriteString(`<row r="` + row + `">`)
	for i, c := range cells {
		at := column(i) + row
		switch c := c.(type) {
		case string:
			t.text(at, c)
		case int64:
			t.number(at, strconv.FormatInt(c, 10))
		case *float64:
			if c != nil {
				t.number(at, strconv.FormatFloat(*c, 'g', -1, 64))
			}
		case Amount:
			if c.Minor != nil {
				t.number(at, money.Decimal(*c.Minor, money.Digits(c.Currency)))
			}
		case Percent:
			if c.BP != nil {
				t.styled(at, money.Decimal(*c.BP, 4), 1)
			}
		}
	}
	_, err := t.w.WriteString("</row>")
	return err
}

func (t *xlsxTable) number(at, digits string) {
	_, _ = t.w.WriteString(`<c r="` + at + `"><v>` + digits + `</v></c>`)
}

// styled is a number in one of the styles of the workbook: 1 is a percentage, so that who types over
// it types percent.
func (t *xlsxTable) styled(at, digits string, style int) {
	_, _ = t.w.WriteString(`<c r="` + at + `" s="` + strconv.Itoa(style) + `"><v>` + digits + `</v></c>`)
}

func (t *xlsxTable) text(at, text string) {
	if text == "" {
		return
	}
	_, _ = t.w.WriteString(`<c r="` + at + `" t="inlineStr"><is><t xml:space="preserve">`)
	_ = xml.EscapeText(t.w, []byte(escaped.ReplaceAllString(fitting(text), "_x005F$0")))
	_, _ = t.w.WriteString("</t></is></c>")
}

// escaped is what a spreadsheet would take for a character written as its number (ST_Xstring).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// cellHolds is how many UTF-16 units a cell holds; a file with more is refused as damaged.
const cellHolds = 32767

func fitting(text string) string {
	if len(text) <= cellHolds {
		return text
	}
	var out strings.Builder
	units := 0
	for _, r := range text {
		if units += utf16.RuneLen(r); units > cellHolds {
			break
		}
		out.WriteRune(r)
	}
	return out.String()
}

// column is the letters of a column, the first being 0.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + string(rune('A'+i%26))
}

func (t *xlsxTable) Close() error {
	_, err := t.w.WriteString("</sheetData></worksheet>")
	return errors.Join(err, t.w.Flush(), t.z.Close())
}
