package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
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

// Attempt is somebody who says a name and a password, from an address and perhaps from a
// device that has signed in before. Of several companies that have the name, Company, a name or
// an id, says which is meant.
type Attempt struct {
	Login, Secret   string
	Company         string
	Address, Device string
	Start           string // the token of the page it is said on
	Earlier         string // the session the browser had
	Agent           string
}

func (at Attempt) from() From { return From{at.Address, at.Device, at.Start, at.Earlier, at.Agent} }

// From is where somebody signs in from: an address, perhaps a device that has signed in
// before, a page that asked for a start token, and perhaps a session the browser has, which ends
// with the new one.
type From struct{ Address, Device, Start, Earlier, Agent string }

// Signed is what a sign-in gives to the browser: the session's token, and one by which the
// device is known from now on; or, where a second factor is due, nothing but a ticket.
type Signed struct {
	Token, Device string
	Session       Session
	Ticket        string
	Due           SecondFactor
}

// Device is one that a member has signed in from.
type Device struct {
	TenantID, ID, MemberID, TokenHash string
	CreatedAt, SeenAt                 time.Time
}

const (
	deviceFor  = 180 * 24 * time.Hour // not seen for so long it is a stranger
	maxDevices = 20                   // of one member
)

// candidate is what is known of an attempt before the password is looked at.
type candidate struct {
	login    Login
	password Password
	device   Device // zero where it is not known
	// several: other companies have the name too, and guesses of it may be of theirs.
	several bool
}

// SignIn checks a name and password and opens a session, or, where the member has a second
// factor, gives a ticket to show it with. An unknown name, a wrong password and somebody who
// has left are answered alike, after the same work. Faults: org.sign_in_failed, identity.wait,
// identity.busy, identity.password_expired (it was given and never used), org.company_closing. A
// name several companies have, without the company, is answered like an unknown one: guesses are
// of the name, whichever company is said.
func (s *Service) SignIn(ctx context.Context, at Attempt) (out Signed, err error) {
	defer s.tried(&out, &err)
	c, err := s.candidate(ctx, org.LoginName(at.Login), at)
	if err != nil {
		return Signed{}, err
	}
	signed, err := s.signIn(ctx, at, c)
	return signed, c.login.whose().of(err)
}

func (s *Service) signIn(ctx context.Context, at Attempt, c candidate) (Signed, error) {
	name := org.LoginName(at.Login)
	turn, costs := anybody, []cost{{key: budgetKey("name", name), of: ofName, others: c.several}, {key: budgetKey("address", at.Address), of: ofAddress, others: true}}
	if c.device.ID != "" {
		turn, costs = knownDevices, []cost{{key: budgetKey("device", c.device.TokenHash), of: ofDevice}}
	}
	if err := s.pay(ctx, costs, c.device.ID == ""); err != nil {
		return Signed{}, err
	}
	right, err := s.verifyPassword(ctx, turn, c.password.Hash, at.Secret)
	if err != nil {
		return Signed{}, err
	}
	if !right {
		return Signed{}, errSignIn
	}
	if c, err = s.renewed(ctx, c, at.Secret); err != nil {
		return Signed{}, err
	}
	second, err := s.secondOf(ctx, c.login)
	if err != nil {
		return Signed{}, err
	}
	if second.any() {
		return s.giveTicket(ctx, c, second, at.from())
	}
	return s.open(ctx, opening{login: c.login, device: c.device, costs: costs, from: at.from(), way: byPassword,
		still: func(tx database.Tx, _ org.Actor) error {
			if err := s.samePassword(ctx, tx, c); err != nil {
				return err
			}
			has, err := s.hasFactor(ctx, tx, c.login.whose())
			if err == nil && has {
				err = errSignIn // set up this moment: the next try asks for it
			}
			return err
		}})
}

func (l Login) whose() Whose { return Whose{l.TenantID, l.MemberID} }

// samePassword refuses where the password is another by now, and its sessions ended.
func (s *Service) samePassword(ctx context.Context, tx database.Tx, c candidate) error {
	password, err := s.Rows.Password(ctx, tx, c.login.TenantID, c.login.MemberID)
	if err != nil || password.Hash != c.password.Hash {
		return errors.Join(err, errSignIn)
	}
	return nil
}

// candidate reads what a name and a device's token stand for; of what is not there it is
// zero.
func (s *Service) candidate(ctx context.Context, name string, at Attempt) (c candidate, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		logins, err := s.Rows.Logins(ctx, tx, name)
		c.several = len(logins) > 1
		if err == nil && at.Company != "" {
			logins, err = s.ofCompany(ctx, tx, logins, at.Company)
		}
		if err != nil || len(logins) == 0 {
			return err
		}
		for _, l := range logins { // a device that is known says which of them
			if c.device, err = s.knownDevice(ctx, tx, l, at.Device); err != nil {
				return err
			}
			if c.login = l; c.device.ID != "" {
				break
			}
		}
		if len(logins) > 1 && c.device.ID == "" {
			c.login = Login{}
			return nil
		}
		c.password, err = s.Rows.Password(ctx, tx, c.login.TenantID, c.login.MemberID)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return c, nil
	}
	return c, err
}

// ofCompany are the logins of the company somebody named.
func (s *Service) ofCompany(ctx context.Context, tx database.Tx, logins []Login, name string) ([]Login, error) {
	all, err := s.Org.CompaniesIn(ctx, tx)
	meant := org.Called(all, name)
	return slices.DeleteFunc(logins, func(l Login) bool {
		return !slices.ContainsFunc(meant, func(c org.Company) bool { return c.ID == l.TenantID })
	}), err
}

// knownDevice is the device of a token, where the member of a login has signed in from it.
func (s *Service) knownDevice(ctx context.Context, tx database.Tx, of Login, token string) (Device, error) {
	if token == "" {
		return Device{}, nil
	}
	known, err := s.Rows.Device(ctx, tx, of, tokenHash(token))
	if s.Now().Sub(known.SeenAt) >= deviceFor {
		return Device{}, err
	}
	return known, err
}

// The ways in: what a session was opened by.
const (
	byPassword = "password"
	byApp      = "password_totp"
	byRecovery = "password_recovery"
	bySecond   = "password_passkey"
	byPasskey  = "passkey"
)

// opening is a sign-in whose right was checked.
type opening struct {
	login  Login
	device Device // zero where it is not known
	costs  []cost // given back with it
	from   From
	way    string
	// still refuses, in the transaction that opens the session, what is so no more, and uses
	// up what is good once.
	still func(tx database.Tx, a org.Actor) error
}

// here is who signs in, and refuses who has left by today, or has no sign-in, like an unknown name.
func (s *Service) here(ctx context.Context, l Login) (org.Actor, error) {
	a, err := s.Org.Actor(ctx, l.TenantID, l.MemberID, "form")
	if err == nil && (a.Structure.Gone(l.MemberID, a.Today) || a.Structure.Members[l.MemberID].Login == "") {
		err = errSignIn
	}
	return a, err
}

// stillHere is here in the transaction that lets the member in: his sign-in is there and stays
// until it ends. What takes it, or ends his sessions, waits for it, and the other way round.
func (s *Service) stillHere(ctx context.Context, tx database.Tx, a org.Actor) error {
	if err := signInAlone(ctx, tx, whose(a)); err != nil {
		return err
	}
	logins, err := s.Rows.Logins(ctx, tx, a.Structure.Members[a.MemberID].Login)
	if err == nil && !slices.ContainsFunc(logins, func(l Login) bool { return l.whose() == whose(a) }) {
		err = errSignIn
	}
	return err
}

// open signs a member in.
func (s *Service) open(ctx context.Context, o opening) (Signed, error) {
	now, login := s.Now(), o.login
	a, err := s.here(ctx, login)
	if err != nil {
		return Signed{}, err
	}
	agent := o.from.Agent
	a.Address = o.from.Address
	if len(agent) > 200 {
		agent = agent[:200]
	}
	out := Signed{Token: secretToken(), Device: secretToken()}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Signed, error) {
		if err := s.stillHere(ctx, tx, a); err != nil {
			return Signed{}, err
		}
		if err := o.still(tx, a); err != nil {
			return Signed{}, err
		}
		password, err := s.Rows.Password(ctx, tx, login.TenantID, login.MemberID)
		if err != nil {
			return Signed{}, err
		}
		policy, err := s.Rows.Policy(ctx, tx, login.TenantID)
		if err != nil {
			return Signed{}, err
		}
		signed := out
		signed.Session = Session{TenantID: login.TenantID, ID: record.NewID(now), MemberID: login.MemberID, CSRF: secretToken(),
			Address: o.from.Address, Way: o.way, Agent: strings.ToValidUTF8(agent, ""),
			CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(policy.absolute()),
			MustChange: password.MustChange, Policy: policy}
		if err := s.Rows.InsertSession(ctx, tx, signed.Session, tokenHash(signed.Token)); err != nil {
			return Signed{}, err
		}
		if err := s.giveBack(ctx, tx, o.costs); err != nil {
			return Signed{}, err
		}
		if err := s.endEarlier(ctx, tx, o.from, now); err != nil {
			return Signed{}, err
		}
		journal.Append(tx, a.By(), signedIn(login.MemberID, a.Today, SignedIn{signed.Session.ID, o.device.ID != "", o.way}))
		return signed, s.remember(ctx, tx, o, signed.Device, now)
	})
}

// endEarlier ends the session a browser had when it signed in again, whoever's of whichever company
// it was: for him it is a signing out.
func (s *Service) endEarlier(ctx context.Context, tx database.Tx, from From, now time.Time) error {
	if from.Earlier == "" {
		return nil
	}
	was, _, err := s.Rows.SessionByToken(ctx, tx, tokenHash(from.Earlier))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := s.Rows.RevokeSessions(ctx, tx, Ending{TenantID: was.TenantID, MemberID: was.MemberID, ID: was.ID}, now)
	if err != nil || n == 0 || was.over(now) {
		return err
	}
	c, st, err := s.Org.Load(ctx, tx, was.TenantID)
	if err != nil || c.Closing {
		return err
	}
	a := org.NewActor(c, st, was.MemberID, "form", now)
	a.Address = from.Address
	journal.Append(tx, a.By(), signedOut(a.MemberID, a.Today, SignedOut{SessionID: was.ID, Replaced: true}))
	return nil
}

// remember has the device known by a new token from now on, and forgets the oldest.
func (s *Service) remember(ctx context.Context, tx database.Tx, o opening, token string, now time.Time) error {
	d := o.device
	if d.ID == "" {
		d = Device{TenantID: o.login.TenantID, ID: record.NewID(now), MemberID: o.login.MemberID, CreatedAt: now}
	}
	d.TokenHash, d.SeenAt = tokenHash(token), now
	if err := s.Rows.SaveDevice(ctx, tx, d); err != nil {
		return err
	}
	return s.Rows.ForgetDevices(ctx, tx, d.TenantID, d.MemberID, maxDevices)
}
