package engine

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/pinyin"

	"github.com/google/uuid"
)

// named is a record whose name is found.
type named struct {
	rank pinyin.Rank
	mine bool
	open bool
	id   uuid.UUID
}

// before orders what is found better first, then one's own, what is open, and what was made last.
func (h *named) before(o *named) int {
	return cmp.Or(-cmp.Compare(h.rank, o.rank), soFirst(h.mine, o.mine), soFirst(h.open, o.open), -bytes.Compare(h.id[:], o.id[:]))
}

// soFirst puts what is so before what is not.
func soFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// bests are the best of what is found, and how many that is.
type bests struct {
	most  int
	rows  []named
	count int64
}

func (b *bests) add(h named) {
	b.count++
	if len(b.rows) == b.most && b.rows[b.most-1].before(&h) < 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(b.rows, h, func(x, y named) int { return x.before(&y) })
	b.rows = slices.Insert(b.rows, at, h)
	b.rows = b.rows[:min(len(b.rows), b.most)]
}

func (b *bests) ids() []string {
	out := make([]string, len(b.rows))
	for i := range b.rows {
		out[i] = b.rows[i].id.String()
	}
	return out
}

// BestOpportunities implements opportunity.Finder.
func (e *Engine) BestOpportunities(ctx context.Context, tx database.Tx, w opportunity.Searched) (ids []string, count int64, known bool, err error) {
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, 0, false, err
	}
	t.mu.Lock()
	keep := s.list(funnel.Query{Scope: w.Scope, Filter: opportunity.Filter{Query: w.Query}}, nil)
	mine := s.index.texts.find(w.Mine)
	t.mu.Unlock()
	m := pinyin.NewMatcher(w.Query)
	all, mu := bests{most: w.Most}, sync.Mutex{}
	err = s.chunkwise(ctx, func() (func(n int), func()) {
		part, r := bests{most: w.Most}, new(room)
		return func(n int) {
				c := s.chunks[n]
				for _, i := range keep(c, r.all(c)) {
					k := int(i)
					part.add(named{m.Rank(letters(c.name.at(k))), mine > 0 && c.owner.at(k) == mine, c.state.at(k) == open, c.id[k]})
				}
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				all.merge(part)
			}
	})
	return all.ids(), all.count, err == nil, err
}

func (b *bests) merge(o bests) {
	count := b.count + o.count
	for _, h := range o.rows {
		b.add(h)
	}
	b.count = count
}

// BestAccounts implements account.Finder.
func (e *Engine) BestAccounts(ctx context.Context, tx database.Tx, w account.Searched) (ids []string, count int64, known bool, err error) {
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, 0, false, err
	}
	t.mu.Lock()
	x, holds := s.reach(w.Scope), s.holding(account.Filter{Query: w.Query}, nil)
	mine := s.index.texts.find(w.Mine)
	t.mu.Unlock()
	seen, err := s.seen(ctx, x)
	if err != nil {
		return nil, 0, false, err
	}
	m, all := pinyin.NewMatcher(w.Query), bests{most: w.Most}
	for n, c := range s.accounts {
		for i := range c.id {
			if (seen == nil || seen[n*chunkSize+i]) && holds(c, i) {
				all.add(named{m.Rank(letters(c.name.at(i))), mine > 0 && c.owner.at(i) == mine, true, c.id[i]})
			}
		}
	}
	return all.ids(), all.count, true, nil
}

// BestContacts implements account.Finder.
func (e *Engine) BestContacts(ctx context.Context, tx database.Tx, w account.Searched) (ids []string, count int64, known bool, err error) {
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return nil, 0, false, err
	}
	if there, err := e.contactsSoon(ctx, w.TenantID, t); err != nil || !there {
		return nil, 0, false, err
	}
	if t, s, err = e.soon(ctx, tx, w.TenantID); err != nil || s == nil || s.contacts == nil {
		return nil, 0, false, err
	}
	t.mu.Lock()
	x := s.reach(w.Scope)
	t.mu.Unlock()
	seen, err := s.seen(ctx, x)
	if err != nil {
		return nil, 0, false, err
	}
	m, all := pinyin.NewMatcher(w.Query), bests{most: w.Most}
	for _, c := range s.contacts {
		for i := range c.id {
			at := c.account.at(i)
			if c.deleted.at(i) || seen != nil && (at == noAccount || !seen[at]) {
				continue
			}
			if name := letters(c.name.at(i)); m.Of(name) {
				all.add(named{rank: m.Rank(name), id: c.id[i]})
			}
		}
	}
	return all.ids(), all.count, true, nil
}
