package competitor

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/replay"
	"yunchou/internal/timeline"
)

// stands is the payload of each entry about a sighting: how it stands after it. Words are not in it.
type stands struct {
	CompetitorID  string        `json:"competitorId"`
	AccountID     string        `json:"accountId"`
	OpportunityID string        `json:"opportunityId,omitempty"`
	Kind          string        `json:"kind"`
	On            calendar.Date `json:"on"`
	SeenBy        string        `json:"seenBy"`
	Source        string        `json:"source"`
	PriceMinor    *int64        `json:"priceMinor,omitempty"`
	Currency      string        `json:"currency,omitempty"`
	Joined        bool          `json:"joined,omitempty"`
	MadeAt        time.Time     `json:"madeAt"`
	MadeBy        string        `json:"madeBy"`
	WithdrawnAt   *time.Time    `json:"withdrawnAt,omitempty"`
	WithdrawnBy   string        `json:"withdrawnBy,omitempty"`
}

// entryStands is the same of an entry of a profile.
type entryStands struct {
	CompetitorID string        `json:"competitorId"`
	Kind         string        `json:"kind"`
	Source       string        `json:"source"`
	On           calendar.Date `json:"on"`
	SaidBy       string        `json:"saidBy"`
	MadeAt       time.Time     `json:"madeAt"`
	WithdrawnAt  *time.Time    `json:"withdrawnAt,omitempty"`
	WithdrawnBy  string        `json:"withdrawnBy,omitempty"`
}

// Events are the kinds of entries about sightings, and about what profiles say.
var (
	Events      = []string{"sighting.noted", "sighting.changed", "sighting.withdrawn"}
	EntryEvents = []string{"competitor_entry.noted", "competitor_entry.changed", "competitor_entry.withdrawn"}
)

func standsOf(x Sighting) stands {
	return stands{CompetitorID: x.CompetitorID, AccountID: x.AccountID, OpportunityID: x.OpportunityID, Kind: x.Kind, On: x.On, SeenBy: x.SeenBy, Source: x.Source,
		PriceMinor: x.PriceMinor, Currency: x.Currency, Joined: x.Joined, MadeAt: x.MadeAt, MadeBy: x.MadeBy, WithdrawnAt: x.WithdrawnAt, WithdrawnBy: x.WithdrawnBy}
}

func (p stands) sighting(id string, version int) Sighting {
	return Sighting{ID: id, CompetitorID: p.CompetitorID, AccountID: p.AccountID, OpportunityID: p.OpportunityID, Kind: p.Kind, On: p.On, SeenBy: p.SeenBy,
		Source: p.Source, PriceMinor: p.PriceMinor, Currency: p.Currency, Joined: p.Joined, MadeAt: p.MadeAt, MadeBy: p.MadeBy, WithdrawnAt: p.WithdrawnAt,
		WithdrawnBy: p.WithdrawnBy, Version: version}
}

func entryStandsOf(e Entry) entryStands {
	return entryStands{CompetitorID: e.CompetitorID, Kind: e.Kind, Source: e.Source, On: e.On, SaidBy: e.SaidBy, MadeAt: e.MadeAt, WithdrawnAt: e.WithdrawnAt, WithdrawnBy: e.WithdrawnBy}
}

// Replays plays what is said about sightings and profiles: each entry says how it stands.
func (s *Service) Replays() map[string]org.Replay {
	out := map[string]org.Replay{}
	for _, kind := range Events {
		out[kind] = replay.Played(1, s.play)
	}
	for _, kind := range EntryEvents {
		out[kind] = replay.Played(1, s.playEntry)
	}
	return out
}

func (s *Service) play(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p stands) error {
	every := org.Scope{All: true}
	was, err := s.Rows.Sighting(ctx, tx, a.TenantID, Sees{every, every}, e.Subject.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.Rows.SaveSighting(ctx, tx, a.TenantID, p.sighting(e.Subject.ID, was.Version+1), was.Version)
}

func (s *Service) playEntry(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p entryStands) error {
	was, err := s.Rows.Entry(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.Rows.SaveEntry(ctx, tx, a.TenantID, Entry{ID: e.Subject.ID, CompetitorID: p.CompetitorID, Kind: p.Kind, Source: p.Source, On: p.On, SaidBy: p.SaidBy,
		MadeAt: p.MadeAt, WithdrawnAt: p.WithdrawnAt, WithdrawnBy: p.WithdrawnBy, Version: was.Version + 1}, was.Version)
}

// Tell tells the timeline which competitor was seen (timeline.Teller).
func (s *Service) Tell(ctx context.Context, tx database.Tx, a org.Actor, _ record.Ref, items []*timeline.Item) error {
	about := timeline.About(SightingKind, items)
	if len(about) == 0 {
		return nil
	}
	all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
	if err != nil {
		return err
	}
	called := map[string]account.Competitor{}
	for _, c := range all {
		called[c.ID] = c
	}
	for _, list := range about {
		for _, i := range list {
			var p stands
			if err := i.Said(&p); err != nil {
				return err
			}
			c := called[p.CompetitorID]
			if c.SameAs != "" {
				c = called[c.SameAs]
			}
			i.Name = c.Name
			if err := i.Say(map[string]any{"competitorId": c.ID, "kind": p.Kind, "on": p.On, "source": p.Source, "priceMinor": p.PriceMinor,
				"currency": p.Currency, "seenBy": p.SeenBy}); err != nil {
				return err
			}
		}
	}
	return nil
}
