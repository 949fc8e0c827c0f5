package reader_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestMain has the test's program be one of the processes it kills.
func TestMain(m *testing.M) {
	url := databasetest.ChildOf()
	if url == "" {
		os.Exit(m.Run())
	}
	db, err := database.OpenPostgreSQL(context.Background(), url)
	if err != nil {
		os.Exit(1)
	}
	begin(db, writing("a"), writing("b"), writing("c"))
	select {} // until it is killed
}

// TestAProcessKilledAtAnyMomentLosesAndDoublesNothing: two processes on one PostgreSQL run three readers under
// writers, and one of them after the other is killed (SIGKILL), 8 times (300 in make soak).
func TestAProcessKilledAtAnyMomentLosesAndDoublesNothing(t *testing.T) {
	url := databasetest.PostgreSQLURL(t)
	db, err := database.OpenPostgreSQL(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	execute(t, db, applied)
	w := apptest.New(t, db)
	tenants := []string{w.Admin.TenantID, w.Another().Admin.TenantID}
	over := make(chan struct{})
	var writers sync.WaitGroup
	for i := range 2 {
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				case <-time.After(5 * time.Millisecond):
					write(t, db, tenants[(i+n)%2], "test.a", "test.b")
				}
			}
		})
	}
	k := databasetest.Killing(t, url)
	for range databasetest.Rounds(8, 300) {
		before := count(t, db, `SELECT count(*) FROM test_applied`)
		eventually(t, "some entries are applied", func() bool { return count(t, db, `SELECT count(*) FROM test_applied`) > before+20 })
		k.Restart(60 * time.Millisecond)
	}
	close(over)
	writers.Wait()
	exactlyOnce(t, db, "a", "b", "c")
}
