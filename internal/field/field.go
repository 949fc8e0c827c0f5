// Package field is the fields a company adds to its own records. They have a
// stable key and appear wherever built-in fields do: forms, lists, filters,
// import, export, API, journal.
package field

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Type of a field's values.
type Type string

const (
	Text   Type = "text"
	Number Type = "number" // stored in thousandths
	Money  Type = "money"  // stored in minor units of the company's currency
	Date   Type = "date"
	Choice Type = "choice"
	Person Type = "person" // a member's id
)

// Field is one definition.
type Field struct {
	ID      string   `json:"id"`
	Record  string   `json:"record" enum:"account,contact,opportunity"`
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Type    Type     `json:"type" enum:"text,number,money,date,choice,person"`
	Options []string `json:"options"`
}

// Value is what a record holds: text for text, date, choice and person, a number
// for number and money.
type Value struct {
	Text   string
	Number *int64
}

// Values of one record by field key, in the form the API shows: text, or a
// decimal for numbers and money.
type Values map[string]string

// Rows is what the package needs of its tables.
type Rows interface {
	Fields(ctx context.Context, tx database.Tx, tenant, record string) ([]Field, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, f Field, position int) error
	Values(ctx context.Context, tx database.Tx, tenant string, records []string) (map[string]map[string]Value, error)
	Save(ctx context.Context, tx database.Tx, tenant string, values []Stored, clear []Stored) error
}

// Stored is one value of one record.
type Stored struct {
	Record, Field string
	Value         Value
}

// Service holds the use cases.
type Service struct {
	DB   *database.DB
	Rows Rows
	Keys *idempotency.Keys
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Define adds a field; the same id and content again are answered with the first one. Faults:
// record.id_taken, field.key_malformed, field.key_taken.
func (s *Service) Define(ctx context.Context, a org.Actor, f Field) (Field, error) {
	if err := a.Need(org.FieldEdit); err != nil {
		return f, err
	}
	if err := record.CheckID(f.ID); err != nil {
		return f, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), f.ID, f, func(tx database.Tx) (Field, error) { return s.DefineIn(ctx, tx, a, f) })
}

// DefineIn is Define inside a transaction; an import makes its fields with it.
func (s *Service) DefineIn(ctx context.Context, tx database.Tx, a org.Actor, f Field) (Field, error) {
	f.Label = text.Fold(f.Label)
	switch {
	case !keyForm.MatchString(f.Key):
		return f, fault.Input("/key", "field.key_malformed", "small letters, digits and _, beginning with a letter")
	case f.Label == "":
		return f, fault.Missing("/label")
	case f.Type == Choice && len(f.Options) == 0:
		return f, fault.Missing("/options")
	}
	switch f.Type {
	case Text, Number, Money, Date, Choice, Person:
	default:
		return f, fault.Input("/type", "field.type_unknown", "text, number, money, date, choice or person")
	}
	if f.Record != "account" && f.Record != "contact" && f.Record != "opportunity" {
		return f, fault.Input("/record", "field.record_unknown", "account, contact or opportunity")
	}
	all, err := s.Rows.Fields(ctx, tx, a.TenantID, f.Record)
	if err != nil {
		return f, err
	}
	every, err := s.Rows.Fields(ctx, tx, a.TenantID, "")
	switch {
	case err != nil:
		return f, err
	case f.ID == "":
		f.ID = record.NewID(a.Now)
	case slices.ContainsFunc(every, func(x Field) bool { return x.ID == f.ID }):
		return f, record.ErrIDTaken
	}
	taken := fault.Input("/key", "field.key_taken", "another field has this key")
	taken.Kind = fault.Conflict
	if err := database.Taken(s.Rows.Insert(ctx, tx, a.TenantID, f, len(all)), taken); err != nil {
		return f, err
	}
	journal.Append(tx, a.By(), defined(f, len(all), a.Today))
	return f, nil
}

// List returns the fields of a record kind in their order; "" is all kinds.
func (s *Service) List(ctx context.Context, tx database.Tx, tenant, record string) ([]Field, error) {
	return s.Rows.Fields(ctx, tx, tenant, record)
}

// All returns the fields of every record kind to whoever may see what a form asks.
func (s *Service) All(ctx context.Context, a org.Actor) (out []Field, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.List(ctx, tx, a.TenantID, "")
		return err
	})
	return out, err
}

// Called tells what fields are called, to who may see what a form asks (audit.Called).
func (s *Service) Called(ctx context.Context, tx database.Tx, a org.Actor, _ []string) (map[string]string, error) {
	if !a.Can(org.PipelineRead) {
		return nil, nil
	}
	all, err := s.List(ctx, tx, a.TenantID, "")
	out := map[string]string{}
	for _, f := range all {
		out[f.ID] = f.Label
	}
	return out, err
}

// Parse reads a value as typed. Fault: field.value_malformed.
func (f Field) Parse(raw string, a org.Actor) (Value, error) {
	bad := func(err error) error {
		return fault.Input("/custom/"+f.Key, "field.value_malformed", "not a %s", f.Type).With("field", f.Label).With("type", string(f.Type))
	}
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
			return Value{}, bad(err)
		}
		if f.Type == Money && (n > money.MaxMinor || n < -money.MaxMinor) {
			return Value{}, money.OutOfRange("/custom/"+f.Key).With("min", -money.MaxMinor)
		}
		return Value{Number: &n}, nil
	case Date:
		if _, err := calendar.Parse(raw); err != nil {
			return Value{}, bad(err)
		}
	case Choice:
		for _, o := range f.Options {
			if text.Match(o) == text.Match(raw) {
				return Value{Text: o}, nil
			}
		}
		return Value{}, bad(nil)
	case Person:
		if a.Structure.Members[raw].ID == "" {
			return Value{}, bad(nil)
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
		return v.Text
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
// journal. An empty text clears a value; a key that is not defined is refused.
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
		v, err := f.Parse(in[k], a)
		if err != nil {
			return nil, err
		}
		if now := f.Format(v, a.Company.Currency); now != was {
			save = append(save, Stored{id, f.ID, v})
			changed[k] = [2]string{was, now}
		}
	}
	return changed, s.Rows.Save(ctx, tx, a.TenantID, save, clear)
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
		v, err := f.Parse(text, a)
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
