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
