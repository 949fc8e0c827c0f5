package org

import (
	"context"

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

// ChoicesAsOf are a company's choices of a day, as they were known at an entry.
func (s *Service) ChoicesAsOf(ctx context.Context, tx database.Tx, c Company, day calendar.Date, known int64) (Choices, error) {
	values, err := s.Values.Of(ctx, tx, c.ID, c.ID)
	if err != nil {
		return Choices{}, err
	}
	c = c.chose(values, day, known)
	cal, err := s.calendarOf(ctx, tx, c, known)
	return Choices{cal, c.SumsWithTax}, err
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
