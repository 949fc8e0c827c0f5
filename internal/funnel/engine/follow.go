package engine

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/database"
)

const (
	// ahead is how many entries columns fall behind before they catch up though nobody asks: a quarter
	// of what a question would, so that none is told to wait after an import in another process. Fewer
	// are left to the next question, which takes in what was written until then at once.
	ahead = withinRequest / 4
	// askedLately is how long after a question it is worth it.
	askedLately = 10 * time.Minute
)

// Moved hears that a company's journal has come to a number, and has columns that are in use catch up
// where they are far behind. It is not waited for.
func (e *Engine) Moved(tenantID string, seq int64) {
	e.mu.Lock()
	t := e.tenants[tenantID]
	e.mu.Unlock()
	if t == nil {
		return
	}
	now := t.current.Load()
	if now == nil || seq-now.seq < ahead || !t.following.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer t.following.Store(false)
		e.follow(database.Aside(context.Background()), tenantID, t)
	}()
}

// follow catches up as a question would; what is too much for one, and what fails, the next question
// meets too, and says so.
func (e *Engine) follow(ctx context.Context, tenantID string, t *tenant) {
	err := e.DB.Read(ctx, func(tx database.Tx) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		if time.Since(t.used) > askedLately {
			return nil
		}
		return tx.PlannedOnce(ctx, func() error { return e.advance(ctx, tx, tenantID, t, withinRequest) })
	})
	if errors.Is(err, errBehind) {
		e.begin(ctx, tenantID, t)
	}
}
