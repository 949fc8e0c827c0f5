package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Earlier is how a file of the same form was imported before: it is proposed for this one.
type Earlier struct {
	BatchID  string      `json:"batchId"`
	File     string      `json:"file"`
	At       time.Time   `json:"at"`
	By       string      `json:"by" doc:"id of the member"`
	Source   string      `json:"source"`
	Spec     FileSpec    `json:"spec"`
	Fields   []FieldSpec `json:"fields"`
	Pipeline string      `json:"pipelineId,omitempty" doc:"its deals went into"`
}

// Finished is an import that came in and stands, with what was said of its files.
type Finished struct {
	Batch
	Mapping string
}

// mostEarlier is how many imports are looked through, the newest first.
const mostEarlier = 30

// earlier finds the newest import of a file of the same form: all columns it read are there, and most of
// the others are those it had. Nil where there is none.
func (s *Service) earlier(ctx context.Context, tx database.Tx, a org.Actor, header []string) (*Earlier, error) {
	list, err := s.Rows.Finished(ctx, tx, a.TenantID, mostEarlier)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		m, err := ParseMapping([]byte(b.Mapping))
		if err != nil || b.Summary == nil { // of a version that wrote otherwise: it proposes nothing
			continue
		}
		for _, f := range b.Summary.Files {
			spec, ok := specOf(m, f)
			if ok && spec.fits(f.Unused, header) && s.Check(Mapping{Files: []FileSpec{spec}}) == nil {
				return &Earlier{BatchID: b.ID, File: f.Name, At: b.CreatedAt, By: b.CreatedBy, Source: m.Source, Spec: spec,
					Fields: append([]FieldSpec{}, m.Fields...), Pipeline: f.Pipeline}, nil
			}
		}
	}
	return nil, nil
}

// specOf is what a mapping said of a file of its import.
func specOf(m Mapping, f FileSummary) (FileSpec, bool) {
	all := m.For(strings.TrimSuffix(f.Name, ofSheet(f.Format.Sheet)))
	i := slices.IndexFunc(all, func(x FileSpec) bool { return x.Kind == f.Kind && (x.Sheet == "" || x.Sheet == f.Format.Sheet) })
	if i < 0 {
		return FileSpec{}, false
	}
	return all[i], true
}

// fits tells whether a header is of the form a file had that was read so, unused columns and all.
func (f FileSpec) fits(unused, header []string) bool {
	there := map[string]bool{}
	for _, h := range header {
		there[HeaderKey(h)] = true
	}
	known := map[string]bool{}
	for _, c := range f.Columns {
		for _, column := range c.columns() {
			if !there[HeaderKey(column)] {
				return false
			}
			known[HeaderKey(column)] = true
		}
	}
	read := len(known)
	for _, h := range unused {
		known[HeaderKey(h)] = true
	}
	same := 0
	for h := range there {
		if known[h] {
			same++
		}
	}
	return read > 1 && 5*same >= 4*max(len(there), len(known))
}
