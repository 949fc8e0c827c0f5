package guidance

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about notes: each entry says how its note stands.
func (s *Service) Replays() map[string]org.Replay {
	out := map[string]org.Replay{
		"guidance.looked":        replay.Played(1, s.playLooked),
		"guidance.rules_set":     replay.Played(1, s.playRules),
		"guidance_piece.made":    replay.Played(1, s.playMade),
		"guidance_piece.removed": replay.Played(1, s.playRemoved),
	}
	for _, kind := range Events {
		out[kind] = replay.Played(1, s.play)
	}
	return out
}

func (s *Service) play(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p stands) error {
	was, err := s.Rows.Get(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.Rows.Save(ctx, tx, a.TenantID, p.kept(e.Subject.ID, was.Version+1), 0)
}

func (s *Service) playMade(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p pieced) error {
	return s.Rows.SavePiece(ctx, tx, a.TenantID, Piece{ID: e.Subject.ID, TeamID: p.TeamID, MadeAt: e.RecordedAt, MadeBy: a.Effective(), Version: 1})
}

func (s *Service) playRemoved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ pieced) error {
	p, err := s.Rows.Piece(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil {
		return err
	}
	p.RemovedAt, p.Version = &e.RecordedAt, p.Version+1
	return s.Rows.SavePiece(ctx, tx, a.TenantID, p)
}
