package timetable_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strconv"
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
			l := timetable.Lease{By: "dead", For: 300 * time.Millisecond, Now: began}
			rows, err := first.Rows.Due(context.Background(), tx, []string{"x"}, l, 1)
			if err != nil {
				return err
			}
			rows[0].Progress = json.RawMessage(`{"at":7}`)
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
		patient := func() *timetable.Runner { // a busy machine may keep a renewal waiting
			r := process(db)
			r.Lease = time.Second
			return r
		}
		for range 2 {
			wg.Go(func() { patient().Run(ctx, kinds) })
		}
		r := patient()
		add(t, r, timetable.Row{TenantID: tenant, Kind: "x", Key: "1"})
		eventually(t, "it is begun", func() bool { return began.Load() == 1 })
		time.Sleep(2500 * time.Millisecond) // more than two leases
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

// TestARowFiresExactlyOnce: of several processes whose clocks are two hours apart and jump, that are
// ended at any moment and after a day in which none ran, with effects that fail half way.
func TestARowFiresExactlyOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ctx := context.Background()
		write := func(query string, args ...any) {
			t.Helper()
			if err := db.Write(ctx, func(tx database.Tx) error { _, err := tx.Exec(ctx, query, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		write(`CREATE TABLE test_fired (row_id text NOT NULL)`)
		const rows = 150
		r := process(db)
		for i := range rows {
			due := time.Now().Add(-25 * time.Hour) // a day of downtime
			if i%3 == 0 {
				due = time.Now().Add(time.Duration(i) * 5 * time.Millisecond)
			}
			add(t, r, timetable.Row{TenantID: w.Admin.TenantID, Kind: "fires", Key: strconv.Itoa(i), Due: due})
		}
		var tries atomic.Int64
		kinds := map[string]timetable.Handler{"fires": {Fire: func(ctx context.Context, tx database.Tx, row timetable.Row) error {
			if _, err := tx.Exec(ctx, `INSERT INTO test_fired (row_id) VALUES ($1)`, row.ID); err != nil {
				return err
			}
			if tries.Add(1)%17 == 0 {
				return errors.New("ended between effect and commit")
			}
			return nil
		}}}
		fired := func() (n int64) {
			if err := db.Read(ctx, func(tx database.Tx) error { return tx.QueryRow(ctx, `SELECT count(*) FROM test_fired`).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		var jump atomic.Int64
		for round := 0; fired() < rows && round < 100; round++ {
			running, stop := context.WithCancel(ctx)
			var wg sync.WaitGroup
			for i := range 3 {
				p := process(db)
				off := time.Duration(i-1) * 2 * time.Hour
				p.Now = func() time.Time { return time.Now().Add(off + time.Duration(jump.Add(1)%3-1)*2*time.Hour) }
				wg.Go(func() { p.Run(running, kinds) })
			}
			time.Sleep(100 * time.Millisecond)
			stop()
			wg.Wait()
			write(`UPDATE timetable SET due_at = $1 WHERE done_at IS NULL AND attempts > 0`, time.Now().Add(-time.Hour)) // those that failed need not rest
		}
		if n := fired(); n != rows || done(db, "fires") != rows {
			t.Errorf("%d of %d rows fired, %d are done", n, rows, done(db, "fires"))
		}
		var twice int64
		if err := db.Read(ctx, func(tx database.Tx) error {
			return tx.QueryRow(ctx, `SELECT count(*) - count(DISTINCT row_id) FROM test_fired`).Scan(&twice)
		}); err != nil || twice != 0 {
			t.Errorf("%d fired twice, %v", twice, err)
		}
	})
}

// TestNoClockThatJumpsBeginsWorkTwice: a lease holds for processes whose clocks are two hours off, and a
// lease of a clock that was put back since holds nobody up.
func TestNoClockThatJumpsBeginsWorkTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		ctx, stop := context.WithCancel(context.Background())
		var began atomic.Int64
		release := make(chan struct{})
		kinds := map[string]timetable.Handler{"x": {Do: func(ctx context.Context, _ *timetable.Job) error {
			began.Add(1)
			select {
			case <-release:
			case <-ctx.Done():
			}
			return nil
		}}}
		add(t, process(db), timetable.Row{TenantID: tenant, Kind: "x", Key: "1", Due: time.Now().Add(-3 * time.Hour)})
		var jump, polls atomic.Int64
		var wg sync.WaitGroup
		for range 3 {
			p := process(db)
			p.Now = func() time.Time { polls.Add(1); return time.Now().Add(time.Duration(jump.Add(1)%3-1) * 2 * time.Hour) }
			wg.Go(func() { p.Run(ctx, kinds) })
		}
		eventually(t, "it is begun", func() bool { return began.Load() == 1 })
		at := polls.Load()
		eventually(t, "all have looked again and again", func() bool { return polls.Load() > at+100 })
		if n := began.Load(); n != 1 {
			t.Errorf("begun %d times", n)
		}
		close(release)
		eventually(t, "it is done", func() bool { return done(db, "x") == 1 })
		stop()
		wg.Wait()
		add(t, process(db), timetable.Row{TenantID: tenant, Kind: "y", Key: "1"})
		err := db.Write(context.Background(), func(tx database.Tx) error {
			_, err := tx.Exec(context.Background(), `UPDATE timetable SET leased_by = 'of before', leased_until = $1 WHERE kind = 'y'`, time.Now().Add(2*time.Hour))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop = context.WithCancel(context.Background())
		wg.Go(func() {
			process(db).Run(ctx, map[string]timetable.Handler{"y": {Do: func(context.Context, *timetable.Job) error { return nil }}})
		})
		eventually(t, "it is taken up", func() bool { return done(db, "y") == 1 })
		stop()
		wg.Wait()
	})
}

// TestWhatIsHastenedWhileItIsAtWorkIsDoneAgainAtOnce: it may have passed by what it is hastened for.
func TestWhatIsHastenedWhileItIsAtWorkIsDoneAgainAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		tenant := apptest.New(t, db).Admin.TenantID
		ctx, stop := context.WithCancel(context.Background())
		var begun atomic.Int64
		goOn := make(chan struct{})
		kinds := map[string]timetable.Handler{"sends": {Every: time.Hour, Do: func(context.Context, *timetable.Job) error {
			begun.Add(1)
			<-goOn
			return nil
		}}}
		r := process(db)
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(ctx, kinds) })
		eventually(t, "it is at work", func() bool { return begun.Load() == 1 })
		if err := db.Write(ctx, func(tx database.Tx) error { return r.Hasten(ctx, tx, tenant, "sends") }); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		eventually(t, "it is at work again", func() bool { return begun.Load() == 2 })
		eventually(t, "it rests", func() bool { return r.Done.All()["sends"] == 2 })
		stop()
		wg.Wait()
		if begun.Load() != 2 {
			t.Errorf("begun %d times, hastened once", begun.Load())
		}
	})
}
