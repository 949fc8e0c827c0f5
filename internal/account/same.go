package account

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Same is a person who looks the same as another: who it is, where he works, and by what he was recognised,
// which is ByName, ByNumber or ByEmail.
type Same struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	AccountID string `json:"accountId"`
	Account   string `json:"account"`
	Title     string `json:"title"`
	By        string `json:"by"`
}

// By what people are recognised.
const (
	ByName   = "name"
	ByNumber = "number"
	ByEmail  = "email"
)

// shortest is how many digits a number has that is one person's: fewer are an extension.
const shortest = 7

// Digits is a number without what people put between its digits, "" of one too short to be anybody's own.
func Digits(number string) string {
	plain := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "+", "").Replace(number)
	if len(plain) < shortest {
		return ""
	}
	return plain
}

// dialled are the ways a number of the mainland is written down: with its country and without.
func dialled(number string) []string {
	const country, mobile = "86", 11
	switch digits := Digits(number); {
	case digits == "":
		return nil
	case len(digits) == mobile && digits[0] == '1':
		return []string{digits, country + digits}
	case len(digits) == mobile+len(country) && strings.HasPrefix(digits, country+"1"):
		return []string{digits, digits[len(country):]}
	default:
		return []string{digits}
	}
}

// Numbers are the ways a person's numbers may be written down elsewhere.
func (c Contact) Numbers() []string { return slices.Concat(dialled(c.Mobile), dialled(c.Phone)) }

// looksLike tells by what somebody looks the same as another, "" where nothing does: the same name at the same
// account, compared as a search compares it, or the same number or address anywhere. A number on the desks of
// two of one account is their switchboard.
func (c Contact) looksLike(other Contact) string {
	named := text.Match(c.Name) == text.Match(other.Name)
	here := c.AccountID == other.AccountID
	numbers := func(c, other string) bool {
		return slices.ContainsFunc(dialled(c), func(n string) bool { return slices.Contains(dialled(other), n) })
	}
	desks := numbers(c.Phone, other.Phone) && (named || !here)
	switch {
	case named && here:
		return ByName
	case desks, numbers(c.Mobile, other.Mobile), numbers(c.Mobile, other.Phone), numbers(c.Phone, other.Mobile):
		return ByNumber
	case c.Email != "" && strings.EqualFold(c.Email, other.Email):
		return ByEmail
	}
	return ""
}

// sameShown is how many who look the same are told of at most.
const sameShown = 5

// same are those the actor sees who look like a person, and did not look like him as he was.
func (s *Service) same(ctx context.Context, tx database.Tx, a org.Actor, was, c Contact) ([]Same, error) {
	list, err := s.Rows.ContactsLike(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), c)
	out := []Same{}
	for _, other := range list {
		by := c.looksLike(other)
		if by != "" && (was.ID == "" || was.looksLike(other) == "") && len(out) < sameShown {
			out = append(out, Same{other.ID, other.Name, other.AccountID, other.AccountName, other.Title, by})
		}
	}
	return out, err
}

// meet refuses a person who looks the same as one the actor sees, until he says that it is another. Fault:
// contact.looks_same (params name, account, by and people).
func (s *Service) meet(ctx context.Context, tx database.Tx, a org.Actor, was, c Contact) error {
	if c.EvenIfSame {
		return nil
	}
	list, err := s.same(ctx, tx, a, was, c)
	if err != nil || len(list) == 0 {
		return err
	}
	first := list[0]
	return fault.New(fault.Conflict, "contact.looks_same", "somebody who looks the same is there; open that one, or say that it is another").
		With("name", first.Name).With("account", first.Account).With("by", first.By).With("people", list)
}

// SameContacts are the people the actor sees who look like one who is not written down yet.
func (s *Service) SameContacts(ctx context.Context, a org.Actor, c Contact) (out []Same, err error) {
	if err := cmp.Or(a.Need(org.AccountWrite), c.normalise()); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.same(ctx, tx, a, Contact{}, c)
		return err
	})
	return out, err
}
