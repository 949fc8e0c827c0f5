package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Kind answers for accounts where records of any kind are spoken of (kinds.Kind).
type Kind struct{ *Service }

// Scope implements kinds.Kind.
func (Kind) Scope(a org.Actor, write bool) (org.Scope, bool) {
	if write {
		return a.Scope(record.Account, org.Write), a.Can(org.AccountWrite)
	}
	return a.Scope(record.Account, org.Read), a.Can(org.AccountRead)
}

// Names tells the names of those accounts that the actor may read or, with write, change.
func (k Kind) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	scope, some := k.Scope(a, write)
	if !some {
		return nil, nil
	}
	return k.Rows.Names(ctx, tx, a.TenantID, scope, ids)
}

// MayHang refuses an account out of the actor's write scope, and a deleted one.
func (k Kind) MayHang(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if err := a.Need(org.AccountWrite); err != nil {
		return err
	}
	c, err := k.TakeIn(ctx, tx, a, id)
	if err == nil && c.DeletedAt != nil {
		return fault.New(fault.NotFound, "account.unknown", "no such account")
	}
	return err
}

// Talked takes in what was said about an account (followup.Subject): it runs no clock.
func (k Kind) Talked(ctx context.Context, tx database.Tx, a org.Actor, id string, t followup.Talk) ([]record.Ref, error) {
	if _, err := k.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id); err != nil {
		return nil, err
	}
	return nil, k.CheckContacts(ctx, tx, a, "/contactIds", t.Contacts)
}

// CheckContacts refuses people the actor does not see. Fault: contact.unknown.
func (s *Service) CheckContacts(ctx context.Context, tx database.Tx, a org.Actor, pointer string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	seen, err := s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, ok := seen[id]; !ok {
			return fault.Input(pointer, "contact.unknown", "no such contact")
		}
	}
	return nil
}

// ContactKind answers for people where records of any kind are spoken of (kinds.Kind).
type ContactKind struct{ *Service }

// Scope implements kinds.Kind.
func (ContactKind) Scope(a org.Actor, write bool) (org.Scope, bool) {
	if write {
		return a.Scope(record.Contact, org.Write), a.Can(org.AccountWrite)
	}
	return a.Scope(record.Contact, org.Read), a.Can(org.AccountRead)
}

// Names tells the names of those people that the actor may see or, with write, change.
func (k ContactKind) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	scope, some := k.Scope(a, write)
	if !some {
		return nil, nil
	}
	return k.Rows.ContactNames(ctx, tx, a.TenantID, scope, ids)
}

// MayHang refuses a person out of the actor's write scope.
func (k ContactKind) MayHang(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if err := a.Need(org.AccountWrite); err != nil {
		return err
	}
	_, err := k.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), id)
	return err
}

// PeopleIn are some people who are not deleted, whatever the actor's scope; how to reach them only where he sees them
// and may write accounts.
func (s *Service) PeopleIn(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := s.Rows.ContactsByID(ctx, tx, a.TenantID, ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), ids)
	for id, c := range all {
		if _, sees := seen[id]; !sees || !a.Can(org.AccountWrite) {
			c.Mobile, c.Phone, c.Email, c.WeChat = "", "", "", ""
			all[id] = c
		}
	}
	return all, err
}
