package account

import (
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Person is who is erased: the id, and what others may have written down of the person.
type Person struct {
	ID     string
	Texts  []string
	Places []Place // the texts the person is taken out of
}

// Place is a text somebody wrote: what kind of text it is, as follow_up.words, and the id of
// what it belongs to.
type Place struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Mentions takes a person out of what others wrote. Fault: contact.place_unknown.
type Mentions interface {
	TakeOut(ctx context.Context, tx database.Tx, a org.Actor, p Person, places []Place) error
}

// PersonIn is a person the actor may erase, by what others know him by, and how many others are
// called so.
func (s *Service) PersonIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (p Person, namesakes int, err error) {
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), id)
	if err != nil {
		return p, 0, err
	}
	fields, err := s.Fields.Load(ctx, tx, a.TenantID, "contact", a.Company.Currency, []string{id})
	if err != nil {
		return p, 0, err
	}
	namesakes, err = s.Rows.Namesakes(ctx, tx, a.TenantID, id, c.Name)
	return personOf(c, fields[id]), namesakes, err
}

// Forgets is who else may hold a person's data: what an import could not take, an answer kept
// for a second try. What lies in files follows from what it leaves to do.
type Forgets interface {
	Forget(ctx context.Context, tx database.Tx, a org.Actor, p Person) error
}

// TakenOut notes that what is kept about a person left the house, at the person's request.
func (s *Service) TakenOut(ctx context.Context, a org.Actor, id string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		c, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), id)
		if err == nil {
			journal.Append(tx, a.By(), contactEvent(id, c.AccountID, "taken_out", a.Today, noMore{}))
		}
		return err
	})
}

// EraseContact blanks a person's own data for good: name, numbers, addresses, company
// fields, ids in other systems, and what others hold of them. What others did — follow-ups,
// roles in deals — stays, with a person without a name, who is taken out of the texts that are
// named; the journal never held the data. Faults: record.stale, contact.place_unknown.
func (s *Service) EraseContact(ctx context.Context, a org.Actor, id string, places ...Place) error {
	if err := a.Need(org.ContactErase); err != nil {
		return err
	}
	return s.DB.Write(database.Long(ctx), func(tx database.Tx) error {
		c, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), id)
		if err != nil {
			return err
		}
		if err := a.HasRead(c.Version); err != nil {
			return err
		}
		all, err := s.family(ctx, tx, a.TenantID, id)
		if err != nil {
			return err
		}
		people, err := s.Rows.HiddenContacts(ctx, tx, a.TenantID, all)
		if err != nil {
			return err
		}
		if err := s.eraseOne(ctx, tx, a, c, places); err != nil {
			return err
		}
		for _, into := range all[1:] { // who turned out to be him
			if err := s.eraseOne(ctx, tx, a, people[into], nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseOne blanks one row of a person, and what others hold of what stood in it.
func (s *Service) eraseOne(ctx context.Context, tx database.Tx, a org.Actor, c Contact, places []Place) error {
	fields, err := s.Fields.Load(ctx, tx, a.TenantID, "contact", a.Company.Currency, []string{c.ID})
	if err != nil {
		return err
	}
	empty := field.Values{}
	for k := range fields[c.ID] {
		empty[k] = ""
	}
	if _, err := s.Fields.Set(ctx, tx, a, "contact", c.ID, empty); err != nil {
		return err
	}
	journalErased(tx, a, c, places)
	if err := s.erase(ctx, tx, a, c.ID); err != nil {
		return err
	}
	p := personOf(c, fields[c.ID])
	p.Places = places
	if len(places) > 0 {
		if err := s.Mentions.TakeOut(ctx, tx, a, p, places); err != nil {
			return err
		}
	}
	for _, f := range s.Forgets {
		if err := f.Forget(ctx, tx, a, p); err != nil {
			return err
		}
	}
	return nil
}

// personOf is what a person's data is recognised by. What is short would be found everywhere:
// a name of one letter, a choice or a small number among the company's own fields.
func personOf(c Contact, own field.Values) Person {
	p := Person{ID: c.ID}
	add := func(text string, atLeast int) {
		if len([]rune(strings.TrimSpace(text))) >= atLeast {
			p.Texts = append(p.Texts, text)
		}
	}
	for _, text := range []string{c.Name, c.Mobile, c.Phone, c.Email, c.WeChat} {
		add(text, 2)
	}
	for _, text := range own {
		add(text, 5)
	}
	return p
}
