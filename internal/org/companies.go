package org

import (
	"cmp"
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/text"
)

// Several companies of one installation, and how they are told apart.

// nameKey is what two companies may not share: whoever types a name means one company.
func nameKey(name string) string {
	return cmp.Or(text.Match(name), strings.ToLower(text.Fold(name)))
}

// nameFree refuses a name by which another company is meant. Fault: org.company_name_taken.
func (s *Service) nameFree(ctx context.Context, tx database.Tx, c Company) error {
	if err := tx.Alone(ctx, "company names"); err != nil {
		return err
	}
	all, err := s.Rows.Companies(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != c.ID && nameKey(other.Name) == nameKey(c.Name) {
			f := fault.Input("/company", "org.company_name_taken", "another company here has this name, or one that reads like it")
			f.Kind = fault.Conflict
			return f
		}
	}
	return nil
}

// Called are the companies somebody may mean who says a name, or an id: one, none, or several
// that had the same name before names were one company's.
func Called(all []Company, name string) (meant []Company) {
	key := nameKey(name)
	for _, c := range all {
		if c.ID == name {
			return []Company{c}
		}
		if key != "" && nameKey(c.Name) == key {
			meant = append(meant, c)
		}
	}
	return meant
}

// CompaniesIn is Companies within a transaction.
func (s *Service) CompaniesIn(ctx context.Context, tx database.Tx) ([]Company, error) {
	return s.Rows.Companies(ctx, tx)
}

// Forget lets go of what is kept in memory of a company that is no more.
func (s *Service) Forget(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.cache, tenant)
	delete(s.choices, tenant)
	delete(s.calendars, tenant)
}
