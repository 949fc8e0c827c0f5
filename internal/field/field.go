// Package field is the fields a company adds to its own records. They have a
// stable key and appear wherever built-in fields do: forms, lists, filters,
// import, export, API, journal.
package field

import (
	"context"
	"regexp"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
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
	Options []string `json:"options" doc:"what may be chosen now, as it is called"`
	// Choices are all it offers or offered, in order; of a field that was never stored they are its options.
	Choices []Option `json:"choices"`
	Retired bool     `json:"retired" doc:"asked for no more; what records hold stays"`
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
	// Fields are those of a record kind in their order, the retired ones last; "" is all kinds.
	Fields(ctx context.Context, tx database.Tx, tenant, record string) ([]Field, error)
	Put(ctx context.Context, tx database.Tx, tenant string, f Field) error
	Place(ctx context.Context, tx database.Tx, tenant, id string, position int) error
	Retire(ctx context.Context, tx database.Tx, tenant, id string, at *time.Time) error
	Held(ctx context.Context, tx database.Tx, tenant, id string) (records int64, err error)
	Tally(ctx context.Context, tx database.Tx, tenant, id string) ([]Count, error)
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
	// Named tells what else names a field; Touches asks it.
	Named Named
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Define adds a field; the same id and content again are answered with the first one. Faults:
// record.id_taken, field.key_malformed, field.key_taken, field.label_taken, field.choice_twice.
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
	f.Label = text.Line(f.Label)
	switch {
	case !keyForm.MatchString(f.Key):
		return f, fault.Input("/key", "field.key_malformed", "small letters, digits and _, beginning with a letter")
	case f.Label == "":
		return f, fault.Missing("/label")
	}
	if err := f.offer(f.Options); err != nil {
		return f, err
	}
	switch f.Type {
	case Text, Number, Money, Date, Choice, Person:
	default:
		return f, fault.Input("/type", "field.type_unknown", "text, number, money, date, choice or person")
	}
	if f.Record != "account" && f.Record != "contact" && f.Record != "opportunity" {
		return f, fault.Input("/record", "field.record_unknown", "account, contact or opportunity")
	}
	if err := alone(ctx, tx, a); err != nil {
		return f, err
	}
	all, err := s.Rows.Fields(ctx, tx, a.TenantID, f.Record)
	if err != nil {
		return f, err
	}
	if err := free(all, f); err != nil {
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

// List returns the fields of a record kind in their order, the retired ones last; "" is all kinds.
func (s *Service) List(ctx context.Context, tx database.Tx, tenant, record string) ([]Field, error) {
	return s.Rows.Fields(ctx, tx, tenant, record)
}

// Asked are the fields that forms ask for.
func Asked(all []Field) []Field {
	return slices.DeleteFunc(slices.Clone(all), func(f Field) bool { return f.Retired })
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
