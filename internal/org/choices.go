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
	x, err := s.chosenBy(ctx, tx, c, known)
	if err != nil {
		return nil, err
	}
	return func(day calendar.Date) Choices {
		then := x.company.chose(x.values, day, known)
		if then.WorkCalendar == Weekends {
			return Choices{calendar.WeekendsOnly, then.SumsWithTax}
		}
		return Choices{x.years, then.SumsWithTax}
	}, nil
}

// choicesMade are a company's choices of all days, and its calendar where one of them needs it.
type choicesMade struct {
	company Company // as it is today; its OrgVersion is another after every choice and every year
	known   int64
	values  []record.Value
	years   calendar.Calendar
}

// chosenBy reads a company's choices, or has them from the last who did, where the company has not
// changed since.
func (s *Service) chosenBy(ctx context.Context, tx database.Tx, c Company, known int64) (x choicesMade, err error) {
	if !tx.Snapshot() { // what is read here may be of several moments
		return s.readChoices(ctx, tx, c, known)
	}
	now, err := s.Rows.Company(ctx, tx, c.ID)
	if err != nil {
		return x, err
	}
	s.mu.Lock()
	x, there := s.choices[c.ID]
	s.mu.Unlock()
	if there && x.company.OrgVersion == now.OrgVersion && x.known == known {
		return x, nil
	}
	if x, err = s.readChoices(ctx, tx, now, known); err != nil {
		return x, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.choices == nil {
		s.choices = map[string]choicesMade{}
	}
	s.choices[c.ID] = x
	return x, nil
}

func (s *Service) readChoices(ctx context.Context, tx database.Tx, c Company, known int64) (choicesMade, error) {
	x := choicesMade{company: c, known: known}
	var err error
	if x.values, err = s.Values.Of(ctx, tx, c.ID, c.ID); err != nil {
		return x, err
	}
	chosen := func(v record.Value) bool { return v.Field == choiceCalendar && v.Text != Weekends }
	if c.WorkCalendar != Weekends || slices.ContainsFunc(x.values, chosen) {
		x.years, err = s.years(ctx, tx, c.ID, known)
	}
	return x, err
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
