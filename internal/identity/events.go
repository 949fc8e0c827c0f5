package identity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// The entries of sign-in. What people sign in with is in no payload; an entry says that it
// is another.

func ofMember(id string) record.Ref  { return record.Ref{Kind: "member", ID: id} }
func ofCompany(id string) record.Ref { return record.Ref{Kind: "company", ID: id} }

// noMore: nothing more is to be said of some changes than that they happened.
type noMore struct{}

func passwordSet(member string, on calendar.Date) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.password_set", On: on, Payload: noMore{}}
}

// SignedIn is a session that was opened, from a device that had signed in before or not, and by
// what; entries of before that was noted do not say.
type SignedIn struct {
	SessionID   string `json:"sessionId"`
	KnownDevice bool   `json:"knownDevice"`
	Way         string `json:"way,omitempty"`
}

func signedIn(member string, on calendar.Date, p SignedIn) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.signed_in", On: on, Payload: p}
}

// SignedOut is a session its own member ended. Replaced: somebody signed in again in the same browser.
type SignedOut struct {
	SessionID string `json:"sessionId"`
	Replaced  bool   `json:"replaced,omitempty"`
}

func signedOut(member string, on calendar.Date, p SignedOut) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.signed_out", On: on, Payload: p}
}

// SessionsEnded is how many of a member's sessions somebody else ended.
type SessionsEnded struct {
	Count int `json:"count"`
}

func sessionsEnded(member string, on calendar.Date, p SessionsEnded) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.sessions_ended", On: on, Payload: p}
}

// PolicySaved is how long sessions lasted and last.
type PolicySaved struct {
	IdleMinutes   org.Was[int] `json:"idleMinutes"`
	AbsoluteHours org.Was[int] `json:"absoluteHours"`
}

func policySaved(company string, on calendar.Date, p PolicySaved) journal.Event {
	return journal.Event{Subject: ofCompany(company), Kind: "company.sign_in_policy_saved", On: on, Payload: p}
}

// FactorNamed is a second factor that a member set up or took away: an app ("totp") or a
// passkey. Replaced: the app was another until then.
type FactorNamed struct {
	Factor   string `json:"factor"`
	Replaced bool   `json:"replaced,omitempty"`
}

func factorAdded(member string, on calendar.Date, p FactorNamed) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.factor_added", On: on, Payload: p}
}

func factorRemoved(member string, on calendar.Date, p FactorNamed) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.factor_removed", On: on, Payload: p}
}

// FactorsRemoved is what somebody else took away of a member who had lost it.
type FactorsRemoved struct {
	TOTP     bool `json:"totp"`
	Passkeys int  `json:"passkeys"`
}

func factorsRemoved(member string, on calendar.Date, p FactorsRemoved) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.factors_removed", On: on, Payload: p}
}

// RecoveryMade is how many recovery codes a new set has.
type RecoveryMade struct {
	Count int `json:"count"`
}

func recoveryMade(member string, on calendar.Date, p RecoveryMade) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.recovery_codes_made", On: on, Payload: p}
}

// RecoveryUsed is how many are left after one was used.
type RecoveryUsed struct {
	Left int `json:"left"`
}

func recoveryUsed(member string, on calendar.Date, p RecoveryUsed) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.recovery_code_used", On: on, Payload: p}
}

// FactorRequired is the roles whose members needed a second factor, and need one.
type FactorRequired struct {
	Roles org.Was[[]org.RoleKey] `json:"roles"`
}

func factorRequired(company string, on calendar.Date, p FactorRequired) journal.Event {
	return journal.Event{Subject: ofCompany(company), Kind: "company.second_factor_required", On: on, Payload: p}
}

// Replays are the entries of sign-in: passwords, factors and sessions are not given back.
func (s *Service) Replays() map[string]org.Replay {
	nothing := func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil }
	return map[string]org.Replay{
		"member.password_set":   nothing,
		"member.sessions_ended": nothing,
		"member.factor_added":   nothing, "member.factor_removed": nothing, "member.factors_removed": nothing,
		"member.recovery_codes_made": nothing, "member.recovery_code_used": nothing,
		"company.second_factor_required": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p FactorRequired) error {
			was, err := s.Rows.FactorPolicy(ctx, tx, a.TenantID)
			if err != nil {
				return err
			}
			return s.Rows.SaveFactorPolicy(ctx, tx, a.TenantID, FactorPolicy{p.Roles.New, was.Version + 1})
		}),
		"member.signed_in":  nothing,
		"member.signed_out": nothing,
		"company.sign_in_policy_saved": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p PolicySaved) error {
			was, err := s.Rows.Policy(ctx, tx, a.TenantID)
			if err != nil {
				return err
			}
			return s.Rows.SavePolicy(ctx, tx, a.TenantID,
				Policy{IdleMinutes: p.IdleMinutes.New, AbsoluteHours: p.AbsoluteHours.New, Version: was.Version + 1})
		}),
	}
}
