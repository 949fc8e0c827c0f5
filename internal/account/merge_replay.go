package account

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/merge"
	"yunchou/internal/org"
)

// Deals, people and subsidiaries have entries of their own, and so has what is hidden of an account.

func mergeOf(e journal.Entry, a org.Actor, p merged) merge.Merge {
	return merge.Merge{ID: p.MergeID, Kind: e.Subject.Kind, KeptID: e.Subject.ID, GoneID: p.GoneID, MadeAt: e.RecordedAt, MadeBy: a.Effective()}
}

func (s *Service) playMerged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p merged) error {
	if err := s.moveAccount(ctx, tx, a.TenantID, e.Subject.ID, p); err != nil {
		return err
	}
	return s.Merges.Insert(ctx, tx, a.TenantID, mergeOf(e, a, p))
}

func (s *Service) playUnmerged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p merged) error {
	return s.returnAccount(ctx, tx, a, e.Subject.ID, p)
}

func (s *Service) playContactMerged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p merged) error {
	if err := s.moveContact(ctx, tx, a, e.Subject.ID, p); err != nil {
		return err
	}
	return s.Merges.Insert(ctx, tx, a.TenantID, mergeOf(e, a, p))
}

func (s *Service) playContactUnmerged(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p merged) error {
	return s.returnContact(ctx, tx, a, e.Subject.ID, p)
}
