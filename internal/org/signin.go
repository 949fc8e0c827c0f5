package org

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"

	"golang.org/x/crypto/argon2"
)

// Login is a row of the directory: it finds the company of a sign-in name.
type Login struct {
	Name, TenantID, MemberID string
	Failures                 int
	LockedUntil              time.Time
}

// Session is one signed-in device; it can be revoked alone.
type Session struct {
	TenantID, ID, MemberID, CSRF, Agent string
	CreatedAt, SeenAt, ExpiresAt        time.Time
	RevokedAt                           time.Time
}

const (
	// OWASP's smaller argon2id setting: 19 MiB, two passes, one lane.
	argonMemory, argonPasses, argonLanes = 19 * 1024, 2, 1

	maxFailures   = 5
	lockFor       = 15 * time.Minute
	sessionLength = 30 * 24 * time.Hour
	idleLimit     = 7 * 24 * time.Hour
)

// hashing is bounded so that a burst of sign-ins does not take the memory.
var hashing = make(chan struct{}, 2)

// HashPassword returns an argon2id hash in the usual $-separated form.
func HashPassword(secret string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	key := argon2.IDKey([]byte(secret), salt, argonPasses, argonMemory, argonLanes, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

func verifyPassword(hash, secret string) bool {
	parts := strings.Split(hash, "$")
	var m, t uint32
	var p uint8
	if len(parts) != 6 {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	got := argon2.IDKey([]byte(secret), salt, t, m, p, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// CheckPassword refuses short passwords: 10 characters, at most 200.
func CheckPassword(pointer, secret string) error {
	n := utf8.RuneCountInString(secret)
	if n < 10 || n > 200 {
		f := fault.Input(pointer, "org.password_length", "use 10 to 200 characters")
		return f.With("min", 10).With("max", 200)
	}
	return nil
}

// dummyHash makes an unknown name cost what a known one costs.
var dummyHash, _ = HashPassword("no such member")

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
	var hash string
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		var err error
		if login, err = s.Rows.Login(ctx, tx, LoginName(name)); err != nil {
			return err
		}
		hash, _, err = s.Rows.PasswordHash(ctx, tx, login.TenantID, login.MemberID)
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
		hash = dummyHash
	}
	right := verifyPassword(hash, secret)
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
	if a, err := s.Actor(ctx, login.TenantID, login.MemberID, "form"); err != nil {
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

// Authenticate returns the session of a token and its actor.
func (s *Service) Authenticate(ctx context.Context, token, path string) (Session, Actor, error) {
	now := s.Now()
	var session Session
	var actor Actor
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		var err error
		if session, err = s.Rows.SessionByToken(ctx, tx, tokenHash(token)); err != nil {
			return err
		}
		c, st, err := s.Load(ctx, tx, session.TenantID)
		if err == nil {
			actor = NewActor(c, st, session.MemberID, path, now)
		}
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && (session.over(now) || actor.Structure.Gone(actor.MemberID, actor.Today)) {
		return Session{}, Actor{}, fault.New(fault.Unauthenticated, "org.session_ended", "sign in again")
	}
	if err != nil {
		return Session{}, Actor{}, err
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
func (s *Service) SignOut(ctx context.Context, a Actor, session string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		n, err := s.Rows.RevokeSessions(ctx, tx, a.TenantID, a.MemberID, session, a.Now)
		if err == nil && n == 0 && session != "" {
			return fault.New(fault.NotFound, "org.session_unknown", "no such session")
		}
		return err
	})
}

// ChangePassword sets the actor's own password and signs the other devices out.
func (s *Service) ChangePassword(ctx context.Context, a Actor, current, next string) error {
	if err := CheckPassword("/next", next); err != nil {
		return err
	}
	var hash string
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		hash, _, err = s.Rows.PasswordHash(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	if err != nil {
		return err
	}
	if !verifyPassword(hash, current) {
		return fault.Input("/current", "org.password_wrong", "the current password is different")
	}
	return s.setPassword(ctx, a, a.MemberID, next, false)
}

// ResetPassword sets another member's password; it must be changed at next sign-in.
func (s *Service) ResetPassword(ctx context.Context, a Actor, member, next string) error {
	if err := a.Need(OrgEdit); err != nil {
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

func (s *Service) setPassword(ctx context.Context, a Actor, member, next string, mustChange bool) error {
	hash, err := HashPassword(next)
	if err != nil {
		return err
	}
	_, err = database.Write(ctx, s.DB, func(tx database.Tx) (int64, error) {
		if err := s.Rows.SetPassword(ctx, tx, a.TenantID, member, hash, mustChange); err != nil {
			return 0, err
		}
		journal.Append(tx, a.By(), memberPasswordSet(member, a.Today))
		return s.Rows.RevokeSessions(ctx, tx, a.TenantID, member, "", a.Now)
	})
	return err
}

// newPassword checks a password and hashes it.
func newPassword(pointer, secret string) (string, error) {
	if err := CheckPassword(pointer, secret); err != nil {
		return "", err
	}
	return HashPassword(secret)
}

// GiveLogin lets a member who could not sign in do so, or gives another name and password.
// Faults: org.member_unknown, org.member_left, org.login_malformed, org.login_taken,
// org.password_length.
func (s *Service) GiveLogin(ctx context.Context, a Actor, member, name, secret string) error {
	name = LoginName(name)
	if !loginForm.MatchString(name) {
		return fault.Input("/login", "org.login_malformed", "2 to 80 letters, digits, dots, @ or dashes")
	}
	hash, err := newPassword("/password", secret)
	if err != nil {
		return err
	}
	_, err = change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.st.Gone(member, a.Today) {
			return none, event, errLeft(e.member)
		}
		if e.member.Login != "" {
			if err := s.Rows.DeleteLogin(ctx, e.tx, e.member.Login); err != nil {
				return none, event, err
			}
		}
		e.member.Login = name
		freed, err := e.takeLogin(ctx, name)
		if err != nil {
			return none, event, err
		}
		return none, memberLoginGiven(member, MemberLoginGiven{FreedFrom: freed}),
			s.giveLogin(ctx, e.tx, a.TenantID, e.member, hash, true)
	})
	return err
}

// takeLogin frees a sign-in name that a member of the company kept who has left, and tells
// whose it was.
func (e *edit) takeLogin(ctx context.Context, name string) (freed string, err error) {
	for _, m := range e.st.Members {
		if name == "" || m.Login != name || !e.st.Gone(m.ID, e.a.Today) {
			continue
		}
		if err := e.s.Rows.DeleteLogin(ctx, e.tx, name); err != nil {
			return "", err
		}
		return m.ID, e.withoutLogin(ctx, m)
	}
	return "", nil
}

// withoutLogin writes that a member has no sign-in name any more.
func (e *edit) withoutLogin(ctx context.Context, m Member) error {
	m.Login = ""
	m.Version++
	return e.s.Rows.SaveMember(ctx, e.tx, e.a.TenantID, m)
}

// giveLogin writes the sign-in of a member who has one.
func (s *Service) giveLogin(ctx context.Context, tx database.Tx, tenant string, m Member, hash string, mustChange bool) error {
	if m.Login == "" {
		return nil
	}
	if err := s.Rows.InsertLogin(ctx, tx, Login{Name: m.Login, TenantID: tenant, MemberID: m.ID}); err != nil {
		return loginTaken(err)
	}
	return s.Rows.SetPassword(ctx, tx, tenant, m.ID, hash, mustChange)
}

// MySessions lists the actor's open sessions, newest first.
func (s *Service) MySessions(ctx context.Context, a Actor) (out []Session, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Sessions(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	return out, err
}

// NewSecret makes a password nobody has to invent: 16 characters that are not
// mistaken for one another.
func NewSecret() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789" // 31: bytes above 247 are drawn again, so that all are equally likely
	out := make([]byte, 0, 16)
	b := make([]byte, 1)
	for len(out) < 16 {
		if _, err := rand.Read(b); err != nil {
			panic(err)
		}
		if b[0] < 248 {
			out = append(out, letters[int(b[0])%len(letters)])
		}
	}
	return string(out)
}
