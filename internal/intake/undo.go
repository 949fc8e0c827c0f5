package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Undone is what an undo gave back and what it left.
type Undone struct {
	Removed  int64    `json:"removed"`
	Restored int64    `json:"restored"`
	Kept     []string `json:"kept" doc:"records somebody touched since, as kind:id"`
	Left     int64    `json:"left" doc:"records still to be looked at"`
}

// Outcome is what an undo made of one record.
type Outcome string

// Removed is a record that never was; restored one that holds again what the import found;
// partly one of which something somebody touched since was kept; kept one left as it is.
const (
	Removed  Outcome = "removed"
	Restored Outcome = "restored"
	Partly   Outcome = "partly"
	Kept     Outcome = "kept"
)

// outcomeOf names what became of a record that was there before.
func outcomeOf(back, kept bool) Outcome {
	switch {
	case back && kept:
		return Partly
	case back || !kept:
		return Restored
	}
	return Kept
}

// Undo takes a batch back, in the foreground: records it made and nobody touched since
// never were, fields it changed hold again what it found where they still hold what it
// wrote; everything else stays and is listed. One that was cut short goes on where it
// stopped, and of what one kept the rest is undone once nothing stands in its way: a later
// import is undone too. Fault: import.not_undoable.
func (s *Service) Undo(ctx context.Context, a org.Actor, id string) (Undone, error) {
	if err := s.beginUndo(ctx, a, id); err != nil {
		return Undone{}, err
	}
	return s.undoAll(ctx, a, id)
}

// beginUndo takes the batch for this process to undo.
func (s *Service) beginUndo(ctx context.Context, a org.Actor, id string) error {
	if err := a.Need(org.ImportRun); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.takeForUndo(ctx, tx, a, id, s.lease()) })
}

func (s *Service) takeForUndo(ctx context.Context, tx database.Tx, a org.Actor, id string, l Lease) error {
	b, err := s.Rows.Batch(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	taken, err := s.Rows.TakeForUndo(ctx, tx, a.TenantID, id, l)
	if err != nil {
		return err
	}
	if !taken {
		return fault.New(fault.Conflict, "import.not_undoable", "a %s import cannot be undone", b.Status).With("status", b.Status)
	}
	if b.Status != "undoing" {
		journal.Append(tx, a.By(), importUndoStarted(id, a.Today))
	}
	return nil
}

// undoAll works through the batch's records, those left, and says what became of them.
func (s *Service) undoAll(ctx context.Context, a org.Actor, id string) (Undone, error) {
	a.Path = "import"
	held, release := s.keepLease(ctx, a.TenantID, id)
	defer release()
	// In the reverse of how kinds hang together: whatever is kept with a record goes before it.
	for _, kind := range slices.Backward(s.undone()) {
		if err := s.undoKind(held, a, id, kind); errors.Is(err, errStopped) {
			return s.endUndo(ctx, a, id, "cancelled")
		} else if err != nil {
			return Undone{}, errors.Join(err, context.Cause(held), s.letGo(ctx, a.TenantID, id))
		}
	}
	return s.endUndo(ctx, a, id, "undone")
}

// undoChunk is the records of one transaction of an undo.
const undoChunk = 50

func (s *Service) undoKind(ctx context.Context, a org.Actor, id string, kind Kind) error {
	for {
		var list []Change
		err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
			list, err = s.Rows.ChangesLeft(ctx, tx, a.TenantID, id, kind.Name, undoChunk)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		err = s.undoChanges(ctx, a, id, *kind.Undo, list)
		if fault.As(err) != nil && len(list) > 1 { // one of them: each alone, and that one stays
			for i := range list {
				if err = s.undoChanges(ctx, a, id, *kind.Undo, list[i:i+1]); err != nil {
					break
				}
			}
		}
		if err != nil {
			return err
		}
	}
}

// undoChanges undoes some records of a kind in one transaction, which says so of each. What its
// capability refuses stays, where it is alone.
func (s *Service) undoChanges(ctx context.Context, a org.Actor, id string, u Undo, list []Change) error {
	err := s.DB.Write(database.Long(ctx), func(tx database.Tx) error {
		if err := s.hold(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		a, err := s.take(ctx, tx, a, u, list)
		if err != nil {
			return err
		}
		done := make([]Outcome, len(list))
		for i, c := range list {
			c.BatchID = id
			var err error
			if done[i], err = s.undoOne(ctx, tx, a, u, c); err != nil {
				return err
			}
		}
		return s.Rows.SetUndone(ctx, tx, a.TenantID, id, list, done)
	})
	if fault.As(err) == nil || len(list) > 1 {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		return s.Rows.SetUndone(ctx, tx, a.TenantID, id, list, []Outcome{Kept})
	})
}

// take takes the organisation, then the records and those held with them, for this write
// alone.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, u Undo, list []Change) (org.Actor, error) {
	a, err := s.Org.Still(ctx, tx, a)
	if err != nil {
		return a, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	if u.Along != nil {
		along, err := u.Along(ctx, tx, a, ids)
		if err != nil {
			return a, err
		}
		ids = append(ids, along...)
	}
	return a, record.Take(ctx, tx, a.TenantID, ids...)
}

func (s *Service) undoOne(ctx context.Context, tx database.Tx, a org.Actor, u Undo, c Change) (Outcome, error) {
	var err error
	if c.Again, err = s.Rows.ChangedAgain(ctx, tx, a.TenantID, c); err != nil {
		return "", err
	}
	switch {
	case c.Created:
		gone, err := u.Unmake(ctx, tx, a, c.Left())
		if gone {
			return Removed, err
		}
		return Kept, err
	case u.Restore != nil:
		if c.Beside, err = s.beside(ctx, tx, a, c); err != nil {
			return "", err
		}
		back, kept, err := u.Restore(ctx, tx, a, c)
		return outcomeOf(back || c.Partly, kept), err
	}
	return Kept, nil
}

// beside are what the other imports that stand did to the record.
func (s *Service) beside(ctx context.Context, tx database.Tx, a org.Actor, c Change) ([]Change, error) {
	list, err := s.Rows.Standing(ctx, tx, a.TenantID, c.Kind, c.ID)
	return slices.DeleteFunc(list, func(o Change) bool { return o.BatchID == c.BatchID }), err
}

// Left is how the import left the record.
func (c Change) Left() record.Left {
	return record.Left{Ref: record.Ref{Kind: c.Kind, ID: c.ID}, Seq: c.Seq, Version: c.Version, Again: c.Again, BatchID: c.BatchID}
}

// Stated reads what a change found and left, as Run.Changed was given them. Before migration
// 0006 both lay in Before.
func (c Change) Stated(before, after any) error {
	if c.After != "" {
		return errors.Join(json.Unmarshal([]byte(c.Before), before), json.Unmarshal([]byte(c.After), after))
	}
	return json.Unmarshal([]byte(c.Before), &struct{ Before, After any }{before, after})
}

// endUndo writes down how an undo ended: undone, or cancelled and to be gone on with.
func (s *Service) endUndo(ctx context.Context, a org.Actor, id, status string) (Undone, error) {
	return database.Write(context.WithoutCancel(ctx), s.DB, func(tx database.Tx) (Undone, error) {
		u, err := s.Rows.Undone(ctx, tx, a.TenantID, id)
		if err != nil {
			return u, err
		}
		if err := s.Rows.EndUndo(ctx, tx, a.TenantID, id, status, s.process()); err != nil {
			return u, err
		}
		kind := "import.undone"
		if status != "undone" {
			kind = "import.undo_cancelled"
		}
		journal.Append(tx, a.By(), importUndone(id, kind, a.Today, u))
		return u, nil
	})
}
