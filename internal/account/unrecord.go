package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Unrecord takes an account an import made back as if it had never been. One that
// somebody touched since, or that something is kept with (opportunities, people, tasks), stays:
// then the answer is false.
func (s *Service) Unrecord(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (bool, error) {
	id := left.ID
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return false, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if err != nil {
		return false, err
	}
	left.Found = c.Version
	if touched, err := journal.Touched(ctx, tx, a.TenantID, left, nil); err != nil || touched {
		return false, err
	}
	used, err := s.Rows.InUse(ctx, tx, a.TenantID, id)
	if err != nil || used {
		return false, err
	}
	hanging, err := s.Records.Hanging(ctx, tx, a.TenantID, Ref(id))
	if err != nil || hanging {
		return false, err
	}
	return true, s.takeOut(ctx, tx, a, c, journal.Append(tx, a.By(), accountEvent(id, "unrecorded", a.Today)))
}

// takeOut ends all that was said of an account.
func (s *Service) takeOut(ctx context.Context, tx database.Tx, a org.Actor, c Account, seq database.Seq) error {
	s.Values.EndAll(tx, a.TenantID, c.ID, seq)
	if err := s.Records.Forget(ctx, tx, a.TenantID, Ref(c.ID)); err != nil {
		return err
	}
	if c.DeletedAt == nil {
		now := a.Now
		c.DeletedAt = &now
	}
	c.Version++
	return s.Rows.Save(ctx, tx, a.TenantID, c)
}

// UnrecordContact takes a person an import made back; one touched since, or one whom
// deals or follow-ups name, stays.
func (s *Service) UnrecordContact(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (bool, error) {
	id := left.ID
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return false, err
	}
	c, err := s.Rows.Contact(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if fault.Is(err, fault.NotFound) {
		return true, nil // erased since: nothing is left to take back
	}
	if err != nil {
		return false, err
	}
	left.Found = c.Version
	if touched, err := journal.Touched(ctx, tx, a.TenantID, left, nil); err != nil || touched {
		return false, err
	}
	used, err := s.Rows.ContactInUse(ctx, tx, a.TenantID, id)
	if err != nil || used {
		return false, err
	}
	journal.Append(tx, a.By(), contactEvent(id, c.AccountID, "unrecorded", a.Today, noMore{}))
	return true, s.takeOutContact(ctx, tx, a, id)
}

func (s *Service) takeOutContact(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	if err := s.Records.Forget(ctx, tx, a.TenantID, ContactRef(id)); err != nil {
		return err
	}
	return s.Rows.RemoveContact(ctx, tx, a, id)
}
