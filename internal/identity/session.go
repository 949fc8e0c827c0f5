package identity

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
)

// Authenticate returns the session of a token and its actor.
func (s *Service) Authenticate(ctx context.Context, token, path string) (Session, org.Actor, error) {
	now := s.Now()
	var session Session
	var actor org.Actor
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		var err error
		if session, err = s.Rows.SessionByToken(ctx, tx, tokenHash(token)); err != nil {
			return err
		}
		c, st, err := s.Org.Load(ctx, tx, session.TenantID)
		if err == nil {
			actor = org.NewActor(c, st, session.MemberID, path, now)
		}
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && (session.over(now) || actor.Structure.Gone(actor.MemberID, actor.Today)) {
		return Session{}, org.Actor{}, fault.New(fault.Unauthenticated, "org.session_ended", "sign in again")
	}
	if err != nil {
		return Session{}, org.Actor{}, err
	}
	if now.Sub(session.SeenAt) > time.Hour {
		err = s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.TouchSession(ctx, tx, session.TenantID, session.ID, now) })
	}
	return session, actor, err
}

// over reports whether a session was revoked, or is too old, or was left alone too long.
func (s Session) over(now time.Time) bool {
	return !s.RevokedAt.IsZero() || s.ExpiresAt.Before(now) || s.SeenAt.Add(idleLimit).Before(now)
}

// SignOut revokes one of the actor's sessions; "" is all of them.
func (s *Service) SignOut(ctx context.Context, a org.Actor, session string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		n, err := s.Rows.RevokeSessions(ctx, tx, a.TenantID, a.MemberID, session, a.Now)
		if err == nil && n == 0 && session != "" {
			return fault.New(fault.NotFound, "org.session_unknown", "no such session")
		}
		return err
	})
}

// MySessions lists the actor's open sessions, newest first.
func (s *Service) MySessions(ctx context.Context, a org.Actor) (out []Session, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Sessions(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	return out, err
}
