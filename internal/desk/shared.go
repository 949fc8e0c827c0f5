package desk

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// shared are desks as they were read last, by whose they are, where the journal was and in which half minute: limits
// and rates are computed beside it, and a note is overdue at an instant. Who asks for one that is being read waits
// for it. The zero value is ready.
type shared struct {
	mu    sync.Mutex
	desks map[deskKey]*reading
}

type deskKey struct {
	tenant, entry, member, effective, principals string
	most                                         int
	halfMinute                                   int64
}

type reading struct {
	done  chan struct{}
	lines Lines
	err   error
}

const (
	mostShared = 512 // desks that are kept
	stillNow   = 30 * time.Second
)

func keyOf(ctx context.Context, tx database.Tx, a org.Actor, most int) (deskKey, error) {
	last, err := journal.Last(ctx, tx, a.TenantID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return deskKey{}, err
	}
	principals := slices.Sorted(slices.Values(a.Principals()))
	return deskKey{a.TenantID, last.ID, a.MemberID, a.Effective(), strings.Join(principals, " "), most, a.Now.UnixNano() / int64(stillNow)}, nil
}

// read has a desk read once. What failed, or is not whole yet, is not kept.
func (s *shared) read(ctx context.Context, key deskKey, fn func() (Lines, error)) (Lines, error) {
	s.mu.Lock()
	r, there := s.desks[key]
	if !there {
		if s.desks == nil || len(s.desks) >= mostShared {
			s.desks = map[deskKey]*reading{}
		}
		r = &reading{done: make(chan struct{})}
		s.desks[key] = r
	}
	s.mu.Unlock()
	if there {
		select {
		case <-r.done:
		case <-ctx.Done():
			return Lines{}, ctx.Err()
		}
		if r.err == nil {
			return r.lines, nil
		}
		return fn() // whoever read it may have gone
	}
	defer close(r.done)
	r.err = context.Canceled // where it panics
	r.lines, r.err = fn()
	if r.err != nil || r.lines.Computing {
		s.mu.Lock()
		delete(s.desks, key)
		s.mu.Unlock()
	}
	return r.lines, r.err
}
