package identity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// What an administrator does about the sign-in of others.

// SessionsOf lists a member's open sessions, newest first. Fault: org.member_unknown.
func (s *Service) SessionsOf(ctx context.Context, a org.Actor, member string) ([]Session, error) {
	if err := a.MayActOn(member); err != nil {
		return nil, err
	}
	return s.sessionsOf(ctx, a, member)
}

// EndSessions ends one session of a member, or with "" all. Faults: org.member_unknown,
// org.session_unknown.
func (s *Service) EndSessions(ctx context.Context, a org.Actor, member, session string) error {
	return s.administering(ctx, a, member, func(tx database.Tx) error {
		if err := signInAlone(ctx, tx, Whose{a.TenantID, member}); err != nil {
			return err
		}
		n, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: a.TenantID, MemberID: member, ID: session}, a.Now)
		if err != nil {
			return err
		}
		if n == 0 {
			if session != "" {
				return errNoSession
			}
			return nil
		}
		journal.Append(tx, a.By(), sessionsEnded(member, a.Today, SessionsEnded{Count: int(n)}))
		return nil
	})
}

// administering is a write on a member's sign-in by who may do it, as the organisation is by
// then and stays until it is written. Whatever one does to the sign-in of others goes through
// it. Faults: those of org.Actor.MayActOn.
func (s *Service) administering(ctx context.Context, a org.Actor, member string, write func(tx database.Tx) error) error {
	if err := a.MayActOn(member); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		now, err := s.Org.Still(ctx, tx, a)
		if err != nil {
			return err
		}
		if err := now.MayActOn(member); err != nil {
			return err
		}
		return write(tx)
	})
}

// Policy returns how long the company's sessions last.
func (s *Service) Policy(ctx context.Context, a org.Actor) (Policy, error) {
	return org.Setting(ctx, s.DB, a, org.OrgRead, s.Rows.Policy)
}

// SavePolicy says how long they last from now on, those that are open too. Faults:
// input.out_of_range, record.stale.
func (s *Service) SavePolicy(ctx context.Context, a org.Actor, p Policy) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, "sign-in policy "+a.TenantID); err != nil {
			return err
		}
		was, err := s.Rows.Policy(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		if err := a.HasRead(was.Version); err != nil {
			return err
		}
		next := p
		next.Version = was.Version + 1
		journal.Append(tx, a.By(), policySaved(a.TenantID, a.Today, PolicySaved{
			IdleMinutes:   org.Was[int]{Old: was.IdleMinutes, New: p.IdleMinutes},
			AbsoluteHours: org.Was[int]{Old: was.AbsoluteHours, New: p.AbsoluteHours}}))
		return s.Rows.SavePolicy(ctx, tx, a.TenantID, next)
	})
}
