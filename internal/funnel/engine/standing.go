package engine

import (
	"context"
	"math/bits"
	"reflect"
	"slices"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/opportunity"
)

// Standings implements opportunity.Finder: one pass over what is open counts what each filter holds, by owner. Which
// filters hold a record, and what it is worth, is found once for everybody and lies with its chunk (pressing.go).
func (e *Engine) Standings(
	ctx context.Context, tx database.Tx, w opportunity.Wanted, matters []opportunity.Filter,
) (by map[string]opportunity.Standing, known bool, err error) {
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, false, err
	}
	x, keep, owners := s.standing(t, w, matters)
	by = map[string]opportunity.Standing{}
	var mu sync.Mutex
	err = s.chunkwise(ctx, func() (func(n int), func()) {
		mine, all := make([]*ownerSum, len(owners)), new(room)
		return func(n int) { x.count(s.chunks[n], keep, mine, all) }, func() {
			mu.Lock()
			defer mu.Unlock()
			for n, found := range mine {
				if found != nil {
					sum := by[owners[n]]
					sum.Add(found.standing())
					by[owners[n]] = sum
				}
			}
		}
	})
	return by, err == nil, err
}

// standing is by what records are counted: of one day it is the same for everybody.
type standing struct {
	matters []opportunity.Filter
	stages  []symbol // of their limits, as far as records stand in them
	today   prices
	rest    []sieve // what of the first is among the others
}

// ownerSum is what is counted of an owner's: all, and those among the filters after the first.
type ownerSum struct {
	worth opportunity.Sum
	among [8]int64
}

// stood is how the open records of a chunk stand by some filters, in the order of their places.
type stood struct {
	by    *standing
	worth []int64
	among []uint8 // the filters after the first that hold it, a bit each
}

// standing numbers what is wanted, or finds it as it was wanted last, and compiles the scope: nil is all. It takes the
// tenant's lock, because the dictionary may grow meanwhile.
func (s *snapshot) standing(t *tenant, w opportunity.Wanted, matters []opportunity.Filter) (x *standing, keep sieve, owners []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	in := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	in.scope(w.Scope)
	x = &standing{matters: matters, today: in.today(w.Currency, w.Today).trimmed()}
	for _, f := range matters {
		for _, b := range f.Beyond {
			for _, limit := range b.Cutoffs {
				x.stages = append(x.stages, in.numbers.texts.find(limit.StageID))
			}
		}
	}
	if was := s.index.standing; was != nil && slices.Equal(was.stages, x.stages) && slices.Equal(was.today, x.today) && reflect.DeepEqual(was.matters, matters) {
		return was, in.sieve(), in.numbers.texts.text
	}
	for _, f := range matters[1:] {
		one := &compiled{numbers: in.numbers, rates: in.rates}
		one.filter(f)
		x.rest = append(x.rest, one.sieve())
	}
	s.index.standing = x
	return x, in.sieve(), in.numbers.texts.text
}

// stood is how the open records of a chunk stand.
func (c *chunk) stood(by *standing) *stood {
	if s := c.stands.Load(); s != nil && s.by == by {
		return s
	}
	alive := c.alive()
	s, some := &stood{by, make([]int64, len(alive)), make([]uint8, len(alive))}, new(room)
	for n, i := range alive {
		s.worth[n] = by.today.of(c, int(i))
	}
	for k, through := range by.rest {
		n, held := 0, some[:copy(some[:], alive)]
		if through != nil {
			held = through(c, held)
		}
		for _, i := range held {
			for alive[n] != i {
				n++
			}
			s.among[n] |= 1 << k
		}
	}
	c.stands.Store(s)
	return s
}

// count counts those of a chunk that are in the scope.
func (x *standing) count(c *chunk, keep sieve, to []*ownerSum, all *room) {
	alive := c.alive()
	s, at := c.stood(x), alive
	if keep != nil {
		at = keep(c, all[:copy(all[:], alive)])
	}
	n := 0
	for _, i := range at {
		for alive[n] != i {
			n++
		}
		owner := c.owner.at(int(i))
		if to[owner] == nil {
			to[owner] = &ownerSum{}
		}
		to[owner].worth.AddMinor(s.worth[n])
		for left := s.among[n]; left != 0; left &= left - 1 {
			to[owner].among[bits.TrailingZeros8(left)]++
		}
	}
}

// standing is what was counted of an owner.
func (c *ownerSum) standing() opportunity.Standing {
	st := opportunity.Standing{Open: c.worth.Count, Worth: c.worth}
	for k, n := range st.Counts()[1:] {
		*n = c.among[k]
	}
	return st
}
