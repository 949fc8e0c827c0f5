package task

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// replyMinutes is within which working time whoever is waited for says something, as for questions.
const replyMinutes = 8 * 60

// Wait is who is waited for, for what, since when, how many minutes of his working time that has taken, and until when he has.
type Wait struct {
	For      string // offer, receipt or review
	MemberID string
	Since    time.Time
	Minutes  int
	By       time.Time
}

// Waits tells who is waited for in a task the actor sees; nil for nobody.
func (s *Service) Waits(ctx context.Context, a org.Actor, t Task) (*Wait, error) {
	var w Wait
	switch state := t.State(); {
	case t.OfferedTo != "":
		w = Wait{For: "offer", MemberID: t.OfferedTo, Since: t.last(FactOffered).At}
	case state == Waiting:
		since := t.CreatedAt
		if h := t.last(FactHanded); h.Ord > 0 {
			since = h.At
		}
		w = Wait{For: "receipt", MemberID: t.MemberID, Since: since}
	case state == InReview:
		w = Wait{For: "review", MemberID: t.Reviewer(a.Structure, a.Today), Since: t.last(FactDone).At}
	default:
		return nil, nil
	}
	if w.MemberID == "" {
		return nil, nil
	}
	err := s.DB.Read(ctx, func(tx database.Tx) error {
		times, err := s.Times.Of(ctx, tx, a, w.MemberID)
		w.Minutes, w.By = times.Minutes(w.Since, a.Now), times.After(w.Since, replyMinutes)
		return err
	})
	return &w, err
}
