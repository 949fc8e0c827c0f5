// Package identity is how the people of a company sign in: names and passwords, and the
// sessions of their devices. Who they are and what they may do is the organisation's.
package identity

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/tally"
)

// Login is a row of the directory: it finds the company of a sign-in name.
type Login struct{ Name, TenantID, MemberID string }

// Password is what of a member's password is kept.
type Password struct {
	Hash       string
	MustChange bool
	SetAt      time.Time
}

// Session is one signed-in device; it can be revoked alone.
type Session struct {
	TenantID, ID, MemberID, CSRF, Agent string
	// Address is from where it was opened, Way by what: password, password_totp, password_recovery,
	// password_passkey, passkey; "" of one opened before that was noted.
	Address, Way                 string
	CreatedAt, SeenAt, ExpiresAt time.Time
	RevokedAt                    time.Time
	// ConfirmedAt is when somebody last proved in it that it is still he.
	ConfirmedAt time.Time
	// MustChange is whether the member has to choose another password first, MustEnrol whether
	// he then has to set a second factor up: he has none, and his role needs one.
	MustChange, MustEnrol bool
	HasFactor             bool
	Required              FactorPolicy
	Policy                Policy
}

// Ending names sessions to end: one of a member, or all, or all but one.
type Ending struct{ TenantID, MemberID, ID, But string }

// Rows is what the package needs of its tables; identitydb implements it.
type Rows interface {
	FactorRows
	Logins(ctx context.Context, tx database.Tx, name string) ([]Login, error)
	InsertLogin(ctx context.Context, tx database.Tx, l Login) error
	DeleteLogin(ctx context.Context, tx database.Tx, tenant, name string) error
	Password(ctx context.Context, tx database.Tx, tenant, member string) (Password, error)
	SetPassword(ctx context.Context, tx database.Tx, tenant, member string, p Password, now time.Time) error

	InsertSession(ctx context.Context, tx database.Tx, s Session, tokenHash string) error
	SessionByToken(ctx context.Context, tx database.Tx, tokenHash string) (Session, org.Company, error)
	Sessions(ctx context.Context, tx database.Tx, tenant, member string) ([]Session, error)
	TouchSession(ctx context.Context, tx database.Tx, tenant, id string, seen time.Time) error
	RevokeSessions(ctx context.Context, tx database.Tx, of Ending, now time.Time) (int64, error)
	// IsOpen tells whether a session is there and nobody has ended it.
	IsOpen(ctx context.Context, tx database.Tx, tenant, id string) (bool, error)

	// Budget is what was spent, zero where nothing was.
	Budget(ctx context.Context, tx database.Tx, key string) (Budget, error)
	SaveBudget(ctx context.Context, tx database.Tx, b Budget) error
	ForgetBudgets(ctx context.Context, tx database.Tx, before time.Time) error
	// Device is the member's of a login, by its token; zero where it is not known.
	Device(ctx context.Context, tx database.Tx, of Login, tokenHash string) (Device, error)
	SaveDevice(ctx context.Context, tx database.Tx, d Device) error
	// ForgetDevices forgets all of a member's but the newest.
	ForgetDevices(ctx context.Context, tx database.Tx, tenant, member string, but int) error
	// Policy is the company's, or DefaultPolicy.
	Policy(ctx context.Context, tx database.Tx, tenant string) (Policy, error)
	SavePolicy(ctx context.Context, tx database.Tx, tenant string, p Policy) error

	SetupTokens(ctx context.Context, tx database.Tx) ([]string, error)
	InsertSetupToken(ctx context.Context, tx database.Tx, tokenHash string, now time.Time) error
	DeleteSetupTokens(ctx context.Context, tx database.Tx) error
	// LiveSessions counts, of every company, those that are neither ended nor past their end.
	LiveSessions(ctx context.Context, tx database.Tx, now time.Time) (int, error)
	PurgeSessions(ctx context.Context, tx database.Tx, tenant string, before time.Time) error
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB   *database.DB
	Rows Rows
	Org  *org.Service
	// Key seals the seeds of authenticator apps.
	Key *Key
	// HashCost is what new hashes of passwords take. Zero, as in the program, is what docs/security.md
	// says; tests alone take less (archtest).
	HashCost HashCost
	// Now is the clock; tests own it.
	Now func() time.Time
	// Tried counts steps of sign-ins by how they ended: "ok", "second" (the password was right, a
	// second factor is asked for), "wrong", "wait" (too many tries), "busy", "refused" (anything
	// else that was said to the sender), "error".
	Tried tally.Counts
}

// tried counts how a step of a sign-in ended.
func (s *Service) tried(out *Signed, err *error) { s.Tried.Add(triedAs(*out, *err), 1) }

func triedAs(out Signed, err error) string {
	f := fault.As(err)
	switch {
	case err == nil && out.Ticket != "":
		return "second"
	case err == nil:
		return "ok"
	case f == nil:
		return "error"
	case f.Code == errSignIn.Code, f.Code == errPasskey.Code, f.Code == errCodeWrong.Code:
		return "wrong"
	case f.Kind == fault.Limited:
		return "wait"
	case f.Kind == fault.Busy:
		return "busy"
	}
	return "refused"
}

// Live is how many sessions there are, of every company.
func (s *Service) Live(ctx context.Context, tx database.Tx) (int, error) {
	return s.Rows.LiveSessions(ctx, tx, s.Now())
}

// Hash implements org.SignIns: it refuses what is no password, and hashes it before the
// transaction that keeps it.
func (s *Service) Hash(ctx context.Context, secret org.Secret) (string, error) {
	if err := checkPassword(secret); err != nil {
		return "", err
	}
	return s.hashPassword(ctx, secret.Text)
}

// Give implements org.SignIns: the member signs in with the name and the password. Who was
// signed in with another is not any more.
func (s *Service) Give(ctx context.Context, tx database.Tx, a org.SignInGiven) error {
	err := s.Rows.InsertLogin(ctx, tx, Login{Name: a.Login, TenantID: a.TenantID, MemberID: a.MemberID})
	if errors.Is(err, database.ErrUnique) {
		f := fault.Input("/login", "org.login_taken", "another member signs in with this name")
		f.Kind = fault.Conflict
		return f
	}
	if err != nil {
		return err
	}
	if err := s.Rows.SetPassword(ctx, tx, a.TenantID, a.MemberID, Password{Hash: a.Hash, MustChange: a.MustChange}, s.Now()); err != nil {
		return err
	}
	return s.LockOut(ctx, tx, a.TenantID, a.MemberID)
}

// Free implements org.SignIns: nobody of the company signs in with the name any more.
func (s *Service) Free(ctx context.Context, tx database.Tx, tenant, login string) error {
	return s.Rows.DeleteLogin(ctx, tx, tenant, login)
}

// LockOut implements org.SignIns: the member's sessions end now, and no device is known.
func (s *Service) LockOut(ctx context.Context, tx database.Tx, tenant, member string) error {
	if err := signInAlone(ctx, tx, Whose{tenant, member}); err != nil {
		return err
	}
	if _, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: tenant, MemberID: member}, s.Now()); err != nil {
		return err
	}
	if err := s.Rows.DeleteTicketsOf(ctx, tx, Whose{tenant, member}); err != nil {
		return err
	}
	return s.Rows.ForgetDevices(ctx, tx, tenant, member, 0)
}
