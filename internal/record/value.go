package record

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Value is what a dated field of a record holds from a day on; Number nil and Text ""
// is nothing stated. docs/facts.md says which fields there are, migration 0006 what they
// hold.
type Value struct {
	RecordID, Field, Key string
	Day                  calendar.Date
	Seq                  database.Seq
	Number               *int64
	Text                 string
	Basis                string // Carried, or ""
}

// Carried is the basis of a value whose day is the earliest known, carried back to it.
const Carried = "carried"

// Values keeps dated values; recorddb implements it.
type Values interface {
	// Insert writes values; their Seq may stand for an entry of this transaction.
	Insert(ctx context.Context, tx database.Tx, tenant string, values []Value) error
	// Of reads the values of a record that were not ended, by field, key, day and seq.
	Of(ctx context.Context, tx database.Tx, tenant, id string) ([]Value, error)
	// EndWritten ends the values of a record that one entry wrote: they were never true.
	// seq is the entry that says so.
	EndWritten(tx database.Tx, tenant, id string, written, seq database.Seq)
	// EndOwned is EndWritten of ownerships.
	EndOwned(tx database.Tx, tenant, id string, written, seq database.Seq)
	// EndField ends what some entries wrote of one field.
	EndField(tx database.Tx, tenant, id, field string, written []database.Seq, seq database.Seq)
	// EndAll ends all values and ownerships of a record.
	EndAll(tx database.Tx, tenant, id string, seq database.Seq)
}

// LastDay is beyond every day: as of it everything counts.
const LastDay calendar.Date = "9999-12-31"

// On picks the values in force on a day, one for each field and key.
func On(values []Value, day calendar.Date) map[[2]string]Value {
	out := map[[2]string]Value{}
	for _, v := range values { // the last of a day is the last written
		if v.Day <= day {
			out[[2]string{v.Field, v.Key}] = v
		}
	}
	return out
}

// Missing are those values that the ones that are there do not say already.
func Missing(should, there []Value) (out []Value) {
	now := On(there, LastDay)
	for _, v := range should {
		if !now[[2]string{v.Field, v.Key}].says(v) {
			out = append(out, v)
		}
	}
	return out
}

// says tells whether two values hold the same.
func (v Value) says(w Value) bool {
	if v.Number == nil || w.Number == nil {
		return v.Text == w.Text && v.Number == w.Number
	}
	return v.Text == w.Text && *v.Number == *w.Number
}

// Without are the values but those that some entries wrote of some fields.
func Without(values []Value, fields []string, written []database.Seq) (out []Value) {
	for _, v := range values {
		if !slices.Contains(fields, v.Field) || !slices.Contains(written, v.Seq) {
			out = append(out, v)
		}
	}
	return out
}
