package org

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// What a company chose that its figures depend on is dated like any other fact
// (docs/facts.md): another choice holds from the day it is made, and changes nothing that
// was said of a day before. The columns of the company repeat how it is today. Dated values
// of the company's own id keep them.
const (
	choiceCalendar = "work_calendar" // a text
	choiceTax      = "sums_with_tax" // a number, 0 or 1
)

// Choices are those of a day, as they were known at an entry.
type Choices struct {
	Calendar    calendar.Calendar
	SumsWithTax bool
}

// ChoicesKnown reads a company's choices as they were known at an entry, for who asks for those of
// several days.
func (s *Service) ChoicesKnown(
	ctx context.Context, tx database.Tx, c Company, known int64,
) (of func(day calendar.Date) Choices, err error) {
	values, err := s.Values.Of(ctx, tx, c.ID, c.ID)
	if err != nil {
		return nil, err
	}
	var years calendar.Calendar
	chosen := func(v record.Value) bool { return v.Field == choiceCalendar && v.Text != Weekends }
	if c.WorkCalendar != Weekends || slices.ContainsFunc(values, chosen) {
		if years, err = s.years(ctx, tx, c.ID, known); err != nil {
			return nil, err
		}
	}
	return func(day calendar.Date) Choices {
		then := c.chose(values, day, known)
		if then.WorkCalendar == Weekends {
			return Choices{calendar.WeekendsOnly, then.SumsWithTax}
		}
		return Choices{years, then.SumsWithTax}
	}, nil
}

// chose is a company with the choices of a day, by their values in the order of day and
// entry. Where none was known yet, the first there is counts, as values that are carried
// back do.
func (c Company) chose(values []record.Value, day calendar.Date, known int64) Company {
	by := map[string]record.Value{}
	for _, v := range values {
		if _, one := by[v.Field]; !one || v.Day <= day && int64(v.Seq) <= known {
			by[v.Field] = v
		}
	}
	if v, ok := by[choiceCalendar]; ok {
		c.WorkCalendar = v.Text
	}
	if v, ok := by[choiceTax]; ok && v.Number != nil {
		c.SumsWithTax = *v.Number == 1
	}
	return c
}

// chosen are the choices that differ, from a day on. The zero company chose nothing.
func chosen(was, c Company, day calendar.Date, seq database.Seq) (out []record.Value) {
	add := func(field, text string, number *int64) {
		out = append(out, record.Value{RecordID: c.ID, Field: field, Day: day, Seq: seq, Text: text, Number: number})
	}
	if was.WorkCalendar != c.WorkCalendar {
		add(choiceCalendar, c.WorkCalendar, nil)
	}
	if was.ID == "" || was.SumsWithTax != c.SumsWithTax {
		with := int64(0)
		if c.SumsWithTax {
			with = 1
		}
		add(choiceTax, "", &with)
	}
	return out
}
