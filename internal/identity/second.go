package identity

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// The second step of a sign-in: whoever has said the right password has a ticket, which is no
// session, and shows his second factor with it.

// ticketFor is how long a ticket is good.
const ticketFor = 5 * time.Minute

// Ticket is a sign-in that is half done. It is bound to the page that began it by its start
// token, and remembers from which budgets its guesses are paid.
type Ticket struct {
	Whose
	TokenHash, StartHash string
	NameKey, DeviceHash  string // DeviceHash is "" of a device nobody knows
	ExpiresAt            time.Time
}

// SecondFactor is what a member may show.
type SecondFactor struct{ TOTP, Passkey, Recovery bool }

func (f SecondFactor) any() bool { return f.TOTP || f.Passkey }

// Kinds are their names.
func (f SecondFactor) Kinds() (out []string) {
	for name, has := range map[string]bool{"totp": f.TOTP, "passkey": f.Passkey, "recovery": f.Recovery} {
		if has {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

var (
	errTicket = fault.New(fault.Unauthenticated, "identity.ticket_over", "the sign-in took too long: begin again with the password")
	sixDigits = regexp.MustCompile(`^[0-9]{6}$`)
)

// SecondFactorDue is how a sign-in is answered that is half done.
func SecondFactorDue(f SecondFactor) error {
	due := fault.New(fault.Unauthenticated, "identity.second_factor_due", "the password is right: now the second factor")
	return due.With("kinds", f.Kinds())
}

// secondOf is what a member has to show after the password.
func (s *Service) secondOf(ctx context.Context, l Login) (f SecondFactor, err error) {
	of := l.whose()
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if _, err := s.Rows.TOTP(ctx, tx, of, true); err == nil {
			f.TOTP = true
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		keys, err := s.Rows.Passkeys(ctx, tx, of)
		if err != nil {
			return err
		}
		f.Passkey = len(keys) > 0
		left, _, err := s.Rows.Recovery(ctx, tx, of)
		f.Recovery = left > 0
		return err
	})
	return f, err
}

// giveTicket ends the first step. What its guess cost comes back with the second.
func (s *Service) giveTicket(ctx context.Context, c candidate, second SecondFactor, from From) (Signed, error) {
	a, err := s.here(ctx, c.login)
	if err != nil {
		return Signed{}, err
	}
	now, token := s.Now(), secretToken()
	t := Ticket{Whose: c.login.whose(), TokenHash: tokenHash(token), StartHash: tokenHash(from.Start), NameKey: budgetKey("name", c.login.Name),
		DeviceHash: c.device.TokenHash, ExpiresAt: now.Add(ticketFor)}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Signed, error) {
		if err := errors.Join(s.stillHere(ctx, tx, a), s.samePassword(ctx, tx, c)); err != nil {
			return Signed{}, err
		}
		return Signed{Ticket: token, Due: second}, s.Rows.InsertTicket(ctx, tx, t, now)
	})
}

// ticket is the one a browser shows. Fault: identity.ticket_over, also from another page than
// the one that began.
func (s *Service) ticket(ctx context.Context, token string, from From) (t Ticket, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		t, err = s.Rows.Ticket(ctx, tx, tokenHash(token))
		return err
	})
	if err == nil && (!s.Now().Before(t.ExpiresAt) || t.StartHash != tokenHash(from.Start)) {
		err = errTicket
	}
	return t, err
}

// costs are what a guess of a code is paid from, and what the first step was.
func (t Ticket) costs(from From) (code, first []cost) {
	if t.DeviceHash != "" {
		return []cost{{key: budgetKey("code device", t.DeviceHash), of: ofDevice}}, []cost{{key: budgetKey("device", t.DeviceHash), of: ofDevice}}
	}
	address := cost{key: budgetKey("address", from.Address), of: ofAddress, others: true}
	// Other companies may have the name: a ticket does not say.
	return []cost{{key: budgetKey("code", t.TenantID+" "+t.MemberID), of: ofCode}, address}, []cost{{key: t.NameKey, of: ofName, others: true}, address}
}

// SecondByCode ends a sign-in by a code of the authenticator app, or a recovery code. Faults:
// identity.ticket_over, identity.code_wrong, identity.wait, identity.busy, identity.no_key,
// identity.other_key.
func (s *Service) SecondByCode(ctx context.Context, token, code string, from From) (out Signed, err error) {
	defer s.tried(&out, &err)
	t, err := s.ticket(ctx, token, from)
	if err != nil {
		return Signed{}, err
	}
	signed, err := s.secondByCode(ctx, t, code, from)
	return signed, t.Whose.of(err)
}

func (s *Service) secondByCode(ctx context.Context, t Ticket, code string, from From) (Signed, error) {
	costs, first := t.costs(from)
	if err := s.pay(ctx, costs, t.DeviceHash == ""); err != nil {
		return Signed{}, err
	}
	shown, err := s.using(ctx, t.Whose, code)
	if err != nil {
		return Signed{}, err
	}
	return s.openBy(ctx, t, append(costs, first...), from, shown)
}

// shownFactor is a second factor somebody has shown: which way in that is, and how it is used up in
// the transaction that opens the session.
type shownFactor struct {
	way string
	use func(tx database.Tx, a org.Actor) error
}

// using is how a code is used up.
func (s *Service) using(ctx context.Context, of Whose, code string) (shownFactor, error) {
	if sixDigits.MatchString(code) {
		return shownFactor{byApp, func(tx database.Tx, a org.Actor) error { return s.useCode(ctx, tx, of, code, a.Now) }}, nil
	}
	kept, err := s.recoveryHash(ctx, of)
	if err != nil {
		return shownFactor{}, err
	}
	h, ok := parseHash(kept)
	if !ok {
		return shownFactor{}, errCodeWrong
	}
	hash, err := hashWith(ctx, h.HashCost, h.salt, plainRecovery(code))
	if err != nil {
		return shownFactor{}, err
	}
	return shownFactor{byRecovery, func(tx database.Tx, a org.Actor) error {
		used, err := s.Rows.UseRecovery(ctx, tx, of, hash, a.Now)
		if err == nil && !used {
			err = errCodeWrong
		}
		if err != nil {
			return err
		}
		left, _, err := s.Rows.Recovery(ctx, tx, of)
		if err != nil {
			return err
		}
		journal.Append(tx, a.By(), recoveryUsed(of.MemberID, a.Today, RecoveryUsed{Left: left}))
		return nil
	}}, nil
}

// openBy opens the session of a ticket, which is good for one.
func (s *Service) openBy(ctx context.Context, t Ticket, costs []cost, from From, shown shownFactor) (Signed, error) {
	o := opening{login: Login{TenantID: t.TenantID, MemberID: t.MemberID}, costs: costs, from: from, way: shown.way}
	if t.DeviceHash != "" {
		err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
			o.device, err = s.Rows.Device(ctx, tx, o.login, t.DeviceHash)
			return err
		})
		if err != nil {
			return Signed{}, err
		}
	}
	o.still = func(tx database.Tx, a org.Actor) error {
		if err := shown.use(tx, a); err != nil {
			return err
		}
		n, err := s.Rows.DeleteTicket(ctx, tx, t.TokenHash)
		if err == nil && n == 0 {
			err = errTicket // used, or taken back, meanwhile
		}
		return err
	}
	return s.open(ctx, o)
}
