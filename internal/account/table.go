package account

import (
	"context"
	"database/sql"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Known tells whether some ids are those of accounts the actor sees.
func (s *Service) Known(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (bool, error) {
	found, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), ids)
	return len(found) > 0, err
}

// KnownContacts tells whether some ids are those of people the actor sees.
func (s *Service) KnownContacts(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (bool, error) {
	found, err := s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), ids)
	return len(found) > 0, err
}

// Called is what an account is called, whoever sees it; "" for none.
func (s *Service) Called(ctx context.Context, tx database.Tx, a org.Actor, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	names, err := s.Rows.Names(ctx, tx, a.TenantID, org.Scope{All: true}, []string{id})
	return names[id], err
}

// parents are what the accounts above some are called.
func (s *Service) parents(ctx context.Context, tx database.Tx, a org.Actor, list []Account) (map[string]string, error) {
	var ids []string
	for _, c := range list {
		if c.ParentID != "" {
			ids = append(ids, c.ParentID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.Rows.Names(ctx, tx, a.TenantID, org.Scope{All: true}, ids)
}

// asOf is the number of the newest entry a read sees.
func asOf(ctx context.Context, tx database.Tx, a org.Actor) (database.Seq, error) {
	last, err := journal.Last(ctx, tx, a.TenantID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return database.Seq(last.Seq), err
}

// ExportContacts walks every person of a list in the actor's scope and notes in the journal that so
// many were taken out. Each is called once per person, with the number of the newest entry.
func (s *Service) ExportContacts(ctx context.Context, a org.Actor, accountID, query, format string, each func(Contact, database.Seq) error) error {
	if err := a.Need(org.AccountRead); err != nil {
		return err
	}
	n := 0
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		seq, err := asOf(ctx, tx, a)
		if err != nil {
			return err
		}
		n, err = page.Walk(page.Request{Sort: "name"}, func(p page.Request) (page.Result[Contact], error) {
			list, err := s.Rows.Contacts(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), accountID, query, p)
			if err != nil {
				return list, err
			}
			return list, s.holdOwn(ctx, tx, a, list.Items)
		}, func(c Contact) error { return each(c, seq) })
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		journal.Append(tx, a.By(), contactsExported(record.NewID(a.Now), a.Today, exported{n, format}))
		return nil
	})
}

// holdOwn gives people what they hold in own fields.
func (s *Service) holdOwn(ctx context.Context, tx database.Tx, a org.Actor, list []Contact) error {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	values, err := s.Fields.Load(ctx, tx, a.TenantID, record.Contact, a.Company.Currency, ids)
	for i := range list {
		list[i].Custom = values[list[i].ID]
	}
	return err
}

// Since is which fields of an account were written here after an entry of the journal, by anybody but
// imports.
func (s *Service) Since(ctx context.Context, tx database.Tx, a org.Actor, id string, after database.Seq) (Hands, error) {
	return s.handsAfter(ctx, tx, a, id, after)
}
