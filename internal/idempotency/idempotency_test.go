package idempotency_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/idempotency/idempotencydb"
)

// request is one that writes its answer's number when it is let go.
type request struct {
	runs    atomic.Int32
	began   chan struct{} // received when it runs
	release chan error    // what it is to answer
}

func (r *request) send(w *apptest.World, k *idempotency.Keys, ctx context.Context, hash string) (int, error) {
	return idempotency.Once(ctx, k, w.As("陈露").By(), "key", hash, func(database.Tx) (int, error) {
		n := r.runs.Add(1)
		r.began <- struct{}{}
		return int(n), <-r.release
	})
}

func each(t *testing.T, wait time.Duration, run func(t *testing.T, send func(ctx context.Context, hash string) (int, error), r *request)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		k := &idempotency.Keys{DB: db, Rows: idempotencydb.Rows{}, Wait: wait}
		r := &request{began: make(chan struct{}, 9), release: make(chan error, 9)}
		run(t, func(ctx context.Context, hash string) (int, error) { return r.send(w, k, ctx, hash) }, r)
	})
}

type answer struct {
	n   int
	err error
}

func later(send func(context.Context, string) (int, error)) chan answer {
	c := make(chan answer, 1)
	go func() { n, err := send(context.Background(), "h"); c <- answer{n, err} }()
	return c
}

func TestARepeatIsAnsweredWithTheFirstAnswer(t *testing.T) {
	each(t, 10*time.Second, func(t *testing.T, send func(context.Context, string) (int, error), r *request) {
		first := later(send)
		<-r.began
		second := later(send)
		time.Sleep(50 * time.Millisecond)
		r.release <- nil
		if a, b := <-first, <-second; a != (answer{1, nil}) || b != a {
			t.Errorf("first %v, second %v", a, b)
		}
		if n := r.runs.Load(); n != 1 {
			t.Errorf("it ran %d times", n)
		}
		if _, err := send(context.Background(), "another"); fault.CodeOf(err) != "request.key_reused" {
			t.Errorf("another request under the key: %v", err)
		}
	})
}

func TestWhereTheFirstFailedTheSecondRuns(t *testing.T) {
	each(t, 10*time.Second, func(t *testing.T, send func(context.Context, string) (int, error), r *request) {
		first := later(send)
		<-r.began
		second := later(send)
		time.Sleep(50 * time.Millisecond)
		failed := errors.New("failed")
		r.release <- failed
		r.release <- nil
		if a, b := <-first, <-second; !errors.Is(a.err, failed) || b != (answer{2, nil}) {
			t.Errorf("first %v, second %v", a, b)
		}
	})
}

// The second waits so long and is told to ask again; then it gets the first's answer.
func TestARepeatWaitsOnlySoLong(t *testing.T) {
	each(t, 150*time.Millisecond, func(t *testing.T, send func(context.Context, string) (int, error), r *request) {
		first := later(send)
		<-r.began
		began := time.Now()
		_, err := send(context.Background(), "h")
		if f := fault.As(err); f == nil || f.Code != "request.in_progress" || f.Kind != fault.Conflict || f.RetryAfter == 0 {
			t.Errorf("while the first runs: %v", err)
		}
		if d := time.Since(began); d < 100*time.Millisecond || d > 5*time.Second {
			t.Errorf("waited %v", d)
		}
		r.release <- nil
		<-first // on SQLite it gave up waiting too: its answer is asked for below
		if n, err := send(context.Background(), "h"); err != nil || n != 1 {
			t.Errorf("asked again: %d %v", n, err)
		}
	})
}

// Who lost the connection and sends again gets what the write, which went on, answered.
func TestALostConnectionIsSentAgain(t *testing.T) {
	each(t, 10*time.Second, func(t *testing.T, send func(context.Context, string) (int, error), r *request) {
		ctx, cancel := context.WithCancel(context.Background())
		gone := make(chan error, 1)
		go func() { _, err := send(ctx, "h"); gone <- err }()
		<-r.began
		cancel()
		second := later(send)
		time.Sleep(50 * time.Millisecond)
		r.release <- nil
		if b := <-second; b != (answer{1, nil}) || r.runs.Load() != 1 {
			t.Errorf("sent again: %v after %d runs", b, r.runs.Load())
		}
		<-gone
	})
}
