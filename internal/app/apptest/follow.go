package apptest

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
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
	w.Eventually("readers have their places", func() bool {
		return w.count(`SELECT count(*) FROM reader WHERE tenant_id = $1`) >= int64(a.Followers())
	})
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
