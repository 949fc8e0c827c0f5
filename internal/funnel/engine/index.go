package engine

import (
	"slices"

	"github.com/google/uuid"
)

// index is what the snapshots of one load have in common, and what grows with them: it is
// read and written with the tenant's lock held.
type index struct {
	numbering
	places             // of opportunities
	accounts, contacts places
	// formerly is the opportunities that were another account's before, by that account:
	// its class of those days counts for them.
	formerly map[string][]uuid.UUID
	past     past
	memos    *memos
	terms    *terms    // of the last desk
	standing *standing // of the last standings
}

func newIndex(n numbering) *index {
	return &index{numbering: n, places: newPlaces(), accounts: newPlaces(), contacts: newPlaces(),
		formerly: map[string][]uuid.UUID{}, memos: newMemos()}
}

// find is the place of an opportunity.
func (s *snapshot) find(id uuid.UUID) (int, bool) { return placeOf(&s.index.places, s.chunks, id) }

// remember notes the accounts an opportunity was another day's of.
func (x *index) remember(id uuid.UUID, d *Deal) {
	for _, a := range d.Accounts {
		if a.ID != d.AccountID && !slices.Contains(x.formerly[a.ID], id) {
			x.formerly[a.ID] = append(x.formerly[a.ID], id)
		}
	}
}

// accountsWere is the accounts of other days, each beside an opportunity that was its.
func (x *index) accountsWere() (accounts []string, of []uuid.UUID) {
	for account, list := range x.formerly {
		for _, id := range list {
			accounts, of = append(accounts, account), append(of, id)
		}
	}
	return accounts, of
}
