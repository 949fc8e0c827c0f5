package funnel

import (
	"context"
	"errors"

	"yunchou/internal/fault"
)

// Behind is why a source cannot answer within a transaction that is open: it has much to read
// first, and while it reads nobody's transaction should wait, for there are few. Who has none open
// waits for Done and asks again; to a page it is a fault, funnel.loading, that says how far it is.
type Behind struct {
	Done        <-chan struct{}
	Read, Total int64 // opportunities
}

func (b *Behind) Error() string { return b.Unwrap().Error() }

// Unwrap is what a page is told.
func (b *Behind) Unwrap() error {
	return fault.New(fault.Busy, "funnel.loading", "the company's deals are being read: %d of %d; ask again in a moment", b.Read, b.Total).
		With("read", b.Read).With("total", b.Total).After(2)
}

// mostTries bounds how often a question begins anew because its source fell behind: once is
// common, after a large import; more says that something keeps failing.
const mostTries = 5

// WhenReady has a question read, in a transaction it begins, once a source is ready, and again where
// the source fell behind meanwhile.
func WhenReady(ctx context.Context, s Source, tenant string, read func() error) (err error) {
	for range mostTries {
		if err = s.Ready(ctx, tenant); err != nil {
			return err
		}
		err = read()
		var b *Behind
		if !errors.As(err, &b) {
			return err
		}
		select {
		case <-b.Done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}
