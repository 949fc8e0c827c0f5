package guidance

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// mostOn is how many open notes of one record end in one transaction; a record has a few.
const mostOn = 500

// RecordGone ends what is open about a record that was deleted: a question about what is not there any more is nobody's
// to answer, and climbs no further. Of one that is restored it is asked anew. It tells how many there were.
func (s *Service) RecordGone(ctx context.Context, tx database.Tx, tenant string, on record.Ref) (int, error) {
	ids, err := s.Rows.OpenOn(ctx, tx, tenant, on, mostOn)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := record.Take(ctx, tx, tenant, ids...); err != nil {
		return 0, err
	}
	a, err := s.As(ctx, tx, tenant)
	if err != nil {
		return 0, err
	}
	there, err := s.Talks.There(ctx, tx, a, ids)
	if err != nil || len(there) > 0 { // it is back already
		return 0, err
	}
	for _, id := range ids {
		if err := s.endGone(ctx, tx, tenant, id); err != nil {
			return 0, err
		}
	}
	return 2 * len(ids), nil
}

func (s *Service) endGone(ctx context.Context, tx database.Tx, tenant, id string) error {
	k, err := s.Rows.Get(ctx, tx, tenant, id)
	if err != nil || k.Open() == nil {
		return err
	}
	a, err := s.As(ctx, tx, tenant)
	if err != nil {
		return err
	}
	works, err := s.worksOf(ctx, tx, a, k)
	if err != nil {
		return err
	}
	k.Note.Gone(a.Now, works)
	return s.save(ctx, tx, a, &k, len(k.Turns)-1, "guidance.gone")
}
