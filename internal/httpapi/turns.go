package httpapi

import (
	"context"
	"sync"

	"yunchou/internal/fault"

	"github.com/danielgtaylor/huma/v2"
)

const (
	// reportsAtOnce is how many reports of one member are computed at once: as many as a page of
	// analyses asks for.
	reportsAtOnce = 6
	// reportsWaiting is how many more of his wait for their turn: some tabs of such pages.
	reportsWaiting = 24
)

// turns are the reports each member has asked for and not been answered. A report reads all records
// he may see; hundreds at once of one member would have the processors and the database's readers,
// and everybody else's pages would wait.
type turns struct {
	mu sync.Mutex
	by map[string]*line
}

// line is one member's reports.
type line struct {
	asked int           // under the lock of turns
	runs  chan struct{} // holds one for each that is computed
}

// take waits for a member's turn, as long as somebody waits for the answer; what he takes he gives
// back. Fault: request.too_many_at_once, where as many wait already.
func (t *turns) take(ctx context.Context, who string) (giveBack func(), err error) {
	t.mu.Lock()
	if t.by == nil {
		t.by = map[string]*line{}
	}
	l := t.by[who]
	if l == nil {
		l = &line{runs: make(chan struct{}, reportsAtOnce)}
		t.by[who] = l
	}
	if l.asked >= reportsAtOnce+reportsWaiting {
		t.mu.Unlock()
		return nil, tooMany()
	}
	l.asked++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if l.asked--; l.asked == 0 {
			delete(t.by, who)
		}
	}
	select {
	case l.runs <- struct{}{}:
		return sync.OnceFunc(func() { <-l.runs; leave() }), nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// inTurn has a member's reports computed a few at a time.
func (a *API) inTurn(ctx huma.Context, next func(huma.Context)) {
	if report, _ := ctx.Operation().Metadata["report"].(bool); !report {
		next(ctx)
		return
	}
	giveBack, err := a.reports.take(ctx.Context(), sharer(ctx.Context()))
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	defer giveBack()
	next(ctx)
}

// tooMany refuses a member what would leave the others no room.
func tooMany() *fault.Fault {
	return fault.New(fault.Limited, "request.too_many_at_once",
		"you send, fetch or ask for as much as one person may at once; wait until some of it has ended").After(busyFor)
}
