package confirm

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"

	"yunchou/internal/calendar"
)

// answered is the payload of confirmation.answered: ids, and no words.
type answered struct {
	OpportunityID string        `json:"opportunityId"`
	ContactID     string        `json:"contactId,omitempty"`
	Answer        Answer        `json:"answer"`
	MemberID      string        `json:"memberId"`
	At            time.Time     `json:"at"`
	Run           int           `json:"run"`
	Since         calendar.Date `json:"since"`
	ChangeID      string        `json:"changeId,omitempty"`
	Proposed      bool          `json:"proposed,omitempty"`
	Joined        bool          `json:"joined,omitempty"`
}

type undone struct {
	OpportunityID string `json:"opportunityId"`
	ContactID     string `json:"contactId,omitempty"`
}

// Events are the kinds of entries about confirmations.
var Events = []string{"confirmation.answered", "confirmation.undone"}

func answeredOf(c Confirmation) answered {
	return answered{c.OpportunityID, c.ContactID, c.Answer, c.MemberID, c.At, c.Run, c.Since, c.ChangeID, c.Proposed, c.Joined}
}

// Replays plays what was answered, and taken back.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"confirmation.answered": replay.Played(1, func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p answered) error {
			return s.Rows.Insert(ctx, tx, a.TenantID, Confirmation{ID: e.Subject.ID, OpportunityID: p.OpportunityID, ContactID: p.ContactID, Answer: p.Answer,
				MemberID: p.MemberID, On: e.HappenedOn, At: p.At, By: e.ActorID, Run: p.Run, Since: p.Since, ChangeID: p.ChangeID, Proposed: p.Proposed, Joined: p.Joined})
		}),
		"confirmation.undone": replay.Played(1, func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ undone) error {
			c, err := s.Rows.Get(ctx, tx, a.TenantID, e.Subject.ID)
			if err != nil {
				return err
			}
			c.UndoneAt = &e.RecordedAt
			return s.Rows.Undo(ctx, tx, a.TenantID, c)
		}),
	}
}
