package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Qualified is an opportunity that is open and qualified, or was: since when, and until when, "" while it is open.
type Qualified struct {
	ID, OwnerID, TeamID   string
	QualifiedOn, ClosedOn calendar.Date
	Owners                record.Owners // where it changed hands since the day that was asked for
}

// QualifiedOf are those that are, or were, some owners' and are open, or closed on a day or later; owners nil is
// everybody. Of whom they are told is up to whoever asks.
func (s *Service) QualifiedOf(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]Qualified, error) {
	list, err := s.Rows.QualifiedOf(ctx, tx, tenant, owners, since)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	changed, err := s.Records.Rehanded(ctx, tx, tenant, record.Opportunity, since)
	for i := range list {
		list[i].Owners = changed[list[i].ID]
	}
	return list, err
}
