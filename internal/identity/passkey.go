package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

const (
	challengeFor = 5 * time.Minute
	maxPasskeys  = 20 // of one member
)

var (
	errNoPasskey = fault.New(fault.NotFound, "identity.passkey_unknown", "no such passkey")
	errPasskey   = fault.New(fault.Unauthenticated, "identity.passkey_refused", "the passkey was not accepted: try again, or sign in another way")
	errHTTPS     = fault.New(fault.Rule, "identity.passkeys_need_https",
		"browsers give passkeys to pages that come by HTTPS alone (or from this machine, as localhost)")
	errName = fault.New(fault.Rule, "identity.passkeys_need_name", "passkeys belong to a name: reach the program by one instead of an address")
)

// Site is the origin a browser reaches the program at, such as https://crm.example.com.
type Site struct{ Origin string }

// relyingParty is the name passkeys are made for there. Faults: identity.passkeys_need_https,
// identity.passkeys_need_name.
func (at Site) relyingParty() (string, error) {
	u, err := url.Parse(at.Origin)
	if err != nil || u.Hostname() == "" {
		return "", errName
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	switch {
	case net.ParseIP(host) != nil:
		return "", errName
	case u.Scheme != "https" && !local:
		return "", errHTTPS
	case protocol.ValidateRPID(host) != nil:
		return "", errName
	}
	return host, nil
}

// party is the library for a site.
func (at Site) party() (*webauthn.WebAuthn, error) {
	id, err := at.relyingParty()
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{RPID: id, RPDisplayName: "Yunchou", RPOrigins: []string{at.Origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{Login: webauthn.TimeoutConfig{Timeout: challengeFor}, Registration: webauthn.TimeoutConfig{Timeout: challengeFor}}})
}

// holder is a member as the library sees one.
type holder struct {
	of          Whose
	name, shown string
	keys        []webauthn.Credential
}

// WebAuthnID tells members apart, and nothing about them: a passkey shows it to whoever has it.
func (h holder) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("member of a passkey\x00" + h.of.TenantID + "\x00" + h.of.MemberID))
	return sum[:]
}
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.shown }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func holderOf(of Whose, keys []Passkey) (holder, error) {
	h := holder{of: of}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Credential), &c); err != nil {
			return h, err
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// boundTo is the key of a challenge: what it is for, and whose it is.
func boundTo(what, token string) string { return tokenHash(what + "\x00" + token) }

// begun keeps what a passkey has to sign, and returns what the browser is told, as JSON.
func (s *Service) begun(ctx context.Context, bound string, session *webauthn.SessionData, options any) (string, error) {
	kept, err := json.Marshal(session)
	if err != nil {
		return "", err
	}
	told, err := json.Marshal(options)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		return s.Rows.SaveChallenge(ctx, tx, bound, string(kept), s.Now().Add(challengeFor), s.Now())
	})
	return string(told), err
}

// challenge takes what was begun, which is good once. Fault: identity.passkey_refused.
func (s *Service) challenge(ctx context.Context, bound string) (out webauthn.SessionData, err error) {
	kept, err := database.Write(ctx, s.DB, func(tx database.Tx) (string, error) { return s.Rows.TakeChallenge(ctx, tx, bound, s.Now()) })
	if err == nil && kept == "" {
		err = errPasskey
	}
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal([]byte(kept), &out)
}

// passkeysAt are a member's that work at a site.
func (s *Service) passkeysAt(ctx context.Context, of Whose, host string) (out []Passkey, err error) {
	var all []Passkey
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		all, err = s.Rows.Passkeys(ctx, tx, of)
		return err
	})
	for _, k := range all {
		if k.Host == host {
			out = append(out, k)
		}
	}
	return out, err
}

// startAssertion makes what one of a member's passkeys has to sign.
func (s *Service) startAssertion(ctx context.Context, site Site, of Whose, bound string) (string, error) {
	party, err := site.party()
	if err != nil {
		return "", err
	}
	keys, err := s.passkeysAt(ctx, of, party.Config.RPID)
	if err != nil {
		return "", err
	}
	if len(keys) == 0 {
		return "", fault.New(fault.Rule, "identity.passkey_none", "no passkey was made for this address")
	}
	h, err := holderOf(of, keys)
	if err != nil {
		return "", err
	}
	options, session, err := party.BeginLogin(h)
	if err != nil {
		return "", err
	}
	return s.begun(ctx, bound, session, options.Response)
}

// finishAssertion is the member's passkey that has signed, as it is to be kept. Fault:
// identity.passkey_refused.
func (s *Service) finishAssertion(ctx context.Context, site Site, of Whose, bound, answer string) (Passkey, error) {
	party, err := site.party()
	if err != nil {
		return Passkey{}, err
	}
	session, err := s.challenge(ctx, bound)
	if err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return Passkey{}, errPasskey
	}
	keys, err := s.passkeysAt(ctx, of, party.Config.RPID)
	if err != nil {
		return Passkey{}, err
	}
	h, err := holderOf(of, keys)
	if err != nil {
		return Passkey{}, err
	}
	credential, err := party.ValidateLogin(h, session, parsed)
	if err != nil {
		return Passkey{}, errPasskey
	}
	for i, k := range h.keys {
		if string(k.ID) == string(credential.ID) {
			return s.shown(keys[i], credential)
		}
	}
	return Passkey{}, errPasskey
}

// shown is a passkey after it has signed. A counter that did not move on says that there may
// be two of it: it is refused.
func (s *Service) shown(p Passkey, c *webauthn.Credential) (Passkey, error) {
	if c.Authenticator.CloneWarning {
		return p, errPasskey
	}
	raw, err := json.Marshal(c)
	p.Read, p.Credential, p.UsedAt = p.Credential, string(raw), s.Now()
	return p, err
}

// StartPasskeySignIn makes what a passkey has to sign of whoever has one for this site. Faults:
// identity.passkeys_need_https, identity.passkeys_need_name, identity.wait.
func (s *Service) StartPasskeySignIn(ctx context.Context, site Site, from From) (string, error) {
	party, err := site.party()
	if err != nil {
		return "", err
	}
	if err := s.pay(ctx, append(passkeyCosts(from), cost{key: beginnings}), false); err != nil {
		return "", err
	}
	options, session, err := party.BeginDiscoverableLogin()
	if err != nil {
		return "", err
	}
	return s.begun(ctx, boundTo("sign in", from.Start), session, options.Response)
}

func passkeyCosts(from From) []cost {
	return []cost{{key: budgetKey("passkey", from.Address), of: ofPasskeys}}
}

// SignInByPasskey signs in whose passkey has signed: it is two factors, something he has and
// what unlocks it. Faults: identity.passkey_refused, org.sign_in_failed.
func (s *Service) SignInByPasskey(ctx context.Context, site Site, from From, answer string) (out Signed, err error) {
	defer s.tried(&out, &err)
	party, err := site.party()
	if err != nil {
		return Signed{}, err
	}
	session, err := s.challenge(ctx, boundTo("sign in", from.Start))
	if err != nil {
		return Signed{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return Signed{}, errPasskey
	}
	var found Passkey
	var outage error
	_, credential, err := party.ValidatePasskeyLogin(func(rawID, _ []byte) (webauthn.User, error) {
		found, outage = s.passkeyOf(ctx, rawID)
		if outage != nil {
			return nil, outage
		}
		if found.Host != party.Config.RPID {
			return nil, errPasskey
		}
		return holderOf(found.Whose, []Passkey{found})
	}, session, parsed)
	if outage != nil && !fault.Is(outage, fault.NotFound) {
		return Signed{}, outage
	}
	if err != nil {
		return Signed{}, errPasskey // whose is not said: what is shown is public, and anybody may show it
	}
	shown, err := s.shown(found, credential)
	if err != nil {
		return Signed{}, found.Whose.of(err)
	}
	signed, err := s.openByPasskey(ctx, shown, from)
	return signed, found.Whose.of(err)
}

func (s *Service) passkeyOf(ctx context.Context, rawID []byte) (p Passkey, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		p, err = s.Rows.PasskeyByCredential(ctx, tx, credentialHash(rawID))
		return err
	})
	return p, err
}

func (s *Service) openByPasskey(ctx context.Context, p Passkey, from From) (Signed, error) {
	o := opening{login: Login{TenantID: p.TenantID, MemberID: p.MemberID}, costs: passkeyCosts(from), from: from, way: byPasskey}
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		o.device, err = s.knownDevice(ctx, tx, o.login, from.Device)
		return err
	})
	if err != nil {
		return Signed{}, err
	}
	o.still = func(tx database.Tx, _ org.Actor) error { return s.Rows.SavePasskey(ctx, tx, p) } // refused where it is gone by now
	return s.open(ctx, o)
}

// StartSecondByPasskey makes what a passkey of a ticket's member has to sign. Faults:
// identity.ticket_over, identity.passkey_none, identity.passkeys_need_https,
// identity.passkeys_need_name.
func (s *Service) StartSecondByPasskey(ctx context.Context, token string, site Site, from From) (string, error) {
	t, err := s.ticket(ctx, token, from)
	if err != nil {
		return "", err
	}
	return s.startAssertion(ctx, site, t.Whose, boundTo("second", token))
}

// SecondByPasskey ends a sign-in by a passkey. Faults: identity.ticket_over,
// identity.passkey_refused.
func (s *Service) SecondByPasskey(ctx context.Context, token string, site Site, from From, answer string) (out Signed, err error) {
	defer s.tried(&out, &err)
	t, err := s.ticket(ctx, token, from)
	if err != nil {
		return Signed{}, err
	}
	shown, err := s.finishAssertion(ctx, site, t.Whose, boundTo("second", token), answer)
	if err != nil {
		return Signed{}, t.Whose.of(err)
	}
	_, first := t.costs(from)
	return s.openBy(ctx, t, first, from, shownFactor{bySecond, func(tx database.Tx, _ org.Actor) error {
		return s.Rows.SavePasskey(ctx, tx, shown)
	}})
}

// StartPasskey makes what a new passkey of the actor has to sign. Faults:
// identity.confirm_first, identity.passkeys_need_https, identity.passkeys_need_name,
// identity.too_many_passkeys.
func (s *Service) StartPasskey(ctx context.Context, a org.Actor, in Session, site Site) (string, error) {
	if err := in.confirmed(a.Now); err != nil {
		return "", err
	}
	party, err := site.party()
	if err != nil {
		return "", err
	}
	f, err := s.factorsOf(ctx, a, whose(a))
	if err != nil {
		return "", err
	}
	if len(f.Passkeys) >= maxPasskeys {
		return "", errTooMany
	}
	h, err := holderOf(whose(a), f.Passkeys)
	if err != nil {
		return "", err
	}
	m := a.Structure.Members[a.MemberID]
	h.name, h.shown = m.Login, m.Name
	options, session, err := party.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return "", err
	}
	return s.begun(ctx, boundTo("new", in.ID), session, options.Response)
}

var errTooMany = fault.New(fault.Rule, "identity.too_many_passkeys", "a member has at most %d passkeys", maxPasskeys).With("most", maxPasskeys)

// NewPasskey is what a browser says of one, and what its member calls it.
type NewPasskey struct{ Name, Answer string }

// AddPasskey keeps a new passkey of the actor under a name. Whoever had no recovery codes gets
// them, to be shown once. Faults: identity.confirm_first, identity.passkey_not_made,
// identity.passkey_known, identity.too_many_passkeys.
func (s *Service) AddPasskey(ctx context.Context, a org.Actor, in Session, site Site, made NewPasskey) (recovery []string, err error) {
	if err := in.confirmed(a.Now); err != nil {
		return nil, err
	}
	credential, host, err := s.newCredential(ctx, a, in, site, made.Answer)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	codes, err := s.firstRecovery(ctx, whose(a))
	if err != nil {
		return nil, err
	}
	p := Passkey{Whose: whose(a), ID: record.NewID(a.Now), Name: text.Fold(made.Name), Host: host, Credential: string(raw), MadeAt: a.Now}
	return database.Write(ctx, s.DB, func(tx database.Tx) ([]string, error) {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return nil, err
		}
		all, err := s.Rows.Passkeys(ctx, tx, whose(a))
		if err != nil {
			return nil, err
		}
		if len(all) >= maxPasskeys {
			return nil, errTooMany
		}
		err = s.Rows.InsertPasskey(ctx, tx, p, credentialHash(credential.ID))
		if errors.Is(err, database.ErrUnique) {
			return nil, fault.New(fault.Conflict, "identity.passkey_known", "this passkey is somebody's already")
		}
		if err != nil {
			return nil, err
		}
		journal.Append(tx, a.By(), factorAdded(a.MemberID, a.Today, FactorNamed{Factor: "passkey"}))
		return s.added(ctx, tx, a, in, codes)
	})
}

func (s *Service) newCredential(ctx context.Context, a org.Actor, in Session, site Site, answer string) (*webauthn.Credential, string, error) {
	party, err := site.party()
	if err != nil {
		return nil, "", err
	}
	session, err := s.challenge(ctx, boundTo("new", in.ID))
	if err != nil {
		return nil, "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return nil, "", errPasskeyNew
	}
	credential, err := party.CreateCredential(holder{of: whose(a)}, session, parsed)
	if err != nil {
		return nil, "", errPasskeyNew
	}
	credential.Attestation = webauthn.CredentialAttestation{} // none was asked for, and nothing is judged by it
	return credential, party.Config.RPID, nil
}

var errPasskeyNew = fault.New(fault.Rule, "identity.passkey_not_made", "the passkey was not accepted: make it anew")

func credentialHash(rawID []byte) string {
	return tokenHash(base64.RawURLEncoding.EncodeToString(rawID))
}
