package engine

import (
	"context"
	"errors"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"

	"github.com/google/uuid"
)

// Find implements opportunity.Finder: a page of a list with count and amount of all its pages
// by currency, or of several lists, one for each stage, in one pass over the columns. Where
// these are not loaded yet they begin to be; those of a small company are there soon, and of a
// large one SQL answers meanwhile.
func (e *Engine) Find(ctx context.Context, tx database.Tx, w opportunity.Wanted) (found []opportunity.Found, known bool, err error) {
	if len(w.Filter.IDs) > 0 || w.Filter.Lacks.BySQL() {
		return nil, false, nil
	}
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, false, err
	}
	few, err := e.texted(ctx, tx, w.TenantID, w.Filter.Conditions)
	if err != nil {
		return nil, false, err
	}
	l, known, err := s.listing(t, w, few)
	if err != nil || !known {
		return nil, false, err
	}
	found, err = l.find(ctx)
	return found, err == nil, err
}

// soon is the columns of the transaction's snapshot, nil where they are not there in a moment.
func (e *Engine) soon(ctx context.Context, tx database.Tx, tenantID string) (*tenant, *snapshot, error) {
	if there, err := e.Soon(ctx, tenantID, e.Wait); err != nil || !there {
		return nil, nil, err
	}
	t := e.tenant(tenantID)
	s, err := e.upTo(ctx, tx, tenantID, t)
	var behind *funnel.Behind
	if errors.As(err, &behind) {
		return t, nil, nil
	}
	return t, s, err
}

// Loading implements opportunity.Finder.
func (e *Engine) Loading(tenantID string) bool { return e.Progress(tenantID).Loading }

// Behind implements opportunity.Finder.
func (e *Engine) Behind(tenantID string) error {
	t := e.tenant(tenantID)
	return t.behind(&loading{})
}

// listing is what is wanted of a list, by numbers.
type listing struct {
	*snapshot
	keep  sieve
	order order
	other uint8  // the tax that is not the company's
	group []int8 // by stage: the list it is in, -1 is none; nil is one list
	lists int
}

// listing numbers what is wanted, among few where these are not nil; the tenant's lock is held,
// because the dictionary may grow.
func (s *snapshot) listing(t *tenant, w opportunity.Wanted, few map[uuid.UUID]bool) (l *listing, known bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &compiled{numbers: s.index.numbering, rates: s.around.rates}
	l = &listing{snapshot: s, other: unlike(w.Filter.WithoutTax), lists: 1}
	if l.order, known, err = orderOf(w.Page, x.today(w.Currency, w.Today)); err != nil || !known {
		return nil, known, err
	}
	l.keep = s.list(funnel.Query{Scope: w.Scope, Filter: w.Filter}, few)
	if w.Stages != nil {
		l.lists = len(w.Stages)
		l.group = make([]int8, len(x.numbers.texts.text))
		for n := range l.group {
			l.group[n] = -1
		}
		for n, stage := range w.Stages {
			if k := x.numbers.texts.find(stage); k > 0 {
				l.group[k] = int8(n)
			}
		}
	}
	return l, true, nil
}

// part is what a worker found of one list.
type part struct {
	first
	sums map[symbol]*opportunity.Sum
	last *opportunity.Sum // that of the currency met last
	of   symbol
}

func (l *listing) parts() []part {
	out := make([]part, l.lists)
	for n := range out {
		out[n] = part{first: first{order: &l.order}, sums: map[symbol]*opportunity.Sum{}}
	}
	return out
}

// sum is the sum of a currency.
func (p *part) sum(s *snapshot, currency symbol) *opportunity.Sum {
	if p.last == nil || p.of != currency {
		if p.last, p.of = p.sums[currency], currency; p.last == nil {
			p.last = &opportunity.Sum{Total: opportunity.Total{Currency: s.text[currency]}}
			p.sums[currency] = p.last
		}
	}
	return p.last
}

// find walks the chunks, from the end where the order goes down: records lie as they were created,
// and so often in the order of their days or of numbers in their names, so what is offered early
// seldom has to give way.
func (l *listing) find(ctx context.Context) ([]opportunity.Found, error) {
	all, mu := l.parts(), sync.Mutex{}
	err := l.chunkwise(ctx, func() (func(n int), func()) {
		mine, r := l.parts(), new(room)
		return func(n int) {
				l.chunk(l.chunks[l.order.turn(n, len(l.chunks))], mine, r)
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				for n := range mine {
					all[n].add(l.snapshot, &mine[n])
				}
			}
	})
	if err != nil {
		return nil, err
	}
	found := make([]opportunity.Found, len(all))
	for n := range all {
		found[n] = opportunity.Found{Totals: opportunity.TotalsBy(all[n].sums), Page: all[n].listed()}
	}
	return found, nil
}

// chunk adds what is kept of one.
func (l *listing) chunk(c *chunk, to []part, r *room) {
	at := r.all(c)
	if l.keep != nil {
		at = l.keep(c, at)
	}
	for k := range at {
		i, p := int(at[l.order.turn(k, len(at))]), &to[0]
		if l.group != nil {
			stage := c.stage.at(i)
			if int(stage) >= len(l.group) || l.group[stage] < 0 {
				continue
			}
			p = &to[l.group[stage]]
		}
		p.sum(l.snapshot, c.currency.at(i)).Add(statedOf(c.amount.at(i)), c.tax.at(i) == l.other)
		p.place(c, i)
	}
}

// add adds what another worker found.
func (p *part) add(s *snapshot, o *part) {
	for currency, sum := range o.sums {
		p.sum(s, currency).Merge(sum)
	}
	for _, row := range o.rows {
		p.offer(row)
	}
}
