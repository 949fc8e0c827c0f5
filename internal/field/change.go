package field

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Change is what a field shall be from now on; nil leaves it.
type Change struct {
	Label   *string
	Choices *[]Option // all of them, in order; those without a code are new
	Retired *bool
}

// Change changes a field. Faults: field.unknown, field.label_taken, field.no_choices, and those of choices.
func (s *Service) Change(ctx context.Context, a org.Actor, id string, c Change) (Field, error) {
	if err := a.Need(org.FieldEdit); err != nil {
		return Field{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Field, error) {
		if err := alone(ctx, tx, a); err != nil {
			return Field{}, err
		}
		was, all, err := s.one(ctx, tx, a.TenantID, id)
		if err != nil {
			return was, err
		}
		now, err := was.after(c)
		if err != nil {
			return was, err
		}
		if err := free(all, now); err != nil {
			return was, err
		}
		return now, s.change(ctx, tx, a, was, now)
	})
}

// alone has changes of a company's fields follow one another: names and places are theirs together.
func alone(ctx context.Context, tx database.Tx, a org.Actor) error {
	return tx.Alone(ctx, a.TenantID+" fields")
}

// one finds a field of any kind, and those of its kind.
func (s *Service) one(ctx context.Context, tx database.Tx, tenant, id string) (f Field, of []Field, err error) {
	every, err := s.Rows.Fields(ctx, tx, tenant, "")
	if err != nil {
		return f, nil, err
	}
	i := slices.IndexFunc(every, func(x Field) bool { return x.ID == id })
	if i < 0 {
		return f, nil, fault.New(fault.NotFound, "field.unknown", "no such field")
	}
	f = every[i]
	return f, slices.DeleteFunc(every, func(x Field) bool { return x.Record != f.Record }), nil
}

// after is the field as a change makes it.
func (f Field) after(c Change) (Field, error) {
	if c.Label != nil {
		if f.Label = text.Line(*c.Label); f.Label == "" {
			return f, fault.Missing("/label")
		}
	}
	if c.Retired != nil {
		f.Retired = *c.Retired
	}
	if c.Choices == nil {
		return f, nil
	}
	if f.Type != Choice && f.Type != Text {
		return f, fault.Input("/choices", "field.no_choices", "only a text or a choice has choices")
	}
	return f, f.rechoose(*c.Choices)
}

// free tells that no other field of the kind is called so: a person chooses a field by its name.
func free(all []Field, f Field) error {
	for _, x := range all {
		if x.ID != f.ID && text.Match(x.Label) == text.Match(f.Label) {
			err := fault.Input("/label", "field.label_taken", "another field is called so").With("label", x.Label).
				With("retired", x.Retired)
			err.Kind = fault.Conflict
			return err
		}
	}
	return nil
}

func (s *Service) change(ctx context.Context, tx database.Tx, a org.Actor, was, now Field) error {
	say := func(kind string, p any) { journal.Append(tx, a.By(), about(now.ID, kind, p, a.Today)) }
	renamed, rechosen := was.Label != now.Label, !slices.EqualFunc(was.Choices, now.Choices, same)
	if renamed || rechosen {
		if err := s.Rows.Put(ctx, tx, a.TenantID, now); err != nil {
			return err
		}
	}
	if renamed {
		say("renamed", Renamed{})
	}
	if rechosen {
		say("rechosen", Rechosen{Choices: len(now.Choices), Retired: len(now.Choices) - len(now.Options)})
	}
	if was.Retired == now.Retired {
		return nil
	}
	if now.Retired {
		say("retired", Retired{})
		return s.Rows.Retire(ctx, tx, a.TenantID, now.ID, &a.Now)
	}
	say("restored", Restored{})
	return s.Rows.Retire(ctx, tx, a.TenantID, now.ID, nil)
}

func same(a, b Option) bool {
	return a.Code == b.Code && a.Label == b.Label && a.Retired == b.Retired
}

// Order puts the fields of a record kind in an order; forms, pages, columns and tables follow it. Faults:
// field.order_incomplete where it is not those that are asked for, each once.
func (s *Service) Order(ctx context.Context, a org.Actor, record string, ids []string) ([]Field, error) {
	if err := a.Need(org.FieldEdit); err != nil {
		return nil, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) ([]Field, error) {
		if err := alone(ctx, tx, a); err != nil {
			return nil, err
		}
		all, err := s.Rows.Fields(ctx, tx, a.TenantID, record)
		if err != nil {
			return nil, err
		}
		there := map[string]bool{}
		for _, f := range Asked(all) {
			there[f.ID] = true
		}
		if record == "" || len(ids) != len(there) || !maps.Equal(there, setOf(ids)) {
			return nil, &fault.Fault{Kind: fault.Conflict, Code: "field.order_incomplete",
				Detail: "name each field of the kind that is asked for once"}
		}
		order := slices.Clone(ids)
		for _, f := range all { // the retired ones stay behind
			if f.Retired {
				order = append(order, f.ID)
			}
		}
		for i, id := range order {
			if err := s.Rows.Place(ctx, tx, a.TenantID, id, i); err != nil {
				return nil, err
			}
			journal.Append(tx, a.By(), about(id, "moved", Moved{Position: i}, a.Today))
		}
		return s.Rows.Fields(ctx, tx, a.TenantID, record)
	})
}

func setOf(ids []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}
