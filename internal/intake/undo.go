package intake

import (
	"context"
	"encoding/json"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
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

// undoOrder is the reverse of how kinds hang together: whatever is kept with an account
// goes before the account.
var undoOrder = []string{"opportunity", "contact", "account"}

// Undo takes a batch back, in the foreground: records it made and nobody touched since
// never were, fields it changed hold again what it found where they still hold what it
// wrote; everything else stays and is listed. One that was cut short goes on where it
// stopped. Fault: import.not_undoable.
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
	for _, kind := range undoOrder {
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

func (s *Service) undoKind(ctx context.Context, a org.Actor, id, kind string) error {
	for {
		var list []Change
		err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
			list, err = s.Rows.ChangesLeft(ctx, tx, a.TenantID, id, kind, undoChunk)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		err = s.undoChanges(ctx, a, id, list)
		if fault.As(err) != nil && len(list) > 1 { // one of them: each alone, and that one stays
			for i := range list {
				if err = s.undoChanges(ctx, a, id, list[i:i+1]); err != nil {
					break
				}
			}
		}
		if err != nil {
			return err
		}
	}
}

// undoChanges undoes some records in one transaction, which says so of each. What its
// capability refuses stays, where it is alone.
func (s *Service) undoChanges(ctx context.Context, a org.Actor, id string, list []Change) error {
	err := s.DB.Write(database.Long(ctx), func(tx database.Tx) error {
		if err := s.hold(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		a, err := s.Opportunities.Hold(ctx, tx, a, idsOf(list))
		if err != nil {
			return err
		}
		done := make([]Outcome, len(list))
		for i, c := range list {
			c.BatchID = id
			var err error
			if done[i], err = s.undoOne(ctx, tx, a, c); err != nil {
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

func (s *Service) undoOne(ctx context.Context, tx database.Tx, a org.Actor, c Change) (Outcome, error) {
	var err error
	if c.Again, err = s.Rows.ChangedAgain(ctx, tx, a.TenantID, c); err != nil {
		return "", err
	}
	gone := func(gone bool, err error) (Outcome, error) {
		if gone {
			return Removed, err
		}
		return Kept, err
	}
	switch {
	case c.Kind == "opportunity" && c.Created:
		return gone(s.Opportunities.Unrecord(ctx, tx, a, c.left()))
	case c.Kind == "account" && c.Created:
		return gone(s.Accounts.Unrecord(ctx, tx, a, c.left()))
	case c.Kind == "contact" && c.Created:
		return gone(s.Accounts.UnrecordContact(ctx, tx, a, c.left()))
	case c.Kind == "opportunity":
		r := opportunity.Restated{Left: c.left(), BatchID: c.BatchID}
		if err := c.stated(&r.Before, &r.After); err != nil {
			return Kept, err
		}
		back, kept, err := s.Opportunities.Unstate(ctx, tx, a, r)
		return outcomeOf(back, kept), err
	case c.Kind == "account":
		r := account.Restated{Left: c.left(), BatchID: c.BatchID}
		if r.Before, r.After, err = c.statedAccount(); err != nil {
			return Kept, err
		}
		back, kept, err := s.Accounts.Unstate(ctx, tx, a, r)
		return outcomeOf(back, kept), err
	}
	return Kept, nil
}

// left is how the import left the record.
func (c Change) left() record.Left {
	return record.Left{Ref: record.Ref{Kind: c.Kind, ID: c.ID}, Seq: c.Seq, Version: c.Version, Again: c.Again}
}

func idsOf(list []Change) []string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

// stated reads what a change found and left. Before migration 0006 both lay in one.
func (c Change) stated(before, after any) error {
	if c.After != "" {
		return errors.Join(json.Unmarshal([]byte(c.Before), before), json.Unmarshal([]byte(c.After), after))
	}
	return json.Unmarshal([]byte(c.Before), &struct{ Before, After any }{before, after})
}

func (c Change) statedAccount() (before, after account.Stated, err error) {
	if c.After != "" {
		return before, after, c.stated(&before, &after)
	}
	var fields map[string][2]string
	err = json.Unmarshal([]byte(c.Before), &fields)
	pick := func(i int) account.Stated {
		return account.Stated{Industry: fields["industry"][i], Region: fields["region"][i], Class: fields["class"][i]}
	}
	return pick(0), pick(1), err
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
