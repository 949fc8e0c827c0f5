package opportunity

import (
	"context"
	"slices"

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

// Became is how an opportunity stands today.
type Became struct {
	ID, State string
	ClosedOn  calendar.Date // "" while it is open
}

// statesAtOnce is how many are asked for in one statement.
const statesAtOnce = 500

// StatesOf is how some opportunities that are not deleted stand today. Of whom that is told is up to whoever asks.
func (s *Service) StatesOf(ctx context.Context, tx database.Tx, tenant string, ids []string) (out []Became, err error) {
	for part := range slices.Chunk(ids, statesAtOnce) {
		list, err := s.Rows.StatesOf(ctx, tx, tenant, part)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
