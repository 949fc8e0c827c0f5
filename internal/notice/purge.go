package notice

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// kept is how long what was read is listed. What it was about stays where it is.
const kept = 400 * 24 * time.Hour

// mostPurged is how many notices are removed in one write.
const mostPurged = 5000

// Purge removes a company's notices that were told long ago and read, and of those who have left all of that age. What is unread
// stays, so that nobody's count shrinks by itself; so does the last there is, whose number open pages go by.
func (s *Service) Purge(ctx context.Context, tenant string) error {
	for {
		n, err := database.Write(ctx, s.DB, func(tx database.Tx) (int64, error) {
			c, st, err := s.Org.Load(ctx, tx, tenant)
			if err != nil {
				return 0, err
			}
			upTo, err := journal.KnownBefore(ctx, tx, tenant, s.Org.Now().Add(-kept))
			if err != nil {
				return 0, err
			}
			last, err := s.Rows.Last(ctx, tx, tenant)
			if err != nil {
				return 0, err
			}
			var left []string
			today := calendar.DateOf(s.Org.Now(), c.Zone())
			for id := range st.Members {
				if st.Gone(id, today) {
					left = append(left, id)
				}
			}
			return s.Rows.Purge(ctx, tx, tenant, min(upTo, last-1), left, mostPurged)
		})
		if err != nil || n < mostPurged {
			return err
		}
	}
}
