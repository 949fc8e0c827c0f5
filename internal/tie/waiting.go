package tie

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Waits is what waits for a member: how many ask him, and whether he was asked where he learnt and worked.
type Waits struct {
	Introductions, AskArounds int
	Background                string
}

// AskedBy is how many of a kind one colleague asks.
type AskedBy struct {
	AskerID                   string
	Introductions, AskArounds int
}

type waiting interface {
	// AskedBy is who asks a member what he has not answered and what is not over.
	AskedBy(ctx context.Context, tx database.Tx, tenant, member string, now time.Time) ([]AskedBy, error)
}

// Waiting is what the desk tells without a further question. Who acts for somebody is told nothing of it.
func (s *Service) Waiting(ctx context.Context, a org.Actor) (w Waits, err error) {
	if own(a) != nil {
		return Waits{Background: Skipped}, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		w = Waits{}
		by, err := s.Rows.AskedBy(ctx, tx, a.TenantID, a.MemberID, a.Now)
		if err != nil {
			return err
		}
		for _, x := range by {
			if !a.Structure.Gone(x.AskerID, a.Today) {
				w.Introductions += x.Introductions
				w.AskArounds += x.AskArounds
			}
		}
		w.Background, err = s.Rows.State(ctx, tx, a.TenantID, a.MemberID)
		return err
	})
	return w, err
}
