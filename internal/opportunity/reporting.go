package opportunity

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/org"
)

// Lists order and filter by the amount in the company's currency at today's rate. It is a
// column of each record, written with the record and again when the rate of its currency
// is another: a rate was stated, or the day of an announced one has come.

// insert writes new records.
func (s *Service) insert(ctx context.Context, tx database.Tx, a org.Actor, list []Opportunity) error {
	all := make([]*Opportunity, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	if err := s.price(ctx, tx, a, all...); err != nil {
		return err
	}
	return s.Rows.Insert(ctx, tx, a.TenantID, list)
}

// saveChanged writes the columns that differ.
func (s *Service) saveChanged(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, o *Opportunity) error {
	if o.Currency != was.Currency || minorOf(o.AmountMinor) != minorOf(was.AmountMinor) {
		if err := s.price(ctx, tx, a, o); err != nil {
			return err
		}
	}
	return s.Rows.SaveChanged(ctx, tx, a.TenantID, was, *o)
}

// minorOf is an amount to compare; nothing is less than any.
func minorOf(p *int64) int64 {
	if p == nil {
		return -1
	}
	return *p
}

// price states the amounts in the company's currency; it reads the rates where one is
// needed.
func (s *Service) price(ctx context.Context, tx database.Tx, a org.Actor, list ...*Opportunity) (err error) {
	var rates map[string]int64
	for _, o := range list {
		if rates == nil && o.AmountMinor != nil && o.Currency != a.Company.Currency {
			if rates, err = s.Rates(ctx, tx, a.TenantID, a.Today); err != nil {
				return err
			}
		}
		o.ReportingMinor = reporting(o.AmountMinor, o.Currency, a.Company.Currency, rates)
	}
	return nil
}

// reporting is an amount in the company's currency: nil without amount or rate, and where
// it is beyond what can be stated.
func reporting(minor *int64, currency, own string, rates map[string]int64) *int64 {
	rate, stated := rates[currency]
	switch {
	case minor == nil || currency == own:
		return minor
	case !stated:
		return nil
	}
	worth, err := money.Convert(*minor, currency, own, rate)
	if err != nil || worth > money.MaxTotal {
		return nil
	}
	return &worth
}

// Foreign is a record's amount in another currency than the company's, and what it is
// taken for in that.
type Foreign struct {
	ID             string
	AmountMinor    *int64
	Currency       string
	ReportingMinor *int64
}

// Priced is how far the amounts in the company's currency follow the rates: the rates of
// the last two walks over all records, and where in a walk it is. A record that is written
// while its rate changes may still get the old one, so a new rate is walked twice.
type Priced struct {
	Rates  map[string]int64 `json:"rates,omitempty"`
	Before map[string]int64 `json:"before,omitempty"`
	After  string           `json:"after,omitempty"`
}

// Price walks the records of the currencies whose rate is another than at the last walks,
// some at a time, and writes what they are worth at today's. Save keeps how far it is, in
// each of its writes; whoever takes it up there goes on. It returns where it is.
func (s *Service) Price(ctx context.Context, a org.Actor, p Priced, save func(database.Tx, Priced) error) (Priced, error) {
	var rates map[string]int64
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		rates, err = s.Rates(ctx, tx, a.TenantID, a.Today)
		return err
	})
	if err != nil {
		return p, err
	}
	var moved []string
	for _, c := range slices.Sorted(maps.Keys(rates)) {
		if c != a.Company.Currency && (rates[c] != p.Rates[c] || rates[c] != p.Before[c]) {
			moved = append(moved, c)
		}
	}
	for len(moved) > 0 {
		if p, err = s.priceSome(ctx, a, moved, rates, p, save); err != nil || p.After == "" {
			break
		}
	}
	return p, err
}

// priceSome takes the next run of a walk.
func (s *Service) priceSome(
	ctx context.Context, a org.Actor, moved []string, rates map[string]int64, p Priced, save func(database.Tx, Priced) error,
) (Priced, error) {
	const some = 500
	return database.Write(ctx, s.DB, func(tx database.Tx) (Priced, error) {
		list, err := s.Rows.Foreign(ctx, tx, a.TenantID, moved, p.After, some)
		if err != nil {
			return p, err
		}
		next, changed := Priced{Rates: rates, Before: p.Rates}, []Foreign(nil)
		if len(list) == some {
			next = Priced{p.Rates, p.Before, list[some-1].ID}
		}
		for _, f := range list {
			worth := reporting(f.AmountMinor, f.Currency, a.Company.Currency, rates)
			if minorOf(worth) != minorOf(f.ReportingMinor) {
				f.ReportingMinor = worth
				changed = append(changed, f)
			}
		}
		if err := s.Rows.SetReporting(ctx, tx, a.TenantID, changed); err != nil {
			return p, err
		}
		return next, save(tx, next)
	})
}
