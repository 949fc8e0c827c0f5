package intake

import (
	"context"
	"errors"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// leaseFor is how long a process that works on a batch may say nothing before another
// takes it for dead.
const leaseFor = time.Minute

// Lease is who works on a batch and until when he is believed to.
type Lease struct {
	By         string
	Until, Now time.Time
}

// errLost ends a run whose batch another process has taken.
var errLost = errors.New("intake: another process took the import over")

// process names this process among those on the database.
func (s *Service) process() string {
	s.named.Do(func() { s.name = record.NewID(time.Time{}) })
	return s.name
}

func (s *Service) lease() Lease {
	now := s.Org.Now()
	return Lease{s.process(), now.Add(leaseFor), now}
}

// hold renews the lease in a write of its holder, so that nothing is written by one who
// lost it. Errors: errLost; errStopped, where somebody cancelled.
func (s *Service) hold(ctx context.Context, tx database.Tx, tenant, id string) error {
	held, cancelled, err := s.Rows.Renew(ctx, tx, tenant, id, s.lease())
	switch {
	case err != nil:
		return err
	case !held:
		return errLost
	case cancelled:
		return errStopped
	}
	return nil
}

// keepLease renews the lease while its holder works, however long one step takes; the
// context ends where it was lost.
func (s *Service) keepLease(ctx context.Context, tenant, id string) (held context.Context, release func()) {
	held, lose := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(leaseFor / 3)
		defer t.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-t.C:
				err := s.DB.Write(held, func(tx database.Tx) error { return s.hold(held, tx, tenant, id) })
				if errors.Is(err, errLost) {
					lose(err)
				}
			}
		}
	}()
	return held, func() {
		lose(nil)
		<-done
	}
}

// letGo ends the lease of one who stops before the end, so that another need not wait.
func (s *Service) letGo(ctx context.Context, tenant, id string) error {
	ctx = context.WithoutCancel(ctx)
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.LetGo(ctx, tx, tenant, id, s.process()) })
}

// Recover marks imports as failed whose process has not been heard of since its lease
// ended; what they wrote is there and can be undone. Undoing goes on by itself.
func (s *Service) Recover(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Abandon(ctx, tx, s.Org.Now()) })
}
