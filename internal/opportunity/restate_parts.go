package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// unstateParts gives back competitors and people of the customer, where the record still has those
// that the import left.
func (s *Service) unstateParts(ctx context.Context, tx database.Tx, a org.Actor, r Restated) (back, kept bool, err error) {
	before, after := r.Before, r.After
	rivals, people := !sameSet(before.Competitors, after.Competitors), !sameSet(before.Contacts, after.Contacts)
	if !rivals && !people {
		return false, false, nil
	}
	parts, err := s.Rows.Parts(ctx, tx, a.TenantID, []string{r.ID})
	if err != nil {
		return false, false, err
	}
	var now Stated
	now.Hold(parts[r.ID])
	give := func(holds, held bool, write func(o *Opportunity) (journal.Event, error)) error {
		if held {
			return nil
		}
		if !holds {
			kept = true
			return nil
		}
		was, err := s.take(ctx, tx, a, org.Scope{All: true}, r.ID)
		if err != nil {
			return err
		}
		o := was
		e, err := write(&o)
		if err != nil {
			return err
		}
		back = true
		_, err = s.save(ctx, tx, a, was, &o, e)
		return err
	}
	if rivals {
		err = give(sameSet(now.Competitors, after.Competitors), sameSet(now.Competitors, before.Competitors),
			func(*Opportunity) (journal.Event, error) {
				return s.writeCompetitors(ctx, tx, a, r.ID, before.Competitors)
			})
	}
	if err == nil && people {
		err = give(sameSet(castOf(now.Contacts), castOf(after.Contacts)), sameSet(castOf(now.Contacts), castOf(before.Contacts)),
			func(o *Opportunity) (journal.Event, error) {
				return s.writeContacts(ctx, tx, a, o, stillJudged(now.Contacts, before.Contacts), a.Today)
			})
	}
	return back, kept, err
}

// castOf are who has a part as which, without what is thought of them.
func castOf(list []DealContact) []DealContact {
	out := make([]DealContact, len(list))
	for i, c := range list {
		out[i] = DealContact{ContactID: c.ContactID, Role: c.Role}
	}
	return out
}

// sameSet tells whether two lists hold the same, in whatever order.
func sameSet[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x T) bool { return !slices.Contains(b, x) })
}
