package demo

import (
	"context"
	"fmt"
	"sort"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// customer is an account, the day it was met, its people in the order they were met, and what it was
// already asked for.
type customer struct {
	account.Account
	met    calendar.Date
	people []acquaintance
	asked  map[string]bool
}

type acquaintance struct {
	account.Contact
	met calendar.Date
}

// knownOn are the people met until a day.
func (c customer) knownOn(day calendar.Date) (out []account.Contact) {
	for _, p := range c.people {
		if p.met <= day {
			out = append(out, p.Contact)
		}
	}
	return out
}

// catalogue makes what is sold.
func (c *company) catalogue() error {
	for _, p := range products {
		l, err := c.Accounts.AddProductLine(c.ctx, c.actor, account.ProductLine{Name: p})
		if err != nil {
			return err
		}
		c.lines = append(c.lines, l.ID)
	}
	c.rivals = rivals
	return nil
}

// firstCustomers is how many a seller brings along; the others are met over the years. Distributors are many
// and small, makers few and large.
const firstCustomers = 4

// meet has a seller meet customers and their people, each on a day of its own.
func (h *history) meet(s seller) {
	n := firstCustomers + 5
	if !s.direct {
		n = firstCustomers + 22
	}
	var met []customer
	for i := range n {
		day := h.someDay()
		if i < firstCustomers {
			day = h.workday(h.founded.Add(1 + h.r.IntN(25)))
		}
		met = append(met, h.customer(s, max(day, h.cal.AddWorkingDays(h.founded, 1))))
	}
	sort.SliceStable(met, func(i, j int) bool { return met[i].met < met[j].met })
	h.customers[s.id] = met
}

// customer makes one, and the acts of writing it and its people down.
func (h *history) customer(s seller, day calendar.Date) customer {
	name, industry := firm(h.r, s.direct)
	for h.taken[name] {
		name, industry = firm(h.r, s.direct)
	}
	h.taken[name] = true
	c := customer{met: day, asked: map[string]bool{}, Account: account.Account{ID: record.NewID(h.at), Name: name, Industry: industry,
		Region: s.region, Class: string("ABBCCCD"[h.r.IntN(7)]), OwnerID: s.id}}
	h.begins(h.r.IntN(25)) // before the deals of the day
	h.on(day, -30, s.id, func(ctx context.Context, a org.Actor) error {
		_, err := h.Accounts.Create(ctx, a, c.Account, false)
		return err
	})
	met := day
	for i := range 1 + h.r.IntN(3) {
		title := one(h.r, deciders)
		if i > 0 {
			met, title = h.workday(met.Add(h.r.IntN(60))), one(h.r, titles)
		}
		if met > h.today {
			break
		}
		h.gets(&c, met, -25+i, account.Contact{ID: record.NewID(h.at), Name: person(h.r), AccountID: c.ID, Title: title, Mobile: fmt.Sprintf("199%08d", h.r.IntN(1e8))})
	}
	return c
}

// gets has a customer's seller get to know one of its people on a day.
func (h *history) gets(c *customer, day calendar.Date, minute int, p account.Contact) {
	c.people = append(c.people, acquaintance{p, day})
	h.on(day, minute, c.OwnerID, func(ctx context.Context, a org.Actor) error {
		_, err := h.Accounts.CreateContact(ctx, a, p)
		return err
	})
}

// need is something a customer asks for: what it is called and the product line it is of.
type need struct {
	name string
	line int
}

// asks chooses a customer of a seller's who was met by a day, and what he wants that he was not asked before: a project,
// or to begin with a line of spare parts, which one does once.
func (c *company) asks(s seller, day calendar.Date) (customer, need, bool) {
	all := c.customers[s.id]
	known := sort.Search(len(all), func(i int) bool { return all[i].met > day })
	for range 20 {
		if known == 0 {
			break
		}
		who, what := all[c.r.IntN(known)], projects[c.r.IntN(len(projects))]
		if !s.direct {
			what = trades[c.r.IntN(len(trades))]
		}
		if who.asked[what.name] && s.direct {
			what.name += " " + string(day[:4])
		}
		if !who.asked[what.name] {
			who.asked[what.name] = true
			return who, what, true
		}
	}
	return customer{}, need{}, false
}
