package account

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"yunchou/internal/card"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Carded is what a pasted card, signature or line of chat tells of a person, beside what is known here. The text is
// kept nowhere.
type Carded struct {
	card.Card
	// AccountID is the account of the company's name that the reader sees, "" for none; Elsewhere tells that it is
	// another than the one the person was to be written down at.
	AccountID, AccountName string
	Elsewhere              bool
	// People look the same. Moved is the one of them who is known at another firm than the card names.
	People []Same
	Moved  *Same
}

// ReadCard reads a text about somebody who is to be written down at an account, or about a person who is there. Faults:
// account.unknown, contact.unknown.
func (s *Service) ReadCard(ctx context.Context, a org.Actor, said, at, person string) (out Carded, err error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return out, err
	}
	if text.Blank(said) {
		return out, fault.Missing("/text")
	}
	out.Card = card.Read(said)
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.firm(ctx, tx, a, &out); err != nil {
			return err
		}
		if person != "" {
			return s.cardOf(ctx, tx, a, person, &out)
		}
		if out.Elsewhere, err = s.elsewhere(ctx, tx, a, out, at); err != nil || out.Name == "" {
			return err // a number alone is nobody's
		}
		where := at
		if out.AccountID != "" {
			where = out.AccountID
		}
		// A number in a form nobody writes is no address book's: what the card has is looked for as it stands.
		who := Contact{Name: out.Name, AccountID: where, Mobile: out.Mobile, Phone: out.Phone, Email: out.Email}
		if out.People, err = s.same(ctx, tx, a, Contact{}, who); err != nil {
			return err
		}
		for i, p := range out.People {
			if text.Match(p.Name) == text.Match(out.Name) && p.By != ByName && out.otherFirm(p.AccountID, p.Account) {
				out.Moved = &out.People[i]
			}
		}
		return nil
	})
	return out, err
}

// firm finds the account the card names among those the actor sees.
func (s *Service) firm(ctx context.Context, tx database.Tx, a org.Actor, out *Carded) error {
	if out.Company == "" {
		return nil
	}
	ids, err := s.Rows.IDsNamed(ctx, tx, a.TenantID, []string{text.Match(out.Company)})
	if err != nil {
		return err
	}
	seen, err := s.Seen(ctx, tx, a, slices.DeleteFunc([]string{ids[text.Match(out.Company)]}, func(id string) bool { return id == "" }))
	for id, name := range seen {
		out.AccountID, out.AccountName = id, name
	}
	return err
}

// cardOf compares a card with a person who is there.
func (s *Service) cardOf(ctx context.Context, tx database.Tx, a org.Actor, id string, out *Carded) error {
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), id)
	if err != nil {
		return err
	}
	if out.Name != "" && text.Match(out.Name) != text.Match(c.Name) {
		return nil // somebody else's card: whoever pastes it sees both names
	}
	if c.AccountID != "" && out.otherFirm(c.AccountID, c.AccountName) {
		out.Moved = &Same{c.ID, c.Name, c.AccountID, c.AccountName, c.Title, ByName}
	}
	return nil
}

func (s *Service) elsewhere(ctx context.Context, tx database.Tx, a org.Actor, out Carded, at string) (bool, error) {
	if at == "" {
		return false, nil
	}
	seen, err := s.Seen(ctx, tx, a, []string{at})
	if err == nil && seen[at] == "" {
		err = fault.Input("/accountId", "account.unknown", "no such account")
	}
	return err == nil && out.otherFirm(at, seen[at]), err
}

// otherFirm tells whether a card surely names another firm than an account: a name that is part of the other is a
// shorter form of it (方舟电子, 苏州方舟电子有限公司).
func (c Carded) otherFirm(id, name string) bool {
	if c.Company == "" || c.AccountID != "" && c.AccountID == id {
		return false
	}
	one, other := text.Match(c.Company), text.Match(cmp.Or(name, c.Company))
	return !strings.Contains(one, other) && !strings.Contains(other, one)
}
