// Package notice tells people what others did that concerns them: a task they were given, a question, an answer,
// a message that names them. What follows from an entry of the journal is told by the capability that wrote it
// (Source); a reader writes one row for an entry and a member, and Hub wakes the open pages of those concerned. A
// notice holds no words: what it says is read when it is shown, with the scope the reader has then.
package notice

import (
	"context"
	"maps"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/reader"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// To is somebody an entry concerns.
type To struct {
	MemberID string
	// Kind is the notice's, "" where nothing is told and only his open pages are stale.
	Kind string
	// About is what is shown of it, where that is not what the entry is about.
	About record.Ref
}

// Teller tells whom an entry concerns. It writes nothing, and may be asked more than once.
type Teller func(ctx context.Context, tx database.Tx, e reader.Entry) ([]To, error)

// Shown is what a notice is about, as its reader may see it.
type Shown struct {
	On       record.Ref // the record
	Name     string     // of the record
	Text     string     // what was said or is to be done
	ThreadID string     // where it was said
	Count    int64      // of records, where it is about several
}

// Shower tells what records of a kind say to an actor; what he may not read it leaves out.
type Shower func(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]Shown, error)

// Source is what a capability tells.
type Source struct {
	Kinds map[string]bool   // its kinds of notice, and whether such a one asks for something to be done
	Tells map[string]Teller // by kind of entry
	Shows map[string]Shower // by kind of what the entry is about; others are shown by their names
	Opens map[string]Opener // by kind of notice, where it can be done without its reader having read it
	// Reads tells whether a member may read what an entry is about: who may not any more is told nothing of it, and his
	// pages neither. nil is for entries that concern nobody else.
	Reads func(ctx context.Context, tx database.Tx, a org.Actor, e reader.Entry) (bool, error)
}

// Opener tells whether what a notice asks of its reader is still to be done.
type Opener func(ctx context.Context, tx database.Tx, tenant string, n Notice) (bool, error)

// Onward takes notices further than the program, in the write that tells them. It says how many records it wrote.
type Onward interface {
	Told(ctx context.Context, tx database.Tx, e reader.Entry, list []Notice) (records int, err error)
	// Gone takes back what was not sent of entries after one, which are no more.
	Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error
}

// Notice is one thing a member is told. Seq is the number of the entry, and names it among his.
type Notice struct {
	MemberID, Kind string
	Seq            int64
	About          record.Ref
	ActorID        string // "" where nobody did it: a clock ran out
	At             time.Time
	ReadAt         *time.Time
	Shown
	Do     bool // something is to be done
	Hidden bool // its reader may not read any more what it is about
}

// Asked narrows a list of notices.
type Asked struct {
	Unread bool
	After  int64 // those of later entries, 0 all
}

// Mark is a place among the notices of a company: behind what an entry told a member, or with no member behind all that
// the entry told.
type Mark struct {
	Seq      int64
	MemberID string
}

// Rows is what the package needs of its table; noticedb implements it.
type Rows interface {
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Notice) error
	// List is a page of a member's, the newest first.
	List(ctx context.Context, tx database.Tx, tenant, member string, q Asked, r page.Request) ([]Notice, error)
	// Get is one of a member's; false where there is none.
	Get(ctx context.Context, tx database.Tx, tenant, member string, seq int64) (Notice, bool, error)
	// Unread counts a member's by kind, and names the last there is.
	Unread(ctx context.Context, tx database.Tx, tenant, member string) (byKind map[string]int64, err error)
	// Read marks notices as read: those of some entries, and all up to one.
	Read(ctx context.Context, tx database.Tx, tenant, member string, at time.Time, seqs []int64, upTo int64) error
	// Readers are the members who have unread notices, and when the first of them was told.
	Readers(ctx context.Context, tx database.Tx, tenant string) (map[string]time.Time, error)
	// Last is the number of the last entry that told somebody.
	Last(ctx context.Context, tx database.Tx, tenant string) (int64, error)
	// Since are the notices behind a mark, of whomever, by entry and member.
	Since(ctx context.Context, tx database.Tx, tenant string, after Mark, limit int) ([]Notice, error)
	// Purge removes the first of those of entries up to one that were read or are of some members, and tells how many.
	Purge(ctx context.Context, tx database.Tx, tenant string, upTo int64, of []string, most int) (int64, error)
	// Gone removes those of entries after one.
	Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error
}

// Service holds the use cases.
type Service struct {
	DB      *database.DB
	Rows    Rows
	Org     *org.Service
	Kinds   kinds.Registry
	Sources []Source
	// Onward may be nil.
	Onward Onward
}

// One is a notice of the actor's, as he may see it now. Fault: notice.unknown.
func (s *Service) One(ctx context.Context, a org.Actor, seq int64) (n Notice, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) (err error) {
		n, err = s.Shown(ctx, tx, a, seq)
		return err
	})
	return n, err
}

// Shown is One within a transaction.
func (s *Service) Shown(ctx context.Context, tx database.Tx, a org.Actor, seq int64) (Notice, error) {
	n, there, err := s.Rows.Get(ctx, tx, a.TenantID, a.Effective(), seq)
	if err == nil && !there {
		err = fault.New(fault.NotFound, "notice.unknown", "no such notice of yours")
	}
	if err != nil {
		return n, err
	}
	list := []Notice{n}
	err = s.show(ctx, tx, a, list)
	return list[0], err
}

// Unread are the newest of what the actor was told and has not read, as he may see it now.
func (s *Service) Unread(ctx context.Context, tx database.Tx, a org.Actor, most int) ([]Notice, error) {
	list, err := s.Rows.List(ctx, tx, a.TenantID, a.Effective(), Asked{Unread: true}, page.Request{Sort: "seq", Desc: true, Limit: most})
	if err != nil {
		return nil, err
	}
	list = list[:min(most, len(list))]
	return list, s.show(ctx, tx, a, list)
}

// Readers are the members who have unread notices, and when the first of them was told.
func (s *Service) Readers(ctx context.Context, tx database.Tx, tenant string) (map[string]time.Time, error) {
	return s.Rows.Readers(ctx, tx, tenant)
}

// Open tells whether a notice is to be read or answered still: unread, and what it asks is not done otherwise.
func (s *Service) Open(ctx context.Context, tx database.Tx, tenant string, n Notice) (bool, error) {
	if n.ReadAt != nil {
		return false, nil
	}
	for _, x := range s.Sources {
		if open := x.Opens[n.Kind]; open != nil {
			return open(ctx, tx, tenant, n)
		}
	}
	return true, nil
}

// AllKinds are all kinds of notice, and whether one asks for something to be done.
func (s *Service) AllKinds() map[string]bool {
	out := map[string]bool{}
	for _, x := range s.Sources {
		maps.Copy(out, x.Kinds)
	}
	return out
}

// List is a page of what the actor was told, the newest first. Fault: page.cursor_malformed.
func (s *Service) List(ctx context.Context, a org.Actor, q Asked, r page.Request) (out page.Result[Notice], err error) {
	r.Sort, r.Desc = "seq", true
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.List(ctx, tx, a.TenantID, a.Effective(), q, r)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(n Notice) (any, string) { return n.Seq, n.MemberID })
		return s.show(ctx, tx, a, out.Items)
	})
	return out, err
}

// Waiting is how much the actor was told and has not read: in all, and of it what asks for something to be done.
func (s *Service) Waiting(ctx context.Context, a org.Actor) (unread, do int64, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		by, err := s.Rows.Unread(ctx, tx, a.TenantID, a.Effective())
		unread, do = 0, 0
		for kind, n := range by {
			unread += n
			if s.asks(kind) {
				do += n
			}
		}
		return err
	})
	return unread, do, err
}

// MostRead is how many notices are marked as read one by one.
const MostRead = 200

// Read marks some of the actor's notices as read, and all up to a number.
func (s *Service) Read(ctx context.Context, a org.Actor, seqs []int64, upTo int64) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		return s.Rows.Read(ctx, tx, a.TenantID, a.Effective(), a.Now, seqs, upTo)
	})
}

func (s *Service) asks(kind string) bool {
	for _, x := range s.Sources {
		if x.Kinds[kind] {
			return true
		}
	}
	return false
}

// show fills in what notices say to the actor, whose they are.
func (s *Service) show(ctx context.Context, tx database.Tx, a org.Actor, list []Notice) error {
	ids := map[string][]string{}
	for _, n := range list {
		ids[n.About.Kind] = append(ids[n.About.Kind], n.About.ID)
	}
	seen := map[record.Ref]Shown{}
	for kind, of := range ids {
		shown, err := s.shower(kind)(ctx, tx, a, of)
		if err != nil {
			return err
		}
		for id, x := range shown {
			seen[record.Ref{Kind: kind, ID: id}] = x
		}
	}
	for i := range list {
		n := &list[i]
		x, readable := seen[n.About]
		n.Shown, n.Hidden, n.Do = x, !readable, s.asks(n.Kind)
	}
	return nil
}

// shower is who shows records of a kind.
func (s *Service) shower(kind string) Shower {
	for _, x := range s.Sources {
		if show := x.Shows[kind]; show != nil {
			return show
		}
	}
	return func(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]Shown, error) {
		refs := make([]record.Ref, len(ids))
		for i, id := range ids {
			refs[i] = record.Ref{Kind: kind, ID: id}
		}
		names, err := s.Kinds.Names(ctx, tx, a, false, refs)
		out := map[string]Shown{}
		for ref, name := range names {
			out[ref.ID] = Shown{On: ref, Name: name}
		}
		return out, err
	}
}
