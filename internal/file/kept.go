package file

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Asked is whose attached files are looked for.
type Asked struct {
	Member string               // who attached them, "" for anybody
	Scopes map[string]org.Scope // of the kinds whose records the reader sees
	Talks  org.Reading          // and the threads he reads
}

// Kept is an attached file, as somebody sees it who looks for room.
type Kept struct {
	File
	OnName string // what the record is called it hangs on
	Mine   bool   // the reader may remove it: the record is his to change, and nobody needs the file there
}

// Room is how much is attached, and how much may be, in bytes. What is out of the reader's sight is
// in the sums, and in no list: he is told how much of it there is.
type Room struct {
	Used, Most  int64
	Files       int64 // in sight
	Hidden      int64
	HiddenBytes int64
}

// List returns a page of the attached files that hang on records the actor sees, by "size" or by
// "created": his own or, with all, the company's. Faults: org.permission_missing, page.sort_unknown,
// page.cursor_malformed.
func (s *Store) List(ctx context.Context, a org.Actor, all bool, r page.Request) (out page.Result[Kept], err error) {
	q, err := s.asked(a, all)
	if err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		found, err := s.Rows.List(ctx, tx, a.TenantID, q, r)
		if err != nil {
			return err
		}
		list := page.Cut(r, found, func(f File) (any, string) {
			if r.Sort == "size" {
				return f.Size, f.ID
			}
			return f.ID, f.ID
		})
		out.Next = list.Next
		out.Items, err = s.seenAs(ctx, tx, a, list.Items)
		return err
	})
	return out, err
}

// asked is whose files the actor asks for. Fault: org.permission_missing.
func (s *Store) asked(a org.Actor, all bool) (Asked, error) {
	q := Asked{Member: a.Effective(), Scopes: s.Kinds.Scopes(a, false), Talks: s.Talks(a)}
	if !all {
		return q, nil
	}
	q.Member = ""
	return q, a.Need(org.SettingsEdit)
}

// seenAs adds what the records are called and what may be removed.
func (s *Store) seenAs(ctx context.Context, tx database.Tx, a org.Actor, list []File) ([]Kept, error) {
	on := make([]record.Ref, len(list))
	for i, f := range list {
		on[i] = f.On
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, on)
	if err != nil {
		return nil, err
	}
	writable, err := s.Kinds.Names(ctx, tx, a, true, on)
	if err != nil {
		return nil, err
	}
	out := []Kept{}
	for _, f := range list {
		if f.Needed, err = s.needed(ctx, tx, a, f); err != nil {
			return nil, err
		}
		_, mine := writable[f.On]
		out = append(out, Kept{File: f, OnName: names[f.On], Mine: mine && !f.Needed})
	}
	return out, nil
}

// Room tells how much the actor has attached or, with all, the company. Fault: org.permission_missing.
func (s *Store) Room(ctx context.Context, a org.Actor, all bool) (room Room, err error) {
	q, err := s.asked(a, all)
	if err != nil {
		return room, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) (err error) {
		room, err = s.Rows.Counted(ctx, tx, a.TenantID, q)
		return err
	})
	ofCompany, ofMember := s.rooms()
	if room.Most = ofMember; all {
		room.Most = ofCompany
	}
	return room, err
}
