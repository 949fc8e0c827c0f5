package identity

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

var errEnded = fault.New(fault.Unauthenticated, "org.session_ended", "sign in again")

// Authenticate returns the session of a token and its actor.
func (s *Service) Authenticate(ctx context.Context, token, path string) (Session, org.Actor, error) {
	session, actor, err := s.Holds(ctx, token, path)
	if err == nil && actor.Now.Sub(session.SeenAt) > session.Policy.idle()/10 { // written down now and then, not with each request
		err = s.DB.Write(ctx, func(tx database.Tx) error {
			return s.Rows.TouchSession(ctx, tx, session.TenantID, session.ID, actor.Now)
		})
	}
	return session, actor, err
}

// Holds is Authenticate that does not count as use: a page that is only open does not keep its session.
func (s *Service) Holds(ctx context.Context, token, path string) (Session, org.Actor, error) {
	now := s.Now()
	session, c, st, err := s.session(ctx, token)
	var actor org.Actor
	if err == nil {
		actor = org.NewActor(c, st, session.MemberID, path, now)
		session.MustEnrol = !session.HasFactor && session.Required.holdsFor(st, session.MemberID, actor.Today)
	}
	if fault.Is(err, fault.NotFound) || errors.Is(err, database.ErrClosing) || err == nil && (session.over(now) || actor.Structure.Gone(actor.MemberID, actor.Today)) {
		return Session{}, org.Actor{}, errEnded
	}
	if err != nil {
		return Session{}, org.Actor{}, err
	}
	return session, actor, nil
}

// session reads the session of a token, with its company and how that is organised: by one query where the
// organisation is in memory as it is now.
func (s *Service) session(ctx context.Context, token string) (x Session, c org.Company, st *org.Structure, err error) {
	err = s.DB.Glance(ctx, func(tx database.Tx) error {
		x, c, err = s.Rows.SessionByToken(ctx, tx, tokenHash(token))
		return err
	})
	if err != nil {
		return x, c, nil, err
	}
	if c.Closing {
		return x, c, nil, database.ErrClosing
	}
	if st, known := s.Org.Known(c); known {
		return x, c, st, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		c, st, err = s.Org.Load(ctx, tx, x.TenantID)
		return err
	})
	return x, c, st, err
}

// Due is what a member has to do before anything else.
type Due string

// What may be due; "" is nothing.
const (
	DuePassword Due = "password" // choose another
	DueFactor   Due = "factor"   // set a second one up
)

// Due is what comes before anything else, the password first.
func (s Session) Due() Due {
	switch {
	case s.MustChange:
		return DuePassword
	case s.MustEnrol:
		return DueFactor
	}
	return ""
}

// Refusal is what is answered meanwhile: identity.must_change_password, identity.must_add_factor.
func (d Due) Refusal() error {
	switch d {
	case DuePassword:
		return fault.New(fault.Forbidden, "identity.must_change_password", "choose another password first")
	case DueFactor:
		return fault.New(fault.Forbidden, "identity.must_add_factor", "your role needs a second factor: set one up first")
	}
	return nil
}

// over reports whether a session was revoked, or is too old, or was left alone too long, by
// what the company says now.
func (s Session) over(now time.Time) bool {
	return !s.RevokedAt.IsZero() || !now.Before(s.ExpiresAt) || !now.Before(s.CreatedAt.Add(s.Policy.absolute())) ||
		!now.Before(s.SeenAt.Add(s.Policy.idle()))
}

// Left is how long a session lasts yet, however it is used.
func (s Session) Left(now time.Time) time.Duration {
	end := s.CreatedAt.Add(s.Policy.absolute())
	if s.ExpiresAt.Before(end) {
		end = s.ExpiresAt
	}
	return end.Sub(now)
}

// SignOut revokes one of the actor's sessions. Fault: org.session_unknown.
func (s *Service) SignOut(ctx context.Context, a org.Actor, session string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		n, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: a.TenantID, MemberID: a.MemberID, ID: session}, a.Now)
		if err == nil && n == 0 {
			return errNoSession
		}
		if err == nil {
			journal.Append(tx, a.By(), signedOut(a.MemberID, a.Today, SignedOut{SessionID: session}))
		}
		return err
	})
}

var errNoSession = fault.New(fault.NotFound, "org.session_unknown", "no such session")

// EndOwn revokes another of the actor's sessions, by who has just proved himself in this one.
// Faults: identity.confirm_first, org.session_unknown.
func (s *Service) EndOwn(ctx context.Context, a org.Actor, in Session, id string) error {
	if err := in.confirmed(a.Now); err != nil && id != in.ID {
		return err
	}
	return s.SignOut(ctx, a, id)
}

// SignOutOthers revokes every session of the actor but the one he has just proved himself in.
// Fault: identity.confirm_first.
func (s *Service) SignOutOthers(ctx context.Context, a org.Actor, in Session) error {
	if err := in.confirmed(a.Now); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return err
		}
		n, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: a.TenantID, MemberID: a.MemberID, But: in.ID}, a.Now)
		if err == nil && n > 0 {
			journal.Append(tx, a.By(), sessionsEnded(a.MemberID, a.Today, SessionsEnded{Count: int(n)}))
		}
		return err
	})
}

// MySessions lists the actor's open sessions, newest first.
func (s *Service) MySessions(ctx context.Context, a org.Actor) ([]Session, error) {
	return s.sessionsOf(ctx, a, a.MemberID)
}

func (s *Service) sessionsOf(ctx context.Context, a org.Actor, member string) (out []Session, err error) {
	var all []Session
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err = s.Rows.Sessions(ctx, tx, a.TenantID, member)
		return err
	})
	for _, one := range all {
		if !one.over(a.Now) {
			out = append(out, one)
		}
	}
	return out, err
}
