package httpapi

import (
	"bytes"

	"yunchou/internal/sheet"
)

// ExportQuery is the query parameters of every exported table.
type ExportQuery struct {
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	Locale string `query:"locale" enum:"zh-CN,en-US" default:"zh-CN" doc:"of the headings"`
}

// Label is a text of an exported table in Chinese and in English: tables are the one
// thing the server itself words, as no screen translates a file.
type Label [2]string

// Text returns the label in the language asked for.
func (q ExportQuery) Text(l Label) string {
	if q.Locale == "en-US" {
		return l[1]
	}
	return l[0]
}

// Head returns labels as the first row of a table.
func (q ExportQuery) Head(labels []Label) []any {
	row := make([]any, 0, len(labels))
	for _, l := range labels {
		row = append(row, q.Text(l))
	}
	return row
}

// Download is an answer to be saved as a file.
type Download struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// TableOf has fill write the rows and answers with the file, called yunchou-<name>. It is
// made in memory: nothing is sent before the last row is read, so a failure is an error
// and not half a file.
func TableOf(q ExportQuery, name string, fill func(sheet.Writer) error) (*Download, error) {
	var b bytes.Buffer
	w, err := sheet.New(&b, q.Format)
	if err != nil {
		return nil, err
	}
	if err := fill(w); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	kind := "text/csv; charset=utf-8"
	if q.Format == sheet.XLSX {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return &Download{kind, `attachment; filename="yunchou-` + name + "." + q.Format + `"`, b.Bytes()}, nil
}
