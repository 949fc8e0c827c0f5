package identity

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// A factor is what a member proves himself with besides the password: an authenticator app,
// or a passkey. Recovery codes stand in for one that is lost; they are none.

// Whose names a member.
type Whose struct{ TenantID, MemberID string }

func whose(a org.Actor) Whose { return Whose{a.TenantID, a.MemberID} }

// TOTP is a member's authenticator app. Sealed is its seed; LastStep is the last code taken.
type TOTP struct {
	Whose
	Confirmed      bool
	Sealed         string
	LastStep       int64
	MadeAt, UsedAt time.Time
}

// Passkey is one of a member's. Host is the name it was made for and works under alone;
// Credential is what the library keeps.
type Passkey struct {
	Whose
	ID, Name, Host, Credential string
	MadeAt, UsedAt             time.Time
	// Read is the credential it signed as, which must be it still when it is kept: of a passkey
	// and its copy that sign at once one is refused.
	Read string
}

// Factors is what a member has. TOTP is nil without an app.
type Factors struct {
	TOTP          *TOTP
	Passkeys      []Passkey
	RecoveryLeft  int
	RecoveryMade  time.Time
	Required      bool  // by a role he has today
	PasskeysHere  error // why none works from where he is
	AuthenticApps error // why none can be set up
}

// count is how many there are, recovery codes apart.
func (f Factors) count() int {
	n := len(f.Passkeys)
	if f.TOTP != nil {
		n++
	}
	return n
}

// FactorRows is what the package needs of the tables of factors.
type FactorRows interface {
	// TOTP is the member's app in use, or the one that waits for its first code.
	TOTP(ctx context.Context, tx database.Tx, of Whose, confirmed bool) (TOTP, error)
	// SaveTOTP puts it in the place of one in the same state.
	SaveTOTP(ctx context.Context, tx database.Tx, t TOTP) error
	// TakeStep notes that a code was used, and refuses one that is not newer than the last.
	TakeStep(ctx context.Context, tx database.Tx, of Whose, step int64, now time.Time) (bool, error)
	DeleteTOTP(ctx context.Context, tx database.Tx, of Whose, confirmed bool) (int64, error)

	Passkeys(ctx context.Context, tx database.Tx, of Whose) ([]Passkey, error)
	// PasskeyByCredential finds whose a credential is. Fault: identity.passkey_unknown.
	PasskeyByCredential(ctx context.Context, tx database.Tx, credentialHash string) (Passkey, error)
	InsertPasskey(ctx context.Context, tx database.Tx, p Passkey, credentialHash string) error
	SavePasskey(ctx context.Context, tx database.Tx, p Passkey) error
	DeletePasskey(ctx context.Context, tx database.Tx, of Whose, id string) (int64, error)

	// RecoveryHash is any hash of the set, for its salt; "" where there is none.
	RecoveryHash(ctx context.Context, tx database.Tx, of Whose) (string, error)
	Recovery(ctx context.Context, tx database.Tx, of Whose) (left int, made time.Time, err error)
	ReplaceRecovery(ctx context.Context, tx database.Tx, of Whose, hashes []string, now time.Time) error
	UseRecovery(ctx context.Context, tx database.Tx, of Whose, hash string, now time.Time) (bool, error)

	SaveChallenge(ctx context.Context, tx database.Tx, key, data string, expires, now time.Time) error
	// TakeChallenge takes it away: each is good once. "" where there is none.
	TakeChallenge(ctx context.Context, tx database.Tx, key string, now time.Time) (string, error)

	InsertTicket(ctx context.Context, tx database.Tx, t Ticket, now time.Time) error
	// Ticket is one by its token. Fault: identity.ticket_over.
	Ticket(ctx context.Context, tx database.Tx, tokenHash string) (Ticket, error)
	DeleteTicket(ctx context.Context, tx database.Tx, tokenHash string) (int64, error)
	DeleteTicketsOf(ctx context.Context, tx database.Tx, of Whose) error

	ConfirmSession(ctx context.Context, tx database.Tx, tenant, session string, now time.Time) error
	FactorPolicy(ctx context.Context, tx database.Tx, tenant string) (FactorPolicy, error)
	SaveFactorPolicy(ctx context.Context, tx database.Tx, tenant string, p FactorPolicy) error
	// Seals are the sealed seeds of a company's members.
	Seals(ctx context.Context, tx database.Tx, tenant string) ([]TOTP, error)
	// WithFactor are the members who have one.
	WithFactor(ctx context.Context, tx database.Tx, tenant string) (map[string]bool, error)
}

// Factors is what the actor has, and what can be set up from where he is.
func (s *Service) Factors(ctx context.Context, a org.Actor, site Site) (Factors, error) {
	f, err := s.factorsOf(ctx, a, whose(a))
	if err != nil {
		return f, err
	}
	_, f.PasskeysHere = site.relyingParty()
	if s.Key == nil || s.Key.Path == "" {
		f.AuthenticApps = errNoKey
	}
	return f, nil
}

// FactorsOf is what another member has, for an administrator. Faults: org.member_unknown,
// org.beyond_own_powers.
func (s *Service) FactorsOf(ctx context.Context, a org.Actor, member string) (Factors, error) {
	if err := a.MayActOn(member); err != nil {
		return Factors{}, err
	}
	return s.factorsOf(ctx, a, Whose{a.TenantID, member})
}

func (s *Service) factorsOf(ctx context.Context, a org.Actor, of Whose) (f Factors, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		f, err = s.readFactors(ctx, tx, a, of)
		return err
	})
	return f, err
}

func (s *Service) readFactors(ctx context.Context, tx database.Tx, a org.Actor, of Whose) (f Factors, err error) {
	app, err := s.Rows.TOTP(ctx, tx, of, true)
	if err == nil {
		f.TOTP = &app
	} else if !fault.Is(err, fault.NotFound) {
		return f, err
	}
	if f.Passkeys, err = s.Rows.Passkeys(ctx, tx, of); err != nil {
		return f, err
	}
	if f.RecoveryLeft, f.RecoveryMade, err = s.Rows.Recovery(ctx, tx, of); err != nil {
		return f, err
	}
	policy, err := s.Rows.FactorPolicy(ctx, tx, of.TenantID)
	f.Required = policy.holdsFor(a.Structure, of.MemberID, a.Today)
	return f, err
}

// hasFactor tells whether a password alone signs a member in.
func (s *Service) hasFactor(ctx context.Context, tx database.Tx, of Whose) (bool, error) {
	_, err := s.Rows.TOTP(ctx, tx, of, true)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return err == nil, err
	}
	keys, err := s.Rows.Passkeys(ctx, tx, of)
	return len(keys) > 0, err
}

// changedFactors is what follows wherever a member's own factors have become others: every
// other session of his ends, and who was on the way in begins anew.
func (s *Service) changedFactors(ctx context.Context, tx database.Tx, a org.Actor, session string) error {
	if err := s.Rows.DeleteTicketsOf(ctx, tx, whose(a)); err != nil {
		return err
	}
	_, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: a.TenantID, MemberID: a.MemberID, But: session}, a.Now)
	return err
}

// signInAlone has what a member signs in with, and his sessions, for one transaction at a time: of
// two who each remove one of the last two factors one is refused, and no session is opened beside
// what ends all of them. Whoever changes either asks for it, after the organisation and before
// anything else.
func signInAlone(ctx context.Context, tx database.Tx, of Whose) error {
	return tx.Alone(ctx, "sign-in "+of.TenantID+" "+of.MemberID)
}

// stillOpen is signInAlone for what a member does in a session about his own sign-in. It was let
// in; another may have ended the session since. Fault: org.session_ended.
func (s *Service) stillOpen(ctx context.Context, tx database.Tx, in Session) error {
	if err := signInAlone(ctx, tx, Whose{in.TenantID, in.MemberID}); err != nil {
		return err
	}
	open, err := s.Rows.IsOpen(ctx, tx, in.TenantID, in.ID)
	if err == nil && !open {
		err = errEnded
	}
	return err
}

// RemoveTOTP takes the actor's authenticator app away. Faults: identity.confirm_first,
// identity.totp_none, identity.last_factor.
func (s *Service) RemoveTOTP(ctx context.Context, a org.Actor, in Session) error {
	return s.removing(ctx, a, in, "totp", func(tx database.Tx) error {
		n, err := s.Rows.DeleteTOTP(ctx, tx, whose(a), true)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "identity.totp_none", "no authenticator app is set up")
		}
		return err
	})
}

// RemovePasskey takes one of the actor's passkeys away. Faults: identity.confirm_first,
// identity.passkey_unknown, identity.last_factor.
func (s *Service) RemovePasskey(ctx context.Context, a org.Actor, in Session, id string) error {
	return s.removing(ctx, a, in, "passkey", func(tx database.Tx) error {
		n, err := s.Rows.DeletePasskey(ctx, tx, whose(a), id)
		if err == nil && n == 0 {
			err = errNoPasskey
		}
		return err
	})
}

func (s *Service) removing(ctx context.Context, a org.Actor, in Session, kind string, remove func(database.Tx) error) error {
	if err := in.confirmed(a.Now); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return err
		}
		if err := remove(tx); err != nil {
			return err
		}
		left, err := s.readFactors(ctx, tx, a, whose(a))
		if err != nil {
			return err
		}
		if left.count() == 0 {
			if left.Required {
				return fault.New(fault.Rule, "identity.last_factor", "your role needs a second factor: set another up first")
			}
			if err := s.Rows.ReplaceRecovery(ctx, tx, whose(a), nil, a.Now); err != nil {
				return err
			}
		}
		journal.Append(tx, a.By(), factorRemoved(a.MemberID, a.Today, FactorNamed{Factor: kind}))
		return s.changedFactors(ctx, tx, a, in.ID)
	})
}

// RemoveFactors takes every factor of a member away who has lost them, for an administrator:
// his sessions end, and he chooses another password before anything else. Faults:
// org.member_unknown, org.beyond_own_powers, org.own_sign_in, identity.no_factor.
func (s *Service) RemoveFactors(ctx context.Context, a org.Actor, member string) error {
	if err := a.MaySetSignIn(member); err != nil {
		return err
	}
	of := Whose{a.TenantID, member}
	return s.administering(ctx, a, member, func(tx database.Tx) error {
		if err := signInAlone(ctx, tx, of); err != nil {
			return err
		}
		had, err := s.readFactors(ctx, tx, a, of)
		if err != nil {
			return err
		}
		if had.count() == 0 {
			return fault.New(fault.NotFound, "identity.no_factor", "the member has no second factor")
		}
		if err := s.deleteFactors(ctx, tx, of, had, a.Now); err != nil {
			return err
		}
		password, err := s.Rows.Password(ctx, tx, of.TenantID, of.MemberID)
		if err == nil {
			password.MustChange = true
			err = s.Rows.SetPassword(ctx, tx, of.TenantID, of.MemberID, password, a.Now)
		} else if fault.Is(err, fault.NotFound) {
			err = nil
		}
		if err != nil {
			return err
		}
		journal.Append(tx, a.By(), factorsRemoved(member, a.Today, FactorsRemoved{TOTP: had.TOTP != nil, Passkeys: len(had.Passkeys)}))
		return s.LockOut(ctx, tx, of.TenantID, of.MemberID)
	})
}

func (s *Service) deleteFactors(ctx context.Context, tx database.Tx, of Whose, had Factors, now time.Time) error {
	for _, confirmed := range []bool{true, false} {
		if _, err := s.Rows.DeleteTOTP(ctx, tx, of, confirmed); err != nil {
			return err
		}
	}
	for _, p := range had.Passkeys {
		if _, err := s.Rows.DeletePasskey(ctx, tx, of, p.ID); err != nil {
			return err
		}
	}
	return s.Rows.ReplaceRecovery(ctx, tx, of, nil, now)
}
