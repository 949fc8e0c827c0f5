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

func ofMember(id string) record.Ref { return record.Ref{Kind: "member", ID: id} }

// noMore: nothing more is to be said of some changes than that they happened.
type noMore struct{}

func passwordSet(member string, on calendar.Date) journal.Event {
	return journal.Event{Subject: ofMember(member), Kind: "member.password_set", On: on, Payload: noMore{}}
}

// Replays are the entries of sign-in: passwords and sessions are not given back.
func (s *Service) Replays() map[string]org.Replay {
	nothing := func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil }
	return map[string]org.Replay{"member.password_set": nothing}
}
