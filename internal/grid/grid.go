// Package grid is where a file becomes rows of cells: a CSV in whatever encoding, a workbook, or
// the table of a web page. A cell is the text its reader sees, in a form a program reads: a day is
// 2026-03-15, a share 12.5%, an id shown as 00042 is 00042. What a column means is not known here,
// only where the table stands among titles, notes and sums (Layout).
package grid

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"yunchou/internal/fault"
)

// Types of files that are read.
const (
	CSV  = "csv"
	XLSX = "xlsx"
	HTML = "html"
)

// Row is one row of a file: its line, counted from 1, and its cells. The cells are used again by
// the next.
type Row struct {
	Line  int
	Cells []string
	Notes []Note // what was read between the lines of it
}

// Note is something about one cell: its code has its words in the web's locales, under note.
type Note struct {
	Line   int    `json:"line"`
	Column int    `json:"column" doc:"counted from 1; 0 is the whole line"`
	Code   string `json:"code"`
	Value  string `json:"value,omitempty"`
}

// source yields rows one by one, io.EOF after the last.
type source interface {
	next() (Row, error)
	close() error
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows" doc:"that hold anything, headings and notes included"`
	Hidden bool   `json:"hidden"`
	Alike  bool   `json:"alike" doc:"its table has the same columns as the one that is read"`
}

// Stated is what a person, or a mapping, says about a file; what is empty is found.
type Stated struct {
	Sheet      string
	Encoding   string
	Separator  string
	Header     int // the line of the header
	HeaderRows int
	Headless   bool // the table has none, and begins with the line Header, or with the first that is found
	// Known tells of a text whether it is a usual name of a column, or one a mapping names; nil
	// knows none.
	Known func(text string) bool
}

// File is an opened file.
type File struct {
	Type       string
	Encoding   string // of a CSV, or of a page
	Separator  string
	Candidates []Candidate // encodings it may have, the likeliest first
	Sheets     []Sheet     // of a workbook

	oldBreaks bool // its lines end with a carriage return alone

	ctx    context.Context
	limits Limits
	rows   func(sheet string) (source, error) // from the first on; may be asked again
	spans  func(sheet string) []Span
	close  func() error
}

// Open opens a file and finds out what it is. The context bounds the time of all reading.
// Faults: file.not_table, file.old_excel, file.encrypted, file.encoding_unknown, those of the
// limits, file.not_spreadsheet, file.no_sheets.
func Open(ctx context.Context, path string, s Stated, l Limits) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	g := &File{ctx: ctx, limits: l, close: f.Close, spans: func(string) []Span { return nil }}
	head := make([]byte, 1024)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, f.Close())
	}
	switch head = head[:n]; {
	case otherKind(head) != "":
		err = notTable(otherKind(head))
	case bytes.HasPrefix(head, []byte(zipBegins)):
		err = g.workbook(f)
	case bytes.HasPrefix(head, []byte(oleBegins)):
		err = oldOffice(ctx, f)
	case isPage(head):
		err = g.page(f, s)
	default:
		err = g.text(f, s)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// Close lets go of the file.
func (g *File) Close() error { return g.close() }

func notTable(kind string) error {
	return fault.New(fault.Invalid, "file.not_table", "this is a %s file, no table: export the data as .xlsx or CSV", kind).
		With("kind", kind)
}
