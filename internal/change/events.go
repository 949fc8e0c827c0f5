package change

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// stands is the payload of each entry about a change: how it stands after it. Names are not in it.
type stands struct {
	ContactID      string        `json:"contactId"`
	AccountID      string        `json:"accountId"`
	Kind           Kind          `json:"kind"`
	On             calendar.Date `json:"on"`
	Source         string        `json:"source"`
	State          State         `json:"state"`
	SuccessorID    string        `json:"successorId,omitempty"`
	ToAccountID    string        `json:"toAccountId,omitempty"`
	OpportunityID  string        `json:"opportunityId,omitempty"`
	ToldAt         time.Time     `json:"toldAt"`
	ToldBy         string        `json:"toldBy"`
	ConfirmedAt    *time.Time    `json:"confirmedAt,omitempty"`
	ConfirmedBy    string        `json:"confirmedBy,omitempty"`
	EndedAt        *time.Time    `json:"endedAt,omitempty"`
	EndedBy        string        `json:"endedBy,omitempty"`
	JobID          string        `json:"jobId,omitempty"`
	SuccessorJobID string        `json:"successorJobId,omitempty"`
	BatchID        string        `json:"batchId,omitempty"`
	Deals          []dealStands  `json:"deals,omitempty"`
}

type dealStands struct {
	OpportunityID string        `json:"opportunityId"`
	Role          string        `json:"role,omitempty"`
	Late          bool          `json:"late,omitempty"`
	DueOn         calendar.Date `json:"dueOn"`
	DueAt         time.Time     `json:"dueAt"`
	TaskID        string        `json:"taskId,omitempty"`
	TalkedAt      *time.Time    `json:"talkedAt,omitempty"`
	MetAt         *time.Time    `json:"metAt,omitempty"`
	Influence     *int64        `json:"influence,omitempty"`
	Had           string        `json:"had,omitempty"`
	Lent          bool          `json:"lent,omitempty"`
}

// Events are the kinds of entries about a change.
var Events = []string{"contact_change.told", "contact_change.confirmed", "contact_change.followed", "contact_change.talked", "contact_change.met",
	"contact_change.refuted", "contact_change.withdrawn"}

func standsOf(c Change) stands {
	p := stands{ContactID: c.ContactID, AccountID: c.AccountID, Kind: c.Kind, On: c.On, Source: c.Source, State: c.State, SuccessorID: c.SuccessorID,
		ToAccountID: c.ToAccountID, OpportunityID: c.OpportunityID, ToldAt: c.ToldAt, ToldBy: c.ToldBy, ConfirmedAt: c.ConfirmedAt, ConfirmedBy: c.ConfirmedBy,
		EndedAt: c.EndedAt, EndedBy: c.EndedBy, JobID: c.JobID, SuccessorJobID: c.SuccessorJobID, BatchID: c.BatchID}
	for _, d := range c.Deals {
		p.Deals = append(p.Deals, dealStands{d.OpportunityID, d.Role, d.Late, d.DueOn, d.DueAt, d.TaskID, d.TalkedAt, d.MetAt,
			d.Influence, d.Had, d.Lent})
	}
	return p
}

func (p stands) change(id string, version int) Change {
	c := Change{ID: id, ContactID: p.ContactID, AccountID: p.AccountID, Kind: p.Kind, On: p.On, Source: p.Source, State: p.State, SuccessorID: p.SuccessorID,
		ToAccountID: p.ToAccountID, OpportunityID: p.OpportunityID, ToldAt: p.ToldAt, ToldBy: p.ToldBy, ConfirmedAt: p.ConfirmedAt, ConfirmedBy: p.ConfirmedBy,
		EndedAt: p.EndedAt, EndedBy: p.EndedBy, JobID: p.JobID, SuccessorJobID: p.SuccessorJobID, BatchID: p.BatchID, Version: version}
	for _, d := range p.Deals {
		c.Deals = append(c.Deals, Deal{OpportunityID: d.OpportunityID, Role: d.Role, Late: d.Late, DueOn: d.DueOn, DueAt: d.DueAt, TaskID: d.TaskID,
			TalkedAt: d.TalkedAt, MetAt: d.MetAt, Succession: opportunity.Succession{Influence: d.Influence, Had: d.Had, Lent: d.Lent}})
	}
	return c
}

// Replays plays what is said about changes: each entry says how it stands.
func (s *Service) Replays() map[string]org.Replay {
	out := map[string]org.Replay{}
	for _, kind := range Events {
		out[kind] = replay.Played(1, s.play)
	}
	return out
}

func (s *Service) play(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p stands) error {
	was, err := s.Rows.Get(ctx, tx, a.TenantID, org.Scope{All: true}, e.Subject.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.Rows.Save(ctx, tx, a.TenantID, p.change(e.Subject.ID, was.Version+1), was.Version)
}

// Forget blanks what is kept of a person (account.Forgets).
func (s *Service) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	return s.Rows.Forget(ctx, tx, a.TenantID, p.ID, p.Texts)
}
