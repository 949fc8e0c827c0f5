package org

import (
	"context"
	"math"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// HolidayYear is a calendar year as a company uses it, and where it has it from.
type HolidayYear struct {
	calendar.Year
	Origin string // Shipped, or "" where a person loaded it
}

// Shipped years came with the program. They are written to the company when it first uses
// them, so that a later program with other days changes what is counted from then on, as
// an entry of the journal, and nothing that was known before.
const Shipped = "shipped"

// allKnown is every entry there is.
const allKnown int64 = math.MaxInt64

// calendarOf is the calendar a company chose, with the years that were known at an entry.
func (s *Service) calendarOf(ctx context.Context, tx database.Tx, c Company, known int64) (calendar.Calendar, error) {
	if c.WorkCalendar == Weekends {
		return calendar.WeekendsOnly, nil
	}
	return s.years(ctx, tx, c.ID, known)
}

// years is the calendar of the years a company has, as they were known at an entry.
func (s *Service) years(ctx context.Context, tx database.Tx, tenant string, known int64) (calendar.Calendar, error) {
	texts, err := s.Rows.HolidayTexts(ctx, tx, tenant, known)
	if err != nil || len(texts) == 0 {
		return calendar.China, err // before the first was written down
	}
	return calendar.Of(texts)
}

// Adopt writes the years that came with the program to a company that has not got them, or
// has them from an earlier program; what a person loaded stays. It is cheap where there is
// nothing to do, and is called at each start.
func (s *Service) Adopt(ctx context.Context, a Actor) error {
	if a.Company.WorkCalendar == Weekends {
		return nil
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		have, err := s.Rows.HolidayYears(ctx, tx, a.TenantID, allKnown)
		if err != nil {
			return err
		}
		for _, y := range calendar.ShippedYears() {
			at := slices.IndexFunc(have, func(h HolidayYear) bool { return h.Year.Year == y.Year })
			if at >= 0 && (have[at].Origin != Shipped || sameDays(have[at].Year, y)) {
				continue
			}
			if err := s.load(ctx, tx, a, HolidayYear{y, Shipped}); err != nil {
				return err
			}
		}
		return nil
	})
}

// load states a year as an entry of the journal.
func (s *Service) load(ctx context.Context, tx database.Tx, a Actor, y HolidayYear) error {
	return s.saveYear(ctx, tx, a, y, journal.Append(tx, a.By(), holidaysLoaded(a.TenantID, a.Today, y)))
}

// saveYear writes a year; the calendar is kept with the organisation.
func (s *Service) saveYear(ctx context.Context, tx database.Tx, a Actor, y HolidayYear, seq database.Seq) error {
	if err := s.Rows.SaveHolidayYear(ctx, tx, a.TenantID, y, a.Now, seq); err != nil {
		return err
	}
	return s.Rows.BumpVersion(ctx, tx, a.TenantID)
}

// sameDays tells whether two years say the same, whatever their days are called.
func sameDays(a, b calendar.Year) bool {
	return a.Status == b.Status && slices.EqualFunc(a.Days, b.Days, func(x, y calendar.Day) bool {
		return x.Date == y.Date && x.Off == y.Off
	})
}
