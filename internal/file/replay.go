package file

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about files.
func (s *Store) Replays() map[string]org.Replay {
	return map[string]org.Replay{"file.attached": replay.Played(2, s.playAttached)}
}

func (s *Store) playAttached(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p attached) error {
	f := File{ID: e.Subject.ID, Type: p.Type, Hash: p.Hash, On: p.On, Size: p.Size,
		CreatedAt: e.RecordedAt, CreatedBy: a.Effective()}
	return s.write(ctx, tx, a.TenantID, f, nil)
}
