package followup

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about what was said.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"follow_up.logged": replay.Played(1, s.playLogged)}
}

func (s *Service) playLogged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p logged) error {
	f := p.followUp(e)
	for _, ref := range f.On {
		if _, err := s.Subjects[ref.Kind].Talked(ctx, tx, a, ref.ID, Talk{f.HappenedOn, f.TwoWay, f.ContactIDs}); err != nil {
			return err
		}
	}
	return s.write(ctx, tx, a.TenantID, f)
}
