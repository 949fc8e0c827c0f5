package tie

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Past is where somebody learnt or worked. A year of 0 is not known.
type Past struct {
	ID               string
	Kind             string // school or employer; of a contact home as well
	Name             string
	FromYear, ToYear int
	// Of a contact's:
	Source  string
	On      calendar.Date
	Purpose string
}

// Kinds of past.
const (
	School   = "school"
	Employer = "employer"
	Home     = "home"
)

// States of a member's own background.
const (
	Unasked = "unasked"
	Skipped = "skipped"
	Given   = "given"
)

// Mine is what a member says of himself. Visibility is Askable or Shown: whether an answer that follows from it names
// him.
type Mine struct {
	Schools, Employers []Past
	HomeTown           string
	State, Visibility  string
	Version            int
}

// Background is what is known of a contact's life before.
type Background struct {
	Items   []Past
	Version int
}

type backgrounds interface {
	// Mine is a member's; one who was never asked has version 0.
	Mine(ctx context.Context, tx database.Tx, tenant, member string) (Mine, error)
	// State is whether a member said it, skipped it or was never asked.
	State(ctx context.Context, tx database.Tx, tenant, member string) (string, error)
	SaveMine(ctx context.Context, tx database.Tx, tenant, member string, m Mine) error
	Background(ctx context.Context, tx database.Tx, tenant, contact string) (Background, error)
	SaveBackground(ctx context.Context, tx database.Tx, tenant, contact string, b Background) error
}

const mostPast = 20 // of a person: nobody learnt and worked at more places than he tells of

func checkPast(pointer string, list []Past) (err error) {
	if len(list) > mostPast {
		return fault.Input(pointer, "background.too_many", "at most %d", mostPast).With("max", mostPast)
	}
	for i := range list {
		p := &list[i]
		at := fmt.Sprintf("%s/%d", pointer, i)
		p.Name = text.Fold(p.Name)
		switch {
		case text.Match(p.Name) == "":
			err = errors.Join(err, fault.Missing(at+"/name"))
		case text.Longer(p.Name, 100):
			err = errors.Join(err, fault.Input(at+"/name", "input.too_long", "at most 100 characters").With("max", 100))
		case p.FromYear != 0 && (p.FromYear < 1930 || p.FromYear > 2100):
			err = errors.Join(err, fault.Input(at+"/fromYear", "background.year", "a year"))
		case p.ToYear != 0 && (p.ToYear < 1930 || p.ToYear > 2100 || p.ToYear < p.FromYear):
			err = errors.Join(err, fault.Input(at+"/toYear", "background.year", "a year not before the first"))
		}
	}
	return err
}

// Mine is what the actor said of himself, which nobody else reads. Fault: tie.own_alone.
func (s *Service) Mine(ctx context.Context, a org.Actor) (m Mine, err error) {
	if err := own(a); err != nil {
		return m, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		m, err = s.Rows.Mine(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	return m, err
}

// Give replaces what the actor says of himself; Skipped says that he would rather not, and is not asked again. Faults:
// record.stale, tie.own_alone.
func (s *Service) Give(ctx context.Context, a org.Actor, m Mine) (Mine, error) {
	for i := range m.Schools {
		m.Schools[i].Kind = School
	}
	for i := range m.Employers {
		m.Employers[i].Kind = Employer
	}
	m.State, m.Visibility, m.HomeTown = cmp.Or(m.State, Given), cmp.Or(m.Visibility, Askable), text.Fold(m.HomeTown)
	if err := errors.Join(own(a), checkPast("/schools", m.Schools), checkPast("/employers", m.Employers)); err != nil {
		return m, err
	}
	switch {
	case m.State != Given && m.State != Skipped:
		return m, fault.Input("/state", "background.state", "given or skipped")
	case m.Visibility != Askable && m.Visibility != Shown:
		return m, fault.Input("/visibility", "tie.visibility_unknown", "askable or shown")
	case text.Longer(m.HomeTown, 100):
		return m, fault.Input("/homeTown", "input.too_long", "at most 100 characters").With("max", 100)
	}
	if m.State == Skipped {
		m.Schools, m.Employers, m.HomeTown = nil, nil, ""
	}
	return s.put(ctx, a, m, "given")
}

func (s *Service) put(ctx context.Context, a org.Actor, m Mine, event string) (Mine, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Mine, error) {
		was, err := s.Rows.Mine(ctx, tx, a.TenantID, a.MemberID)
		if err != nil {
			return m, err
		}
		next := m
		next.Version = was.Version + 1
		if a.IfMatch != 0 && was.Version != 0 && a.IfMatch != was.Version {
			return m, record.ErrStale
		}
		tell(tx, a, backgroundKind, a.MemberID, event)
		return next, s.Rows.SaveMine(ctx, tx, a.TenantID, a.MemberID, next)
	})
}

// Withdraw removes all the actor said of himself, for good. He is not asked again. Fault: tie.own_alone.
func (s *Service) Withdraw(ctx context.Context, a org.Actor) error {
	if err := own(a); err != nil {
		return err
	}
	_, err := s.put(ctx, a, Mine{State: Skipped, Visibility: Askable}, "withdrawn")
	return err
}

// Background is what is known of a contact the actor sees. Fault: contact.unknown.
func (s *Service) Background(ctx context.Context, a org.Actor, contact string) (b Background, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return b, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.sees(ctx, tx, a, contact); err != nil {
			return err
		}
		b, err = s.Rows.Background(ctx, tx, a.TenantID, contact)
		return err
	})
	return b, err
}

// SetBackground replaces what is known of a contact. What is left out is gone for good. Faults: contact.unknown,
// record.stale.
func (s *Service) SetBackground(ctx context.Context, a org.Actor, contact string, items []Past) (Background, error) {
	b := Background{Items: items}
	if err := cmp.Or(a.Need(org.AccountWrite), checkPast("/items", b.Items)); err != nil {
		return b, err
	}
	for i := range b.Items {
		p := &b.Items[i]
		p.Source, p.On, p.Purpose = cmp.Or(p.Source, "colleague"), cmp.Or(p.On, a.Today), text.Fold(p.Purpose)
		at := fmt.Sprintf("/items/%d", i)
		switch {
		case p.Kind != School && p.Kind != Employer && p.Kind != Home:
			return b, fault.Input(at+"/kind", "background.kind", "school, employer or home")
		case !slices.Contains(Sources, p.Source):
			return b, fault.Input(at+"/source", "tie.source_unknown", "card, public, self or colleague")
		case text.Longer(p.Purpose, 200):
			return b, fault.Input(at+"/purpose", "input.too_long", "at most 200 characters").With("max", 200)
		}
		if _, err := calendar.Parse(string(p.On)); err != nil {
			return b, calendar.BadDate(at + "/on")
		}
		if p.On > a.Today {
			return b, fault.Input(at+"/on", "org.date_in_future", "the day has not come yet").With("today", string(a.Today))
		}
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Background, error) {
		if _, err := s.Accounts.TakeContactIn(ctx, tx, a, contact); err != nil {
			return b, err
		}
		was, err := s.Rows.Background(ctx, tx, a.TenantID, contact)
		if err != nil {
			return b, err
		}
		if a.IfMatch != 0 && was.Version != 0 && a.IfMatch != was.Version {
			return b, record.ErrStale
		}
		next := Background{Items: slices.Clone(b.Items), Version: was.Version + 1}
		for i := range next.Items {
			next.Items[i].ID = record.NewID(a.Now)
		}
		tell(tx, a, backgroundKind, contact, "noted")
		return next, s.Rows.SaveBackground(ctx, tx, a.TenantID, contact, next)
	})
}
