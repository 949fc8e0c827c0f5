package reader_test

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// TestWhatReadersAndTheTimetableCost prints, with YUNCHOU_BENCH: the processor time of this process over half a
// minute in which nothing happens, with 100,000 rows of the timetable that are not due; and how many commits a
// second 16 writers make on PostgreSQL while nobody is told, others are told after it, and by it.
func TestWhatReadersAndTheTimetableCost(t *testing.T) {
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("measured by make bench")
	}
	for name, open := range map[string]func(testing.TB) *database.DB{"sqlite": databasetest.SQLite, "postgresql": databasetest.PostgreSQL} {
		t.Run(name, func(t *testing.T) { idle(t, open(t)) })
	}
	t.Run("told", func(t *testing.T) {
		told(t, "nobody", false, "")
		told(t, "after the commit", true, "")
		told(t, "by the commit", false, `SELECT pg_notify('yunchou_bench', $1)`)
	})
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // of ourselves
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func idle(t *testing.T, db *database.DB) {
	w := apptest.New(t, db)
	execute(t, db, `INSERT INTO timetable (tenant_id, id, kind, unique_key, due_at, created_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		SELECT $1, 'row ' || i, 'opportunity.price', 'key ' || i, '2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n`, w.Admin.TenantID)
	ctx, stop := context.WithCancel(w.Ctx)
	var running sync.WaitGroup
	running.Go(func() { w.Work(ctx) })
	running.Go(func() { w.Follow(ctx) })
	time.Sleep(5 * time.Second)
	const while = 30 * time.Second
	before := cpu()
	time.Sleep(while)
	took := cpu() - before
	t.Logf("idle with 100,000 rows: %.2f s of processor time a minute, %.2f %% of a core", took.Seconds()*60/while.Seconds(), 100*took.Seconds()/while.Seconds())
	stop()
	running.Wait()
}

func told(t *testing.T, how string, listening bool, statement string) {
	db := databasetest.PostgreSQL(t)
	tenants := []string{}
	w := apptest.New(t, db)
	for range 4 {
		tenants = append(tenants, w.Another().Admin.TenantID)
	}
	ctx, stop := context.WithCancel(w.Ctx)
	defer stop()
	if listening {
		go db.Listen(ctx, func(error) {})
		eventually(t, "it listens", db.Listening)
	}
	var commits atomic.Int64
	var writers sync.WaitGroup
	until := time.Now().Add(5 * time.Second)
	before := cpu()
	for i := range 16 {
		writers.Go(func() {
			for time.Now().Before(until) {
				err := db.Write(ctx, func(tx database.Tx) error {
					journal.Append(tx, journal.By{TenantID: tenants[i%4], MemberID: "m", Path: "job", Now: time.Now()},
						journal.Event{Subject: record.Ref{Kind: "test", ID: "x"}, Kind: "test.a"})
					if statement == "" {
						return nil
					}
					return tx.Soon(ctx, statement, tenants[i%4])
				})
				if err != nil {
					t.Error(err)
					return
				}
				commits.Add(1)
			}
		})
	}
	writers.Wait()
	n := commits.Load()
	t.Logf("%s: %d commits a second, %.3f ms of our processor time each", how, n/5, float64((cpu()-before).Microseconds())/1000/float64(n))
}
