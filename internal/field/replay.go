package field

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what is said about the company's own fields.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"field.defined": org.Since(2, org.Play(s.playDefined))}
}

func (s *Service) playDefined(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Defined) error {
	f := Field{ID: e.Subject.ID, Record: p.Record, Key: p.Key, Type: p.Type}
	return s.Rows.Insert(ctx, tx, a.TenantID, f, p.Position)
}
