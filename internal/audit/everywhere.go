package audit

import (
	"context"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// What is done to the whole installation (a backup, a restore, a check) is done to the data of each
// company in it, so each company's trail has it; of the others none of them learns anything.

// Everywhere writes an entry into the trail of every company that is not closing. path says by which
// way it was done: "job", "console".
func (s *Service) Everywhere(ctx context.Context, path string, event func(tx database.Tx, a org.Actor) (journal.Event, error)) error {
	all, err := s.Org.Companies(ctx)
	for _, c := range all {
		if c.Closing {
			continue
		}
		err = errors.Join(err, s.in(ctx, c.ID, path, event))
	}
	return err
}

func (s *Service) in(ctx context.Context, tenant, path string, event func(database.Tx, org.Actor) (journal.Event, error)) error {
	a, err := s.Org.System(ctx, tenant, "", path)
	if err == nil {
		err = s.DB.Write(ctx, func(tx database.Tx) error {
			e, err := event(tx, a)
			if err == nil {
				journal.Append(tx, a.By(), e)
			}
			return err
		})
	}
	if errors.Is(err, database.ErrClosing) { // this moment
		return nil
	}
	return err
}

// FailedEverywhere counts what failed for the whole installation, in every company's trail.
func (s *Service) FailedEverywhere(ctx context.Context, kind string) error {
	all, err := s.Org.Companies(ctx)
	for _, c := range all {
		s.Note(Failure{TenantID: c.ID, Kind: kind, At: s.Now()})
	}
	return err
}
