package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// CustomerNamed finds the customer of a name among those the actor sees, an empty one where he sees none;
// then owners are whose the customers of that name are. Whoever gives a customer the same name waits.
func (s *Service) CustomerNamed(ctx context.Context, tx database.Tx, a org.Actor, name string) (c Account, owners []string, err error) {
	if err := tx.AloneAll(ctx, []string{nameKey(a, name)}); err != nil {
		return c, nil, err
	}
	list, err := s.Rows.SameName(ctx, tx, a.TenantID, name)
	if err != nil {
		return c, nil, err
	}
	for _, one := range list {
		c, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), one.ID)
		if err == nil || !fault.Is(err, fault.NotFound) {
			return c, nil, err
		}
		owners = append(owners, one.OwnerID)
	}
	return c, owners, nil
}

// NewCustomer adds a customer of a name for somebody, even if others see one of that name. Faults: those of Create.
func (s *Service) NewCustomer(ctx context.Context, tx database.Tx, a org.Actor, name, owner string) (Account, error) {
	c, err := newOf(a, Account{Name: text.Fold(name), OwnerID: owner})
	if err != nil {
		return c, err
	}
	return s.create(ctx, tx, a, c, true)
}
