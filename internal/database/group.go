package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// groupWriter is SQLite's one writer. Requests that arrive while a commit is
// being made durable share the next one, so 32 writers cost a few fsyncs instead of 32. A
// savepoint behind which one alone could be taken back costs a copy of every page, and few are
// taken back: a group goes without, and where one fails after it wrote, all are taken back and
// run again, each behind its own. Decision: docs/decisions/0002-group-commit.md.
type groupWriter struct {
	db      *DB
	queue   chan *writeRequest
	slow    map[uintptr]int // functions that were long, and for how many runs they go alone yet
	careful int             // how many groups go behind savepoints yet, because one was taken back
	last    int             // how many there were in the last group
	durable time.Duration   // how long its commit took
	patient time.Duration   // how long the next waits for them at most
	mu      sync.RWMutex
	closed  bool
	stopped chan struct{}
}

type writeRequest struct {
	ctx  context.Context // the caller's: asked before its turn, and no more once it runs
	fn   write
	err  error
	done chan struct{}
	// moved is what its last run added to journals.
	moved map[string]Seq
}

const (
	// maxGroup bounds how long the first of a group waits for the others.
	maxGroup = 64
	// longRun is how long a function may take and still share a transaction.
	longRun = time.Second
	// aloneRuns is how many short runs make a function that was long share again: one
	// hiccup of the machine must not cost every move its own commit for ever.
	aloneRuns = 20
	// carefulGroups is how many groups go behind savepoints after one was taken back: who sends
	// what fails over and over does not have every group run twice.
	carefulGroups = 16
	// commitShare and longestMoment are how long a group waits for those of the last to come back: a
	// quarter of what a commit takes, which they save, and no longer than nobody notices.
	commitShare   = 4
	longestMoment = 2 * time.Millisecond
)

var errClosed = errors.New("database: closed")

func newGroupWriter(db *DB) *groupWriter {
	w := &groupWriter{db: db, queue: make(chan *writeRequest, 4*maxGroup), slow: map[uintptr]int{}, patient: longestMoment, stopped: make(chan struct{})}
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
		wrote, moved := false, map[string]Seq{}
		for _, r := range group {
			if w.db.noted(r.err) == nil {
				wrote = true
				highest(moved, r.moved)
			}
			close(r.done)
		}
		if wrote {
			w.db.wrote(moved)
		}
	}
}

// gather takes what waits behind the first, and for a moment those who come back: the last group
// was answered at once, and the quickest of it would have a commit to itself while the others wait
// for the next, every second commit would be one's alone. What is long goes alone, so that
// the others do not wait for it and are not lost with it: it is handed back as next.
func (w *groupWriter) gather(first *writeRequest) (group []*writeRequest, next *writeRequest) {
	group = []*writeRequest{first}
	defer func() { w.last = len(group) }()
	if w.long(first) {
		return group, nil
	}
	var moment <-chan time.Time
	for len(group) < maxGroup {
		var r *writeRequest
		ok := true
		select {
		case r, ok = <-w.queue:
		default:
			if len(group) >= w.last {
				return group, nil
			}
			if moment == nil {
				moment = time.After(min(w.durable/commitShare, w.patient))
			}
			select {
			case r, ok = <-w.queue:
			case <-moment:
				return group, nil
			}
		}
		if !ok {
			return group, nil
		}
		if w.long(r) {
			return group, r
		}
		group = append(group, r)
	}
	return group, nil
}

func (w *groupWriter) long(r *writeRequest) bool { return w.slow[r.fn.code] > 0 || isLong(r.ctx) }

// commit runs a group. Where its transaction was taken back, nobody has been told anything yet:
// the others are run again, behind savepoints, and where SQLite took that back too, each in a
// transaction of its own.
func (w *groupWriter) commit(group []*writeRequest) {
	if len(group) == 1 || w.db.twice {
		for _, r := range group {
			w.rehearse(r)
			w.alone(r)
		}
		return
	}
	if w.careful > 0 {
		w.careful--
	} else if group = w.together(group, false); len(group) > 1 {
		w.careful = carefulGroups
	}
	if len(group) > 1 {
		group = w.together(group, true)
	}
	for _, r := range group {
		w.alone(r)
	}
}

// rehearse runs a request and takes it back, where writes are rehearsed.
func (w *groupWriter) rehearse(r *writeRequest) {
	if !w.db.twice || r.ctx.Err() != nil {
		return
	}
	if h, err := hold(context.Background(), w.db.write, driver.TxOptions{}); err == nil {
		w.run(h, r) //nolint:errcheck // what it comes to is told by the other
		h.Close()
	}
}

// alone runs one request in a transaction of its own, which is what is taken back.
func (w *groupWriter) alone(r *writeRequest) {
	if r.err = r.ctx.Err(); r.err != nil {
		return
	}
	h, err := hold(context.Background(), w.db.write, driver.TxOptions{})
	if err != nil {
		r.err = translate(err)
		return
	}
	defer h.Close()
	if _, r.err = w.run(h, r); r.err != nil {
		return
	}
	if err := translate(h.Commit()); err != nil {
		r.err = fmt.Errorf("commit: %w", err)
	}
}

// together runs a group in one transaction, each behind a savepoint if they are guarded, and
// returns whom to run again because it was taken back: by SQLite, and whoever it was taken back
// with is answered with what happened; or by us, because one who is not guarded failed after it
// had written. Whose time was over is not given it a second time: the others wait.
func (w *groupWriter) together(group []*writeRequest, guarded bool) (again []*writeRequest) {
	h, err := hold(context.Background(), w.db.write, driver.TxOptions{}) // no member's cancellation may undo the others
	if err != nil {
		for _, r := range group {
			r.err = translate(err)
		}
		return nil
	}
	defer h.Close()
	for i, r := range group {
		if r.err = r.ctx.Err(); r.err != nil {
			continue // gave up before its turn: nothing of it is written
		}
		if guarded {
			err = w.behindSavepoint(h, r)
		} else {
			err = w.unguarded(h, r)
		}
		switch {
		case errors.Is(err, errWrote) && !errors.Is(r.err, ErrTooLong):
			return group
		case err != nil: // the transaction is gone, and so is all before it; or its time is over
			r.err = errors.Join(r.err, err)
			return slices.Concat(group[:i], group[i+1:])
		}
	}
	began := time.Now()
	err = translate(h.Commit())
	w.durable = time.Since(began)
	if err != nil {
		refuse(group, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// errWrote: a request failed after it had written, and nothing but the whole transaction can be
// taken back.
var errWrote = errors.New("database: failed after it wrote")

// unguarded runs a request, and tells what became of the transaction, whatever the request made
// of it.
func (w *groupWriter) unguarded(h *held, r *writeRequest) error {
	wrote := false
	wrote, r.err = w.run(h, r)
	if err := h.lost(); err != nil {
		return err
	}
	if r.err != nil && wrote {
		return errWrote
	}
	return nil
}

// behindSavepoint runs a request so that it can be taken back alone; the error is that of a
// savepoint that is not there any more.
func (w *groupWriter) behindSavepoint(h *held, r *writeRequest) error {
	if _, err := h.conn.ExecContext(context.Background(), "SAVEPOINT request"); err != nil {
		return err
	}
	_, r.err = w.run(h, r)
	end := "RELEASE request"
	if r.err != nil {
		end = "ROLLBACK TO request; RELEASE request"
	}
	_, err := h.conn.ExecContext(context.Background(), end)
	return err
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

// run runs a request's function within its bound, and remembers whether it was long. It tells
// whether anything was written.
func (w *groupWriter) run(h *held, r *writeRequest) (wrote bool, err error) {
	began := time.Now()
	bound, cancel := context.WithTimeout(context.Background(), w.db.bound)
	defer cancel()
	defer h.watch(bound)()
	p := &pending{}
	err = r.fn.run(r.ctx, Tx{run: h.conn, dialect: SQLite, pending: p, bound: bound, watched: bound})
	if time.Since(began) > longRun || errors.Is(err, ErrTooLong) {
		w.slow[r.fn.code] = aloneRuns
	} else if n := w.slow[r.fn.code]; n > 1 {
		w.slow[r.fn.code] = n - 1
	} else if n == 1 {
		delete(w.slow, r.fn.code)
	}
	r.moved = p.moved
	return p.wrote, err
}
