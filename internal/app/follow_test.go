package app_test

import (
	"context"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestAPublishedVersionIsCarriedOverOnceByTheTimetable: by the reader that is in the program, on which the
// company need not wait, and in which old versions are none of today's.
func TestAPublishedVersionIsCarriedOverOnceByTheTimetable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ctx, stop := context.WithCancel(w.Ctx)
		done := make(chan struct{})
		go func() { defer close(done); w.Follow(ctx) }()
		t.Cleanup(func() { stop(); <-done })
		count := func(query, tenant string) (n int64) {
			err := db.Read(w.Ctx, func(tx database.Tx) error { return tx.QueryRow(w.Ctx, query, tenant).Scan(&n) })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		rows := `SELECT count(*) FROM timetable WHERE kind = 'pipeline.carry_over' AND tenant_id = $1`
		published := `SELECT count(*) FROM journal WHERE kind = 'pipeline.published' AND tenant_id = $1`
		wait := func(what string, ok func() bool) {
			t.Helper()
			for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("in 30 s not: " + what)
				}
			}
		}
		wait("it has a place at the end of what was", func() bool {
			return count(`SELECT count(*) FROM reader WHERE tenant_id = $1 AND seq > 0 AND name = 'pipeline.carry_over'`, w.Admin.TenantID) == 1
		})
		young := w.Another()
		want := count(published, young.Admin.TenantID)
		if want == 0 {
			t.Fatal("nothing was published")
		}
		wait("each version has its work", func() bool { return count(rows, young.Admin.TenantID) >= want })
		if got := count(rows, young.Admin.TenantID); got != want {
			t.Errorf("%d works for %d versions", got, want)
		}
		if n := count(rows, w.Admin.TenantID); n != 0 {
			t.Errorf("%d works for versions from before", n)
		}
	})
}
