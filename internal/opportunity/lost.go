package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// LossReasons are the words records were lost for, by id: of those the actor may read, for words may name people.
func (s *Service) LossReasons(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for some := range slices.Chunk(ids, page.Most) {
		seen, err := Kind{Service: s}.Names(ctx, tx, a, false, some)
		if err != nil {
			return nil, err
		}
		byID, err := s.Rows.ByID(ctx, tx, a.TenantID, some)
		if err != nil {
			return nil, err
		}
		for id := range seen {
			out[id] = byID[id].LossReason
		}
	}
	return out, nil
}
