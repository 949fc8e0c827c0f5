package field

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Replays plays what is said about the company's own fields.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"field.defined":  org.Since(2, org.Play(s.playDefined)),
		"field.moved":    org.Play(s.playMoved),
		"field.renamed":  org.Play(inTheRow[Renamed]),
		"field.rechosen": org.Play(inTheRow[Rechosen]),
		"field.retired": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ Retired) error {
			return s.playRetired(ctx, tx, a, e, &a.Now)
		}),
		"field.restored": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ Restored) error {
			return s.playRetired(ctx, tx, a, e, nil)
		}),
	}
}

func (s *Service) playDefined(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Defined) error {
	f := Field{ID: e.Subject.ID, Record: p.Record, Key: p.Key, Type: p.Type}
	return s.Rows.Insert(ctx, tx, a.TenantID, f, p.Position)
}

func (s *Service) playMoved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Moved) error {
	return s.Rows.Place(ctx, tx, a.TenantID, e.Subject.ID, p.Position)
}

func (s *Service) playRetired(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, at *time.Time) error {
	return s.Rows.Retire(ctx, tx, a.TenantID, e.Subject.ID, at)
}

// inTheRow plays what says nothing but that words changed, which are in their row alone.
func inTheRow[P any](context.Context, database.Tx, org.Actor, journal.Entry, P) error { return nil }
