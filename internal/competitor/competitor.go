// Package competitor is what is known of whom a company meets in the market (竞争对手): what they sell, how they go about
// it, where they were seen and at which price, and who came from them. Which competitors there are, and what they are
// called, is the account package's list; how often they were won against is the funnel's.
package competitor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Kinds of entries of a profile.
const (
	Product = "product" // what it sells, and what for
	Tactic  = "tactic"  // how it goes about things, and what helped against it
)

// Sources are by whom or what something is known.
var Sources = []string{"customer", "onsite", "colleague", "public", "tender"}

// Entry is one thing known of a competitor, by whose word and since when.
type Entry struct {
	ID, CompetitorID     string
	Kind                 string
	Title, Words, Helped string
	Source               string
	On                   calendar.Date
	SaidBy               string
	MadeAt               time.Time
	WithdrawnAt          *time.Time
	WithdrawnBy          string
	Version              int
}

const mostEntries = 200 // of a profile: more nobody reads

// Rows is what the package needs of tables; competitordb implements it.
type Rows interface {
	// Entries are those of some competitors that stand, the last made in front.
	Entries(ctx context.Context, tx database.Tx, tenant string, competitors []string, limit int) ([]Entry, error)
	// Entry is one. Fault: competitor_entry.unknown.
	Entry(ctx context.Context, tx database.Tx, tenant, id string) (Entry, error)
	// SaveEntry writes one whole; was is the version it was read at, 0 of a new one. Fault: record.stale.
	SaveEntry(ctx context.Context, tx database.Tx, tenant string, e Entry, was int) error
	sightings
	lines
	people
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Keys     *idempotency.Keys
	Rows     Rows
	Accounts *account.Service
	Deals    *opportunity.Service
	// Job is the actor of what the program does by itself.
	Job func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error)
}

// EntryKind names an entry of a profile in the journal.
const EntryKind = "competitor_entry"

// Profile is what the actor reads of a competitor.
type Profile struct {
	account.Competitor
	Spellings []account.Competitor // that are read as it
	Entries   []Entry
	Prices    []Sighting // sightings with a price that the actor sees, the last in front
	People    []Person   // who came from it, of those the actor sees
	Standing
	Last  *Sighting           // the last sighting, nil where the actor sees none
	Worth []opportunity.Total // of the open opportunities it is on
}

// spellings are the ids under which things were written of a competitor: its own, and those that are read as it.
func spellings(all []account.Competitor, id string) []string {
	out := []string{id}
	for _, c := range all {
		if c.SameAs == id {
			out = append(out, c.ID)
		}
	}
	return out
}

// Get is what is known of one: of a spelling, of the competitor that stays. Its products and tactics are the company's;
// sightings, prices and people are those of customers the actor sees, and count as such. Fault: competitor.unknown.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (p Profile, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		p = Profile{}
		all, err := s.Accounts.CompetitorsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		if p.Competitor, err = s.Accounts.OneCompetitor(ctx, tx, a, id); err != nil {
			return err
		}
		ids := spellings(all, p.ID)
		for _, c := range all {
			if c.SameAs == p.ID {
				p.Spellings = append(p.Spellings, c)
			}
		}
		if p.Entries, err = s.Rows.Entries(ctx, tx, a.TenantID, ids, mostEntries); err != nil {
			return err
		}
		if p.Prices, err = s.list(ctx, tx, a, all, Asked{Competitors: ids, Priced: true, Limit: mostPrices}); err != nil {
			return err
		}
		if p.People, err = s.cameFrom(ctx, tx, a, all, p.ID); err != nil {
			return err
		}
		list := []Line{{Competitor: p.Competitor}}
		err = s.filled(ctx, tx, a, all, list)
		p.Standing, p.Last, p.Worth = list[0].Standing, list[0].Last, list[0].Worth
		return err
	})
	return p, err
}

func (e *Entry) check(a org.Actor) error {
	e.Title, e.Words, e.Helped = text.Line(e.Title), text.Words(e.Words), text.Words(e.Helped)
	e.On, e.Source = cmp.Or(e.On, a.Today), cmp.Or(e.Source, "colleague")
	if e.Kind == Product {
		e.Helped = ""
	}
	var err error
	if e.Kind != Product && e.Kind != Tactic {
		err = errors.Join(err, fault.Input("/kind", "competitor_entry.kind_unknown", "product or tactic"))
	}
	if !slices.Contains(Sources, e.Source) {
		err = errors.Join(err, fault.Input("/source", "sighting.source_unknown", "customer, onsite, colleague, public or tender"))
	}
	if e.Title == "" {
		err = errors.Join(err, fault.Missing("/title"))
	}
	return errors.Join(err, past("/on", e.On, a), atMost("/title", e.Title, 100), atMost("/words", e.Words, 1000), atMost("/helped", e.Helped, 1000))
}

func atMost(pointer, words string, most int) error {
	if text.Longer(words, most) {
		return fault.Input(pointer, "input.too_long", "at most %d characters", most).With("max", most)
	}
	return nil
}

// past refuses a day that has not come, and none.
func past(pointer string, on calendar.Date, a org.Actor) error {
	if _, err := calendar.Parse(string(on)); err != nil {
		return calendar.BadDate(pointer)
	}
	if on > a.Today {
		return fault.Input(pointer, "org.date_in_future", "the day has not come yet").With("today", string(a.Today))
	}
	return nil
}

// AddEntry notes a product or a tactic: everybody who sells may. Faults: competitor.unknown, org.date_in_future.
func (s *Service) AddEntry(ctx context.Context, a org.Actor, e Entry) (Entry, error) {
	if err := cmp.Or(a.Need(org.AccountWrite), e.check(a)); err != nil {
		return e, err
	}
	said := e
	return idempotency.Made(ctx, s.Keys, a.By(), e.ID, said, func(tx database.Tx) (Entry, error) {
		e := e
		if err := record.UseID(&e.ID, a.Now); err != nil {
			return e, err
		}
		c, err := s.Accounts.OneCompetitor(ctx, tx, a, e.CompetitorID)
		if err != nil {
			return e, err
		}
		e.CompetitorID, e.SaidBy, e.MadeAt, e.Version = c.ID, a.Effective(), a.Now, 1
		return e, s.saveEntry(ctx, tx, a, e, 0, "noted")
	})
}

func (s *Service) saveEntry(ctx context.Context, tx database.Tx, a org.Actor, e Entry, was int, event string) error {
	journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: EntryKind, ID: e.ID}, Scope: account.CompetitorRef(e.CompetitorID),
		Kind: EntryKind + "." + event, On: a.Today, Payload: entryStandsOf(e)})
	return database.Taken(s.Rows.SaveEntry(ctx, tx, a.TenantID, e, was), record.ErrIDTaken)
}

var errNotYours = fault.New(fault.Forbidden, "sighting.not_yours", "who noted it, or who leads, puts it right")

// mayCorrect tells whether the actor puts right what somebody noted: he himself, and who decides.
func mayCorrect(a org.Actor, by ...string) error {
	if a.Is(by...) || a.Can(org.EvidenceDecide) {
		return nil
	}
	return errNotYours
}

// ChangeEntry puts one right. Faults: competitor_entry.unknown, sighting.not_yours, record.stale.
func (s *Service) ChangeEntry(ctx context.Context, a org.Actor, e Entry) (Entry, error) {
	return s.onEntry(ctx, a, e.ID, "changed", func(was *Entry) error {
		e.Kind = was.Kind
		was.Title, was.Words, was.Helped, was.Source, was.On = e.Title, e.Words, e.Helped, e.Source, e.On
		return was.check(a)
	})
}

// WithdrawEntry takes one back: it is shown nowhere, and stays as a row. Faults: as of ChangeEntry.
func (s *Service) WithdrawEntry(ctx context.Context, a org.Actor, id string) error {
	_, err := s.onEntry(ctx, a, id, "withdrawn", func(was *Entry) error {
		now := a.Now
		was.WithdrawnAt, was.WithdrawnBy = &now, a.Effective()
		return nil
	})
	return err
}

func (s *Service) onEntry(ctx context.Context, a org.Actor, id, event string, fn func(*Entry) error) (Entry, error) {
	if err := a.Need(org.AccountWrite); err != nil {
		return Entry{}, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Entry, error) {
		e, err := s.Rows.Entry(ctx, tx, a.TenantID, id)
		if err == nil && e.WithdrawnAt != nil {
			err = ErrNoEntry
		}
		if err == nil {
			err = cmp.Or(mayCorrect(a, e.SaidBy), a.HasRead(e.Version))
		}
		if err != nil {
			return e, err
		}
		was := e.Version
		e.Version++
		if err := fn(&e); err != nil {
			return e, err
		}
		return e, s.saveEntry(ctx, tx, a, e, was, event)
	})
}

// ErrNoEntry is that there is none of an id.
var ErrNoEntry = fault.New(fault.NotFound, "competitor_entry.unknown", "no such entry")
