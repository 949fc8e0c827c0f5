package outgoing

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// List is a page of a company's messages, the newest first, and how many there are in each state. Fault:
// page.cursor_malformed.
func (s *Service) List(ctx context.Context, a org.Actor, q Asked, r page.Request) (out page.Result[Message], counts map[State]int64, err error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return out, nil, err
	}
	r.Sort, r.Desc = "created", true
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.List(ctx, tx, a.TenantID, q, r)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(m Message) (any, string) { return database.Time(m.CreatedAt), m.ID })
		counts, err = s.Rows.Counts(ctx, tx, a.TenantID)
		return err
	})
	return out, counts, err
}

var (
	errUnknown  = fault.New(fault.NotFound, "outgoing.unknown", "no such message")
	errNoReason = fault.New(fault.Rule, "outgoing.not_failed", "only what failed is sent again")
	errEnded    = fault.New(fault.Rule, "outgoing.ended", "it is sent, or withdrawn already")
)

// Again sends what failed once more, from the beginning. Faults: outgoing.unknown, outgoing.not_failed.
func (s *Service) Again(ctx context.Context, a org.Actor, id string) error {
	return s.change(ctx, a, id, func(tx database.Tx, m Message) error {
		if m.State != Failed && m.State != GivenUp {
			return errNoReason
		}
		was := m.State
		m.State, m.DueAt, m.TriedAt, m.EndedAt, m.Unsure, m.Code, m.Answer = Queued, a.Now, nil, nil, 0, "", ""
		if err := s.Rows.Save(ctx, tx, a.TenantID, was, m); err != nil {
			return err
		}
		return s.Timetable.Hasten(ctx, tx, a.TenantID, Job)
	})
}

// Drop takes back what waits or failed. Faults: outgoing.unknown, outgoing.ended.
func (s *Service) Drop(ctx context.Context, a org.Actor, id string) error {
	return s.change(ctx, a, id, func(tx database.Tx, m Message) error {
		if m.State == Sent || m.State == Withdrawn {
			return errEnded
		}
		was, now := m.State, a.Now
		m.State, m.Code, m.EndedAt = Withdrawn, ByHand, &now
		return s.Rows.Save(ctx, tx, a.TenantID, was, m)
	})
}

func (s *Service) change(ctx context.Context, a org.Actor, id string, do func(tx database.Tx, m Message) error) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		m, there, err := s.Rows.Get(ctx, tx, a.TenantID, id)
		if err == nil && !there {
			err = errUnknown
		}
		if err != nil {
			return err
		}
		return do(tx, m)
	})
}
