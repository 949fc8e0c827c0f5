package timetable_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/timetable"
	"yunchou/internal/timetable/timetabledb"
)

// process is one of several on a database.
func process(db *database.DB) *timetable.Runner {
	return &timetable.Runner{Service: &timetable.Service{DB: db, Rows: timetabledb.Rows{}, Now: time.Now},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Lease: 300 * time.Millisecond, Poll: 20 * time.Millisecond}
}

func add(t *testing.T, r *timetable.Runner, row timetable.Row) bool {
	t.Helper()
	added, err := database.Write(context.Background(), r.DB, func(tx database.Tx) (bool, error) { return r.Add(context.Background(), tx, row) })
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// eventually waits for what other processes do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("in 20 s not: " + what)
}

// done tells whether a row is done.
func done(db *database.DB, kind string) (n int64) {
	ctx := context.Background()
	_ = db.Read(ctx, func(tx database.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FROM timetable WHERE kind = $1 AND done_at IS NOT NULL`, kind).Scan(&n)
	})
	return n
}

func TestTwoProcessesDoARowOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		ctx, stop := context.WithCancel(context.Background())
		var did atomic.Int64
		kinds := map[string]timetable.Handler{"x": {Do: func(context.Context, *timetable.Job) error {
			did.Add(1)
			time.Sleep(30 * time.Millisecond)
			return nil
		}}}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { process(db).Run(ctx, kinds) })
		}
		r := process(db)
		if !add(t, r, timetable.Row{TenantID: tenant, Kind: "x", Key: "1"}) || add(t, r, timetable.Row{TenantID: tenant, Kind: "x", Key: "1"}) {
			t.Error("one key, one row")
		}
		for _, key := range []string{"2", "3", "4", "5"} {
			add(t, r, timetable.Row{TenantID: tenant, Kind: "x", Key: key})
		}
		eventually(t, "all are done", func() bool { return done(db, "x") == 5 })
		stop()
		wg.Wait()
		if did.Load() != 5 {
			t.Errorf("5 rows were done %d times", did.Load())
		}
	})
}

// TestWhatADeadProcessBeganIsTakenUpAfterItsLease: with the progress it had, not before.
func TestWhatADeadProcessBeganIsTakenUpAfterItsLease(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		first := process(db)
		add(t, first, timetable.Row{TenantID: tenant, Kind: "x", Key: "1"})
		began := time.Now()
		err := db.Write(context.Background(), func(tx database.Tx) error { // takes the row, and is never heard of again
			rows, err := first.Rows.Due(context.Background(), tx, []string{"x"}, began, 1)
			if err != nil {
				return err
			}
			rows[0].Progress = json.RawMessage(`{"at":7}`)
			l := timetable.Lease{By: "dead", Until: began.Add(300 * time.Millisecond), Now: began}
			if ok, err := first.Rows.Take(context.Background(), tx, rows[0], l); err != nil || !ok {
				return errors.Join(err, errors.New("not taken"))
			}
			return first.Rows.SaveProgress(context.Background(), tx, rows[0])
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		var at, late atomic.Int64
		var wg sync.WaitGroup
		wg.Go(func() {
			process(db).Run(ctx, map[string]timetable.Handler{"x": {Do: func(_ context.Context, j *timetable.Job) error {
				late.Store(int64(time.Since(began)))
				var p struct{ At int64 }
				err := json.Unmarshal(j.Progress, &p)
				at.Store(p.At)
				return err
			}}})
		})
		eventually(t, "it is taken up", func() bool { return done(db, "x") == 1 })
		stop()
		wg.Wait()
		if at.Load() != 7 || time.Duration(late.Load()) < 300*time.Millisecond {
			t.Errorf("taken up at %d after %s", at.Load(), time.Duration(late.Load()))
		}
	})
}

// TestALongStepKeepsItsLeaseAndACancelReachesIt: the lease is renewed while one step takes
// long; a cancelled job's context ends, and it is not tried again.
func TestALongStepKeepsItsLeaseAndACancelReachesIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		ctx, stop := context.WithCancel(context.Background())
		var began atomic.Int64
		kinds := map[string]timetable.Handler{"x": {Do: func(ctx context.Context, j *timetable.Job) error {
			began.Add(1)
			<-ctx.Done()
			return context.Cause(ctx)
		}}}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { process(db).Run(ctx, kinds) })
		}
		r := process(db)
		add(t, r, timetable.Row{TenantID: tenant, Kind: "x", Key: "1"})
		eventually(t, "it is begun", func() bool { return began.Load() == 1 })
		time.Sleep(time.Second) // three leases
		if began.Load() != 1 {
			t.Errorf("begun %d times", began.Load())
		}
		ok, err := database.Write(ctx, db, func(tx database.Tx) (bool, error) { return r.Cancel(ctx, tx, tenant, "x", "1") })
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		eventually(t, "it is done with", func() bool { return done(db, "x") == 1 })
		stop()
		wg.Wait()
		if began.Load() != 1 {
			t.Errorf("begun %d times", began.Load())
		}
	})
}

// TestWhatFailsIsTriedAgainLaterAndWhatRecursComesBack.
func TestWhatFailsIsTriedAgainLaterAndWhatRecursComesBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		ctx, stop := context.WithCancel(context.Background())
		var failed, recurred atomic.Int64
		kinds := map[string]timetable.Handler{
			"fails":  {Do: func(context.Context, *timetable.Job) error { failed.Add(1); panic("no") }},
			"recurs": {Every: 50 * time.Millisecond, Do: func(context.Context, *timetable.Job) error { recurred.Add(1); return nil }},
		}
		r := process(db)
		add(t, r, timetable.Row{TenantID: tenant, Kind: "fails", Key: "1"})
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(ctx, kinds) })
		eventually(t, "it comes back", func() bool { return recurred.Load() > 3 && failed.Load() > 0 })
		stop()
		wg.Wait()
		var attempts int
		var due database.Instant
		if err := db.Read(context.Background(), func(tx database.Tx) error {
			return tx.QueryRow(context.Background(), `SELECT attempts, due_at FROM timetable WHERE kind = 'fails'`).Scan(&attempts, &due)
		}); err != nil {
			t.Fatal(err)
		}
		if failed.Load() != 1 || attempts != 1 || !due.After(time.Now()) {
			t.Errorf("failed %d times, %d attempts, due %s", failed.Load(), attempts, due)
		}
	})
}
