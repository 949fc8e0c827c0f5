package intake

import (
	"context"

	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Restated is a column of a file as somebody says its cells are read: as a field's, in the forms its cell
// states.
type Restated struct {
	Kind  string   `json:"kind" maxLength:"40" doc:"of the file"`
	Field string   `json:"field" maxLength:"200"`
	Is    Is       `json:"is" enum:"date,amount,number,rate"`
	Above string   `json:"above,omitempty" maxLength:"200" doc:"the unit stated above the table"`
	Cell  Cell     `json:"cell"`
	Texts []string `json:"texts" maxItems:"500" doc:"of its cells"`
}

// Reread says how cells would be read, as the import would read them: nothing of it is worked out elsewhere.
// Faults: those of a mapping's column.
func (s *Service) Reread(_ context.Context, a org.Actor, as Restated) (Reading, error) {
	if err := a.Need(org.ImportRun); err != nil {
		return Reading{}, err
	}
	kind, ok := kindNamed(s.kinds(), as.Kind)
	if !ok {
		return Reading{}, fault.Input("/kind", "mapping.kind_unknown", "no files are of kind %s", as.Kind)
	}
	if err := (FileSpec{}).checkColumn("/cell", kind, as.Field, as.Cell); err != nil {
		return Reading{}, err
	}
	r := readingOf(as.Is, happened(kind, as.Field), as.Cell, as.Above, a)
	if r == nil {
		return Reading{}, fault.Input("/is", "mapping.source_missing", "a column that is no text")
	}
	for _, t := range as.Texts {
		r.column.See(text.Fold(t))
	}
	decide(map[string]*reading{as.Field: r})
	return r.said(as.Field), nil
}
