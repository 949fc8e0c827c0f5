package field

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Count is a value as it is held, and how many records hold it.
type Count struct {
	Value   Value
	Records int64
}

// Named is what names fields by their keys.
type Named interface {
	// Naming counts the saved views that filter by a field or show it, those that split a report by it, and the
	// imports and kept mappings that fill it.
	Naming(ctx context.Context, tx database.Tx, tenant string, f Field) (Names, error)
}

// Names is how much names a field.
type Names struct {
	Views      int `json:"views" doc:"saved views that filter by it or show it"`
	Groupings  int `json:"groupings" doc:"saved views that split a report by it"`
	ImportedBy int `json:"importedBy" doc:"imports, and kept mappings, that fill it"`
}

// Held is a value as it is called, with the records that hold it.
type Held struct {
	Value   string `json:"value"`
	Records int64  `json:"records"`
	Offered bool   `json:"offered" doc:"among the choices, the asked ones where some are asked"`
	Code    string `json:"code" doc:"of the choice, empty where it is none"`
}

// Touches is what changing a field touches. No rule of a stage names one: a milestone asks for evidence of its own.
type Touches struct {
	Names
	Records int64  `json:"records" doc:"that hold a value"`
	Values  []Held `json:"values" doc:"of a text or a choice, the most frequent first, at most 100; what is not offered before the rest"`
	More    int    `json:"more" doc:"values that are not listed"`
}

// MostValues that Touches lists.
const MostValues = 100

// Touches tells what changing a field touches, and, of choices it might be given, what is held beside them.
// Fault: field.unknown.
func (s *Service) Touches(ctx context.Context, a org.Actor, id string, offered []string) (out Touches, err error) {
	if err := a.Need(org.FieldEdit); err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		f, _, err := s.one(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		if out.Names, err = s.Named.Naming(ctx, tx, a.TenantID, f); err != nil {
			return err
		}
		if out.Records, err = s.Rows.Held(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		out.Values = []Held{}
		if f.Type != Text && f.Type != Choice {
			return nil
		}
		counts, err := s.Rows.Tally(ctx, tx, a.TenantID, id)
		out.list(f, counts, offered)
		return err
	})
	return out, err
}

// list puts what is not offered first: it is what a change leaves behind.
func (t *Touches) list(f Field, counts []Count, offered []string) {
	asked := map[string]bool{}
	for _, o := range offered {
		asked[text.Match(o)] = true
	}
	for _, c := range counts {
		h := Held{Value: f.Called(c.Value.Text), Records: c.Records}
		o, ok := f.choice(c.Value.Text)
		if ok {
			h.Code, h.Offered = o.Code, !o.Retired
		}
		if len(asked) > 0 {
			h.Offered = asked[text.Match(h.Value)] || asked[text.Match(c.Value.Text)]
		}
		t.Values = append(t.Values, h)
	}
	slices.SortStableFunc(t.Values, func(a, b Held) int {
		switch {
		case a.Offered == b.Offered:
			return 0
		case b.Offered:
			return -1
		}
		return 1
	})
	if n := len(t.Values); n > MostValues {
		t.Values, t.More = t.Values[:MostValues], n-MostValues
	}
}
