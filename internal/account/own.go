package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/org"
)

// own is a company's own field in an entry about an account, before and after: nil is not
// stated. Of a text, both are nil: that it changed is said, the text stays in its row.
type own struct {
	FieldID string    `json:"fieldId"`
	Old     *ownValue `json:"old,omitempty"`
	New     *ownValue `json:"new,omitempty"`
}

// ownValue is a number, or as text a day, a choice or a member.
type ownValue struct {
	Text   string `json:"text,omitempty"`
	Number *int64 `json:"number,omitempty"`
}

// setOwn writes an account's own fields and tells what changed.
func (s *Service) setOwn(ctx context.Context, tx database.Tx, a org.Actor, id string,
	in field.Values) (out []own, err error) {
	changed, err := s.Fields.Set(ctx, tx, a, "account", id, in)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	fields, err := s.Fields.List(ctx, tx, a.TenantID, "account")
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		values, ok := changed[f.Key]
		if !ok {
			continue
		}
		o := own{FieldID: f.ID}
		if f.Type != field.Text {
			if o.Old, err = stated(f, a, values[0]); err != nil {
				return nil, err
			}
			if o.New, err = stated(f, a, values[1]); err != nil {
				return nil, err
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// stated is a value as an entry has it, nil where none is stated.
func stated(f field.Field, a org.Actor, raw string) (*ownValue, error) {
	if raw == "" {
		return nil, nil //nolint:nilnil // not stated
	}
	v, err := f.Read(raw, a)
	return &ownValue{v.Text, v.Number}, err
}

// firstOwn is what new accounts state of their own fields, by account.
func (s *Service) firstOwn(ctx context.Context, tx database.Tx, a org.Actor,
	values []field.Stored) (map[string][]own, error) {
	if len(values) == 0 {
		return nil, nil
	}
	fields, err := s.Fields.List(ctx, tx, a.TenantID, "account")
	if err != nil {
		return nil, err
	}
	texts := map[string]bool{}
	for _, f := range fields {
		texts[f.ID] = f.Type == field.Text
	}
	out := map[string][]own{}
	for _, v := range values {
		o := own{FieldID: v.Field}
		if !texts[v.Field] {
			o.New = &ownValue{v.Value.Text, v.Value.Number}
		}
		out[v.Record] = append(out[v.Record], o)
	}
	return out, nil
}

// playOwn writes what an entry says of an account's own fields.
func (s *Service) playOwn(ctx context.Context, tx database.Tx, tenant, id string, list []own) error {
	var save, cleared []field.Stored
	for _, o := range list {
		switch {
		case o.New != nil:
			value := field.Value{Text: o.New.Text, Number: o.New.Number}
			save = append(save, field.Stored{Record: id, Field: o.FieldID, Value: value})
		case o.Old != nil:
			cleared = append(cleared, field.Stored{Record: id, Field: o.FieldID})
		}
	}
	return s.Fields.Restate(ctx, tx, tenant, save, cleared)
}
