package engine

import (
	"context"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// Standings implements opportunity.Finder: one pass over the columns counts what each filter holds,
// by owner.
func (e *Engine) Standings(
	ctx context.Context, tx database.Tx, w opportunity.Wanted, matters []opportunity.Filter,
) (by map[string]opportunity.Standing, known bool, err error) {
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, false, err
	}
	x := s.standing(t, w, matters)
	by = map[string]opportunity.Standing{}
	var mu sync.Mutex
	err = s.chunkwise(ctx, func() (func(n int), func()) {
		mine, all, some := make([]*opportunity.Standing, len(x.owners)), new(room), new(room)
		return func(n int) { x.chunk(s.chunks[n], mine, all, some) }, func() {
			mu.Lock()
			defer mu.Unlock()
			for n, found := range mine {
				if found != nil {
					sum := by[x.owners[n]]
					sum.Add(*found)
					by[x.owners[n]] = sum
				}
			}
		}
	})
	return by, err == nil, err
}

// standing is what is wanted of standings, by numbers.
type standing struct {
	owners []string // by symbol
	today  prices
	first  sieve   // what all others are among
	rest   []sieve // among those
}

// standing numbers what is wanted; the dictionary may grow, so it takes the tenant's lock.
func (s *snapshot) standing(t *tenant, w opportunity.Wanted, matters []opportunity.Filter) *standing {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	out := &standing{today: x.today(w.Currency, w.Today)}
	out.first = s.list(funnel.Query{Scope: w.Scope, Filter: matters[0]}, nil)
	for _, f := range matters[1:] {
		one := &compiled{numbers: x.numbers, rates: x.rates}
		one.filter(f)
		out.rest = append(out.rest, one.sieve())
	}
	out.owners = x.numbers.texts.text
	return out
}

// chunk counts those of one.
func (x *standing) chunk(c *chunk, to []*opportunity.Standing, all, some *room) {
	at := all.all(c)
	if x.first != nil {
		at = x.first(c, at)
	}
	for _, i := range at {
		st := x.of(c, i, to)
		st.Open++
		var minor *int64
		if v := x.today.of(c, int(i)); v != nothing {
			minor = &v
		}
		st.Worth.Add(minor, false)
	}
	for k, through := range x.rest {
		for _, i := range through(c, some[:copy(some[:], at)]) {
			*x.of(c, i, to).Counts()[k+1]++
		}
	}
}

// of is the standing of a row's owner.
func (x *standing) of(c *chunk, i uint16, to []*opportunity.Standing) *opportunity.Standing {
	owner := c.owner.at(int(i))
	if to[owner] == nil {
		to[owner] = &opportunity.Standing{}
	}
	return to[owner]
}
