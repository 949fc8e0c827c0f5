package savedview

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what is said about views.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"saved_view.saved": org.Play(s.playSaved), "saved_view.deleted": org.Play(s.playDeleted),
		"saved_view.renamed": org.Play(playRenamed)}
}

func (s *Service) playSaved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Saved) error {
	v := View{ID: e.Subject.ID, MemberID: e.ActorID, Screen: p.Screen, Shared: p.Shared, CreatedAt: a.Now}
	return s.Rows.Insert(ctx, tx, a.TenantID, v)
}

func (s *Service) playDeleted(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ Deleted) error {
	return s.Rows.Delete(ctx, tx, a.TenantID, e.Subject.ID)
}

// playRenamed changes nothing: the journal does not hold what a view is called.
func playRenamed(context.Context, database.Tx, org.Actor, journal.Entry, Renamed) error { return nil }
