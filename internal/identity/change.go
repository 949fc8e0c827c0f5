package identity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// ChangePassword sets the actor's own password and ends every session, the device's own too:
// it signs in again. Guesses of the present one are limited. Faults: org.password_wrong,
// identity.password_same, identity.wait, and those of a password that may not be one.
func (s *Service) ChangePassword(ctx context.Context, a org.Actor, current, next string) error {
	said, err := s.checkPresent(ctx, a, current)
	if err != nil {
		return err
	}
	if current == next {
		return fault.Input("/next", "identity.password_same", "the password is the present one")
	}
	return s.setPassword(ctx, a, newPassword{member: a.MemberID, pointer: "/next", secret: next, present: said})
}

// ResetPassword sets another member's password; it must be changed at next sign-in. Every
// session of the member ends. Faults: org.member_unknown, org.beyond_own_powers,
// org.own_sign_in.
func (s *Service) ResetPassword(ctx context.Context, a org.Actor, member, next string) error {
	if err := a.MaySetSignIn(member); err != nil {
		return err
	}
	if a.Structure.Members[member].Login == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member with a sign-in name")
	}
	return s.setPassword(ctx, a, newPassword{member: member, pointer: "/password", secret: next, mustChange: true})
}

// isStill refuses where what a member said as his password is not it any more: it was reset while
// he said it. Where he said nothing nothing is asked. Fault: org.password_wrong.
func (s *Service) isStill(ctx context.Context, tx database.Tx, a org.Actor, said present) error {
	if said.hash == "" {
		return nil
	}
	now, err := s.Rows.Password(ctx, tx, a.TenantID, a.MemberID)
	if err == nil && now.Hash != said.hash {
		err = errPresent
	}
	return err
}

// newPassword is one a member gets.
type newPassword struct {
	member, pointer, secret string
	mustChange              bool
	// present is what its owner said, which must be it still.
	present present
}

func (s *Service) setPassword(ctx context.Context, a org.Actor, p newPassword) error {
	m := a.Structure.Members[p.member]
	hash, err := s.Hash(ctx, org.Secret{Pointer: p.pointer, Text: p.secret, Login: m.Login, Name: m.Name, Company: a.Company.Name})
	if err != nil {
		return err
	}
	set := func(tx database.Tx) error {
		if err := signInAlone(ctx, tx, Whose{a.TenantID, p.member}); err != nil {
			return err
		}
		if err := s.isStill(ctx, tx, a, p.present); err != nil {
			return err
		}
		if err := s.Rows.SetPassword(ctx, tx, a.TenantID, p.member, Password{Hash: hash, MustChange: p.mustChange}, a.Now); err != nil {
			return err
		}
		journal.Append(tx, a.By(), passwordSet(p.member, a.Today))
		if err := s.giveBack(ctx, tx, p.present.costs); err != nil {
			return err
		}
		return s.LockOut(ctx, tx, a.TenantID, p.member)
	}
	if p.mustChange {
		return s.administering(ctx, a, p.member, set)
	}
	return s.DB.Write(ctx, set)
}
