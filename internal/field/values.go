package field

import (
	"context"
	"sort"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Parse reads a value as typed, to be held from now on. Faults: field.value_malformed, field.choice_retired.
func (f Field) Parse(raw string, a org.Actor) (Value, error) {
	v, err := f.Read(raw, a)
	if err != nil || !f.Offers() {
		return v, err
	}
	c, ok := f.choice(v.Text)
	switch {
	case !ok:
		return v, f.malformed()
	case c.Retired:
		return v, fault.Input("/custom/"+f.Key, "field.choice_retired", "chosen no more").
			With("field", f.Label).With("choice", c.Label)
	}
	return v, nil
}

func (f Field) malformed() error {
	return fault.Input("/custom/"+f.Key, "field.value_malformed", "not a %s", f.Type).
		With("field", f.Label).With("type", string(f.Type))
}

// Read reads a value that a record may hold: a choice that was retired, and a text from before there were
// choices, too. Fault: field.value_malformed.
func (f Field) Read(raw string, a org.Actor) (Value, error) {
	if f.Type == Text {
		raw = text.Line(raw)
	} else {
		raw = text.Fold(raw)
	}
	switch f.Type {
	case Number, Money:
		currency := a.Company.Currency
		if f.Type == Number {
			currency = "KWD" // three decimals
		}
		n, err := money.Parse(raw, currency)
		if err != nil {
			return Value{}, f.malformed()
		}
		if f.Type == Money && (n > money.MaxMinor || n < -money.MaxMinor) {
			return Value{}, money.OutOfRange("/custom/"+f.Key).With("min", -money.MaxMinor)
		}
		return Value{Number: &n}, nil
	case Date:
		if _, err := calendar.Parse(raw); err != nil {
			return Value{}, f.malformed()
		}
	case Choice:
		c, ok := f.choice(raw)
		if !ok {
			return Value{}, f.malformed()
		}
		return Value{Text: c.Code}, nil
	case Text:
		if c, ok := f.choice(raw); ok {
			return Value{Text: c.Code}, nil
		}
	case Person:
		if a.Structure.Members[raw].ID == "" {
			return Value{}, f.malformed()
		}
	}
	if text.Longer(raw, 2000) {
		return Value{}, fault.Input("/custom/"+f.Key, "input.too_long", "at most 2000 characters").With("max", 2000)
	}
	return Value{Text: raw}, nil
}

// Format writes a stored value as the API shows it.
func (f Field) Format(v Value, currency string) string {
	if v.Number == nil {
		return f.Called(v.Text)
	}
	digits := 3
	if f.Type == Money {
		digits = money.Digits(currency)
	}
	text := money.Decimal(*v.Number, digits)
	if f.Type == Number && strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Set writes the values given for one record and returns old and new for the
// journal. An empty text clears a value; a key that is not defined is refused, and what is
// retired takes nothing new but from an import and its undo, which say what was.
func (s *Service) Set(ctx context.Context, tx database.Tx, a org.Actor, record, id string, in Values) (changed map[string][2]string, err error) {
	if len(in) == 0 {
		return nil, nil
	}
	fields, err := s.Rows.Fields(ctx, tx, a.TenantID, record)
	if err != nil {
		return nil, err
	}
	byKey := map[string]Field{}
	for _, f := range fields {
		byKey[f.Key] = f
	}
	old, err := s.Rows.Values(ctx, tx, a.TenantID, []string{id})
	if err != nil {
		return nil, err
	}
	changed = map[string][2]string{}
	keys := make([]string, 0, len(in))
	for k := range in {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var save, clear []Stored
	for _, k := range keys {
		f, ok := byKey[k]
		if !ok {
			return nil, fault.Input("/custom/"+k, "field.unknown", "no such field")
		}
		was := ""
		if v, ok := old[id][f.ID]; ok {
			was = f.Format(v, a.Company.Currency)
		}
		if text.Fold(in[k]) == "" {
			if was != "" {
				clear = append(clear, Stored{id, f.ID, Value{}})
				changed[k] = [2]string{was, ""}
			}
			continue
		}
		v, err := f.Read(in[k], a)
		if err != nil {
			return nil, err
		}
		if now := f.Format(v, a.Company.Currency); now != was {
			if err := f.takes(in[k], a); err != nil {
				return nil, err
			}
			save = append(save, Stored{id, f.ID, v})
			changed[k] = [2]string{was, now}
		}
	}
	return changed, s.Rows.Save(ctx, tx, a.TenantID, save, clear)
}

// takes tells why a record may not hold a value anew.
func (f Field) takes(raw string, a org.Actor) error {
	if a.Path == "import" {
		return nil
	}
	if f.Retired {
		return fault.Input("/custom/"+f.Key, "field.retired", "asked for no more").With("field", f.Label)
	}
	_, err := f.Parse(raw, a)
	return err
}

// Store writes values of new records as they were parsed: what an import has.
func (s *Service) Store(ctx context.Context, tx database.Tx, tenant string, values []Stored) error {
	return s.Rows.Save(ctx, tx, tenant, values, nil)
}

// Load returns the values of records, by record id and field key.
func (s *Service) Load(ctx context.Context, tx database.Tx, tenant, record, currency string, ids []string) (map[string]Values, error) {
	fields, err := s.Rows.Fields(ctx, tx, tenant, record)
	if err != nil || len(fields) == 0 || len(ids) == 0 {
		return map[string]Values{}, err
	}
	raw, err := s.Rows.Values(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]Values{}
	for id, values := range raw {
		out[id] = Values{}
		for _, f := range fields {
			if v, ok := values[f.ID]; ok {
				out[id][f.Key] = f.Format(v, currency)
			}
		}
	}
	return out, nil
}

// Condition asks that a field have a value.
type Condition struct {
	Field Field
	Value Value
}

// Conditions parses filters given as text by field key. A key that is not defined
// is refused: a filter that silently does nothing would show everything.
func (s *Service) Conditions(ctx context.Context, tx database.Tx, a org.Actor, record string, texts map[string]string) ([]Condition, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	fields, err := s.Rows.Fields(ctx, tx, a.TenantID, record)
	if err != nil {
		return nil, err
	}
	out := make([]Condition, 0, len(texts))
	for _, f := range fields {
		text, ok := texts[f.Key]
		if !ok {
			continue
		}
		v, err := f.Read(text, a)
		if err != nil {
			return nil, err
		}
		out = append(out, Condition{f, v})
	}
	if len(out) < len(texts) {
		return nil, fault.Input("/custom", "field.unknown", "no such field")
	}
	return out, nil
}
