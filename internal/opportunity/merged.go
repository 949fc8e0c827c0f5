package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// AtAccount are the records at an account, closed and deleted ones too (account.Deals).
func (s *Service) AtAccount(ctx context.Context, tx database.Tx, tenant, id string, limit int) ([]string, error) {
	return s.Rows.AtAccount(ctx, tx, tenant, id, limit)
}

// Rehome puts records that are at one account at another, which is the same customer: whoever may change the
// accounts may, and no other colleague is met. It tells which there were; the others have gone elsewhere.
func (s *Service) Rehome(ctx context.Context, tx database.Tx, a org.Actor, from, to string, ids []string) (moved []string, err error) {
	for _, id := range ids {
		was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
		if err != nil {
			return nil, err
		}
		if was.AccountID != from {
			continue
		}
		o := was
		o.AccountID = to
		if _, err := s.save(ctx, tx, a, was, &o, event(id, "changed", a.Today, changesOf(was, o))); err != nil {
			return nil, err
		}
		moved = append(moved, id)
	}
	return moved, nil
}

// WithContact are the records in which a person has a role, and whether another has one there (account.Deals).
func (s *Service) WithContact(ctx context.Context, tx database.Tx, tenant, id, other string, limit int) ([]account.Cast, error) {
	return s.Rows.WithContact(ctx, tx, tenant, id, other, limit)
}

// Recast gives the roles one person has in records to another, who is the same person: who has one himself keeps
// it.
func (s *Service) Recast(ctx context.Context, tx database.Tx, a org.Actor, from, to string, casts []account.Cast) error {
	for _, cast := range casts {
		_, err := s.recast(ctx, tx, a, cast.DealID, func(list []DealContact) []DealContact {
			switch at := placeOf(list, from); {
			case at < 0:
				return nil
			case placeOf(list, to) >= 0:
				return slices.Delete(list, at, at+1)
			default:
				list[at].ContactID = to
				return list
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// CastBack gives roles back to who had them, where the other still has a role in the record. It tells how many.
func (s *Service) CastBack(ctx context.Context, tx database.Tx, a org.Actor, from, to string, casts []account.Cast) (back int, err error) {
	for _, cast := range casts {
		changed, err := s.recast(ctx, tx, a, cast.DealID, func(list []DealContact) []DealContact {
			at, other := placeOf(list, from), placeOf(list, to)
			switch {
			case at < 0 || other >= 0:
				return nil
			case cast.Had:
				return append(list, DealContact{ContactID: to, Role: cast.Role})
			default:
				list[at].ContactID = to
				return list
			}
		})
		if err != nil {
			return back, err
		}
		if changed {
			back++
		}
	}
	return back, nil
}

func placeOf(list []DealContact, contact string) int {
	return slices.IndexFunc(list, func(c DealContact) bool { return c.ContactID == contact })
}

// recast writes the people of a record as they are to be; nil leaves them.
func (s *Service) recast(ctx context.Context, tx database.Tx, a org.Actor, id string, next func([]DealContact) []DealContact) (bool, error) {
	was, err := s.take(ctx, tx, a, org.Scope{All: true}, id)
	if err != nil {
		return false, err
	}
	list, err := s.Rows.Contacts(ctx, tx, a.TenantID, id)
	if err != nil {
		return false, err
	}
	to := next(list)
	if to == nil {
		return false, nil
	}
	o := was
	e, err := s.writeContacts(ctx, tx, a, &o, to, a.Today)
	if err != nil {
		return false, err
	}
	_, err = s.save(ctx, tx, a, was, &o, e)
	return true, err
}

var _ account.Deals = (*Service)(nil)
