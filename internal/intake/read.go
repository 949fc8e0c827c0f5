package intake

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/grid"
)

// Format is how a file was understood; it is shown before anything is written.
type Format struct {
	Type      string `json:"type" enum:"csv,xlsx,html"`
	Encoding  string `json:"encoding,omitempty" doc:"utf-8, utf-8-bom, utf-16, utf-16le, utf-16be, gb18030, big5, windows-1252, shift_jis"`
	Separator string `json:"separator,omitempty"`
	Sheet     string `json:"sheet,omitempty"`
}

// reader yields the rows of a file's table one by one.
type reader struct {
	*grid.Table
	Format Format
	file   *grid.File
}

// limits bound what reading a file may cost, of a CSV as of a workbook. A test that is
// short of time makes do with less.
var limits = grid.Usual

// previewFor and learnFor are how long a file is read for: by somebody who waits, and by a job
// that learns its forms.
const previewFor, learnFor = 30 * time.Second, 15 * time.Minute

// stated is what a mapping says of how a file is to be read; known tells the usual names of
// columns, where the mapping names none.
func (f FileSpec) stated(known func(string) bool) grid.Stated {
	s := grid.Stated{Sheet: f.Sheet, Encoding: f.Encoding, Separator: f.Separator, Header: f.Header, HeaderRows: f.HeaderRows, Headless: f.Headless,
		Known: known}
	named := map[string]bool{}
	for _, c := range f.Columns {
		for _, column := range c.columns() {
			named[HeaderKey(column)] = true
		}
	}
	if len(named) > 0 {
		s.Known = func(text string) bool { return named[HeaderKey(text)] }
	}
	return s
}

// open opens a file and finds its table. The context ends the reading. Faults: those of grid.Open
// and grid.File.Table.
func open(ctx context.Context, path string, s grid.Stated) (*reader, error) {
	f, err := grid.Open(ctx, path, s, limits)
	if err != nil {
		return nil, err
	}
	t, err := f.Table(s)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &reader{Table: t, file: f, Format: Format{Type: f.Type, Encoding: f.Encoding, Separator: f.Separator,
		Sheet: t.Layout.Sheet}}, nil
}

func (r *reader) close() error { return errors.Join(r.Table.Close(), r.file.Close()) }
