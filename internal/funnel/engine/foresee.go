package engine

import (
	"context"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

// Foresee implements funnel.Source: what a report will ask is added up in one walk over the chunks,
// so that each is read from memory once and not for every figure.
func (s *session) Foresee(ctx context.Context, tx database.Tx, q funnel.Query, r funnel.Foreseen) error {
	var list []pass
	s.foreseen = &list
	whole := q
	whole.Group = ""
	_, err := s.Counts(ctx, tx, whole)
	also := func(_ any, failed error) { err = errors.Join(err, failed) }
	also(s.Cycles(ctx, tx, whole))
	if q.Group != "" {
		also(s.Counts(ctx, tx, q))
		also(s.Cycles(ctx, tx, q))
	}
	also(s.Reached(ctx, tx, q))
	also(s.Stays(ctx, tx, q))
	also(s.Open(ctx, tx, q))
	also(s.Qualified(ctx, tx, q, r.Qualified))
	if r.Whole {
		also(s.Resolved(ctx, tx, q))
		also(s.Losses(ctx, tx, q))
	}
	if s.foreseen = nil; err != nil {
		return err
	}
	// Everybody holds memos in the same order: nobody waits for one who waits for him.
	for _, p := range list {
		if err := p.hold(ctx); err != nil {
			return err
		}
		defer p.release()
	}
	return s.walk(ctx, list...)
}
