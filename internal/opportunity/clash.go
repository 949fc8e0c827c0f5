package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Clash (撞单) is an open record of the same customer in somebody else's hands. Whose it is is told to
// whoever meets it, so that they can talk; what it is called, to those who see it anyway.
type Clash struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	OwnerID string `json:"ownerId"`
}

// clash refuses a record of a customer whom somebody works on already, out of the actor's hands; with a
// reason it stands. Who may change both decides knowingly, and an import says what is. It tells whether
// there was one. Fault: opportunity.clash (params ownerIds, deals).
func (s *Service) clash(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, reason string) (met bool, err error) {
	if o.AccountID == "" || a.Path == imported {
		return false, nil
	}
	list, err := s.Rows.Clashes(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), o)
	if err != nil || len(list) == 0 {
		return false, err
	}
	if !text.Blank(reason) {
		return true, nil
	}
	return false, s.clashing(ctx, tx, a, list)
}

// clashing words a clash for the actor.
func (s *Service) clashing(ctx context.Context, tx database.Tx, a org.Actor, list []Clash) error {
	var ids, owners []string
	for _, c := range list {
		ids = append(ids, c.ID)
		if !slices.Contains(owners, c.OwnerID) {
			owners = append(owners, c.OwnerID)
		}
	}
	names, err := s.Rows.Names(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Read), ids)
	if err != nil {
		return err
	}
	seen := []Clash{}
	for _, c := range list {
		if name, ok := names[c.ID]; ok {
			seen = append(seen, Clash{c.ID, name, c.OwnerID})
		}
	}
	return clashOf(owners).With("deals", seen)
}

// clashOf is the fault of a customer others work on.
func clashOf(owners []string) *fault.Fault {
	return fault.New(fault.Conflict, "opportunity.clash", "a colleague works on this customer; ask the owner, or say why all the same").
		With("ownerIds", owners).With("deals", []Clash{})
}

// sameCustomer tells whether a record that is sent again is for the customer it was made for.
func (s *Service) sameCustomer(ctx context.Context, tx database.Tx, a org.Actor, first string, in New) (bool, error) {
	if in.AccountName == "" || in.AccountID != "" {
		return first == in.AccountID, nil
	}
	c, err := s.Accounts.Customer(ctx, tx, a, first)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return text.Match(c.Name) == text.Match(in.AccountName), err
}

// customer finds the customer somebody named, or makes a new one. One whom only others see is a clash: with
// a reason it becomes another customer of that name, as nobody gets to see a customer by his name.
func (s *Service) customer(ctx context.Context, tx database.Tx, a org.Actor, name, owner, reason string) (id string, clash bool, err error) {
	c, owners, err := s.Accounts.CustomerNamed(ctx, tx, a, name)
	switch {
	case err != nil || c.ID != "":
		return c.ID, false, err
	case len(owners) > 0 && text.Blank(reason):
		return "", false, clashOf(owners)
	}
	made, err := s.Accounts.NewCustomer(ctx, tx, a, name, owner)
	return made.ID, len(owners) > 0, err
}
