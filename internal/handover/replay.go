package handover

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about hand-overs; what changed hands, its own kind plays.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"handover.made":      replay.Played(1, s.playMade),
		"handover.went_on":   replay.Played(1, s.playWentOn),
		"handover.confirmed": replay.Played(1, s.playConfirmed),
	}
}

func (s *Service) playMade(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p made) error {
	return s.Rows.Insert(ctx, tx, a.TenantID, Handover{ID: e.Subject.ID, FromID: p.FromID, ToID: p.ToID, On: e.HappenedOn,
		CreatedAt: e.RecordedAt, CreatedBy: e.ActorID})
}

func (s *Service) playWentOn(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p wentOn) error {
	return s.Rows.SaveCounts(ctx, tx, a.TenantID, Handover{ID: e.Subject.ID, Counts: p.Counts})
}

func (s *Service) playConfirmed(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ confirmed) error {
	return s.Rows.Confirm(ctx, tx, a, e.Subject.ID)
}
