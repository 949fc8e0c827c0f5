package intake

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
)

// Sample is a file nobody has said anything about: its first rows, and what stands in its columns.
type Sample struct {
	Header   []string
	Rows     [][]string
	counted  [][]Value    // by column
	distinct [][]string   // by column, the different texts of the whole file
	taken    map[int]bool // columns that have a target
	looks    []form.Looks
	sure     map[string]float64  // kind.target → how surely its column is it
	readings map[string]*reading // by what it is read as and the column's key

	pipeline    *PipelineSpec
	stageValues map[string]string
}

// Propose says that the file's stages could be a pipeline of their own, and what other texts mean in it.
func (s *Sample) Propose(p *PipelineSpec, values map[string]string) {
	s.pipeline, s.stageValues = p, values
}

// Counted are the different texts of a column and how often each stands there, the most frequent
// first; of a column with very many, none.
func (s *Sample) Counted(column string) []Value {
	for i, h := range s.Header {
		if column != "" && HeaderKey(h) == HeaderKey(column) && i < len(s.counted) {
			return s.counted[i]
		}
	}
	return nil
}

// mostAlike is from which share of a column's cells on it is shown how they are read as something.
const mostAlike = 0.3

// read tells of each column how its cells are read as days, amounts and rates.
func (s *Sample) read(columns []Column, all []values, above string, a org.Actor) {
	s.readings = map[string]*reading{}
	for i := range columns {
		s.counted = append(s.counted, columns[i].Values)
		l := s.looks[i]
		for is, like := range map[Is]float64{ADate: l.Day, AnSum: l.Number, ARate: l.Number} {
			if like < mostAlike {
				continue
			}
			r := readingOf(is, false, Cell{Column: columns[i].Header}, above, a)
			r.column = &all[i].learn
			s.readings[string(is)+"."+HeaderKey(columns[i].Header)] = r
		}
	}
	decide(s.readings)
	for i := range columns {
		for _, is := range []Is{ADate, AnSum, ARate} {
			if r := s.readings[string(is)+"."+HeaderKey(columns[i].Header)]; r != nil {
				said := r.said("")
				said.Empty = all[i].nothing()
				said.Filled = columns[i].Filled - said.Empty
				columns[i].Readings = append(columns[i].Readings, said)
			}
		}
	}
}

// state writes down how the cells of a suggested column are read, so that the run reads them as they
// were shown.
func (s *Sample) state(k Kind, columns map[string]Cell, fields map[string]field.Field) {
	for target, c := range columns {
		r := s.readings[string(whatIs(k, target, fields))+"."+HeaderKey(c.Column)]
		if r == nil || len(r.open) > 0 {
			continue
		}
		switch r.is {
		case ADate:
			if r.column.Dated() {
				c.Format = r.days.Order
			}
		case ARate:
			if r.rates.Fraction {
				c.Rate = "fraction"
			}
		case AnSum:
			if r.numbers.Scale > 1 {
				c.Unit = strconv.FormatInt(r.numbers.Scale, 10)
			}
		}
		if _, open := r.column.Decimal(); r.is != ADate && (len(open) > 0 || r.numbers.Decimal == ",") {
			c.Decimal = r.numbers.Decimal
		}
		columns[target] = c
	}
}

// Take gives the nth column to a target, and tells whether it was free.
func (s *Sample) Take(n int) bool {
	free := !s.taken[n]
	s.taken[n] = true
	return free
}

// TakeNamed gives a column to a target by its name, and tells whether it was free.
func (s *Sample) TakeNamed(column string) bool {
	n := slices.IndexFunc(s.Header, func(h string) bool { return HeaderKey(h) == HeaderKey(column) })
	return n >= 0 && s.Take(n)
}

// Free are the columns no target has yet that may be one's, the likeliest first.
func (s *Sample) Free(k Kind, t Target) (out []string) {
	score := map[string]float64{}
	for c, h := range s.Header {
		if s.taken[c] || strings.TrimSpace(h) == "" {
			continue
		}
		if like := k.weigh(t, h, s.look(c)); like >= likely {
			out = append(out, strings.TrimSpace(h))
			score[strings.TrimSpace(h)] = like
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(score[b], score[a]) })
	return out
}

// Values are the different texts of a column in the whole file, in the order they appear; of a
// column with very many, the first five hundred.
func (s *Sample) Values(column string) []string {
	for i, h := range s.Header {
		if column != "" && HeaderKey(h) == HeaderKey(column) && i < len(s.distinct) {
			return s.distinct[i]
		}
	}
	return nil
}

// ownFields are the company's own fields by kind of record and key.
func (s *Service) ownFields(ctx context.Context, tx database.Tx, a org.Actor) (map[string]map[string]field.Field, error) {
	all, err := s.Fields.List(ctx, tx, a.TenantID, "")
	out := map[string]map[string]field.Field{}
	for _, f := range field.Asked(all) {
		if out[f.Record] == nil {
			out[f.Record] = map[string]field.Field{}
		}
		out[f.Record][f.Key] = f
	}
	return out, err
}

// own takes the columns that are called as the company calls fields of its own.
func (s *Sample) own(fields map[string]field.Field) map[string]Cell {
	columns := map[string]Cell{}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		for c, h := range s.Header {
			called := HeaderKey(h)
			if (called == HeaderKey(fields[key].Label) || called == key) && s.Take(c) {
				columns["custom."+key] = Cell{Column: strings.TrimSpace(h)}
				break
			}
		}
	}
	return columns
}

// edition is what a file's name says of which edition it is: dates, numbers, copies.
var edition = regexp.MustCompile(`(?i)[(\[（【]?(?:\d{1,4}[-_.年/]?)+(?:年?度|年|月份?|日|季度|周|期|号)?[)\]）】]?|\bq[1-4]\b|(?:副本|最终版?|定稿|终版)|[-_ ](?:copy|final|export|v\d+)\b|第[一二三四]季度|[上下]半年`)

// sourceOf names where a file's ids come from: the file, whichever edition of it, so that next
// month's is a new edition of this month's.
func sourceOf(name string) string {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	if source := strings.Trim(edition.ReplaceAllString(stem, ""), " -_.·()（）"); source != "" {
		return source
	}
	return stem
}

// suggest guesses what a file holds and its mapping from the header, and from values where a
// kind looks at them; the first of the mapping's files is the guess, the others are what the
// file would be as another kind. Nothing is written by it.
func (s *Service) suggest(ctx context.Context, tx database.Tx, a org.Actor, name string, file *Sample) (
	m Mapping, other []FileSpec, err error,
) {
	m = Mapping{Version: 1, Source: sourceOf(name), Empty: form.NothingWords()}
	best, usual, most := 0, 0, -1.0
	var specs []FileSpec
	proposed := map[int]Sample{}
	fields, err := s.ownFields(ctx, tx, a)
	if err != nil {
		return m, nil, err
	}
	ours := false
	for i, k := range s.kinds() {
		file.taken = map[int]bool{}
		columns, found, written, err := s.columnsOf(ctx, tx, a, k, file, fields[k.record()])
		if err != nil {
			return m, nil, err
		}
		f := FileSpec{Match: name, Kind: k.Name, Columns: columns}
		if k.Suggest != nil {
			if err := k.Suggest(ctx, tx, a, &f, file); err != nil {
				return m, nil, err
			}
		}
		proposed[i] = Sample{pipeline: file.pipeline, stageValues: file.stageValues}
		file.pipeline, file.stageValues = nil, nil
		if found > 0 {
			found += k.Weight
		}
		if k.Usual {
			usual = i
		}
		specs = append(specs, f)
		if found > most {
			best, most, ours = i, found, written
		}
	}
	if most <= 0 {
		best = usual
	}
	file.pipeline, file.stageValues = proposed[best].pipeline, proposed[best].stageValues
	if file.pipeline != nil && specs[best].Pipeline == file.pipeline.Name {
		m.Pipelines = []PipelineSpec{*file.pipeline}
	}
	if ours { // what stands there was written by us: no word of it is a mark of nothing
		m.Empty = nil
	}
	m.Files = []FileSpec{specs[best]}
	return m, append(specs[:best:best], specs[best+1:]...), nil
}

// fitsOurs is how well a table we wrote fits its kind: better than any other.
const fitsOurs = 1000

// columnsOf finds the columns of a file as one of a kind, how well it fits, and whether we wrote it.
func (s *Service) columnsOf(ctx context.Context, tx database.Tx, a org.Actor, k Kind, file *Sample, fields map[string]field.Field) (
	columns map[string]Cell, fits float64, ours bool, err error,
) {
	list, err := s.Fields.List(ctx, tx, a.TenantID, k.record())
	if err != nil {
		return nil, 0, false, err
	}
	if columns, ours = k.ours(file, field.Asked(list)); ours {
		if k.byID(columns) {
			k.asWritten(columns, fields)
		} else {
			file.state(k, columns, fields)
		}
		return columns, fitsOurs + float64(len(columns)), true, nil
	}
	at, byID, err := k.known(ctx, tx, a, file)
	if err != nil {
		return nil, 0, false, err
	}
	byID = byID && file.Take(at)
	own := file.own(fields)
	columns, fits = k.recognise(file)
	if maps.Copy(columns, own); fits > 0 {
		fits += float64(len(own))
	}
	file.state(k, columns, fields)
	if byID {
		columns[IDTarget] = Cell{Column: strings.TrimSpace(file.Header[at])}
		file.surely(k, IDTarget, 1)
		fits += fitsOurs
	}
	return columns, fits, byID, nil
}
