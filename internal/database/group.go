package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// groupWriter is SQLite's one writer. Requests that arrive while a commit is
// being made durable share the next one, each behind its own savepoint, so 32
// writers cost a few fsyncs instead of 32. Decision: docs/decisions/0002-group-commit.md.
type groupWriter struct {
	db      *DB
	queue   chan *writeRequest
	slow    map[uintptr]int // functions that were long, and for how many runs they go alone yet
	mu      sync.RWMutex
	closed  bool
	stopped chan struct{}
}

type writeRequest struct {
	ctx  context.Context // the caller's: asked before its turn, and no more once it runs
	fn   write
	err  error
	done chan struct{}
}

const (
	// maxGroup bounds how long the first of a group waits for the others.
	maxGroup = 64
	// longRun is how long a function may take and still share a transaction.
	longRun = time.Second
	// aloneRuns is how many short runs make a function that was long share again: one
	// hiccup of the machine must not cost every move its own commit for ever.
	aloneRuns = 20
)

var errClosed = errors.New("database: closed")

func newGroupWriter(db *DB) *groupWriter {
	w := &groupWriter{db: db, queue: make(chan *writeRequest, 4*maxGroup), slow: map[uintptr]int{}, stopped: make(chan struct{})}
	go w.loop()
	return w
}

// do queues fn. A caller that gives up stops waiting; its write, if it had begun, goes on
// and may commit, as with any lost connection.
func (w *groupWriter) do(ctx context.Context, fn write) error {
	r := &writeRequest{ctx: ctx, fn: fn, done: make(chan struct{})}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errClosed
	}
	select {
	case w.queue <- r:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err() // r.err is still the writer's
	}
}

func (w *groupWriter) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.stopped
}

func (w *groupWriter) loop() {
	defer close(w.stopped)
	var next *writeRequest // taken from the queue, and to go alone
	for {
		first, ok := next, true
		if first == nil {
			first, ok = <-w.queue
		}
		if !ok {
			return
		}
		var group []*writeRequest
		group, next = w.gather(first)
		w.commit(group)
		wrote := false
		for _, r := range group {
			wrote = wrote || w.db.noted(r.err) == nil
			close(r.done)
		}
		if wrote {
			w.db.notify()
		}
	}
}

// gather takes what waits behind the first. What is long goes alone, so that the others
// do not wait for it and are not lost with it: it is handed back as next.
func (w *groupWriter) gather(first *writeRequest) (group []*writeRequest, next *writeRequest) {
	group = []*writeRequest{first}
	if w.long(first) {
		return group, nil
	}
	for len(group) < maxGroup {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return group, nil
			}
			if w.long(r) {
				return group, r
			}
			group = append(group, r)
		default:
			return group, nil
		}
	}
	return group, nil
}

func (w *groupWriter) long(r *writeRequest) bool { return w.slow[r.fn.code] > 0 || isLong(r.ctx) }

// commit runs a group. Where SQLite took its transaction back, nobody has been told
// anything yet: the others are run again, each in a transaction of its own.
func (w *groupWriter) commit(group []*writeRequest) {
	if len(group) == 1 {
		w.alone(group[0])
		return
	}
	for _, r := range w.together(group) {
		w.alone(r)
	}
}

// alone runs one request in a transaction of its own, which is what is taken back.
func (w *groupWriter) alone(r *writeRequest) {
	if r.err = r.ctx.Err(); r.err != nil {
		return
	}
	t, err := w.db.write.BeginTx(context.Background(), nil)
	if err != nil {
		r.err = translate(err)
		return
	}
	defer t.Rollback() //nolint:errcheck // after commit it has nothing to do
	if r.err = w.run(t, r); r.err != nil {
		return
	}
	if err := translate(t.Commit()); err != nil {
		r.err = fmt.Errorf("commit: %w", err)
	}
}

// together runs a group in one transaction and returns whom to run again, because SQLite
// took the transaction back. Whoever it was taken back with is answered with what happened.
func (w *groupWriter) together(group []*writeRequest) (again []*writeRequest) {
	ctx := context.Background() // no member's cancellation may undo the others
	t, err := w.db.write.BeginTx(ctx, nil)
	if err != nil {
		for _, r := range group {
			r.err = translate(err)
		}
		return nil
	}
	defer t.Rollback() //nolint:errcheck // after commit it has nothing to do
	for i, r := range group {
		if r.err = r.ctx.Err(); r.err != nil {
			continue // gave up before its turn: nothing of it is written
		}
		if _, err := t.ExecContext(ctx, "SAVEPOINT request"); err != nil {
			return group
		}
		r.err = w.run(t, r)
		end := "RELEASE request"
		if r.err != nil {
			end = "ROLLBACK TO request; RELEASE request"
		}
		if _, err := t.ExecContext(ctx, end); err != nil { // the savepoint is gone, and so is all before it
			r.err = errors.Join(r.err, err)
			return slices.Concat(group[:i], group[i+1:])
		}
	}
	if err := translate(t.Commit()); err != nil {
		refuse(group, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// refuse tells a group that its commit failed: nobody is told success, and nobody behind
// the first who wrote is told a reason that may rest on what is not there.
func refuse(group []*writeRequest, err error) {
	wrote := false
	for _, r := range group {
		if wrote = wrote || r.err == nil; wrote {
			r.err = err
		}
	}
}

// run runs a request's function within its bound, and remembers whether it was long.
func (w *groupWriter) run(t *sql.Tx, r *writeRequest) error {
	began := time.Now()
	bound, cancel := context.WithTimeout(context.Background(), w.db.bound)
	defer cancel()
	err := r.fn.run(r.ctx, Tx{run: t, dialect: SQLite, pending: &pending{}, bound: bound})
	if time.Since(began) > longRun || errors.Is(err, ErrTooLong) {
		w.slow[r.fn.code] = aloneRuns
	} else if n := w.slow[r.fn.code]; n > 1 {
		w.slow[r.fn.code] = n - 1
	} else if n == 1 {
		delete(w.slow, r.fn.code)
	}
	return err
}
