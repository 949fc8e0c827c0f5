// Package timeline is what happened with a record (经过), in the order it happened: the entries of the
// journal and the moves of deals, as far as the reader may see them, each told by the capability whose
// it is. The one reading of the journal for people to look at; the audit trail has its own questions.
package timeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// Item is one thing that happened. On is its day, "" where nobody knows it; At the instant, where that
// is known; Written when it was written down.
type Item struct {
	journal.Entry
	On      calendar.Date
	At      *time.Time
	Written time.Time
	// Whose is the record it lies with where that is another than the one asked about, as far as the
	// reader sees it: a deal, or what went into it.
	Whose     record.Ref
	WhoseName string
	Told
	place place
}

// Told is what an entry leaves to the rows it points to.
type Told struct {
	Name, Text, Reason, Stage string
	FileID, File              string            // a file that is there, and what it is called
	Gone                      bool              // what it names was erased
	Talked                    int64             // messages about it, of a record that has no page of its own
	Names                     map[string]string // of whatever the payload names, as far as the reader sees it
	Move                      *Move
}

// Move is one step of a deal.
type Move struct {
	Kind, State, From, To string // From and To are stages or "", which is of another pipeline or none
	FromState             string
	Exception, Voided     bool
}

// place is where an item stands: among what was written at once, n is its number.
type place struct {
	on  calendar.Date
	at  time.Time
	seq int64
	n   int64
}

// compare is the order of a timeline, newest first; what has no day comes last.
func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(q.on, p.on), q.at.Compare(p.at), cmp.Compare(q.seq, p.seq), cmp.Compare(q.n, p.n))
}

// Moved is an item for a move that an entry wrote together with others.
func Moved(on calendar.Date, at *time.Time, written time.Time, seq, n int64) Item {
	i := Item{On: on, At: at, Written: written, place: place{on, written, seq, n}}
	i.Seq, i.Kind = seq, "opportunity.moved"
	if at != nil {
		i.place.at = *at
	}
	return i
}

// ID names an item as long as its record lives.
func (i Item) ID() string { return fmt.Sprintf("%d.%d", i.place.seq, i.place.n) }

// Asked is whose timeline is read, and which part of it: contact, move, step, change or "" for all.
type Asked struct {
	Of   record.Ref
	Only string
}

// Rows reads the journal.
type Rows interface {
	// Parts are entries before a place, the last first: a list for each way they are found, where one
	// may be in two.
	Parts(ctx context.Context, tx database.Tx, a org.Actor, q Asked, ids []string, before *journal.Place, limit int) ([][]journal.Entry, error)
}

// Families tells which records went into one and did not come out again, itself in front, and what
// they were called.
type Families interface {
	Family(ctx context.Context, tx database.Tx, tenant string, of record.Ref) ([]string, error)
	FamilyNames(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]string, error)
}

// Teller tells what its entries leave to its rows; of others it says nothing.
type Teller interface {
	Tell(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref, items []*Item) error
}

// Moves are the steps of deals: all of a deal's, of others' deals the opening and the ends.
type Moves interface {
	MovesOf(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) ([]Item, error)
}

// Service reads timelines.
type Service struct {
	DB       *database.DB
	Rows     Rows
	Kinds    kinds.Registry
	Families Families
	Moves    Moves
	Tellers  []Teller
}

// Page is a page of what happened with a record in the actor's sight, the last first. Faults:
// record.unknown, page.cursor_malformed.
func (s *Service) Page(ctx context.Context, a org.Actor, q Asked, r page.Request) (out page.Result[Item], err error) {
	r.Sort, r.Desc = "happened", true
	before, err := after(r)
	if err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{q.Of})
		if err != nil {
			return err
		}
		if len(seen) == 0 {
			return fault.New(fault.NotFound, q.Of.Kind+".unknown", "no such record")
		}
		ids, err := s.Families.Family(ctx, tx, a.TenantID, q.Of)
		if err != nil {
			return err
		}
		list, err := s.collect(ctx, tx, a, q, ids, before, r.Size()+1)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(i Item) (any, string) { return i.place.cursor() })
		return s.tell(ctx, tx, a, q.Of, ids, out.Items)
	})
	return out, err
}

// collect merges what the parts have before a place.
func (s *Service) collect(ctx context.Context, tx database.Tx, a org.Actor, q Asked, ids []string, before *place, limit int) ([]Item, error) {
	var list []Item
	if q.Only == "" || q.Only == "move" {
		moves, err := s.Moves.MovesOf(ctx, tx, a, q.Of.Kind, ids)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(moves, func(i Item) bool { return before != nil && i.place.compare(*before) <= 0 })
	}
	if q.Only != "move" && (before == nil || before.on != "") {
		var from *journal.Place
		if before != nil {
			from = &journal.Place{On: before.on, At: before.at, Seq: before.seq}
		}
		parts, err := s.Rows.Parts(ctx, tx, a, q, ids, from, limit)
		if err != nil {
			return nil, err
		}
		for _, entries := range parts {
			for _, e := range entries {
				list = append(list, Item{Entry: e, On: e.HappenedOn, At: &e.RecordedAt, Written: e.RecordedAt, place: place{e.HappenedOn, e.RecordedAt, e.Seq, 0}})
			}
		}
	}
	slices.SortFunc(list, func(x, y Item) int { return x.place.compare(y.place) })
	list = slices.CompactFunc(list, func(x, y Item) bool { return x.place == y.place })
	return list[:min(len(list), limit)], nil
}

// tell completes items by what the rows say and whose they are.
func (s *Service) tell(ctx context.Context, tx database.Tx, a org.Actor, of record.Ref, ids []string, items []Item) error {
	all := make([]*Item, len(items))
	var deals []record.Ref
	for i := range items {
		all[i] = &items[i]
		all[i].Names = map[string]string{}
		if on := items[i].Scope; on.Kind == record.Opportunity && on != of {
			deals = append(deals, on)
		}
	}
	for _, t := range s.Tellers {
		if err := t.Tell(ctx, tx, a, of, all); err != nil {
			return err
		}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, deals)
	if err != nil {
		return err
	}
	called, err := s.Families.FamilyNames(ctx, tx, a.TenantID, of.Kind, ids[1:])
	for _, i := range all {
		i.whose(of, names, called)
	}
	return err
}

func (i *Item) whose(of record.Ref, deals map[record.Ref]string, family map[string]string) {
	if name, seen := deals[i.Scope]; seen {
		i.Whose, i.WhoseName = i.Scope, name
		return
	}
	for _, ref := range []record.Ref{i.Subject, i.Scope} {
		if name, joined := family[ref.ID]; joined && ref.Kind == of.Kind {
			i.Whose, i.WhoseName = ref, name
			return
		}
	}
}

// cursor is a place as page.Request keeps it.
func (p place) cursor() (any, string) {
	id := strings.Join([]string{database.Time(p.at), strconv.FormatInt(p.seq, 10), strconv.FormatInt(p.n, 10)}, "|")
	if p.on == "" {
		return nil, id
	}
	return string(p.on), id
}

// after is the place a page goes on from, nil for the first.
func after(r page.Request) (*place, error) {
	value, id, err := r.After(page.Column{Nullable: true})
	if err != nil || id == "" {
		return nil, err
	}
	part := strings.Split(id, "|")
	if len(part) != 3 {
		return nil, page.ErrCursor
	}
	at, bad := database.ParseTime(part[0])
	seq, bad2 := strconv.ParseInt(part[1], 10, 64)
	n, bad3 := strconv.ParseInt(part[2], 10, 64)
	if bad != nil || bad2 != nil || bad3 != nil {
		return nil, page.ErrCursor
	}
	on, _ := value.(string)
	return &place{calendar.Date(on), at, seq, n}, nil
}

// Said reads a payload; what it does not know it leaves out.
func (i *Item) Said(into any) error { return json.Unmarshal(i.Payload, into) }

// Say replaces a payload by what of it is for people to see.
func (i *Item) Say(payload any) error {
	raw, err := json.Marshal(payload)
	i.Payload = raw
	return err
}

// About are the items about one kind of thing, by its id.
func About(kind string, items []*Item) map[string][]*Item {
	out := map[string][]*Item{}
	for _, i := range items {
		if i.Subject.Kind == kind {
			out[i.Subject.ID] = append(out[i.Subject.ID], i)
		}
	}
	return out
}
