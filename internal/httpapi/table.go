package httpapi

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"

	"yunchou/internal/fault"
	"yunchou/internal/sheet"

	"github.com/danielgtaylor/huma/v2"
)

// ExportQuery is the query parameters of every exported table.
type ExportQuery struct {
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	Locale string `query:"locale" enum:"zh-CN,en-US" default:"zh-CN" doc:"of the headings"`
}

// Label is a text of an exported table in each language.
type Label = sheet.Label

// Text returns the label in the language asked for.
func (q ExportQuery) Text(l Label) string { return l.In(q.Locale) }

// Head returns labels as the first row of a table.
func (q ExportQuery) Head(labels []Label) []any {
	row := make([]any, 0, len(labels))
	for _, l := range labels {
		row = append(row, q.Text(l))
	}
	return row
}

// Columns returns the headings of a table that comes back.
func (q ExportQuery) Columns(columns []sheet.Column) []any {
	row := make([]any, 0, len(columns))
	for _, c := range columns {
		row = append(row, q.Text(c.Label))
	}
	return row
}

// tableHolds is what making a table takes: a page of records, what they become, and packing.
const tableHolds = 4 << 20

// mostTable is how large the file of a table may be on disk.
const mostTable = 1 << 30

// Table has fill write the rows and answers with the file, called yunchou-<name>. It is made on
// disk: nothing is sent before the last row is read, so a failure is an error and not half a
// file, and no table is held as a whole. It is paid for from the budget until it was sent, because
// its file takes room on the disk so long, and ends where whoever asked is gone. Faults:
// request.busy, request.too_many_at_once, export.too_many_rows, export.too_large.
func (a *API) Table(ctx context.Context, q ExportQuery, name string, fill func(sheet.Writer) error) (*Sent, error) {
	giveBack, err := a.Budget.TakeFor(sharer(ctx), tableHolds)
	if err != nil {
		return nil, err
	}
	made := false
	defer func() {
		if !made { // failed, or in a panic
			giveBack()
		}
	}()
	f, size, err := a.made(ctx, q.Format, fill)
	if err != nil {
		return nil, err
	}
	made = true
	kind := "text/csv; charset=utf-8"
	if q.Format == sheet.XLSX {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return &Sent{Body: func(ctx huma.Context) {
		defer giveBack()
		defer f.Close()
		ctx.SetHeader("Content-Type", kind)
		ctx.SetHeader("Content-Disposition", Attachment("yunchou-"+name+"."+q.Format))
		ctx.SetHeader("Content-Length", strconv.FormatInt(size, 10))
		ctx.SetStatus(http.StatusOK)
		if ctx.Method() == http.MethodHead {
			return
		}
		if _, err := io.Copy(ctx.BodyWriter(), f); err != nil {
			a.Log.DebugContext(ctx.Context(), "a table was not sent to its end", "error", err)
		}
	}}, nil
}

// made is a table's file, at its beginning, and its size.
func (a *API) made(ctx context.Context, format string, fill func(sheet.Writer) error) (f *os.File, size int64, err error) {
	if f, err = a.scratch(); err != nil {
		return nil, 0, err
	}
	if size, err = written(ctx, f, format, fill); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, size, nil
}

// scratch is a file without a name, so that nothing of it stays after a kill.
func (a *API) scratch() (*os.File, error) {
	if a.Dir != "" {
		if err := os.MkdirAll(a.Dir, 0o700); err != nil {
			return nil, err
		}
	}
	f, err := os.CreateTemp(a.Dir, ".table-*")
	if err == nil {
		_ = os.Remove(f.Name()) // where the system lets us
	}
	return f, err
}

// written writes a table into a file and goes back to its beginning.
func written(ctx context.Context, f *os.File, format string, fill func(sheet.Writer) error) (size int64, err error) {
	out := bufio.NewWriterSize(&bounded{w: f, left: mostTable}, 64<<10)
	w, err := sheet.New(out, format)
	if err == nil {
		err = fill(whileAsked{w, ctx})
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return 0, err
	}
	if size, err = f.Seek(0, io.SeekCurrent); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	return size, err
}

// whileAsked takes rows as long as somebody waits for them.
type whileAsked struct {
	sheet.Writer
	ctx context.Context
}

func (w whileAsked) Row(cells []any) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	return w.Writer.Row(cells)
}

// bounded refuses to write beyond what is left.
type bounded struct {
	w    io.Writer
	left int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, fault.New(fault.Invalid, "export.too_large", "the table is larger than 1 GiB; filter the list").With("maxMiB", mostTable>>20)
	}
	return b.w.Write(p)
}
