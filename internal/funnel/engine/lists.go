package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"

	"github.com/google/uuid"
)

// distinct is a list without what stands in it twice.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// FindAccounts implements account.Finder: a page of accounts, and how many there are.
func (e *Engine) FindAccounts(ctx context.Context, tx database.Tx, w account.Wanted) (out account.Found, known bool, err error) {
	o, known, err := accountOrder(w.Page)
	if err != nil || !known {
		return out, false, err
	}
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return out, false, err
	}
	few, err := e.texted(ctx, tx, w.TenantID, w.Filter.Conditions)
	if err != nil {
		return out, false, err
	}
	t.mu.Lock() // the dictionary may grow
	x, holds := s.reach(w.Scope), s.holding(w.Filter, few)
	t.mu.Unlock()
	seen, err := s.seen(ctx, x)
	if err != nil {
		return out, false, err
	}
	return s.accountsOf(seen, o, holds), true, nil
}

// FindContacts implements account.Finder: a page of people, and how many there are.
func (e *Engine) FindContacts(ctx context.Context, tx database.Tx, w account.WantedContacts) (out account.Found, known bool, err error) {
	o, known, err := accountOrder(w.Page)
	if err != nil || !known || !o.named {
		return out, false, err
	}
	t, s, err := e.soon(ctx, tx, w.TenantID)
	if err != nil || s == nil {
		return out, false, err
	}
	if there, err := e.contactsSoon(ctx, w.TenantID, t); err != nil || !there {
		return out, false, err
	}
	if t, s, err = e.soon(ctx, tx, w.TenantID); err != nil || s == nil || s.contacts == nil {
		return out, false, err
	}
	t.mu.Lock()
	x, at := s.reach(w.Scope), s.accountAsked(w.AccountID)
	t.mu.Unlock()
	if w.AccountID != "" && at == noAccount {
		return out, true, nil
	}
	seen, err := s.seen(ctx, x)
	if err != nil {
		return out, false, err
	}
	return s.contactsOf(seen, o, at, searching(w.Query)), true, nil
}

// accountOrder reads the order of a page of accounts; ok is false where there is no such order.
// Fault: page.cursor_malformed.
func accountOrder(p page.Request) (o order, ok bool, err error) {
	o = order{desc: p.Desc, size: p.Size() + 1}
	switch p.Sort {
	case "name":
		o.named, o.key = true, nameKey
	case "created":
		o.key = func(p *placed) any { return database.Time(time.UnixMilli(p.number)) }
	default:
		return o, false, nil
	}
	return o, true, o.from(p, page.Column{}, func(text string) (int64, error) {
		at, err := database.ParseTime(text)
		return at.UnixMilli(), err
	})
}

// reach is a scope of accounts by numbers: what is owned in it, what is of its regions, and what
// has an opportunity in it. It is scopedb.Account of reading, on columns.
type reach struct {
	all             bool
	owners, regions set
	deals           sieve
}

// reach numbers a scope; the tenant's lock is held.
func (s *snapshot) reach(scope org.Scope) *reach {
	x := &reach{all: scope.All}
	if !scope.All {
		n := s.index.numbering
		x.owners, x.regions = n.set(scope.Owners), n.set(scope.Regions)
		x.deals = s.list(funnel.Query{Scope: scope, Filter: opportunity.Filter{}}, nil)
	}
	return x
}

// holding makes a test of a filter, among few where these are not nil; the tenant's lock is held.
func (s *snapshot) holding(f account.Filter, few map[uuid.UUID]bool) func(c *accountChunk, i int) bool {
	var wanted []func(c *accountChunk, i int) bool
	equal := func(text string, of func(c *accountChunk) *column[symbol]) {
		if text != "" {
			want := s.index.texts.find(text)
			wanted = append(wanted, func(c *accountChunk, i int) bool { return of(c).at(i) == want })
		}
	}
	equal(f.Owner, func(c *accountChunk) *column[symbol] { return &c.owner })
	equal(f.Industry, func(c *accountChunk) *column[symbol] { return &c.industry })
	equal(f.Region, func(c *accountChunk) *column[symbol] { return &c.region })
	equal(f.Class, func(c *accountChunk) *column[symbol] { return &c.class })
	if f.Parent != "" {
		parent, err := uuid.Parse(f.Parent)
		ours := err == nil && parent.String() == f.Parent
		wanted = append(wanted, func(c *accountChunk, i int) bool { return ours && c.parent.at(i) == parent })
	}
	if few != nil {
		wanted = append(wanted, func(c *accountChunk, i int) bool { return few[c.id[i]] })
	}
	for _, condition := range f.Conditions {
		if want := s.index.asked(condition); !isText(condition) {
			wanted = append(wanted, func(c *accountChunk, i int) bool {
				held := ownColumnOf(c.own, want.field)
				return held != nil && held.of.at(i) == want.value
			})
		}
	}
	if named := searching(f.Query); named != nil {
		wanted = append(wanted, func(c *accountChunk, i int) bool { return named(c.name.at(i)) })
	}
	return func(c *accountChunk, i int) bool {
		if c.deleted.at(i) != f.Deleted || f.Deleted && !c.owned.at(i) {
			return false
		}
		for _, holds := range wanted {
			if !holds(c, i) {
				return false
			}
		}
		return true
	}
}

// seen tells of each account whether the scope reaches it; nil reaches all.
func (s *snapshot) seen(ctx context.Context, x *reach) ([]bool, error) {
	if x.all {
		return nil, nil
	}
	out, mu := make([]bool, lengthOf(s.accounts)), sync.Mutex{}
	err := s.chunkwise(ctx, func() (func(n int), func()) {
		mine, r := make([]bool, len(out)), new(room)
		return func(n int) {
				c := s.chunks[n]
				for _, i := range x.deals(c, r.all(c)) {
					if at := c.account.at(int(i)); at != noAccount {
						mine[at] = true
					}
				}
			}, func() {
				mu.Lock()
				defer mu.Unlock()
				for at, reached := range mine {
					out[at] = out[at] || reached
				}
			}
	})
	n := 0
	for _, c := range s.accounts {
		for i := range c.id {
			out[n] = out[n] || x.owners.has(c.owner.at(i)) || x.regions.has(c.region.at(i))
			n++
		}
	}
	return out, err
}

// accountsOf finds a page of the accounts that hold, and counts them.
func (s *snapshot) accountsOf(seen []bool, o order, holds func(c *accountChunk, i int) bool) (out account.Found) {
	page := first{order: &o}
	for n := range s.accounts {
		n = o.turn(n, len(s.accounts))
		c := s.accounts[n]
		for i := range c.id {
			i = o.turn(i, len(c.id))
			if seen != nil && !seen[n*chunkSize+i] || !holds(c, i) {
				continue
			}
			out.Count++
			if o.named {
				page.offer(placed{name: letters(c.name.at(i)), id: c.id[i]})
			} else if at := c.created.at(i); !page.beyond(at) {
				page.offer(placed{number: at, id: c.id[i]})
			}
		}
	}
	out.Page = page.listed()
	return out
}

// contactsOf finds a page of the people whose account is seen, or of one account's, and counts
// them.
func (s *snapshot) contactsOf(seen []bool, o order, of int32, named func(name []byte) bool) (out account.Found) {
	page := first{order: &o}
	for n := range s.contacts {
		c := s.contacts[o.turn(n, len(s.contacts))]
		for i := range c.id {
			i = o.turn(i, len(c.id))
			at := c.account.at(i)
			if c.deleted.at(i) || of != noAccount && at != of || seen != nil && (at == noAccount || !seen[at]) {
				continue
			}
			if name := c.name.at(i); named == nil || named(name) {
				out.Count++
				page.offer(placed{name: letters(name), id: c.id[i]})
			}
		}
	}
	out.Page = page.listed()
	return out
}
