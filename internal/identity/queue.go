package identity

import (
	"context"

	"yunchou/internal/fault"
)

// queue bounds how much is hashed at once, because each hash takes 19 MiB, and how many wait
// for it: beyond, whoever comes is told to come again.
type queue struct{ running, waiting chan struct{} }

func newQueue(running, waiting int) *queue {
	return &queue{make(chan struct{}, running), make(chan struct{}, running+waiting)}
}

var (
	anybody = newQueue(2, 32)
	// A burst of strangers does not keep those out whose device is known.
	knownDevices = newQueue(1, 16)
)

// do runs fn in its turn. Fault: identity.busy where too many wait.
func (q *queue) do(ctx context.Context, fn func()) error {
	select {
	case q.waiting <- struct{}{}:
		defer func() { <-q.waiting }()
	default:
		return fault.New(fault.Busy, "identity.busy", "too many sign in at this moment; try again").After(2)
	}
	select {
	case q.running <- struct{}{}:
		defer func() { <-q.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	fn()
	return nil
}
