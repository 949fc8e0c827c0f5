package engine

import (
	"context"
	"time"
)

// Soon tells whether a company's columns are there, and waits for them no longer than a moment;
// where they are not they begin to be loaded.
func (e *Engine) Soon(ctx context.Context, tenantID string, moment time.Duration) (bool, error) {
	t := e.tenant(tenantID)
	if e.there(t) {
		return true, nil
	}
	l := e.begin(ctx, tenantID, t)
	select {
	case <-l.done:
		return l.err == nil, l.err
	case <-time.After(moment):
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// TakenUp waits while a company's columns are taken up from their file, which is a moment, and no
// longer than is said; where they have to be loaded, or much caught up, it does not wait. They begin
// to be where they are not.
func (e *Engine) TakenUp(ctx context.Context, tenantID string, most time.Duration) {
	t := e.tenant(tenantID)
	if e.there(t) {
		return
	}
	l := e.begin(ctx, tenantID, t)
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-l.done:
	case <-l.long:
	case <-late.C:
	case <-ctx.Done():
	}
}
