package reader

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// step takes a reader one transaction further in a company, where this process runs it.
func (r *Runner) step(ctx context.Context, k key, s *state) outcome {
	o, err := r.tryStep(ctx, k, s)
	if err == nil {
		s.trouble = 0
		return o
	}
	if ctx.Err() != nil {
		return outcome{passed: s.passed}
	}
	s.trouble++
	s.held = false // whatever became of it, its row says
	r.Log.Warn("a reader could not go on", "reader", k.reader, "company", k.tenant, "tries", s.trouble, "error", kindOf(err))
	return outcome{rest: pause(s.trouble)}
}

func (r *Runner) tryStep(ctx context.Context, k key, s *state) (outcome, error) {
	if !s.held {
		if o, err := r.own(ctx, k, s); err != nil || !s.held {
			return o, err
		}
	}
	seen, err := r.look(ctx, k, s)
	switch {
	case err != nil:
		return outcome{}, err
	case !seen.there && !s.fresh: // by what we remember; the row may know better
		s.held = false
		return outcome{more: true}, nil
	case !seen.there:
		return r.lost(ctx, k, s)
	}
	s.fresh = false
	if len(seen.entries) == 0 {
		if seen.head.Seq == s.place.Seq {
			return outcome{passed: s.passed}, nil
		}
		s.place.Seq, s.place.EntryID = seen.head.Seq, seen.head.ID
		return outcome{passed: true}, nil
	}
	return r.apply(ctx, k, s, seen)
}

// own makes a reader this process's, where it is nobody's, or was left where it is for too long.
func (r *Runner) own(ctx context.Context, k key, s *state) (outcome, error) {
	p, head, err := r.row(ctx, k, s)
	if err != nil || p == nil {
		return outcome{gone: err == nil}, err
	}
	if p.Holder != "" && p.Holder != r.me && r.DB.Dialect() == database.PostgreSQL { // SQLite has one process
		if p.Seq == head {
			return outcome{}, nil
		}
		if s.since.IsZero() || s.turn != p.Turn {
			s.turn, s.since = p.Turn, time.Now()
		}
		if time.Since(s.since) < r.Patience+rests(p.Attempts) {
			return outcome{rest: r.Patience / 4}, nil
		}
	}
	taken, err := database.Write(ctx, r.DB, func(tx database.Tx) (bool, error) { return r.Rows.Take(ctx, tx, *p, r.me) })
	if err != nil || !taken {
		return outcome{rest: r.Patience / 4}, err
	}
	if p.Holder != "" && p.Holder != r.me {
		r.Log.Info("a reader was taken over from a process that left it", "reader", k.reader, "company", k.tenant)
	}
	s.place, s.held, s.fresh, s.since = *p, true, true, time.Time{}
	s.place.Holder = r.me
	s.place.Turn++
	return outcome{}, nil
}

// row reads a place, which is made where there is none, and the journal's head beside it; nil is for a
// company that is no more.
func (r *Runner) row(ctx context.Context, k key, s *state) (p *Place, head int64, err error) {
	for range 2 {
		err = r.DB.Read(ctx, func(tx database.Tx) error {
			list, err := r.Rows.Places(ctx, tx, k.tenant, []string{k.reader})
			if err != nil || len(list) == 0 {
				return err
			}
			p = &list[0]
			head, err = journal.Head(ctx, tx, k.tenant)
			return err
		})
		if err != nil || p != nil {
			return p, head, err
		}
		if err := r.found(ctx, k, s); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, nil
}

// found makes the place of a reader that has none in a company.
func (r *Runner) found(ctx context.Context, k key, s *state) error {
	return r.DB.Write(ctx, func(tx database.Tx) error {
		p := Place{TenantID: k.tenant, Reader: k.reader}
		if s.early {
			if err := put(ctx, tx, r.readers[k.reader].First, &p); err != nil {
				return err
			}
		}
		return r.Rows.Insert(ctx, tx, p)
	})
}

// put has a rule say where a place is.
func put(ctx context.Context, tx database.Tx, where Where, p *Place) (err error) {
	if where == nil {
		where = FromNow
	}
	after, err := where(ctx, tx, *p)
	if err != nil {
		return err
	}
	p.Seq = after
	p.EntryID, err = journal.IDOf(ctx, tx, p.TenantID, after)
	return err
}

// lost has a reader whose last entry is not in the journal go on by its own rule.
func (r *Runner) lost(ctx context.Context, k key, s *state) (outcome, error) {
	was := s.place
	next, err := database.Write(ctx, r.DB, func(tx database.Tx) (*Place, error) {
		p := was
		if err := put(ctx, tx, r.readers[k.reader].Lost, &p); err != nil {
			return nil, err
		}
		ours, err := r.Rows.Reset(ctx, tx, was, p.Seq, p.EntryID)
		if err != nil || !ours {
			return nil, err
		}
		p.Turn++
		return &p, nil
	})
	if err != nil {
		return outcome{}, err
	}
	if next == nil {
		s.held = false
		return outcome{more: true}, nil
	}
	r.Log.Warn("the last entry a reader applied is not in the journal: it goes on by its own rule",
		"reader", k.reader, "company", k.tenant, "was", was.Seq, "after", next.Seq)
	s.place = *next
	return outcome{more: true}, nil
}

// seen is what a reader finds behind its place.
type seen struct {
	there   bool // the entry of its place is
	entries []journal.Entry
	head    journal.Entry
	limit   int
}

func (r *Runner) look(ctx context.Context, k key, s *state) (out seen, err error) {
	out.limit = entriesAtOnce
	if s.limit > 0 {
		out.limit = s.limit
	}
	err = r.DB.Read(ctx, func(tx database.Tx) error {
		id, err := journal.IDOf(ctx, tx, k.tenant, s.place.Seq)
		if out.there = err == nil && id == s.place.EntryID; !out.there {
			return err
		}
		if out.entries, err = journal.SinceOf(ctx, tx, k.tenant, s.place.Seq, r.readers[k.reader].Kinds, out.limit); err != nil {
			return err
		}
		out.head, err = journal.Last(ctx, tx, k.tenant)
		return err
	})
	return out, err
}

// refused is an entry that could not be applied, or that is one too many for a transaction.
type refused struct {
	at      int // among those of the transaction
	cause   error
	tooMany bool
}

func (f *refused) Error() string {
	return fmt.Sprintf("entry %d of the transaction: %v", f.at, f.cause)
}
func (f *refused) Unwrap() error { return f.cause }

// apply applies entries and moves the place, in one transaction.
func (r *Runner) apply(ctx context.Context, k key, s *state, seen seen) (outcome, error) {
	to := seen.entries[len(seen.entries)-1]
	if len(seen.entries) < seen.limit {
		to = seen.head // what lies between is of no interest
	}
	was, reads := s.place, r.readers[k.reader]
	ours, err := database.Write(ctx, r.DB, func(tx database.Tx) (bool, error) {
		ours, err := r.Rows.Move(ctx, tx, was, to.Seq, to.ID) // first: whoever lost the reader writes nothing
		if err != nil || !ours {
			return false, err
		}
		wrote := 0
		for i, e := range seen.entries {
			n, err := guarded(ctx, tx, reads, Entry{e, k.tenant, k.reader})
			if wrote += n; err == nil && wrote > database.MaxRecords {
				return false, &refused{at: i, cause: errTooMany, tooMany: true}
			}
			if err != nil {
				return false, &refused{at: i, cause: err}
			}
		}
		return true, nil
	})
	var not *refused
	switch {
	case errors.As(err, &not) && not.at > 0: // those before it go alone
		s.limit = not.at
		return outcome{more: true, passed: s.passed}, nil
	case errors.As(err, &not) && not.tooMany && len(seen.entries) > 1:
		s.limit = 1
		return outcome{more: true, passed: s.passed}, nil
	case errors.As(err, &not):
		return r.fail(ctx, k, s, seen.entries[0], not.cause)
	case err != nil:
		return outcome{}, err
	case !ours:
		s.held = false
		return outcome{more: true}, nil
	}
	s.limit = 0
	s.place.Seq, s.place.EntryID, s.place.Attempts = to.Seq, to.ID, 0
	s.place.Turn++
	r.Applied.Add(k.reader, int64(len(seen.entries)))
	return outcome{more: len(seen.entries) == seen.limit}, nil
}

// guarded has a panic be an error.
func guarded(ctx context.Context, tx database.Tx, reads Reader, e Entry) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicked{fmt.Sprintf("panic of type %T\n%s", p, debug.Stack())}
		}
	}()
	return reads.Apply(ctx, tx, e)
}

// fail notes an entry that could not be applied, and has the reader rest; others go on.
func (r *Runner) fail(ctx context.Context, k key, s *state, e journal.Entry, cause error) (outcome, error) {
	was := s.place
	f := Failure{Seq: e.Seq, Code: codeOf(cause), Since: r.Now()}
	ours, err := database.Write(ctx, r.DB, func(tx database.Tx) (bool, error) { return r.Rows.Fail(ctx, tx, was, f) })
	if err != nil {
		return outcome{}, errors.Join(cause, err)
	}
	if !ours {
		s.held = false
		return outcome{more: true}, nil
	}
	s.place.Turn++
	s.place.Attempts++
	s.limit = 1
	r.Failed.Add(k.reader, 1)
	r.Log.Error("a reader could not apply an entry and tries again later", "reader", k.reader, "company", k.tenant, "seq", e.Seq, "kind", e.Kind,
		"attempts", s.place.Attempts, "code", f.Code, "error", kindOf(cause))
	return outcome{rest: pause(s.place.Attempts), passed: s.passed}, nil
}

// pause is how long a reader rests after so many tries.
func pause(tries int) time.Duration {
	return min(longestRest, time.Second<<min(max(0, tries-1), 10))
}

// rests is how long another process leaves a reader alone that failed so often.
func rests(attempts int) time.Duration {
	if attempts == 0 {
		return 0
	}
	return pause(attempts)
}

// panicked is a panic: where, and nothing of what was in hand.
type panicked struct{ where string }

func (p *panicked) Error() string { return p.where }

// codeOf is what is kept of why an entry could not be applied.
func codeOf(err error) string {
	if errors.Is(err, errTooMany) {
		return "too_many_records"
	}
	return fault.CodeOf(err)
}

// kindOf tells what went wrong without what it was about: an error's text may hold what people wrote.
func kindOf(err error) string {
	var p *panicked
	var sql interface{ SQLState() string }
	switch f := fault.As(err); {
	case f != nil:
		return f.Code
	case errors.Is(err, errTooMany):
		return errTooMany.Error()
	case errors.As(err, &p):
		return p.where
	case errors.As(err, &sql):
		return "SQL state " + sql.SQLState()
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return fmt.Sprintf("%T", err)
}
