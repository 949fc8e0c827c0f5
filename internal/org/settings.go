package org

import (
	"context"
	"regexp"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// SaveSettings changes the company's own settings.
func (s *Service) SaveSettings(ctx context.Context, a Actor, name string, backdateDays int) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	c := a.Company
	c.Name, c.BackdateDays = text.Fold(name), backdateDays
	if backdateDays < 0 || backdateDays > 3660 {
		return fault.Input("/backdateDays", "input.out_of_range", "0 to 3660 days").With("min", 0).With("max", 3660)
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "company", ID: c.ID}, Kind: "company.settings_saved", On: a.Today, Payload: map[string]any{"backdateDays": []int{a.Company.BackdateDays, backdateDays}}})
		return s.Rows.SaveCompany(ctx, tx, c)
	})
}

// LoadHolidays takes a holiday-cn year file.
func (s *Service) LoadHolidays(ctx context.Context, a Actor, raw []byte) (calendar.Year, error) {
	if err := a.Need(SettingsEdit); err != nil {
		return calendar.Year{}, err
	}
	y, err := calendar.ParseYear(raw)
	if err != nil {
		return calendar.Year{}, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		seq := journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "company", ID: a.TenantID}, Kind: "company.holidays_loaded", On: a.Today, Payload: map[string]any{"year": y.Year, "days": len(y.Days)}})
		if err := s.Rows.SaveHolidayYear(ctx, tx, a.TenantID, y, a.Now, seq); err != nil {
			return err
		}
		return s.Rows.BumpVersion(ctx, tx, a.TenantID)
	})
	return y, err
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

// SetRate states an exchange rate from a day on.
func (s *Service) SetRate(ctx context.Context, a Actor, r Rate) error {
	if err := a.Need(SettingsEdit); err != nil {
		return err
	}
	if !money.ValidCurrency(r.Currency) || r.Currency == a.Company.Currency {
		return fault.Input("/currency", "money.currency_unknown", "a currency other than the company's own")
	}
	if r.Rate <= 0 || r.Rate > money.MaxRate {
		return fault.Input("/rate", "input.out_of_range", "a positive rate")
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		seq := journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "company", ID: a.TenantID}, Kind: "company.rate_set", On: r.From, Payload: r})
		return s.Rows.SaveRate(ctx, tx, a.TenantID, r, seq)
	})
}

var loginForm = regexp.MustCompile(`^[\p{L}\p{N}._@+-]{2,80}$`)
