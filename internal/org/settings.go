package org

import (
	"cmp"
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Settings are a company's own choices.
type Settings struct {
	Name         string
	BackdateDays int
	WorkCalendar string // "" leaves it
	SumsWithTax  bool
}

// SaveSettings changes the company's own settings. Faults: record.stale, input.out_of_range,
// input.not_one_of.
func (s *Service) SaveSettings(ctx context.Context, a Actor, in Settings) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	if in.BackdateDays < 0 || in.BackdateDays > 3660 {
		return fault.Input("/backdateDays", "input.out_of_range", "0 to 3660 days").With("min", 0).With("max", 3660)
	}
	if in.WorkCalendar != "" && in.WorkCalendar != ChinaCalendar && in.WorkCalendar != Weekends {
		return fault.Input("/workCalendar", "input.not_one_of", "CN or weekends")
	}
	_, err := database.Write(ctx, s.DB, func(tx database.Tx) (none struct{}, err error) {
		if err := alone(ctx, tx, a.TenantID); err != nil {
			return none, err
		}
		was, err := s.Rows.Company(ctx, tx, a.TenantID)
		if err != nil {
			return none, err
		}
		if a.IfMatch != 0 && a.IfMatch != was.Version {
			return none, record.ErrStale
		}
		c := was
		c.Name, c.BackdateDays, c.SumsWithTax = text.Fold(in.Name), in.BackdateDays, in.SumsWithTax
		c.WorkCalendar = cmp.Or(in.WorkCalendar, was.WorkCalendar)
		if err := c.check(); err != nil {
			return none, err
		}
		if c.Name != was.Name {
			if err := s.nameFree(ctx, tx, c); err != nil {
				return none, err
			}
		}
		seq := journal.Append(tx, a.By(), settingsSaved(c.ID, a.Today, SettingsSaved{Renamed: c.Name != was.Name,
			BackdateDays: Was[int]{was.BackdateDays, c.BackdateDays}, WorkCalendar: Was[string]{was.WorkCalendar, c.WorkCalendar},
			SumsWithTax: Was[bool]{was.SumsWithTax, c.SumsWithTax}}))
		return none, s.saveCompany(ctx, tx, was, c, a.Today, seq)
	})
	return err
}

// saveCompany writes a company's choices, which hold from a day on; its calendar is kept
// with the organisation.
func (s *Service) saveCompany(ctx context.Context, tx database.Tx, was, c Company, on calendar.Date, seq database.Seq) error {
	c.Version++
	if err := s.Rows.SaveCompany(ctx, tx, c); err != nil {
		return err
	}
	if err := s.Values.Insert(ctx, tx, c.ID, chosen(was, c, on, seq)); err != nil {
		return err
	}
	return s.Rows.BumpVersion(ctx, tx, c.ID)
}

// LoadHolidays takes a holiday-cn year file. Faults: those of calendar.ParseYear.
func (s *Service) LoadHolidays(ctx context.Context, a Actor, raw []byte) (calendar.Year, error) {
	if err := a.Need(SettingsEdit); err != nil {
		return calendar.Year{}, err
	}
	y, err := calendar.ParseYear(raw)
	if err != nil {
		return calendar.Year{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (calendar.Year, error) {
		return y, s.load(ctx, tx, a, HolidayYear{Year: y})
	})
}

// DayChanged is a day that a year file makes worked or off.
type DayChanged struct {
	Date  calendar.Date
	Name  string // what the file calls it, "" where it does not name it any more
	Works bool
}

// YearChange is what a year file would change.
type YearChange struct {
	Year     int
	Was, Is  calendar.Status
	WorkDays [2]int // of the year, before and after
	Days     []DayChanged
}

// LookAtHolidays tells what a holiday-cn year file would change. Faults: those of calendar.ParseYear.
func (s *Service) LookAtHolidays(ctx context.Context, a Actor, raw []byte) (YearChange, error) {
	if err := a.Need(SettingsEdit); err != nil {
		return YearChange{}, err
	}
	y, err := calendar.ParseYear(raw)
	if err != nil {
		return YearChange{}, err
	}
	var have []HolidayYear
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		have, err = s.Rows.HolidayYears(ctx, tx, a.TenantID, allKnown)
		return err
	})
	years := []calendar.Year{}
	for _, h := range have {
		years = append(years, h.Year)
	}
	return changeOf(calendar.New(years...), calendar.New(append(years, y)...), y), err
}

// changeOf compares the days a year file can speak of.
func changeOf(was, is calendar.Calendar, y calendar.Year) YearChange {
	first, next := calendar.DateOfCivil(y.Year, 1, 1), calendar.DateOfCivil(y.Year+1, 1, 1)
	c := YearChange{Year: y.Year, Was: was.Status(y.Year), Is: is.Status(y.Year),
		WorkDays: [2]int{was.WorkingDaysIn(first, next), is.WorkingDaysIn(first, next)}}
	names := map[calendar.Date]string{}
	for _, d := range y.Days {
		names[d.Date] = d.Name
	}
	for d := calendar.DateOfCivil(y.Year-1, 12, 1); d < next; d = d.Add(1) {
		if works := is.IsWorkingDay(d); works != was.IsWorkingDay(d) {
			c.Days = append(c.Days, DayChanged{d, names[d], works})
		}
	}
	return c
}

// Rates lists the exchange rates stated so far, newest first by currency.
func (s *Service) Rates(ctx context.Context, a Actor) (out []Rate, err error) {
	if err := a.Need(OrgRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Rates(ctx, tx, a.TenantID)
		return err
	})
	return out, err
}

// SetRate states an exchange rate from a day on. Faults: calendar.bad_date,
// money.currency_unknown, input.out_of_range.
func (s *Service) SetRate(ctx context.Context, a Actor, r Rate) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	if !money.ValidCurrency(r.Currency) || r.Currency == a.Company.Currency {
		return fault.Input("/currency", "money.currency_unknown", "a currency other than the company's own")
	}
	if _, err := calendar.Parse(string(r.From)); err != nil {
		return fault.Input("/from", fault.CodeOf(err), "days are written 2026-02-28")
	}
	if r.Rate <= 0 || r.Rate > money.MaxRate {
		return fault.Input("/rate", "input.out_of_range", "a positive rate")
	}
	_, err := database.Write(ctx, s.DB, func(tx database.Tx) (none struct{}, err error) {
		if err := alone(ctx, tx, a.TenantID); err != nil {
			return none, err
		}
		stated, err := s.Rows.Rates(ctx, tx, a.TenantID)
		if err != nil {
			return none, err
		}
		seq := journal.Append(tx, a.By(), rateSet(a.TenantID, RateSet{Currency: r.Currency, From: r.From,
			Rate: Was[int64]{rateOn(stated, r.Currency, r.From), r.Rate}}))
		if err := s.Rows.SaveRate(ctx, tx, a.TenantID, r, seq); err != nil || s.Pricings == nil {
			return none, err
		}
		return none, s.Pricings.RateStated(ctx, tx, a)
	})
	return err
}

// RatesOn are the rates in force on a day, by currency.
func (s *Service) RatesOn(ctx context.Context, tx database.Tx, tenant string, on calendar.Date) (map[string]int64, error) {
	stated, err := s.Rows.Rates(ctx, tx, tenant)
	out := map[string]int64{}
	for _, r := range stated {
		if _, known := out[r.Currency]; !known && r.From <= on { // the newest first
			out[r.Currency] = r.Rate
		}
	}
	return out, err
}

// rateOn is the rate of a day, 0 where none was stated.
func rateOn(stated []Rate, currency string, day calendar.Date) int64 {
	best := Rate{}
	for _, r := range stated {
		if r.Currency == currency && r.From <= day && r.From >= best.From {
			best = r
		}
	}
	return best.Rate
}
