package field

import (
	"context"

	"yunchou/internal/database"
)

// Restate writes values again as an entry of the journal says, and takes those away that it
// says are stated no more.
func (s *Service) Restate(ctx context.Context, tx database.Tx, tenant string, values, cleared []Stored) error {
	return s.Rows.Save(ctx, tx, tenant, values, cleared)
}
