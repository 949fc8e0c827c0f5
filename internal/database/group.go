package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// groupWriter is SQLite's one writer. Requests that arrive while a commit is
// being made durable share the next one, each behind its own savepoint, so 32
// writers cost a few fsyncs instead of 32. Decision: docs/decisions/0002-group-commit.md.
type groupWriter struct {
	db      *DB
	queue   chan *writeRequest
	mu      sync.RWMutex
	closed  bool
	stopped chan struct{}
}

type writeRequest struct {
	ctx  context.Context
	fn   func(Tx) error
	err  error
	done chan struct{}
}

// maxGroup bounds how long the first of a group waits for the others.
const maxGroup = 64

var errClosed = errors.New("database: closed")

func newGroupWriter(db *DB) *groupWriter {
	w := &groupWriter{db: db, queue: make(chan *writeRequest, 4*maxGroup), stopped: make(chan struct{})}
	go w.loop()
	return w
}

// do queues fn. A caller that gives up stops waiting; its write may still commit
// if the group had begun, as with any lost connection.
func (w *groupWriter) do(ctx context.Context, fn func(Tx) error) error {
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
		return ctx.Err()
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
	for first := range w.queue {
		group := []*writeRequest{first}
	gather:
		for len(group) < maxGroup {
			select {
			case r, ok := <-w.queue:
				if !ok {
					break gather
				}
				group = append(group, r)
			default:
				break gather
			}
		}
		w.commit(group)
		for _, r := range group {
			close(r.done)
		}
	}
}

// commit runs the group in one transaction. If the commit itself fails nobody is
// told success: every member that had succeeded gets the error.
func (w *groupWriter) commit(group []*writeRequest) {
	ctx := context.Background() // one member's cancellation must not undo the others
	t, err := w.db.write.BeginTx(ctx, nil)
	if err != nil {
		for _, r := range group {
			r.err = err
		}
		return
	}
	defer t.Rollback() //nolint:errcheck // after commit it has nothing to do
	for _, r := range group {
		if r.err = r.ctx.Err(); r.err == nil {
			r.err = w.inSavepoint(ctx, t, r)
		}
	}
	if err := translate(t.Commit()); err != nil {
		for _, r := range group {
			if r.err == nil {
				r.err = fmt.Errorf("commit: %w", err)
			}
		}
	}
}

func (w *groupWriter) inSavepoint(ctx context.Context, t *sql.Tx, r *writeRequest) (err error) {
	if _, err := t.ExecContext(ctx, "SAVEPOINT request"); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
		end := "RELEASE request"
		if err != nil {
			end = "ROLLBACK TO request; RELEASE request"
		}
		if _, e := t.ExecContext(ctx, end); e != nil {
			err = errors.Join(err, e)
		}
	}()
	tx := Tx{run: t, dialect: SQLite, pending: &pending{}}
	if err := r.fn(tx); err != nil {
		return err
	}
	return tx.flush(ctx)
}
