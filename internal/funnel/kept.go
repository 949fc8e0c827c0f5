package funnel

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"yunchou/internal/database"
)

// keptFor bounds how long limits and calibrated rates are reused: they move by days,
// and recomputing them for each list or record would cost more than the list. A new version
// of a pipeline in force counts at once, in every process.
const keptFor = time.Minute

// dear is how long a computation takes that no request waits for twice.
const dear = 100 * time.Millisecond

// kept are values computed over a whole company, each by a key.
type kept[T any] struct {
	mu sync.Mutex
	by map[string]*keptValue[T]
}

type keptValue[T any] struct {
	value    T
	versions string // of the pipelines, that were in force
	at       time.Time
	took     time.Duration
	renewing bool
}

// get returns the value of a key as it is kept, or computes it in the asker's
// transaction.
func (k *kept[T]) get(ctx context.Context, s *Service, tx database.Tx, tenant, key string, compute func(ctx context.Context, tx database.Tx) (T, error)) (v T, err error) {
	versions, err := s.Pipelines.VersionsInForce(ctx, tx, tenant)
	if err != nil {
		return v, err
	}
	of := keptKey{tenant, key, versions}
	if v, ok := k.fresh(ctx, s, of, compute); ok {
		return v, nil
	}
	return k.renew(ctx, s, tx, of, compute)
}

// keptKey is whose value it is, and by which versions of the pipelines.
type keptKey struct{ tenant, key, versions string }

func (k keptKey) place() string { return k.tenant + " " + k.key }

// fresh returns a value that nobody has to wait for. One that took long to compute is
// renewed beside the requests, which go on with the old one.
func (k *kept[T]) fresh(ctx context.Context, s *Service, key keptKey, compute func(ctx context.Context, tx database.Tx) (T, error)) (v T, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	hit := k.by[key.place()]
	switch {
	case hit == nil || hit.versions != key.versions:
		return v, false
	case s.Now().Sub(hit.at) < keptFor || hit.renewing:
		return hit.value, true
	case hit.took < dear:
		return v, false
	}
	hit.renewing = true
	go func() {
		ctx := context.WithoutCancel(ctx)
		err := s.DB.Read(ctx, func(tx database.Tx) error {
			_, err := k.renew(ctx, s, tx, key, compute)
			return err
		})
		if err != nil { // the next asker computes it, and is told
			slog.Error("limits and rates of a company", "error", err)
			k.mu.Lock()
			delete(k.by, key.place())
			k.mu.Unlock()
		}
	}()
	return hit.value, true
}

func (k *kept[T]) renew(ctx context.Context, s *Service, tx database.Tx, key keptKey, compute func(ctx context.Context, tx database.Tx) (T, error)) (T, error) {
	now, start := s.Now(), time.Now()
	v, err := compute(ctx, tx)
	if err != nil {
		return v, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[string]*keptValue[T]{}
	}
	k.by[key.place()] = &keptValue[T]{value: v, versions: key.versions, at: now, took: time.Since(start)}
	return v, nil
}
