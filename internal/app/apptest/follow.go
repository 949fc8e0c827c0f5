package apptest

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/timetable"
)

// Process is a further process on the world's database and clock.
func (w *World) Process() *app.App {
	return app.New(w.DB, w.T.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
}

// Follows has a process follow the journal, from where its readers are or begin in the world's company, until what it
// returns is called.
func (w *World) Follows(a *app.App) (stop func()) {
	w.T.Helper()
	a.Feed.Poll, a.Readers.Patience = 50*time.Millisecond, 200*time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.Follow(ctx) }()
	w.Eventually("readers have their places", func() bool { return w.count(`SELECT count(*) FROM reader WHERE tenant_id = $1`) > 2 })
	return sync.OnceFunc(func() { cancel(); <-done })
}

// Eventually waits for what processes do.
func (w *World) Eventually(what string, ok func() bool) {
	w.T.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.T.Fatal("in 30 s not: " + what)
}

// CaughtUp waits until a reader has read the journal of the world's company.
func (w *World) CaughtUp(name string) {
	w.T.Helper()
	w.Eventually(name+" has read the journal", func() bool {
		return w.count(`SELECT count(*) FROM reader r WHERE r.tenant_id = $1 AND r.name = $2
			AND r.seq >= (SELECT max(j.seq) FROM journal j WHERE j.tenant_id = r.tenant_id)`, name) == 1
	})
}

func (w *World) count(query string, args ...any) (n int64) {
	w.T.Helper()
	w.must(w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, query, append([]any{w.Admin.TenantID}, args...)...).Scan(&n)
	}))
	return n
}

// Fire has what is due of some kinds happen, as the timetable does, and tells how many rows that were.
func (w *World) Fire(kinds map[string]timetable.Handler) (fired int) {
	w.T.Helper()
	lease := timetable.Lease{By: "test", For: time.Minute, Now: w.Now()}
	for range 100 {
		var due []timetable.Row
		w.must(w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
			due, err = w.Timetable.Rows.Due(w.Ctx, tx, slices.Collect(maps.Keys(kinds)), lease, 100)
			return err
		}))
		if len(due) == 0 {
			return fired
		}
		for _, r := range due {
			w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
				there, err := w.Timetable.Rows.Fire(w.Ctx, tx, r, w.Now())
				if err != nil || !there {
					return err
				}
				return kinds[r.Kind].Fire(w.Ctx, tx, r)
			}))
			fired++
		}
	}
	w.T.Fatal("it does not end")
	return 0
}
