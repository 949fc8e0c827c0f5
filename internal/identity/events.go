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

// Replays are the entries of sign-in: passwords and sessions are not given back.
func (s *Service) Replays() map[string]org.Replay {
	nothing := func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil }
	return map[string]org.Replay{
		"member.password_set":   nothing,
		"member.sessions_ended": nothing,
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
