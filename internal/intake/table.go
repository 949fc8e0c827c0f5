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
	"yunchou/internal/text"
)

// Table is a file with its columns found and its date forms learned.
type Table struct {
	Run      *Run
	Spec     FileSpec
	kind     Kind
	file     File
	format   Format
	header   []string
	at       map[string]int      // header key → index
	readings map[string]*reading // by target
	rows     int64
	kept     *spool // of a workbook
}

// whatIs tells what a target's cells are; "" is text.
func (t *Table) whatIs(target string) Is {
	fields := t.Run.fields[t.kind.Name]
	if key, ok := strings.CutPrefix(target, "custom."); ok && fields[key].Key == "" { // one this run will make
		for _, f := range t.Run.Mapping.Fields {
			if f.Key == key {
				fields = map[string]field.Field{key: {Key: key, Type: f.Type}}
			}
		}
	}
	return whatIs(t.kind, target, fields)
}

// learn opens a file, finds the mapped columns and reads it once for the forms of
// its dates, keeping the rows of a workbook until the run has ended.
// Faults: mapping.column_missing, mapping.date_ambiguous, mapping.decimal_ambiguous, mapping.rate_ambiguous and those of reading a file.
func (r *Run) learn(f File, spec FileSpec) (*Table, error) {
	ctx, cancel := context.WithTimeout(r.Ctx, learnFor)
	defer cancel()
	rd, err := open(ctx, f.Path, spec)
	if err != nil {
		if x := fault.As(err); x != nil {
			x.With("file", filepath.Base(f.Name))
		}
		return nil, err
	}
	defer rd.close()
	kind, _ := kindNamed(r.kinds, spec.Kind)
	t := &Table{Run: r, Spec: spec, kind: kind, file: f, format: rd.Format, header: rd.Header,
		at: map[string]int{}, readings: map[string]*reading{}}
	for i, h := range rd.Header {
		key := HeaderKey(h)
		if _, twice := t.at[key]; !twice {
			t.at[key] = i
		}
		if h != strings.TrimSpace(h) {
			r.Tell(Note{File: t.Name(), Field: strings.TrimSpace(h), Code: "header_blank", Value: h, Line: 1})
		}
	}
	for target, c := range spec.Columns {
		for _, column := range c.columns() {
			if _, ok := t.at[HeaderKey(column)]; !ok {
				return nil, fault.New(fault.Invalid, "mapping.column_missing", "%s has no column %q; it has: %s", t.Name(), column, strings.Join(rd.Header, ", ")).
					With("file", t.Name()).With("column", column)
			}
		}
		if is := t.whatIs(target); is != "" && c.Column != "" {
			t.readings[target] = readingOf(is, happened(kind, target), c, "", r.Actor)
		}
	}
	if rd.Format.Type == "xlsx" {
		if t.kept, err = newSpool(r.opt.Scratch); err != nil {
			return nil, err
		}
		r.spools = append(r.spools, t.kept)
	}
	for {
		cells, line, err := rd.next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if blank(cells) {
			continue
		}
		t.rows++
		if t.kept != nil {
			if err := t.kept.add(cells, line); err != nil {
				return nil, err
			}
		}
		for _, d := range t.readings {
			if i := t.at[HeaderKey(d.cell.Column)]; i < len(cells) {
				d.column.See(text.Fold(cells[i]))
			}
		}
	}
	decide(t.readings)
	for _, target := range slices.Sorted(maps.Keys(t.readings)) {
		if err := t.readings[target].fault(t.Name()); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Has tells whether the mapping fills a target.
func (t *Table) Has(target string) bool { _, ok := t.Spec.Columns[target]; return ok }

// Name is what the file is called.
func (t *Table) Name() string { return filepath.Base(t.file.Name) }

func (t *Table) summary() FileSummary {
	s := FileSummary{Name: t.Name(), Kind: t.Spec.Kind, Rows: t.rows, Format: t.format, DateFormats: map[string]string{}, Readings: []Reading{}, Unused: []string{}}
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
		if !used[HeaderKey(h)] {
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

// from reads the rows after the header: those kept, or the file once more.
func (t *Table) from() (next func() ([]string, int, error), close func() error, err error) {
	if t.kept != nil {
		next, err = t.kept.rows()
		return next, func() error { return nil }, err
	}
	rd, err := open(t.Run.Ctx, t.file.Path, t.Spec)
	if err != nil {
		return nil, nil, err
	}
	return rd.next, rd.close, nil
}

// Rows reads the file row by row and gives each to a function; records that wait are written
// in chunks.
func (t *Table) Rows(each func(*Row) error) error {
	next, close, err := t.from()
	if err != nil {
		return err
	}
	defer close() //nolint:errcheck // it was read only
	for {
		cells, line, err := next()
		if errors.Is(err, io.EOF) {
			return t.Run.Flush()
		} else if err != nil {
			return err
		}
		if blank(cells) {
			continue
		}
		if err := t.Run.one(&Row{Run: t.Run, Table: t, cells: append([]string{}, cells...), Line: line}, each); err != nil {
			return err
		}
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
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
