package identity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// ChangePassword sets the actor's own password and signs the other devices out.
func (s *Service) ChangePassword(ctx context.Context, a org.Actor, current, next string) error {
	if err := CheckPassword("/next", next); err != nil {
		return err
	}
	var password Password
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		password, err = s.Rows.Password(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	if err != nil {
		return err
	}
	if !verifyPassword(password.Hash, current) {
		return fault.Input("/current", "org.password_wrong", "the current password is different")
	}
	return s.setPassword(ctx, a, a.MemberID, next, false)
}

// ResetPassword sets another member's password; it must be changed at next sign-in.
func (s *Service) ResetPassword(ctx context.Context, a org.Actor, member, next string) error {
	if err := a.Need(org.OrgEdit); err != nil {
		return err
	}
	m, ok := a.Structure.Members[member]
	if !ok || m.Login == "" {
		return fault.New(fault.NotFound, "org.member_unknown", "no such member with a sign-in name")
	}
	if err := CheckPassword("/password", next); err != nil {
		return err
	}
	return s.setPassword(ctx, a, member, next, true)
}

func (s *Service) setPassword(ctx context.Context, a org.Actor, member, next string, mustChange bool) error {
	hash, err := HashPassword(next)
	if err != nil {
		return err
	}
	_, err = database.Write(ctx, s.DB, func(tx database.Tx) (int64, error) {
		if err := s.Rows.SetPassword(ctx, tx, a.TenantID, member, Password{hash, mustChange}, a.Now); err != nil {
			return 0, err
		}
		journal.Append(tx, a.By(), passwordSet(member, a.Today))
		return s.Rows.RevokeSessions(ctx, tx, a.TenantID, member, "", a.Now)
	})
	return err
}
