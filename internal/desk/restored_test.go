package desk_test

import (
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
)

// TestADeskNoticesADatabasePutBack: a decision is on no desk any more once the database is put back to before it while
// the program runs, whether nothing was written since, or as much as had been, or more.
func TestADeskNoticesADatabasePutBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, since := range []int{0, 1, 3} {
			w := newWorld(t, db, "2026-03-02")
			id := w.expected("小李", "二期改造", "2026-03-06", 200_000_00)
			w.Clock.Set("2026-03-10")
			w.stands("蒋跃", id, true, "before")
			before := w.head()
			_, err := w.decide("蒋跃", id, desk.Deciding{Decision: desk.Done})
			w.must(err)
			w.stands("蒋跃", id, false, "decided on")
			w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
				if _, err := tx.Exec(w.Ctx, `DELETE FROM desk_mark WHERE tenant_id = $1`, w.Admin.TenantID); err != nil {
					return err
				}
				if _, err := tx.Exec(w.Ctx, `DELETE FROM journal WHERE tenant_id = $1 AND seq > $2`, w.Admin.TenantID, before); err != nil {
					return err
				}
				_, err := tx.Exec(w.Ctx, `UPDATE journal_counter SET seq = $2 WHERE tenant_id = $1`, w.Admin.TenantID, before)
				return err
			}))
			for range since {
				w.Opportunity("小李", "新的")
			}
			w.Clock.Move(time.Minute)
			w.stands("蒋跃", id, true, "put back")
		}
	})
}

// head is the last number of the company's journal.
func (w *world) head() (seq int64) {
	w.t.Helper()
	w.must(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&seq)
	}))
	return seq
}
