package desk

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what was decided. Why is no part of it.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"desk.decided": org.Play(s.playDecided), "desk.levels_set": org.Play(s.playLevels)}
}

func (s *Service) playDecided(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Decided) error {
	return s.Rows.Insert(ctx, tx, a.TenantID, p.mark(e))
}

// mark is the row of a decision as its entry tells it.
func (p Decided) mark(e journal.Entry) Mark {
	return Mark{ID: e.Subject.ID, MemberID: p.MemberID, Of: p.Of, Kinds: p.Kinds, Facts: ParseFacts(p.Facts),
		Decision: p.Decision, Until: p.Until, ToID: p.ToID, TaskID: p.TaskID, NoteID: p.NoteID, BackOf: p.BackOf, On: e.HappenedOn, At: e.RecordedAt}
}

func (s *Service) playLevels(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p LevelsSet) error {
	_, version, err := s.Rows.Levels(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	return s.Rows.SetLevels(ctx, tx, a.TenantID, p.Is, version+1)
}
