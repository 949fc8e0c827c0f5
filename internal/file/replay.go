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
	return map[string]org.Replay{"file.attached": replay.Played(2, s.playAttached), "file.removed": replay.Played(1, s.playRemoved)}
}

func (s *Store) playRemoved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ removed) error {
	f, err := s.Rows.Get(ctx, tx, a.TenantID, e.Subject.ID)
	if err != nil {
		return err
	}
	return s.Rows.Empty(ctx, tx, a.TenantID, f)
}

func (s *Store) playAttached(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p attached) error {
	f := File{ID: e.Subject.ID, Type: p.Type, Hash: p.Hash, On: p.On, Size: p.Size,
		CreatedAt: e.RecordedAt, CreatedBy: a.Effective()}
	return s.write(ctx, tx, a.TenantID, f, nil)
}
