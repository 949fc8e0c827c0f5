package opportunity

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Talked takes in what was said about a record (followup.Subject): people named for the
// first time join the deal's contacts, and a two-way contact with one who has a role in the
// deal runs the contact clock. One of the deal team, who only reads, may write it too.
func (k Kind) Talked(ctx context.Context, tx database.Tx, a org.Actor, id string, t followup.Talk) ([]record.Ref, error) {
	o, err := k.take(ctx, tx, a, a.Scope(record.Opportunity, org.Read), id)
	if err != nil {
		return nil, err
	}
	joined, err := k.join(ctx, tx, a, id, t.Contacts)
	if err != nil {
		return nil, err
	}
	was := o
	if t.TwoWay && len(t.Contacts) > 0 {
		o.ContactOn = max(o.ContactOn, t.On)
	}
	if joined || o.ContactOn != was.ContactOn { // whoever read the people before does not replace these unseen
		o.Version++
		if err := k.saveChanged(ctx, tx, a, was, &o); err != nil {
			return nil, err
		}
	}
	if o.AccountID == "" {
		return nil, nil
	}
	return []record.Ref{account.Ref(o.AccountID)}, nil
}

// join makes people who were talked to the deal's contacts, their role not yet known, and tells whether any is new.
func (s *Service) join(ctx context.Context, tx database.Tx, a org.Actor, id string, contacts []string) (joined bool, err error) {
	roles, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return false, err
	}
	known := map[string]bool{}
	for _, c := range roles {
		known[c.ContactID] = true
	}
	grown := roles
	if err := s.Accounts.CheckContacts(ctx, tx, a, "/contactIds", contacts); err != nil {
		return false, err
	}
	for _, contact := range contacts {
		if !known[contact] {
			known[contact] = true
			grown = append(grown, DealContact{ContactID: contact, Role: "unknown"})
		}
	}
	if len(grown) == len(roles) {
		return false, nil
	}
	return true, s.putContacts(ctx, tx, a, id, roles, grown, a.Today)
}
