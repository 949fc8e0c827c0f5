package opportunity

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Winner is a member who won deals like one, and how many.
type Winner struct {
	MemberID string
	Won      int64
}

// wonWithin is how far back deals that were won are looked at, in days.
const wonWithin = 730

// WonLike are the members who won most deals like one the actor reads, of its customer's industry or of its
// products, in two years. Of the deals nothing else is told: they may be out of his sight.
func (s *Service) WonLike(ctx context.Context, tx database.Tx, a org.Actor, id string, limit int) ([]Winner, error) {
	return s.Rows.WonLike(ctx, tx, a.TenantID, id, a.Today.Add(-wonWithin), limit)
}

// LinesIn are the product lines of an opportunity as they are today, whoever asks.
func (s *Service) LinesIn(ctx context.Context, tx database.Tx, a org.Actor, id string) ([]Line, error) {
	return s.Rows.Lines(ctx, tx, a.TenantID, id)
}
