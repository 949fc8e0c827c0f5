package importtest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// csv writes the page as text, and the line each deal stands on.
func (w *writer) csv() []byte {
	var out strings.Builder
	end, line := "\n", 1
	if w.f.CRLF {
		end = "\r\n"
	}
	for n, row := range w.page.rows {
		if slices.Contains(w.rows, n) {
			w.out.Lines = append(w.out.Lines, line)
		}
		width := len(w.heads)
		for i := range width {
			if i > 0 {
				out.WriteString(w.f.Separator)
			}
			if i < len(row) {
				out.WriteString(w.quoted(row[i].text))
				line += strings.Count(row[i].text, "\n")
			}
		}
		out.WriteString(end)
		line++
	}
	return encoded(out.String(), w.f.Encoding)
}

func (w *writer) quoted(text string) string {
	if strings.ContainsAny(text, "\"\n\r"+w.f.Separator) || w.r.IntN(20) == 0 && text != "" {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

func encoded(text, name string) []byte {
	all := map[string]encoding.Encoding{"gb18030": simplifiedchinese.GB18030, "big5": traditionalchinese.Big5, "windows-1252": charmap.Windows1252,
		"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-8 bom": unicode.UTF8BOM}
	e, ok := all[name]
	if !ok {
		return []byte(text)
	}
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		raw, err = unicode.UTF8BOM.NewEncoder().Bytes([]byte(text)) // it has characters that encoding has not
	}
	if err != nil {
		panic(err)
	}
	return raw
}

func letters(c int) string {
	out := ""
	for c++; c > 0; c = (c - 1) / 26 {
		out = string(rune('A'+(c-1)%26)) + out
	}
	return out
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;")

// workbook writes the page as XLSX.
func (w *writer) workbook() []byte {
	for _, n := range w.rows {
		w.out.Lines = append(w.out.Lines, n+1)
	}
	var formats []string
	var sheet strings.Builder
	for n, row := range w.page.rows {
		fmt.Fprintf(&sheet, `<row r="%d">`, n+1)
		for i, c := range row {
			at := fmt.Sprint(letters(i), n+1)
			switch {
			case c.number != "":
				style := 0
				if c.format != "" {
					if !slices.Contains(formats, c.format) {
						formats = append(formats, c.format)
					}
					style = 1 + slices.Index(formats, c.format)
				}
				fmt.Fprintf(&sheet, `<c r="%s" s="%d"><v>%s</v></c>`, at, style, c.number)
			case c.text != "":
				fmt.Fprintf(&sheet, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, escape.Replace(c.text))
			}
		}
		sheet.WriteString(`</row>`)
	}
	return w.zipped(sheet.String(), formats)
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	main    = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	office  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	parts   = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

func (w *writer) zipped(rows string, formats []string) []byte {
	merges := ""
	if len(w.page.merges) > 0 {
		merges = fmt.Sprintf(`<mergeCells count="%d">`, len(w.page.merges))
		for _, m := range w.page.merges {
			merges += `<mergeCell ref="` + m + `"/>`
		}
		merges += `</mergeCells>`
	}
	other := `<row r="1"><c r="A1" t="inlineStr"><is><t>填写说明: 请勿改动表头</t></is></c></row>`
	sheets := map[string]string{"数据": `<sheetData>` + rows + `</sheetData>` + merges}
	names := []string{"数据"}
	if w.f.OtherSheet {
		sheets["说明"] = `<sheetData>` + other + `</sheetData>`
		names = []string{"说明", "数据"}
	}
	files := map[string]string{"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` +
		office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`, "xl/styles.xml": styles(formats)}
	types, list, links := "", "", ""
	for i, name := range names {
		path := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		files["xl/"+path] = `<worksheet ` + main + `>` + sheets[name] + `</worksheet>`
		types += `<Override PartName="/xl/` + path + `" ContentType="` + parts + `worksheet+xml"/>`
		list += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="r%d"/>`, name, i+1, i+1)
		links += fmt.Sprintf(`<Relationship Id="r%d" Type="%s/worksheet" Target="%s"/>`, i+1, office, path)
	}
	from := ""
	if w.f.Date1904 {
		from = `<workbookPr date1904="1"/>`
	}
	files["xl/workbook.xml"] = `<workbook ` + main + ` xmlns:r="` + office + `">` + from + `<sheets>` + list + `</sheets></workbook>`
	files["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + links +
		`<Relationship Id="s" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`
	files["[Content_Types].xml"] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
		`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + parts +
		`sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + parts + `styles+xml"/>` + types + `</Types>`
	return archive(files)
}

func archive(files map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(xmlHead + content))
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func styles(formats []string) string {
	list, cells := "", `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`
	for i, f := range formats {
		list += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, escape.Replace(f))
		cells += fmt.Sprintf(`<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, 164+i)
	}
	if list != "" {
		list = fmt.Sprintf(`<numFmts count="%d">%s</numFmts>`, len(formats), list)
	}
	return `<styleSheet ` + main + `>` + list + `<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>` +
		fmt.Sprintf(`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="%d">%s</cellXfs></styleSheet>`, len(formats)+1, cells)
}
