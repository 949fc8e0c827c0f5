package intake

import (
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/grid"
	"yunchou/internal/text"
)

// Table is the table of a file with its columns found and their forms learned.
type Table struct {
	Run      *Run
	Spec     FileSpec
	kind     Kind
	file     File
	named    string // how it is called: a sheet of several by its name as well
	format   Format
	layout   grid.Layout
	header   []string
	at       map[string]int      // header key, and the name a mapping gives it → index
	readings map[string]*reading // by target
	rows     int64
	aside    []grid.Aside
	asides   int
	told     int // notes told by their lines
	kept     *spool
}

// whatIs tells what a target's cells are; "" is text.
func (t *Table) whatIs(target string) Is {
	fields := t.Run.fields[t.kind.record()]
	if key, ok := strings.CutPrefix(target, "custom."); ok && fields[key].Key == "" { // one this run will make
		for _, f := range t.Run.Mapping.Fields {
			if f.Key == key {
				fields = map[string]field.Field{key: {Key: key, Type: f.Type}}
			}
		}
	}
	return whatIs(t.kind, target, fields)
}

// learn opens a file, finds the mapped columns and reads it once, for the forms of its columns,
// keeping its rows until the run has ended. one tells that it is one sheet of several.
// Faults: mapping.column_missing, mapping.date_ambiguous, mapping.decimal_ambiguous,
// mapping.rate_ambiguous and those of reading a file.
func (r *Run) learn(f File, spec FileSpec, one bool) (*Table, error) {
	ctx, cancel := context.WithTimeout(r.Ctx, learnFor)
	defer cancel()
	rd, err := open(ctx, f.Path, spec.stated(nil))
	if err != nil {
		if x := fault.As(err); x != nil {
			x.With("file", filepath.Base(f.Name))
		}
		return nil, err
	}
	defer rd.close() //nolint:errcheck // it was read only
	kind, _ := kindNamed(r.kinds, spec.Kind)
	t := &Table{Run: r, Spec: spec, kind: kind, file: f, named: filepath.Base(f.Name), format: rd.Format, layout: rd.Layout,
		header: rd.Header, at: map[string]int{}, readings: map[string]*reading{}}
	if one {
		t.named += ofSheet(rd.Layout.Sheet)
	}
	if err := t.columns(rd); err != nil {
		return nil, err
	}
	if t.kept, err = newSpool(r.opt.Scratch); err != nil {
		return nil, err
	}
	r.spools = append(r.spools, t.kept)
	if err := t.keep(rd); err != nil {
		return nil, err
	}
	t.aside, t.asides = rd.Aside, rd.AsideCount
	decide(t.readings)
	for _, target := range slices.Sorted(maps.Keys(t.readings)) {
		if err := t.readings[target].fault(t.Name()); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// columns finds the mapped columns in the header.
func (t *Table) columns(rd *reader) error {
	for i, h := range rd.Header {
		key := HeaderKey(h)
		if _, twice := t.at[key]; !twice {
			t.at[key] = i
		}
		if h != strings.TrimSpace(h) {
			t.Run.Tell(Note{File: t.Name(), Field: strings.TrimSpace(h), Code: "header_blank", Value: h, Line: rd.Layout.Header})
		}
	}
	for _, h := range rd.Twice {
		t.Run.Tell(Note{File: t.Name(), Field: h, Code: "header_twice", Value: h, Line: rd.Layout.Header})
	}
	for target, c := range t.Spec.Columns {
		for _, column := range c.columns() {
			i, ok := t.at[HeaderKey(column)]
			if !ok {
				return fault.New(fault.Invalid, "mapping.column_missing", "%s has no column %q; it has: %s", t.Name(), column, strings.Join(rd.Header, ", ")).
					With("file", t.Name()).With("column", column)
			}
			t.at[column] = i // as the mapping writes it: each cell asks
		}
		if is := t.whatIs(target); is != "" && c.Column != "" {
			t.readings[target] = readingOf(is, happened(t.kind, target), c, rd.Layout.Unit, t.Run.Actor)
		}
	}
	return nil
}

// keep reads the rows, learns from them and keeps them.
func (t *Table) keep(rd *reader) error {
	for {
		row, err := rd.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		t.rows++
		for _, n := range row.Notes {
			t.tell(n)
		}
		if err := t.kept.add(row.Cells, row.Line); err != nil {
			return err
		}
		for _, d := range t.readings {
			if i := t.at[d.cell.Column]; i < len(row.Cells) {
				d.column.See(text.Fold(row.Cells[i]))
			}
		}
	}
}

// listedAside is how many of the rows set aside a summary lists.
const listedAside = 200

// perLine are notes each of which is told by its line: something in the row was not read.
var perLine = map[string]string{
	"row_longer":   "the row is longer than the header: what stands beyond was not read",
	"quote_open":   "a quotation mark is not closed: it is left out, and the rows after it are read",
	"row_in_cell":  "rows stand in the cell: a quotation mark before it is not closed",
	"cell_unnamed": "the column has no name: the cell was not read",
	"cell_error":   "the formula ends in an error: read as empty",
	"broken_bytes": "some characters are damaged",
}

// toldByLine is how many of them are told so; a file that is wrong throughout leaves room for what
// else is wrong. They are counted all.
const toldByLine = 1000

// tell takes down what was read between the lines of a row.
func (t *Table) tell(n grid.Note) {
	column := columnName(t.header, n.Column)
	t.Run.Tell(Note{File: t.Name(), Field: column, Code: n.Code, Line: n.Line})
	detail, byLine := perLine[n.Code]
	if !byLine || t.told == toldByLine {
		return
	}
	t.told++
	t.Run.Sum.Warnings++
	if t.Run.opt.Issue != nil {
		t.Run.opt.Issue(Issue{File: t.Name(), Line: n.Line, Column: column, Value: n.Value, Level: "warning",
			Code: "import." + n.Code, Detail: detail})
	}
}

// Has tells whether the mapping fills a target.
func (t *Table) Has(target string) bool { _, ok := t.Spec.Columns[target]; return ok }

// Name is what the file is called, and the sheet where several of it are read.
func (t *Table) Name() string { return t.named }

// GoesInto writes down the pipeline the file's deals go into.
func (t *Table) GoesInto(pipelineID string) {
	if f := t.inSummary(); f != nil {
		f.Pipeline = pipelineID
	}
}

// add adds an amount that was read to the file's total of its currency.
func (t *Table) add(minor int64, currency string) {
	f := t.inSummary()
	if f == nil {
		return
	}
	i := slices.IndexFunc(f.Totals, func(x Total) bool { return x.Currency == currency })
	if i < 0 {
		i = len(f.Totals)
		f.Totals = append(f.Totals, Total{Currency: currency})
	}
	f.Totals[i].Minor, f.Totals[i].Cells = f.Totals[i].Minor+minor, f.Totals[i].Cells+1
}

// inSummary is the file in the run's summary; nil of a table that is no part of one.
func (t *Table) inSummary() *FileSummary {
	if t.Run == nil {
		return nil
	}
	for i := range t.Run.Sum.Files {
		if f := &t.Run.Sum.Files[i]; f.Name == t.Name() {
			return f
		}
	}
	return nil
}

func (t *Table) summary() FileSummary {
	s := FileSummary{Name: t.Name(), Kind: t.Spec.Kind, Rows: t.rows, Format: t.format, Layout: t.layout,
		Aside: t.aside[:min(len(t.aside), listedAside)], AsideCount: t.asides,
		DateFormats: map[string]string{}, Readings: []Reading{}, Unused: []string{}}
	used := map[string]bool{}
	for target, c := range t.Spec.Columns {
		for _, column := range c.columns() {
			used[HeaderKey(column)] = true
		}
		if d := t.readings[target]; d != nil && d.is == ADate {
			s.DateFormats[target] = d.days.Order
		}
	}
	for _, target := range slices.Sorted(maps.Keys(t.readings)) {
		s.Readings = append(s.Readings, t.readings[target].said(target))
	}
	for _, h := range t.header {
		if h != "" && !used[HeaderKey(h)] {
			s.Unused = append(s.Unused, h)
		}
	}
	return s
}

func (c Cell) columns() []string {
	var out []string
	if c.Column != "" {
		out = append(out, c.Column)
	}
	for _, m := range placeholder.FindAllStringSubmatch(c.Template, -1) {
		out = append(out, m[1])
	}
	return out
}

// Rows reads the file row by row and gives each to a function; records that wait are written
// in chunks.
func (t *Table) Rows(each func(*Row) error) error {
	next, err := t.kept.rows()
	if err != nil {
		return err
	}
	for {
		cells, line, err := next()
		if errors.Is(err, io.EOF) {
			return t.Run.Flush()
		} else if err != nil {
			return err
		}
		if err := t.Run.one(&Row{Run: t.Run, Table: t, cells: cells, Line: line}, each); err != nil {
			return err
		}
	}
}

// Again reads the file once more, for what its rows say of one another; they are counted once.
func (t *Table) Again(each func(*Row) error) error {
	r := t.Run
	rows, refused := r.Sum.Rows, r.Sum.Refused
	err := t.Rows(each)
	r.Sum.Rows, r.Sum.Refused = rows, refused
	return err
}

// one handles a row or a group of rows: a fault about the input becomes an issue.
func (r *Run) one(x *Row, each func(*Row) error) error {
	r.at = Place{x.Table.Name(), x.Line}
	err := r.Refused(x, each(x))
	n := int64(max(1, len(x.More)+1))
	r.Sum.Rows += n
	if err != nil {
		return err
	}
	if r.full() {
		err = r.Flush()
	}
	if r.Sum.Rows%500 < n && r.opt.Progress != nil {
		r.opt.Progress(r.Sum.Rows, r.total)
	}
	if err == nil && r.Sum.Rows%100 < n && (r.opt.Stop != nil && r.opt.Stop() || r.Ctx.Err() != nil) {
		return errStopped
	}
	return err
}
