package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Finder finds, orders and counts in memory what a list holds; known is false where it cannot,
// and SQL does. Faults are those of the page.
type Finder interface {
	FindAccounts(ctx context.Context, tx database.Tx, w Wanted) (found Found, known bool, err error)
	BestAccounts(ctx context.Context, tx database.Tx, w Searched) (ids []string, count int64, known bool, err error)
	BestContacts(ctx context.Context, tx database.Tx, w Searched) (ids []string, count int64, known bool, err error)
	FindContacts(ctx context.Context, tx database.Tx, w WantedContacts) (found Found, known bool, err error)
}

// Wanted is a list of accounts asked of memory.
type Wanted struct {
	TenantID string
	Scope    org.Scope
	Filter   Filter
	Page     page.Request
}

// WantedContacts is a list of people asked of memory: of one account, or of every one in scope.
type WantedContacts struct {
	TenantID         string
	Scope            org.Scope
	AccountID, Query string
	Page             page.Request
}

// Found is the page asked for, with one record more where there is one, and how many there are
// on all pages.
type Found struct {
	Count int64
	Page  []page.Placed
}

// ids are those of the records that are shown.
func ids(p page.Request, found Found) []string {
	shown := p.Shown(found.Page)
	out := make([]string, len(shown))
	for i, row := range shown {
		out[i] = row.ID
	}
	return out
}

// List reads a page of accounts in the actor's scope, and the count of all pages.
func (s *Service) List(ctx context.Context, a org.Actor, f Filter, p page.Request) (out page.Result[Account], total int64, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return out, 0, err
	}
	if p.Sort == "" {
		p.Sort = "name"
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if f.Conditions, err = s.Fields.Conditions(ctx, tx, a, "account", f.Custom); err != nil {
			return err
		}
		if out, total, err = s.find(ctx, tx, a, f, p); err != nil {
			return err
		}
		return s.custom(ctx, tx, a, out.Items)
	})
	return out, total, err
}

// find is a page of accounts, by memory or from the tables.
func (s *Service) find(ctx context.Context, tx database.Tx, a org.Actor, f Filter, p page.Request) (page.Result[Account], int64, error) {
	var none page.Result[Account]
	scope := a.Scope(record.Account, org.Read)
	if s.Memory != nil {
		found, known, err := s.Memory.FindAccounts(ctx, tx, Wanted{a.TenantID, scope, f, p})
		if err != nil {
			return none, 0, err
		}
		if known {
			byID, err := s.Rows.ByID(ctx, tx, a.TenantID, ids(p, found))
			return page.Of(p, found.Page, byID), found.Count, err
		}
	}
	out, err := s.Rows.List(ctx, tx, a.TenantID, scope, f, p)
	if err != nil {
		return none, 0, err
	}
	total, err := s.Rows.Count(ctx, tx, a.TenantID, scope, f)
	return out, total, err
}

// Contacts lists people in the actor's scope, of one account or by a search text.
func (s *Service) Contacts(ctx context.Context, a org.Actor, accountID, query string, p page.Request) (out page.Result[Contact], err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return out, err
	}
	if p.Sort == "" {
		p.Sort = "name"
	}
	scope := a.Scope(record.Contact, org.Read)
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if s.Memory != nil {
			found, known, err := s.Memory.FindContacts(ctx, tx, WantedContacts{a.TenantID, scope, accountID, query, p})
			if err != nil {
				return err
			}
			if known {
				byID, err := s.Rows.ContactsByID(ctx, tx, a.TenantID, ids(p, found))
				out = page.Of(p, found.Page, byID)
				return err
			}
		}
		out, err = s.Rows.Contacts(ctx, tx, a.TenantID, scope, accountID, query, p)
		return err
	})
	return out, err
}
