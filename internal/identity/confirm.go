package identity

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// Who changes what a member signs in with proves first that it is still he: with the present
// password, or with a passkey. The proof is the session's, and good for a while.

var errPresent = fault.Input("/current", "org.password_wrong", "the current password is different")

const confirmedFor = 10 * time.Minute

// Confirmed tells whether somebody has proved himself in the session just now.
func (s Session) Confirmed(now time.Time) bool {
	return !s.ConfirmedAt.IsZero() && now.Sub(s.ConfirmedAt) <= confirmedFor
}

// confirmed refuses a session in which nobody has.
func (s Session) confirmed(now time.Time) error {
	if !s.Confirmed(now) {
		return fault.New(fault.Rule, "identity.confirm_first",
			"say your present password first (POST /api/session/confirm), or show a passkey")
	}
	return nil
}

// Confirm proves the actor by the present password. Guesses are limited with those of a change
// of password. Faults: org.password_wrong, identity.wait, identity.busy.
func (s *Service) Confirm(ctx context.Context, a org.Actor, in Session, current string) error {
	present, err := s.checkPresent(ctx, a, current)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return err
		}
		if err := s.giveBack(ctx, tx, present.costs); err != nil {
			return err
		}
		return s.Rows.ConfirmSession(ctx, tx, in.TenantID, in.ID, a.Now)
	})
}

// present is the password a member has said, and what the guess cost.
type present struct {
	hash  string
	costs []cost
}

// checkPresent pays for a guess of the actor's own password, and looks at it. What it cost is
// given back by who goes on. Faults: org.password_wrong, identity.wait, identity.busy.
func (s *Service) checkPresent(ctx context.Context, a org.Actor, current string) (present, error) {
	var password Password
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		password, err = s.Rows.Password(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	if err != nil {
		return present{}, err
	}
	costs := []cost{{key: budgetKey("present", a.TenantID+" "+a.MemberID), of: ofPresent}}
	if err := s.pay(ctx, costs, false); err != nil {
		return present{}, err
	}
	right, err := s.verifyPassword(ctx, anybody, password.Hash, current)
	if err == nil && !right {
		err = errPresent
	}
	return present{password.Hash, costs}, err
}

// StartConfirm makes what one of the actor's passkeys has to sign. Faults:
// identity.passkeys_need_https, identity.passkeys_need_name, identity.passkey_none.
func (s *Service) StartConfirm(ctx context.Context, a org.Actor, in Session, site Site) (options string, err error) {
	return s.startAssertion(ctx, site, whose(a), boundTo("confirm", in.ID))
}

// ConfirmByPasskey proves the actor by one of his passkeys. Fault: identity.passkey_refused.
func (s *Service) ConfirmByPasskey(ctx context.Context, a org.Actor, in Session, site Site, answer string) error {
	shown, err := s.finishAssertion(ctx, site, whose(a), boundTo("confirm", in.ID), answer)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return err
		}
		if err := s.Rows.SavePasskey(ctx, tx, shown); err != nil {
			return err
		}
		return s.Rows.ConfirmSession(ctx, tx, in.TenantID, in.ID, a.Now)
	})
}
