// Package handover gives what a member holds to another (交接): opportunities, accounts,
// promises. It knows no kind of record by name: each says what a member holds of it and
// how one changes hands. What a leaver still holds is listed until it is handed over.
package handover

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Handover moves records to another member. History, stage, clocks and credit of what was
// won stay as they are; open promises on a record go along with it.
type Handover struct {
	ID, FromID, ToID, Reason string
	On                       calendar.Date
	CreatedAt                time.Time
	CreatedBy                string
	Counts                   map[string]int64 // by kind
}

// Count is how many records changed hands.
func (h Handover) Count() (n int64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Takes is a kind of record that changes hands.
type Takes interface {
	// Held lists what a member holds and the actor may give away, by id, after one.
	Held(ctx context.Context, tx database.Tx, a org.Actor, member, after string, limit int) ([]string, error)
	// CountHeld tells how much some members hold, whoever asks.
	CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error)
	// Transfer gives one record to the receiver and tells whose it was; "" where it was
	// the receiver's already. It is called with the record's key held.
	Transfer(ctx context.Context, tx database.Tx, a org.Actor, id string, h Handover) (from string, err error)
}

// Kind is one of the kinds, in the order they are handed over.
type Kind struct {
	Name string
	Takes
}

// Along is what goes along with a record: the promises its owner made on it.
type Along interface {
	// On lists what hangs on records and may go along; it is taken with them.
	On(ctx context.Context, tx database.Tx, tenant string, on []record.Ref) ([]string, error)
	HandOver(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, h Handover, from string) error
}

// Follows is what follows for whoever received some records of a kind, once they are his.
type Follows interface {
	Received(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string, h Handover) error
}

// Rows is what the package needs of its table; handoverdb implements it.
type Rows interface {
	Insert(ctx context.Context, tx database.Tx, tenant string, h Handover) error
	// Counts are those saved last.
	Counts(ctx context.Context, tx database.Tx, tenant, id string) (map[string]int64, error)
	SaveCounts(ctx context.Context, tx database.Tx, tenant string, h Handover) error
	Waiting(ctx context.Context, tx database.Tx, tenant, to string) ([]Handover, error)
	// GivenBy is the person who handed over to a member. Fault: handover.unknown, also of what
	// went to another.
	GivenBy(ctx context.Context, tx database.Tx, tenant, id, to string) (string, error)
	Confirm(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	// Between are hand-overs from a member or to him, by id.
	Between(ctx context.Context, tx database.Tx, tenant, member string, ids []string) (map[string]Handover, error)
	// Reasons are by id.
	Reasons(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]string, error)
}

// Service holds the use cases.
type Service struct {
	DB    *database.DB
	Rows  Rows
	Kinds []Kind
	Along []Along
	Then  []Follows
	Keys  *idempotency.Keys
	// Still is an actor with the organisation as a transaction finds it, and as it stays until
	// that ends.
	Still func(ctx context.Context, tx database.Tx, a org.Actor) (org.Actor, error)
}

// Ask says what is handed over: some records of a kind, or, without ids, everything of
// some kinds (none named is all of them) that a member holds.
type Ask struct {
	ID           string // of the hand-over; the client may make it
	Kind         string
	IDs          []string
	FromID, ToID string
	Kinds        []string
	Reason       string
}

// chunk is how many records are handed over in one transaction.
const chunk = 100

// HandOver hands over in chunks; a record that fails stops it, with what was done before
// kept. The same id and content again go on where it stopped, and are answered with the whole.
// Faults: record.id_taken, handover.same_owner, handover.reason_required, handover.kind_unknown,
// handover.nothing_named and those of the kinds.
func (s *Service) HandOver(ctx context.Context, a org.Actor, ask Ask) (Handover, error) {
	if err := a.Need(org.OppHandOver); err != nil {
		return Handover{}, err
	}
	kinds, err := s.check(a, ask)
	if err = errors.Join(err, record.CheckID(ask.ID)); err != nil {
		return Handover{}, err
	}
	made := Handover{ID: cmp.Or(ask.ID, record.NewID(a.Now)), FromID: ask.FromID, ToID: ask.ToID, Reason: text.Words(ask.Reason), On: a.Today, CreatedAt: a.Now,
		CreatedBy: a.MemberID, Counts: map[string]int64{}}
	h, err := idempotency.Made(ctx, s.Keys, a.By(), ask.ID, ask, func(tx database.Tx) (Handover, error) {
		journal.Append(tx, a.By(), handoverMade(made))
		return made, s.Rows.Insert(ctx, tx, a.TenantID, made)
	})
	if err != nil {
		return h, err
	}
	// Once begun it is not its caller's to cancel: who goes away leaves no half of it behind. Where
	// the machine stops, the same sent again goes on. Each chunk is long and shares with nobody.
	ctx = database.Long(context.WithoutCancel(ctx))
	for _, k := range kinds {
		if len(ask.IDs) > 0 {
			h, err = s.some(ctx, a, k, ask.IDs, h)
		} else {
			h, err = s.everything(ctx, a, k, h)
		}
		if err != nil {
			return h, err
		}
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		h.Counts, err = s.Rows.Counts(ctx, tx, a.TenantID, h.ID)
		return err
	})
	return h, err
}

// RefKind is the kind of a hand-over.
const RefKind = "handover"

// Ref names a hand-over in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: RefKind, ID: id} }

// check refuses what cannot be handed over and names the kinds that are.
func (s *Service) check(a org.Actor, ask Ask) ([]Kind, error) {
	if err := a.AtWork("/toId", ask.ToID); err != nil {
		return nil, err
	}
	_, known := a.Structure.Members[ask.FromID]
	switch {
	case ask.FromID != "" && !known:
		return nil, fault.Input("/fromId", "org.member_unknown", "no such member")
	case ask.FromID == ask.ToID:
		return nil, fault.Input("/toId", "handover.same_owner", "choose another member")
	case text.Blank(ask.Reason):
		return nil, fault.Input("/reason", "handover.reason_required", "say why")
	case len(ask.IDs) > 500:
		return nil, fault.Input("/ids", "input.out_of_range", "at most 500 at a time").With("max", 500)
	case len(ask.IDs) == 0 && ask.FromID == "":
		return nil, fault.Input("/ids", "handover.nothing_named", "name records, or whose are handed over")
	}
	names := ask.Kinds
	if len(ask.IDs) > 0 {
		names = []string{ask.Kind}
	}
	if len(names) == 0 {
		return s.Kinds, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var kinds []Kind
	for _, k := range s.Kinds {
		if wanted[k.Name] {
			kinds = append(kinds, k)
			delete(wanted, k.Name)
		}
	}
	if len(wanted) > 0 {
		return nil, fault.Input("/kinds", "handover.kind_unknown", "records of this kind do not change hands")
	}
	return kinds, nil
}

// some hands over records by their ids.
func (s *Service) some(ctx context.Context, a org.Actor, k Kind, ids []string, h Handover) (Handover, error) {
	for len(ids) > 0 {
		n := min(chunk, len(ids))
		next, err := database.Write(ctx, s.DB, func(tx database.Tx) (Handover, error) { return s.transfer(ctx, tx, a, k, ids[:n], h) })
		if err != nil {
			return h, err
		}
		h, ids = next, ids[n:]
	}
	return h, nil
}

// everything hands over what a member holds of a kind.
func (s *Service) everything(ctx context.Context, a org.Actor, k Kind, h Handover) (Handover, error) {
	type step struct {
		h    Handover
		last string
	}
	for after := ""; ; {
		did, err := database.Write(ctx, s.DB, func(tx database.Tx) (step, error) {
			a, err := s.Still(ctx, tx, a)
			if err != nil {
				return step{h, after}, err
			}
			ids, err := k.Held(ctx, tx, a, h.FromID, after, chunk)
			if err != nil || len(ids) == 0 {
				return step{h, ""}, err
			}
			next, err := s.transfer(ctx, tx, a, k, ids, h)
			return step{next, ids[len(ids)-1]}, err
		})
		if err != nil {
			return h, err
		}
		h, after = did.h, did.last
		if after == "" {
			return h, nil
		}
	}
}

// transfer hands over one chunk, and what goes along with each record.
func (s *Service) transfer(ctx context.Context, tx database.Tx, a org.Actor, k Kind, ids []string, h Handover) (Handover, error) {
	a, err := s.Still(ctx, tx, a)
	if err != nil {
		return h, err
	}
	if err := a.AtWork("/toId", h.ToID); err != nil { // since this began
		return h, err
	}
	if err := s.take(ctx, tx, a, k, h.ID, ids); err != nil {
		return h, err
	}
	before, err := s.Rows.Counts(ctx, tx, a.TenantID, h.ID)
	if err != nil {
		return h, err
	}
	var arrived []string
	for _, id := range ids {
		from, err := k.Transfer(ctx, tx, a, id, h)
		if err != nil {
			return h, err
		}
		if from == "" {
			continue
		}
		arrived = append(arrived, id)
		for _, along := range s.Along {
			if err := along.HandOver(ctx, tx, a, record.Ref{Kind: k.Name, ID: id}, h, from); err != nil {
				return h, err
			}
		}
	}
	for _, then := range s.Then {
		if err := then.Received(ctx, tx, a, k.Name, arrived, h); err != nil {
			return h, err
		}
	}
	counts := map[string]int64{k.Name: int64(len(arrived))}
	for kind, c := range before {
		counts[kind] += c
	}
	h.Counts = counts // a new one: this function may run twice
	journal.Append(tx, a.By(), handoverWentOn(h, a.Today))
	return h, s.Rows.SaveCounts(ctx, tx, a.TenantID, h)
}

// take takes the records of a chunk, the hand-over, which may be sent twice, and what may go
// along.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, k Kind, handover string, ids []string) error {
	all, on := slices.Clone(ids), make([]record.Ref, len(ids))
	for i, id := range ids {
		on[i] = record.Ref{Kind: k.Name, ID: id}
	}
	for _, along := range s.Along {
		more, err := along.On(ctx, tx, a.TenantID, on)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	return record.Take(ctx, tx, a.TenantID, append(all, handover)...)
}

// Confirm is the receiver's word that the records arrived, which whoever handed them over does
// not say in his name. Faults: handover.unknown, handover.own.
func (s *Service) Confirm(ctx context.Context, a org.Actor, id string) error {
	_, err := database.Write(ctx, s.DB, func(tx database.Tx) (any, error) {
		giver, err := s.Rows.GivenBy(ctx, tx, a.TenantID, id, a.Effective())
		if err != nil {
			return nil, err
		}
		if giver == a.MemberID && a.OnBehalfOf != "" {
			return nil, fault.New(fault.Rule, "handover.own", "the receiver himself says that it arrived")
		}
		journal.Append(tx, a.By(), handoverConfirmed(id, a.Today))
		return nil, s.Rows.Confirm(ctx, tx, a, id)
	})
	return err
}

// Waiting lists what the actor was handed and has not confirmed.
func (s *Service) Waiting(ctx context.Context, a org.Actor) (out []Handover, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Waiting(ctx, tx, a.TenantID, a.Effective())
		return err
	})
	return out, err
}
