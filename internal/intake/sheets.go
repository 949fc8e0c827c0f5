package intake

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/intake/form"
)

// alike is another sheet of the same columns, and what stands in them.
type alike struct {
	name    string
	columns []values
}

// besides reads the sheets of a workbook that have the same columns as the one that is read.
func (r *reader) besides(s grid.Stated) (out []alike, err error) {
	names, err := r.file.Alike(r.Table, s)
	for _, name := range names {
		one := alike{name, make([]values, len(r.Header))}
		if err := r.sheet(name, s, one.columns); fault.As(err) != nil {
			continue // it says so where it is looked at itself
		} else if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, err
}

func (r *reader) sheet(name string, s grid.Stated, into []values) error {
	t, err := r.file.Table(grid.Stated{Sheet: name, Known: s.Known})
	if err != nil {
		return err
	}
	defer t.Close() //nolint:errcheck // it was read only
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for i := range min(len(into), len(row.Cells)) {
			into[i].add(row.Cells[i])
		}
	}
}

// know has what stands in other sheets known as well: their stages make one pipeline.
func (s *Sample) know(others []alike) {
	if len(others) == 0 {
		return
	}
	for c := range s.Header {
		all := values{}
		all.order, all.counts, all.folded = slices.Clone(s.distinct[c]), make([]int64, len(s.distinct[c])), map[string]int{}
		for i, text := range all.order {
			all.folded[text] = i
		}
		for _, v := range s.counted[c] {
			if i, ok := all.folded[v.Value]; ok {
				all.counts[i] = v.Count
			}
		}
		for _, o := range others {
			for i, text := range o.columns[c].order {
				at, ok := all.folded[text]
				if !ok {
					at = len(all.order)
					all.folded[text] = at
					all.order, all.counts = append(all.order, text), append(all.counts, 0)
				}
				all.counts[at] += o.columns[c].counts[i]
			}
		}
		if !all.many && len(s.counted[c]) > 0 {
			s.distinct[c], s.counted[c] = all.order, all.column("").Values
		}
	}
}

// together suggests to read the other sheets as well: one for each month, or for each person, whose name
// the sheet has. Where records have no ids, and the sheets say the same names again, each is another
// edition of one list, and somebody is to say which; where a sheet was stated, it is read alone.
func (p *Preview) together(s *Sample, others []alike, owner, stated bool) {
	if len(others) == 0 {
		return
	}
	first := p.Mapping.Files[0]
	owned := func(f *FileSpec) {
		if _, there := f.Columns["owner"]; owner && !there && form.IsPerson(f.Sheet) {
			f.Columns["owner"] = Cell{Const: f.Sheet}
		}
	}
	if stated { // that one alone
		owned(&p.Mapping.Files[0])
		return
	}
	column := slices.IndexFunc(s.Header, func(h string) bool {
		return HeaderKey(h) == HeaderKey(first.Columns["name"].Column)
	})
	_, ids := first.Columns["externalId"]
	if !ids && column < 0 {
		return
	}
	known := map[string]bool{}
	if !ids {
		for _, row := range s.Rows {
			if column < len(row) {
				known[strings.TrimSpace(row[column])] = true
			}
		}
	}
	for _, o := range others {
		if !ids && again(known, o.columns[column].order) {
			continue
		}
		f := first
		f.Columns, f.Sheet = maps.Clone(first.Columns), o.name
		owned(&f)
		p.Mapping.Files = append(p.Mapping.Files, f)
		if i := slices.IndexFunc(p.Sheets, func(x grid.Sheet) bool { return x.Name == o.name }); i >= 0 {
			p.Sheets[i].Alike = true
		}
	}
	owned(&p.Mapping.Files[0])
}

// again tells whether more than a fifth of the names are known, and takes them in where not.
func again(known map[string]bool, names []string) bool {
	n := 0
	for _, name := range names {
		if known[name] {
			n++
		}
	}
	if 5*n > len(names) {
		return true
	}
	for _, name := range names {
		known[name] = true
	}
	return false
}
