// Package replay plays a company's journal into empty tables: who and what there was, as the
// entries say. It proves that the journal alone holds the history, and is how one would get it
// back. What the journal does not hold on purpose is listed in Left.
package replay

import (
	"context"
	"fmt"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Nothing plays an entry that changed no row, such as an export.
func Nothing(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil }

// All are what plays the entries of every kind, from what each capability plays. Two for one
// kind are a mistake of the program.
func All(of ...map[string]org.Replay) map[string]org.Replay {
	out := map[string]org.Replay{}
	for _, some := range of {
		for kind, play := range some {
			if out[kind] != nil {
				panic("replay: two play " + kind)
			}
			out[kind] = play
		}
	}
	return out
}

// Baseline is the kind of the entry from which a company that was upgraded is played: what
// it was until then is stated record by record in the entries behind it.
const Baseline = "upgrade.baseline"

// Service plays journals.
type Service struct {
	DB *database.DB
	// Actor is the actor of an entry, as the rows written so far say.
	Actor func(ctx context.Context, tx database.Tx, tenant string, e journal.Entry) (org.Actor, error)
	Kinds map[string]org.Replay
	// Then does what the days did that no entry tells of; nil is nothing.
	Then func(ctx context.Context, tenant string) error
}

// chunk is how many entries share a transaction.
const chunk = 200

// Run plays the journal of a company, of which the other tables hold nothing yet. An entry
// nobody plays is an error.
func (s *Service) Run(ctx context.Context, tenant string) error {
	from, err := s.start(ctx, tenant)
	if err != nil {
		return err
	}
	for {
		next, err := database.Write(database.Long(ctx), s.DB, func(tx database.Tx) (int64, error) { return s.some(ctx, tx, tenant, from) })
		if err != nil {
			return err
		}
		if next == from {
			break
		}
		from = next
	}
	if s.Then == nil {
		return nil
	}
	return s.Then(ctx, tenant)
}

// start is the entry behind which playing begins: that before the last baseline, or none.
func (s *Service) start(ctx context.Context, tenant string) (from int64, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		last, err := journal.LastOf(ctx, tx, tenant, Baseline)
		from = max(0, last-1)
		return err
	})
	return from, err
}

// some plays the entries behind one, and returns the last played.
func (s *Service) some(ctx context.Context, tx database.Tx, tenant string, after int64) (int64, error) {
	list, err := journal.Since(ctx, tx, tenant, after, chunk)
	if err != nil {
		return after, err
	}
	for _, e := range list {
		apply, known := s.Kinds[e.Kind]
		if !known {
			return after, fmt.Errorf("replay: entry %d: nothing plays %s", e.Seq, e.Kind)
		}
		a, err := s.Actor(ctx, tx, tenant, e)
		if err == nil {
			err = tx.Again(ctx, database.Seq(e.Seq), func(tx database.Tx) error { return apply(ctx, tx, a, e) })
		}
		if err == nil {
			err = tx.Settle(ctx) // the next entry finds what this one wrote
		}
		if err != nil {
			return after, fmt.Errorf("replay: entry %d, %s version %d: %w", e.Seq, e.Kind, e.Version, err)
		}
		after = e.Seq
	}
	return after, nil
}
