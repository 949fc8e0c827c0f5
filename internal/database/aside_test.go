package database_test

import (
	"context"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestWhatReadsAsideHoldsNoRequest: however much is loaded or computed ahead, and however long it
// takes, a request reads at once.
func TestWhatReadsAsideHoldsNoRequest(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		aside, held, ended, begun := database.Aside(ctx), make(chan struct{}), make(chan error), make(chan struct{}, 100)
		for range cap(begun) {
			go func() {
				ended <- db.Read(aside, func(tx database.Tx) error {
					begun <- struct{}{}
					<-held
					return nil
				})
			}()
		}
		<-begun
		for range 50 {
			if err := db.Read(ctx, func(tx database.Tx) error {
				var one int
				return tx.QueryRow(ctx, "SELECT 1").Scan(&one)
			}); err != nil {
				t.Fatal("a request waits for what reads aside: ", err)
			}
		}
		if n := len(begun); n > 5 {
			t.Errorf("%d read aside at once", n)
		}
		close(held)
		for range cap(begun) {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}
