package account

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Unrecord takes an account an import made back as if it had never been. One that
// somebody touched since, or that something is kept with (opportunities, people, tasks), stays:
// then the answer is false.
func (s *Service) Unrecord(ctx context.Context, tx database.Tx, a org.Actor, left record.Left) (bool, error) {
	id := left.ID
	if err := tx.Alone(ctx, a.TenantID+" "+id); err != nil {
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
	if err := tx.Alone(ctx, a.TenantID+" "+id); err != nil {
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

// Stated is what an import may change of an account: kept as it was found and as it was
// left.
type Stated struct {
	Industry, Region, Class, ParentID string
	Deleted                           bool
	Custom                            field.Values
}

// StatedOf reads it of an account.
func (s *Service) StatedOf(ctx context.Context, tx database.Tx, a org.Actor, c Account) (Stated, error) {
	values, err := s.Fields.Load(ctx, tx, a.TenantID, "account", a.Company.Currency, []string{c.ID})
	return Stated{c.Industry, c.Region, c.Class, c.ParentID, c.DeletedAt != nil, values[c.ID]}, err
}

// Unstate gives back what an import changed of an account that was there before, where it
// still holds what the import wrote. It answers whether something was given back and
// whether something was kept.
func (s *Service) Unstate(ctx context.Context, tx database.Tx, a org.Actor, left record.Left, before, after Stated) (back, kept bool, err error) {
	id := left.ID
	if err := tx.Alone(ctx, a.TenantID+" "+id); err != nil {
		return false, false, err
	}
	c, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, id)
	if err != nil {
		return false, false, err
	}
	now, err := s.StatedOf(ctx, tx, a, c)
	if err != nil {
		return false, false, err
	}
	give := func(was, left, holds string) bool {
		kept = kept || was != left && holds != left
		back = back || was != left && holds == left
		return was != left && holds == left
	}
	for _, f := range []struct {
		to         *string
		was, after string
	}{{&c.Industry, before.Industry, after.Industry}, {&c.Region, before.Region, after.Region},
		{&c.Class, before.Class, after.Class}, {&c.ParentID, before.ParentID, after.ParentID}} {
		if give(f.was, f.after, *f.to) {
			*f.to = f.was
		}
	}
	c.Custom = field.Values{}
	for _, k := range slices.Concat(slices.Collect(maps.Keys(before.Custom)), slices.Collect(maps.Keys(after.Custom))) {
		if give(before.Custom[k], after.Custom[k], now.Custom[k]) {
			c.Custom[k] = before.Custom[k]
		}
	}
	left.Found = c.Version
	touched, err := journal.Touched(ctx, tx, a.TenantID, left, nil)
	if err != nil {
		return false, false, err
	}
	if back {
		if _, err := s.UpdateIn(ctx, tx, a, c); err != nil {
			return back, kept, err
		}
	}
	if before.Deleted { // the import restored it
		if touched {
			return back, true, nil
		}
		err = s.DeleteIn(ctx, tx, a, id, 0, true)
		if fault.CodeOf(err) == "account.open_opportunities" { // somebody sells there by now
			return back, true, nil
		}
		back = true
	}
	return back, kept, err
}
