package engine

import (
	"bytes"
	"slices"
	"sort"

	"github.com/google/uuid"
)

// index is what the snapshots of one load have in common, and what grows with them: it is
// read and written with the tenant's lock held.
type index struct {
	numbering
	// sorted is how many opportunities, from the first on, lie in the order of their
	// ids; added says where the others are.
	sorted int
	added  map[uuid.UUID]int
	// formerly is the opportunities that were another account's before, by that account:
	// its class of those days counts for them.
	formerly map[string][]uuid.UUID
	past     past
	memos    *memos
}

func newIndex(n numbering) *index {
	return &index{numbering: n, added: map[uuid.UUID]int{}, formerly: map[string][]uuid.UUID{},
		memos: &memos{by: map[memoKey]*memo{}}}
}

// find is the place of an opportunity: by bisection among those that lie in order,
// from a map for those that came later.
func (s *snapshot) find(id uuid.UUID) (int, bool) {
	if n, ok := s.index.added[id]; ok {
		return n, true
	}
	at := func(n int) *uuid.UUID { return &s.chunks[n/chunkSize].id[n%chunkSize] }
	n := sort.Search(s.index.sorted, func(n int) bool { return bytes.Compare(at(n)[:], id[:]) >= 0 })
	return n, n < s.index.sorted && *at(n) == id
}

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
