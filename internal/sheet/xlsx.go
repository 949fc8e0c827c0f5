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

type xlsxTable struct {
	z   *zip.Writer
	w   *bufio.Writer // the sheet, before it is packed
	row int
	// filled are the headings of a table that is to be filled, nil of another.
	filled []Heading
}

func beginXLSX(out io.Writer) (*xlsxTable, error) {
	t := &xlsxTable{z: zip.NewWriter(out)}
	w, err := t.z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	t.w = bufio.NewWriter(w)
	_, err = t.w.WriteString(xml.Header + `<worksheet xmlns="` + spreadsheet + `" xmlns:r="` + office + `">`)
	return t, err
}

// Row writes a row. What fails on the way is told by Flush (bufio keeps the first error).
func (t *xlsxTable) Row(cells []any) error {
	if t.row++; t.row == 1 {
		if t.filled = headings(cells); t.filled != nil {
			_, _ = t.w.WriteString(columns(t.filled))
		}
		_, _ = t.w.WriteString("<sheetData>")
	}
	row := strconv.Itoa(t.row)
	_, _ = t.w.WriteString(`<row r="` + row + `">`)
	for i, c := range cells {
		at := column(i) + row
		switch c := c.(type) {
		case string:
			t.text(at, c, Plainly)
		case Heading:
			t.text(at, c.Text, bold)
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
				t.styled(at, money.Decimal(*c.BP, 4), Rate)
			}
		}
	}
	_, err := t.w.WriteString("</row>")
	return err
}

func (t *xlsxTable) number(at, digits string) {
	_, _ = t.w.WriteString(`<c r="` + at + `"><v>` + digits + `</v></c>`)
}

// styled is a number in a form: who types over a percentage types percent.
func (t *xlsxTable) styled(at, digits string, form Form) {
	_, _ = t.w.WriteString(`<c r="` + at + `" s="` + strconv.Itoa(int(form)) + `"><v>` + digits + `</v></c>`)
}

func (t *xlsxTable) text(at, text string, form Form) {
	if text == "" {
		return
	}
	style := ""
	if form != Plainly {
		style = ` s="` + strconv.Itoa(int(form)) + `"`
	}
	_, _ = t.w.WriteString(`<c r="` + at + `"` + style + ` t="inlineStr"><is><t xml:space="preserve">`)
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
	if t.row == 0 {
		_, _ = t.w.WriteString("<sheetData>")
	}
	_, _ = t.w.WriteString("</sheetData>")
	if t.filled != nil {
		_, _ = t.w.WriteString(choices(t.filled) + `<legacyDrawing r:id="rId1"/>`)
	}
	_, err := t.w.WriteString("</worksheet>")
	return errors.Join(err, t.w.Flush(), t.parts(), t.z.Close())
}
