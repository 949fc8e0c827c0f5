package identity

import (
	"context"
	"time"

	"yunchou/internal/database"
)

// sessionsKept is how long a session that has ended is kept.
const sessionsKept = 30 * 24 * time.Hour

// Purge takes back a company's sessions that ended long ago.
func (s *Service) Purge(ctx context.Context, tenant string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		return s.Rows.PurgeSessions(ctx, tx, tenant, s.Now().Add(-sessionsKept))
	})
}
