package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/org"
)

// Preview is how a file would be read: where its table stands and what is in its columns, from
// the whole file, and a mapping to begin with.
type Preview struct {
	Format Format     `json:"format"`
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows" doc:"the first twenty rows of the table"`
	// RowCount is how many there are; More that reading ended before the file did.
	RowCount int64  `json:"rowCount"`
	More     string `json:"more,omitempty" doc:"code of the fault at which reading ended early: all else is of the rows before"`
	// Layout is where the table was found, Sheets where else one may be, Grid the file as it is.
	Layout    grid.Layout      `json:"layout"`
	Sheets    []grid.Sheet     `json:"sheets"`
	Grid      []GridRow        `json:"grid"`
	Encodings []grid.Candidate `json:"encodings" doc:"of a CSV, the likeliest first"`
	// Columns are the different values of each column.
	Columns []Column `json:"columns"`
	// Aside are rows that are none of the table: titles, sums, notes.
	Aside      []grid.Aside `json:"aside"`
	AsideCount int          `json:"asideCount"`
	Notes      []Note       `json:"notes"`
	Mapping    Mapping      `json:"mapping"`
	// Other is the file as each other kind, for a person who knows better.
	Other []FileSpec `json:"other"`
	YAML  string     `json:"yaml"`
	// Targets are the fields a file of each kind may fill, Is what the cells of those are that are
	// no texts, and Sure how surely the column that is suggested is a field's, from 0 to 1.
	Targets map[string][]string           `json:"targets"`
	Is      map[string]map[string]Is      `json:"is"`
	Sure    map[string]map[string]float64 `json:"sure"`
	// Pipeline is one of the file's own stages, and StageValues what other texts mean in it: the
	// mapping states it already where no pipeline of the company knows the file's stages.
	Pipeline    *PipelineSpec     `json:"pipeline,omitempty"`
	StageValues map[string]string `json:"stageValues,omitempty"`
	// Earlier is how a file of the same form was imported last.
	Earlier *Earlier `json:"earlier,omitempty"`
}

// GridRow is one of the file's first rows, as it is.
type GridRow struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"`
}

// Looked is what a person says of a file that was looked at: what is empty is found.
type Looked struct {
	Name       string `json:"name" minLength:"1" maxLength:"200"`
	Sheet      string `json:"sheet,omitempty" maxLength:"200"`
	Header     int    `json:"header,omitempty" minimum:"0" doc:"the line of the header"`
	HeaderRows int    `json:"headerRows,omitempty" minimum:"0" maximum:"10"`
	Headless   bool   `json:"headless,omitempty" doc:"there is no header"`
	Encoding   string `json:"encoding,omitempty" maxLength:"20"`
	Separator  string `json:"separator,omitempty" maxLength:"4"`
}

// Look previews an upload and suggests what its columns are. It reads the whole file, in the time
// somebody waits.
func (s *Service) Look(ctx context.Context, a org.Actor, id string, as Looked) (p Preview, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return p, err
	}
	path, err := s.uploadPath(a.TenantID, id)
	if err != nil {
		return p, err
	}
	reading, cancel := context.WithTimeout(ctx, previewFor)
	defer cancel()
	spec := FileSpec{Sheet: as.Sheet, Header: as.Header, HeaderRows: as.HeaderRows, Headless: as.Headless,
		Encoding: as.Encoding, Separator: as.Separator}
	r, err := open(reading, path, spec.stated(s.usualNames()))
	if errors.Is(err, os.ErrNotExist) {
		return p, fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
	} else if err != nil {
		return p, err
	}
	defer r.close() //nolint:errcheck // it was read only
	sample := Sample{Header: r.Header}
	if err := p.read(r, &sample, a); err != nil {
		return p, err
	}
	others, err := r.besides(spec.stated(s.usualNames()))
	if err != nil {
		return p, err
	}
	sample.know(others)
	err = s.DB.Read(ctx, func(tx database.Tx) (err error) {
		if p.Mapping, p.Other, err = s.suggest(ctx, tx, a, filepath.Base(as.Name), &sample); err != nil {
			return err
		}
		if !p.Layout.Headless { // all such files have the same letters
			p.Earlier, err = s.earlier(ctx, tx, a, p.Header)
		}
		return err
	})
	if err != nil {
		return p, err
	}
	p.carry(spec)
	kind, _ := kindNamed(s.kinds(), p.Mapping.Files[0].Kind)
	_, owner := kind.Target("owner")
	p.together(&sample, others, owner, as.Sheet != "")
	p.YAML, p.Targets = p.Mapping.YAML(), map[string][]string{}
	p.Is, p.Sure = map[string]map[string]Is{}, map[string]map[string]float64{}
	p.Pipeline, p.StageValues = sample.pipeline, sample.stageValues
	for _, k := range s.kinds() {
		p.Targets[k.Name], p.Is[k.Name], p.Sure[k.Name] = k.targetNames(), map[string]Is{}, map[string]float64{}
		for _, t := range k.Targets {
			if is := whatIs(k, t.Name, nil); is != "" {
				p.Is[k.Name][t.Name] = is
			}
		}
		for target, sure := range sample.sure {
			if name, ok := strings.CutPrefix(target, k.Name+"."); ok {
				p.Sure[k.Name][name] = min(sure, 1)
			}
		}
	}
	return p, err
}

// carry puts what a person said into the suggestions, and of a workbook of several sheets which one
// was read, so that the import reads what was shown.
func (p *Preview) carry(spec FileSpec) {
	put := func(f *FileSpec) {
		f.Sheet, f.Header, f.HeaderRows, f.Headless = spec.Sheet, spec.Header, spec.HeaderRows, spec.Headless || p.Layout.Headless
		f.Encoding, f.Separator = spec.Encoding, spec.Separator
		if len(p.Sheets) > 1 {
			f.Sheet = p.Format.Sheet
		}
	}
	for i := range p.Mapping.Files {
		put(&p.Mapping.Files[i])
	}
	for i := range p.Other {
		put(&p.Other[i])
	}
}

// usualNames tells whether a text is what some kind of file calls a column.
func (s *Service) usualNames() func(string) bool {
	names := map[string]bool{}
	for _, k := range s.kinds() {
		for _, t := range k.Targets {
			for _, n := range t.Columns {
				names[n] = true
			}
		}
	}
	return func(text string) bool { return names[HeaderKey(text)] }
}

// shownRows and sampleRows are how many rows of a file are shown, and looked at one by one.
const shownRows, sampleRows = 20, 200

// read reads the table to its end. A fault on the way ends it: what was seen before is shown.
func (p *Preview) read(r *reader, s *Sample, a org.Actor) error {
	values := make([]values, len(r.Header))
	notes := map[Note]*Note{}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if f := fault.As(err); f != nil && p.RowCount > 0 {
			p.More = f.Code
			break
		} else if err != nil {
			return err
		}
		p.RowCount++
		if len(s.Rows) < sampleRows {
			s.Rows = append(s.Rows, slices.Clone(row.Cells))
		}
		for i := range values {
			if i < len(row.Cells) {
				values[i].add(row.Cells[i])
			}
		}
		for _, n := range row.Notes {
			count(notes, n, r.Header)
		}
	}
	p.Format, p.Header, p.Layout = r.Format, r.Header, r.Layout
	p.Rows = append([][]string{}, s.Rows[:min(shownRows, len(s.Rows))]...)
	p.Sheets = append([]grid.Sheet{}, r.file.Sheets...)
	p.Encodings = append([]grid.Candidate{}, r.file.Candidates...)
	p.Aside, p.AsideCount = append([]grid.Aside{}, r.Aside...), r.AsideCount
	p.Grid, p.Notes, p.Columns = []GridRow{}, []Note{}, []Column{}
	for _, g := range r.Grid {
		p.Grid = append(p.Grid, GridRow{g.Line, g.Cells})
	}
	for i, h := range r.Header {
		p.Columns = append(p.Columns, values[i].column(h))
		s.distinct = append(s.distinct, values[i].order)
		s.looks = append(s.looks, values[i].looks())
	}
	s.read(p.Columns, values, r.Layout.Unit, a)
	for _, h := range r.Twice {
		p.Notes = append(p.Notes, Note{Field: h, Code: "header_twice", Value: h, Line: r.Layout.Header, Count: 1})
	}
	p.Notes = append(p.Notes, inOrder(notes)...)
	return nil
}

// mostNotes bounds the kinds of notes that are shown.
const mostNotes = 200

// count counts a note by its column and code.
func count(notes map[Note]*Note, n grid.Note, header []string) {
	key := Note{Field: columnName(header, n.Column), Code: n.Code}
	if notes[key] == nil {
		if len(notes) >= mostNotes {
			return
		}
		first := key
		first.Line, first.Value = n.Line, n.Value
		notes[key] = &first
	}
	notes[key].Count++
}

func inOrder(notes map[Note]*Note) (out []Note) {
	for _, n := range notes {
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b Note) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Field+a.Code, b.Field+b.Code)
	})
	return out
}
