package file

import (
	"cmp"
	"context"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// take looks whether there is room for so many bytes, and keeps it until the write that asks
// ends: two files of a company at once do not both take the last of it. Fault: file.no_room.
func (s *Store) take(ctx context.Context, tx database.Tx, a org.Actor, size int64) error {
	if err := tx.Alone(ctx, a.TenantID+" files"); err != nil {
		return err
	}
	return s.room(ctx, tx, a, size)
}

func (s *Store) roomIn(ctx context.Context, a org.Actor, size int64) error {
	return s.DB.Read(ctx, func(tx database.Tx) error { return s.room(ctx, tx, a, size) })
}

// rooms are how many bytes a company and one member of it may keep.
func (s *Store) rooms() (ofCompany, ofMember int64) {
	return cmp.Or(s.CompanyRoom, CompanyRoom), cmp.Or(s.MemberRoom, MemberRoom)
}

func (s *Store) room(ctx context.Context, tx database.Tx, a org.Actor, size int64) error {
	ofCompany, ofMember := s.rooms()
	company, mine, err := s.Rows.Kept(ctx, tx, a.TenantID, a.Effective())
	switch {
	case err != nil:
		return err
	case mine+size > ofMember:
		return fault.New(fault.Full, "file.no_room", "what you have attached takes all the room there is for one member; remove files").
			With("maxMiB", ofMember>>20)
	case company+size > ofCompany:
		return fault.New(fault.Full, "file.no_room_company", "attached files take all the room there is for the company; remove files").
			With("maxMiB", ofCompany>>20)
	}
	return nil
}

// Needs is who may still need a file: evidence that was handed in.
type Needs interface {
	NeedsFile(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, id string) (bool, error)
}

// Remove takes a file away from a record the actor may change: its name and its bytes go, that
// there was one stays. Faults: file.unknown, file.needed.
func (s *Store) Remove(ctx context.Context, a org.Actor, id string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		f, err := s.seen(ctx, tx, a, true, id)
		if err != nil {
			return err
		}
		needed, err := s.needed(ctx, tx, a, f)
		if err != nil {
			return err
		}
		if needed {
			return fault.New(fault.Conflict, "file.needed", "the file is evidence of a milestone")
		}
		return s.RemoveIn(ctx, tx, a, f)
	})
}

// needed tells whether somebody needs a file where it is.
func (s *Store) needed(ctx context.Context, tx database.Tx, a org.Actor, f File) (bool, error) {
	for _, n := range s.Needed {
		if needed, err := n.NeedsFile(ctx, tx, a, f.On, f.ID); needed || err != nil {
			return needed, err
		}
	}
	return false, nil
}

// RemoveIn is Remove inside a write that has looked who may, and whether it is needed.
func (s *Store) RemoveIn(ctx context.Context, tx database.Tx, a org.Actor, f File) error {
	if err := tx.Alone(ctx, a.TenantID+" files"); err != nil { // or another of the same bytes is attached between
		return err
	}
	journal.Append(tx, a.By(), fileRemoved(f, a.Today))
	return s.Rows.Empty(ctx, tx, a.TenantID, f)
}

// AttachedTo implements opportunity.Attachments: the file is there, and is that record's.
func (s *Store) AttachedTo(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, id string) error {
	f, err := s.seen(ctx, tx, a, false, id)
	if err == nil && f.On != on || fault.Is(err, fault.NotFound) {
		return fault.Input("/fileId", ErrUnknown.Code, "no such file of this record")
	}
	return err
}
