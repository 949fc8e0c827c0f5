package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// Qualified is an opportunity that is open and qualified, or was: since when, and until when, "" while it is open.
type Qualified struct {
	ID, OwnerID, TeamID   string
	QualifiedOn, ClosedOn calendar.Date
}

// QualifiedOf are those of some owners that are open, or closed on a day or later; owners nil is everybody. Of whom they
// are told is up to whoever asks.
func (s *Service) QualifiedOf(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]Qualified, error) {
	return s.Rows.QualifiedOf(ctx, tx, tenant, owners, since)
}
