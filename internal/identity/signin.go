package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

const (
	maxFailures   = 5
	lockFor       = 15 * time.Minute
	sessionLength = 30 * 24 * time.Hour
	idleLimit     = 7 * 24 * time.Hour
)

func secretToken() string {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

var errSignIn = fault.New(fault.Unauthenticated, "org.sign_in_failed", "wrong name or password")

// SignIn checks a name and password and opens a session. It answers the same for
// an unknown name and a wrong password; five failures lock the name for 15 minutes.
func (s *Service) SignIn(ctx context.Context, name, secret, agent string) (token string, session Session, err error) {
	now := s.Now()
	var login Login
	var password Password
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		var err error
		if login, err = s.Rows.Login(ctx, tx, org.LoginName(name)); err != nil {
			return err
		}
		password, err = s.Rows.Password(ctx, tx, login.TenantID, login.MemberID)
		return err
	})
	known := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", Session{}, err
	}
	if known && login.LockedUntil.After(now) {
		return "", Session{}, fault.New(fault.Limited, "org.sign_in_locked", "too many failures; try again later").
			With("minutes", int(login.LockedUntil.Sub(now).Minutes())+1)
	}
	if !known {
		password.Hash = dummyHash
	}
	right := verifyPassword(password.Hash, secret)
	if !known {
		return "", Session{}, errSignIn
	}
	if !right {
		return "", Session{}, errors.Join(errSignIn, s.countFailure(ctx, login.Name, now))
	}
	return s.OpenSession(ctx, login, agent)
}

// countFailure counts on the row as it is now.
func (s *Service) countFailure(ctx context.Context, name string, now time.Time) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		l, err := s.Rows.Login(ctx, tx, name)
		if err != nil {
			return err
		}
		if l.Failures++; l.Failures >= maxFailures {
			l.Failures, l.LockedUntil = 0, now.Add(lockFor)
		}
		return s.Rows.SaveLoginFailures(ctx, tx, l)
	})
}

// OpenSession signs a member in whose right to it was checked. Who has left by today is
// answered like an unknown name.
func (s *Service) OpenSession(ctx context.Context, login Login, agent string) (token string, session Session, err error) {
	now := s.Now()
	if a, err := s.Org.Actor(ctx, login.TenantID, login.MemberID, "form"); err != nil {
		return "", Session{}, err
	} else if a.Structure.Gone(login.MemberID, a.Today) {
		return "", Session{}, errSignIn
	}
	if len(agent) > 200 {
		agent = agent[:200]
	}
	token = secretToken()
	session = Session{TenantID: login.TenantID, ID: record.NewID(now), MemberID: login.MemberID, CSRF: secretToken(), Agent: strings.ToValidUTF8(agent, ""),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(sessionLength)}
	login.Failures, login.LockedUntil = 0, time.Time{}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.Rows.SaveLoginFailures(ctx, tx, login); err != nil {
			return err
		}
		return s.Rows.InsertSession(ctx, tx, session, tokenHash(token))
	})
	return token, session, err
}
