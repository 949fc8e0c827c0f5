package opportunity

import (
	"context"
	"errors"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/org"
)

// setOwn writes values of the company's own fields and returns them as they are told, by
// their keys in order.
func (s *Service) setOwn(ctx context.Context, tx database.Tx, a org.Actor, id string, in field.Values) (keys []string, told []own, err error) {
	set, err := s.Fields.Set(ctx, tx, a, "opportunity", id, in)
	if err != nil || len(set) == 0 {
		return nil, nil, err
	}
	fields, err := s.ownFields(ctx, tx, a)
	if err != nil {
		return nil, nil, err
	}
	keys = slices.Sorted(maps.Keys(set))
	for _, k := range keys {
		i := slices.IndexFunc(fields, func(f field.Field) bool { return f.Key == k })
		o := own{FieldID: fields[i].ID, Cleared: true}
		if now := set[k][1]; now != "" {
			v, err := fields[i].Read(now, a)
			if err != nil {
				return nil, nil, err
			}
			o = ownOf(fields[i], v)
		}
		if was := set[k][0]; was != "" {
			v, err := fields[i].Read(was, a)
			if err != nil {
				return nil, nil, err
			}
			held := ownOf(fields[i], v)
			o.WasNumber, o.WasCode = held.Number, held.Code
		}
		told = append(told, o)
	}
	return keys, told, nil
}

func (s *Service) ownFields(ctx context.Context, tx database.Tx, a org.Actor) ([]field.Field, error) {
	return s.Fields.List(ctx, tx, a.TenantID, "opportunity")
}

// ownsOf are values of a recorded history as they are told, by field.
func ownsOf(fields []field.Field, values map[string]field.Value) (told []own) {
	for _, f := range fields {
		if v, stated := values[f.ID]; stated {
			told = append(told, ownOf(f, v))
		}
	}
	return told
}

// writeOwn writes what was told.
func (s *Service) writeOwn(ctx context.Context, tx database.Tx, a org.Actor, id string, told []own) error {
	var save, clear []field.Stored
	for _, o := range told {
		v := field.Stored{Record: id, Field: o.FieldID, Value: field.Value{Text: o.Code, Number: o.Number}}
		if o.Cleared {
			clear = append(clear, v)
		} else {
			save = append(save, v)
		}
	}
	return errors.Join(s.Fields.Store(ctx, tx, a.TenantID, save), s.Fields.Clear(ctx, tx, a.TenantID, clear))
}
