package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Heading is a heading of a table that people are to fill: with a note of what the column takes, the
// form of its cells, and what may be chosen in them. A CSV has its text alone.
type Heading struct {
	Text, Note string
	Form       Form
	Choices    []string
}

// Form is how the cells of a column are shown: it is the style of the workbook.
type Form int

// The forms.
const (
	Plainly Form = 0
	Rate    Form = 1 // 50.00%
	Day     Form = 2 // 2026-03-15
	Money   Form = 3 // 1,234.50
	bold    Form = 4 // of the headings themselves
)

const styles = `<styleSheet xmlns="` + spreadsheet + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`

// filledRows is to which row choices are offered.
const filledRows = 10_000

// headings are those of a row, nil where it is none of headings.
func headings(cells []any) (out []Heading) {
	for _, c := range cells {
		h, ok := c.(Heading)
		if !ok {
			return nil
		}
		out = append(out, h)
	}
	return out
}

// columns are the widths and forms of a table that is to be filled.
func columns(list []Heading) string {
	var b strings.Builder
	b.WriteString("<cols>")
	for i, h := range list {
		_, _ = fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" style="%d" customWidth="1"/>`, i+1, i+1, max(12, min(40, 2*len([]rune(h.Text))+6)), h.Form)
	}
	b.WriteString("</cols>")
	return b.String()
}

// choices offers in each column what may be chosen, from the second sheet; something else may be typed.
func choices(list []Heading) string {
	var b strings.Builder
	n := 0
	for i, h := range list {
		if len(h.Choices) == 0 {
			continue
		}
		n++
		at := column(i)
		_, _ = fmt.Fprintf(&b, `<dataValidation type="list" allowBlank="1" showInputMessage="1" sqref="%s2:%s%d"><formula1>Lists!$%s$1:$%s$%d</formula1></dataValidation>`,
			at, at, filledRows, at, at, len(h.Choices))
	}
	if n == 0 {
		return ""
	}
	return `<dataValidations count="` + strconv.Itoa(n) + `">` + b.String() + `</dataValidations>`
}

// lists is the sheet nobody sees, with what may be chosen in the column of the same letters.
func lists(list []Heading) string {
	most := 0
	for _, h := range list {
		most = max(most, len(h.Choices))
	}
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + spreadsheet + `"><sheetData>`)
	for r := range most {
		row := strconv.Itoa(r + 1)
		b.WriteString(`<row r="` + row + `">`)
		for i, h := range list {
			if r < len(h.Choices) {
				b.WriteString(`<c r="` + column(i) + row + `" t="inlineStr"><is><t xml:space="preserve">` + written(h.Choices[r]) + `</t></is></c>`)
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// written is a text as a cell has it.
func written(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(escaped.ReplaceAllString(fitting(text), "_x005F$0")))
	return b.String()
}

// notes are the comments of the headings, and the drawing without which no spreadsheet shows them
// (ECMA-376, part 4, 19.5: VML).
func notes(list []Heading) (comments, drawing string) {
	var c, d strings.Builder
	c.WriteString(`<comments xmlns="` + spreadsheet + `"><authors><author>Yunchou</author></authors><commentList>`)
	d.WriteString(`<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">` +
		`<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>`)
	for i, h := range list {
		if h.Note == "" {
			continue
		}
		c.WriteString(`<comment ref="` + column(i) + `1" authorId="0"><text><t xml:space="preserve">` + written(h.Note) + `</t></text></comment>`)
		_, _ = fmt.Fprintf(&d, `<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;width:220pt;height:80pt;visibility:hidden" fillcolor="#ffffe1">`+
			`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>0</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			1025+i, i)
	}
	c.WriteString(`</commentList></comments>`)
	d.WriteString(`</xml>`)
	return c.String(), d.String()
}

// part is a file of a workbook.
type part struct{ name, text string }

// around are the parts that lead to the sheets.
func around(list []Heading) []part {
	extraTypes, extraSheet, extraRel := "", "", ""
	parts := []part{}
	if list != nil {
		comments, drawing := notes(list)
		extraTypes = `<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>` +
			`<Override PartName="/xl/worksheets/sheet2.xml" ContentType="` + contentType + `worksheet+xml"/>` +
			`<Override PartName="/xl/comments1.xml" ContentType="` + contentType + `comments+xml"/>`
		extraSheet = `<sheet name="Lists" sheetId="2" state="hidden" r:id="rId3"/>`
		extraRel = `<Relationship Id="rId3" Type="` + office + `/worksheet" Target="worksheets/sheet2.xml"/>`
		parts = append(parts, part{"xl/worksheets/sheet2.xml", lists(list)}, part{"xl/comments1.xml", comments}, part{"xl/drawings/vmlDrawing1.vml", drawing},
			part{"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships xmlns="` + relations + `">` +
				`<Relationship Id="rId1" Type="` + office + `/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>` +
				`<Relationship Id="rId2" Type="` + office + `/comments" Target="../comments1.xml"/></Relationships>`})
	}
	return append(parts,
		part{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` + extraTypes +
			`<Override PartName="/xl/workbook.xml" ContentType="` + contentType + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + contentType + `styles+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + contentType + `worksheet+xml"/></Types>`},
		part{"_rels/.rels", `<Relationships xmlns="` + relations + `">` +
			`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		part{"xl/workbook.xml", `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + office + `">` +
			`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/>` + extraSheet + `</sheets></workbook>`},
		part{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + relations + `">` +
			`<Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + office + `/styles" Target="styles.xml"/>` + extraRel + `</Relationships>`},
		part{"xl/styles.xml", styles})
}

func (t *xlsxTable) parts() error {
	for _, p := range around(t.filled) {
		w, err := t.z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, xml.Header+p.text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
