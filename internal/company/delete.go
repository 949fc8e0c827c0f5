package company

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// A company is deleted in three states, each of which outlives the process: it closes (nobody
// signs in, nothing is written, everything is there), it is buried (its tombstone says that what
// is left goes, whoever finds it), and it is gone.

// chunk is how many rows one transaction deletes.
const chunk = database.MaxRecords

// passes is how often the tables are gone through for what others wrote meanwhile: writes that
// were under way when the company closed.
const passes = 20

var errUnknown = fault.New(fault.NotFound, "org.company_unknown", "no such company")

// Close has nobody sign in to a company, and nothing written of it, from now on. Fault:
// org.company_unknown.
func (s *Service) Close(ctx context.Context, tenant string) error {
	return s.closing(ctx, tenant, s.Now())
}

// Reopen takes Close back, as long as nothing was deleted. Faults: org.company_unknown,
// org.company_deleted.
func (s *Service) Reopen(ctx context.Context, tenant string) error {
	return s.closing(ctx, tenant, time.Time{})
}

func (s *Service) closing(ctx context.Context, tenant string, at time.Time) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		buried, err := s.Rows.Buried(ctx, tx)
		if err != nil {
			return err
		}
		for _, b := range buried {
			if b.ID == tenant && at.IsZero() {
				return fault.New(fault.Conflict, "org.company_deleted", "deleting the company has begun; it can only be ended")
			}
		}
		found, err := s.Rows.SetClosing(ctx, tx, tenant, at)
		if err == nil && !found {
			err = errUnknown
		}
		if err != nil {
			return err
		}
		return tx.Close(ctx, tenant, at)
	})
}

// Deleted is how many rows went, by table.
type Deleted map[string]int64

// Delete deletes a company: every row of every table, and what lies of it beside the database.
// Cut short it goes on when it is asked again, or when a server finds it. It does not clear the
// pages of the file; Clear does. Fault: org.company_unknown.
func (s *Service) Delete(ctx context.Context, tenant string) (Deleted, error) {
	if err := s.Close(ctx, tenant); err != nil {
		return nil, err
	}
	err := s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Bury(ctx, tx, tenant, s.Now()) })
	if err == nil {
		err = s.Tell(ctx) // a backup that comes back from now on is without the company
	}
	if err != nil {
		return nil, err
	}
	return s.empty(ctx, tenant)
}

// empty deletes a buried company's rows, table by table, as often as it finds some.
func (s *Service) empty(ctx context.Context, tenant string) (Deleted, error) {
	tables, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	gone := Deleted{}
	for try := 1; ; try++ {
		err := s.pass(ctx, tables, tenant, gone)
		if err == nil {
			err = s.last(ctx, tables, tenant, gone)
		}
		if err == nil {
			return gone, s.Forget(tenant)
		}
		if !errors.Is(err, database.ErrReference) || try == passes { // a write that was under way
			return gone, fmt.Errorf("the company is closed and not all of it deleted; run it again: %w", err)
		}
	}
}

// final are the tables whose rows keep others out until everything else is gone.
var final = map[string]bool{"journal_counter": true, "tenant": true}

func (s *Service) pass(ctx context.Context, tables []Table, tenant string, gone Deleted) error {
	for _, t := range tables {
		if final[t.Name] {
			continue
		}
		if len(t.Own) > 0 {
			if _, err := s.bit(ctx, t, tenant, s.Rows.Loosen); err != nil {
				return err
			}
		}
		n, err := s.bit(ctx, t, tenant, s.Rows.Delete)
		gone[t.Name] += n
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		// Each row of the tables to come asks whether one of these refers to it, and would walk
		// over all that are gone and still in the index.
		if n >= chunk {
			if err := s.DB.Vacuum(ctx, t.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// bit does something to a table's rows some at a time until there are none, fewer where so many take
// longer than a write may.
func (s *Service) bit(ctx context.Context, t Table, tenant string, do func(context.Context, database.Tx, Table, string, int) (int64, error)) (all int64, err error) {
	for size := chunk; ; {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		n, err := database.Write(ctx, s.DB, func(tx database.Tx) (int64, error) { return do(ctx, tx, t, tenant, size) })
		if errors.Is(err, database.ErrTooLong) && size > 1 {
			size /= 2
			continue
		}
		if all += n; err != nil || n == 0 {
			return all, err
		}
	}
}

// last takes, in one transaction, what was written since, and the company itself.
func (s *Service) last(ctx context.Context, tables []Table, tenant string, gone Deleted) error {
	more, err := database.Write(ctx, s.DB, func(tx database.Tx) (Deleted, error) {
		more := Deleted{}
		for _, t := range tables {
			n, err := s.Rows.Delete(ctx, tx, t, tenant, chunk)
			if err != nil {
				return nil, err
			}
			more[t.Name] = n
		}
		return more, nil
	})
	for table, n := range more {
		gone[table] += n
	}
	return err
}

// Finish ends what was cut short, and has nothing of deleted companies lie beside this process:
// who deleted one may have been another.
func (s *Service) Finish(ctx context.Context) error {
	var buried []Tombstone
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		buried, err = s.Rows.Buried(ctx, tx)
		return err
	})
	for _, b := range buried {
		if err != nil {
			return err
		}
		if b.Left {
			_, err = s.empty(ctx, b.ID)
		} else {
			err = s.Forget(b.ID)
		}
	}
	return err
}

// Uncleared tells whether what was deleted may still lie in pages of the database's file.
func (s *Service) Uncleared(ctx context.Context) (some bool, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		buried, err := s.Rows.Buried(ctx, tx)
		for _, b := range buried {
			some = some || !b.Cleared
		}
		return err
	})
	return some, err
}

// Clear writes the database anew, so that what was deleted is in no page of its file.
func (s *Service) Clear(ctx context.Context) error {
	some, err := s.Uncleared(ctx)
	if err != nil || !some {
		return err
	}
	begun := s.Now()
	if err := s.DB.Rewrite(ctx); err != nil {
		return err
	}
	if err := s.DB.Vacuum(ctx); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Cleared(ctx, tx, begun) })
}
