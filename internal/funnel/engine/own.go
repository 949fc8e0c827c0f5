package engine

import (
	"context"
	"slices"

	"yunchou/internal/database"
	ownfield "yunchou/internal/field"

	"github.com/google/uuid"
)

// Own is what a record holds in one of its company's own fields: a number, or a text. Fields of
// free text are left out: they may name people, and what is in a column is in a file too.
type Own struct {
	FieldID, Text string
	Number        *int64
}

// ownValue is one by number; of a text the value is its symbol.
type ownValue struct {
	field symbol
	value int64
}

// ownColumn is a field of some records; nothing where a record holds none.
type ownColumn struct {
	field symbol
	of    column[int64]
}

// own numbers what a record holds, by field.
func (n numbering) own(list []Own) []ownValue {
	var out []ownValue
	for _, o := range list {
		v := ownValue{n.texts.of(o.FieldID), 0}
		if v.value = minorOf(o.Number); o.Number == nil {
			v.value = int64(n.texts.of(o.Text))
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b ownValue) int { return int(a.field - b.field) })
	return out
}

// inField is what of a record's own values a field has.
func inField(list []ownValue, field symbol) int64 {
	for _, v := range list {
		if v.field == field {
			return v.value
		}
	}
	return nothing
}

// ownColumns are the fields in which any of some records holds something.
func ownColumns[R any](rows []R, of func(*R) []ownValue) (out []ownColumn) {
	for _, f := range fieldsOf(nil, rows, of) {
		out = append(out, ownColumn{f, columnOf(rows, func(r *R) int64 { return inField(of(r), f) })})
	}
	return out
}

// fieldsOf adds the fields of some records to others, in their order.
func fieldsOf[R any](fields []symbol, rows []R, of func(*R) []ownValue) []symbol {
	for i := range rows {
		for _, v := range of(&rows[i]) {
			if at, there := slices.BinarySearch(fields, v.field); !there {
				fields = slices.Insert(fields, at, v.field)
			}
		}
	}
	return fields
}

// ownAt is what record i holds.
func ownAt(columns []ownColumn, i int) (out []ownValue) {
	for k := range columns {
		if v := columns[k].of.at(i); v != nothing {
			out = append(out, ownValue{columns[k].field, v})
		}
	}
	return out
}

// putOwn writes own fields, as put does a column.
func putOwn(w *rewrite, columns *[]ownColumn, of func(*row) []ownValue) {
	var fields []symbol
	for _, c := range *columns {
		fields = append(fields, c.field)
	}
	fields = fieldsOf(fieldsOf(fields, w.rows, of), w.added, of)
	next := make([]ownColumn, len(fields))
	for k, f := range fields {
		next[k] = ownColumn{f, column[int64]{values: []int64{nothing}}}
		if c := ownColumnOf(*columns, f); c != nil {
			next[k].of = c.of
		}
		put(w, &next[k].of, func(r *row) int64 { return inField(of(r), f) })
	}
	*columns = slices.Clip(next)
}

// ownColumnOf is the column of a field, nil where no record holds anything in it.
func ownColumnOf(columns []ownColumn, field symbol) *ownColumn {
	for k := range columns {
		if columns[k].field == field {
			return &columns[k]
		}
	}
	return nil
}

// isText tells a condition on a field of free text, which is in no column.
func isText(c ownfield.Condition) bool { return c.Field.Type == ownfield.Text }

// asked is a condition by number: the field, and what it has to hold.
func (n numbering) asked(c ownfield.Condition) ownValue {
	if c.Value.Number != nil {
		return ownValue{n.texts.find(c.Field.ID), *c.Value.Number}
	}
	return ownValue{n.texts.find(c.Field.ID), int64(n.texts.find(c.Value.Text))}
}

// own keeps what holds the values asked for; fields of free text are asked elsewhere.
func (x *compiled) own(conditions []ownfield.Condition) {
	for _, c := range conditions {
		if isText(c) {
			continue
		}
		want := x.numbers.asked(c)
		x.add(func(c *chunk, at []uint16) []uint16 {
			held := ownColumnOf(c.own, want.field)
			if held == nil {
				return nil
			}
			return held.of.those(at, func(v int64) bool { return v == want.value })
		})
	}
}

// texted are the records that hold what conditions on free text ask for, nil where there are none
// such: an index tells the few that hold a text.
func (e *Engine) texted(ctx context.Context, tx database.Tx, tenantID string, conditions []ownfield.Condition) (map[uuid.UUID]bool, error) {
	var all map[uuid.UUID]bool
	for _, c := range conditions {
		if !isText(c) {
			continue
		}
		ids, err := e.Rows.Holding(ctx, tx, tenantID, c.Field.ID, c.Value.Text)
		if err != nil {
			return nil, err
		}
		some := make(map[uuid.UUID]bool, len(ids))
		for _, text := range ids {
			id, err := uuid.Parse(text)
			if err != nil {
				return nil, err
			}
			if all == nil || all[id] {
				some[id] = true
			}
		}
		all = some
	}
	return all, nil
}

// own walks own fields.
func (k *codec) own(columns *[]ownColumn) {
	var fields []symbol
	for _, c := range *columns {
		fields = append(fields, c.field)
	}
	plain(k, &fields)
	if k.r != nil && len(fields) > 0 {
		*columns = make([]ownColumn, len(fields))
	}
	for i := range *columns {
		(*columns)[i].field = fields[i]
		col(k, &(*columns)[i].of)
	}
}
