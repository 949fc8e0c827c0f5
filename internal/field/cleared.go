package field

import (
	"context"

	"yunchou/internal/database"
)

// Clear takes values away, whatever they are.
func (s *Service) Clear(ctx context.Context, tx database.Tx, tenant string, values []Stored) error {
	return s.Rows.Save(ctx, tx, tenant, nil, values)
}
