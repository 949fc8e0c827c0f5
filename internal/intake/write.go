package intake

import (
	"context"
	"encoding/json"
	"errors"

	"yunchou/internal/database"
	"yunchou/internal/record"
)

// ErrUnchanged is what a write returns of a record about which a row has nothing new: nothing
// is written then.
var ErrUnchanged = errors.New("intake: unchanged")

// chunkSize is the records of one transaction: with stays, lines and entries it
// stays under database.MaxRecords journal entries and well under a second.
const chunkSize = 400

// full tells whether a chunk of records waits.
func (r *Run) full() bool {
	n := 0
	for _, w := range r.waits {
		n += w.Waiting()
	}
	return n >= chunkSize
}

// Flush writes all that waits in one transaction. Who needs to find a record that waits
// flushes first.
func (r *Run) Flush() error {
	var list []Writing
	for _, w := range r.waits {
		if w.Waiting() > 0 {
			list = append(list, w.Take())
		}
	}
	if len(list) == 0 {
		return nil
	}
	if r.DryRun { // all of them would be written
		return settle(list, Met{})
	}
	met, err := write(database.Long(r.Ctx), r, func(tx database.Tx) (Met, error) { return r.writeNew(tx, list) })
	if err != nil {
		return err
	}
	if err := settle(list, met); err != nil {
		return err
	}
	// Early on, and again each time the tables have grown fourfold.
	if r.chunks++; r.chunks == r.analyzeAt {
		r.analyzeAt *= 4
		return r.DB.Analyze(r.Ctx)
	}
	return nil
}

func settle(list []Writing, met Met) error {
	for _, w := range list {
		if err := w.Settle(met); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes what waits and is not there, with what an undo needs to know of it.
func (r *Run) writeNew(tx database.Tx, list []Writing) (Met, error) {
	if err := r.Alone(r.Ctx, tx); err != nil {
		return nil, err
	}
	met := Met{}
	var made []Change
	for _, w := range list {
		refs, err := w.Write(tx, met)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			c, err := madeBy(w, ref)
			if err != nil {
				return nil, err
			}
			made = append(made, c)
		}
	}
	return met, r.service.Rows.InsertChanges(r.Ctx, tx, r.Actor.TenantID, r.BatchID, made)
}

// madeBy is what is taken down of a record an import made.
func madeBy(w Writing, ref record.Ref) (Change, error) {
	c := Change{Kind: ref.Kind, ID: ref.ID, Created: true, Version: 1}
	l, ok := w.(Leaves)
	if !ok {
		return c, nil
	}
	left := l.Leaves(ref)
	if left == nil {
		return c, nil
	}
	raw, err := json.Marshal(left)
	c.After = string(raw)
	return c, err
}

// Write writes for the batch as long as it is this process's to work on: the record and
// what an undo needs to know of it are there together or not at all. It returns what fn does.
func Write[T any](r *Run, fn func(tx database.Tx) (T, error)) (T, error) { return write(r.Ctx, r, fn) }

// write begins nothing once the run is asked to end, and waits for what it began, so that the
// summary tells what is there.
func write[T any](ctx context.Context, r *Run, fn func(tx database.Tx) (T, error)) (none T, err error) {
	if err := r.Ctx.Err(); err != nil {
		return none, err
	}
	return database.Write(context.WithoutCancel(ctx), r.DB, func(tx database.Tx) (T, error) {
		err := r.service.hold(r.Ctx, tx, r.Actor.TenantID, r.BatchID)
		if err != nil && !errors.Is(err, errStopped) {
			return none, err
		}
		return fn(tx)
	})
}

// tried takes back what a dry run tried, and carries what it found.
type tried[T any] struct{ found T }

func (tried[T]) Error() string { return "intake: tried" }

// Try is Write of a change to a record that is there. A dry run writes it and takes it back: so it
// says what the run will, refusals too.
func Try[T any](r *Run, fn func(tx database.Tx) (T, error)) (T, error) {
	if !r.DryRun {
		return Write(r, fn)
	}
	found, err := Write(r, func(tx database.Tx) (T, error) {
		found, err := fn(tx)
		if err == nil {
			err = tried[T]{found}
		}
		return found, err
	})
	var t tried[T]
	if errors.As(err, &t) {
		return t.found, nil
	}
	return found, err
}

// Write is Write for a function without an answer.
func (r *Run) Write(fn func(tx database.Tx) error) error {
	_, err := Write(r, func(tx database.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// Alone makes imports of a company that make something follow one another: who writes
// something new looks whether it is there after it.
func (r *Run) Alone(ctx context.Context, tx database.Tx) error {
	return tx.Alone(ctx, r.Actor.TenantID+" imports")
}

// Known finds records of a kind by ids in the mapping's source, as they are by now.
func (r *Run) Known(tx database.Tx, kind string, ids []string) (map[string]string, error) {
	return r.service.Records.KnownExternal(r.Ctx, tx, r.Actor.TenantID, kind, r.Mapping.Source, ids)
}

// Keep keeps a new record's id in the mapping's source, where its capability does not.
func (r *Run) Keep(tx database.Tx, ref record.Ref, id string) error {
	ids := map[record.External]string{{Source: r.Mapping.Source, ID: id}: ref.ID}
	return r.service.Records.InsertExternal(r.Ctx, tx, r.Actor.TenantID, ref.Kind, ids)
}

// Made takes down, in the write that made them, that the import made these records: an undo
// takes them back.
func (r *Run) Made(tx database.Tx, refs ...record.Ref) error {
	changes := make([]Change, len(refs))
	for i, ref := range refs {
		changes[i] = Change{Kind: ref.Kind, ID: ref.ID, Created: true, Version: 1}
	}
	return r.service.Rows.InsertChanges(r.Ctx, tx, r.Actor.TenantID, r.BatchID, changes)
}

// Standing are what imports did to a record that no undo took back, oldest first: Change.Before and
// After are what they were given with.
func (r *Run) Standing(tx database.Tx, ref record.Ref) ([]Change, error) {
	return r.service.Rows.Standing(r.Ctx, tx, r.Actor.TenantID, ref.Kind, ref.ID)
}

// Changed takes down, in the write that changed it, what an import found of a record and what
// it left, at which version: an undo gives back what was found. Change.Stated reads both.
func (r *Run) Changed(tx database.Tx, ref record.Ref, version int, before, after any) error {
	was, err := json.Marshal(before)
	if err != nil {
		return err
	}
	now, err := json.Marshal(after)
	if err != nil {
		return err
	}
	c := Change{Kind: ref.Kind, ID: ref.ID, Version: version, Before: string(was), After: string(now)}
	return r.service.Rows.InsertChanges(r.Ctx, tx, r.Actor.TenantID, r.BatchID, []Change{c})
}
