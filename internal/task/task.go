// Package task is promises (任务): what, who, by when, and whether the customer agreed to
// the day. One made in a deal is its next step (下一步); a task hangs on records of any
// kind, or on none.
package task

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
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/text"
)

// Kind is the kind of record a task is.
const Kind = "task"

// Task is one promise. On are the records it hangs on.
type Task struct {
	ID, What, MemberID string
	DueOn              calendar.Date
	CustomerAgreed     bool
	CreatedAt          time.Time
	CreatedBy          string
	DoneOn             calendar.Date
	DoneAt             *time.Time
	Result             string
	DroppedAt          *time.Time
	Version            int
	On                 []record.Ref
	// Long: an order that asks for a plan and ends with a review.
	Long bool
	// OfferedTo was asked to take it over and has not said.
	OfferedTo string
	// SeriesID is of what comes again, SeriesDay the day by its rule.
	SeriesID  string
	SeriesDay calendar.Date
	Repeat    *Repeat `json:",omitempty"` // of the first of a series, when it is made
	Parties   []Party
	// Meets is whom of the customer's people it is to meet: whoever holds it does it by meeting him.
	Meets string
	// Facts are what happened to it, the first in front.
	Facts []Fact `json:"-"`
	// Names tells those of the records that the reader may see; it is not written.
	Names map[record.Ref]string `json:"-"`
}

// Ask says which tasks a list holds: those of a member, or with By those a member gave to
// others, or with Part those he has a part in or is asked to take; open ones until a day ("" is all of them), or with Done those done, the last first,
// or with Review those some gave to others than the member that are done and wait for a review.
type Ask struct {
	Member, By string
	Part       bool
	Until      calendar.Date
	Done       bool
	Review     []string
	Limit      int
}

// Rows is what the package needs of its table; taskdb implements it.
type Rows interface {
	Get(ctx context.Context, tx database.Tx, tenant, id string) (Task, error)
	// Meeting are the open ones that are to meet some people, or with none named anybody; of some members, or with none of whoever.
	Meeting(ctx context.Context, tx database.Tx, tenant string, contacts, members []string) ([]Task, error)
	List(ctx context.Context, tx database.Tx, tenant string, q Ask) ([]Task, error)
	ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]Task, error)
	OfRecord(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]Task, error)
	// OpenOn is a page and one more of the open tasks of a record, those due first in front ("due").
	OpenOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, r page.Request) ([]Task, error)
	Held(ctx context.Context, tx database.Tx, tenant, member, after string, limit int) ([]string, error)
	CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error)
	// Names tells what was promised in those tasks that a member sees.
	Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member string, of map[string]org.Scope, ids []string) (map[string]string, error)
	// FirstOn are the open tasks due first on records of a kind that the caller has found visible.
	FirstOn(ctx context.Context, tx database.Tx, tenant, kind string, ids []string) (map[string]Task, error)
	// On lists open tasks on records of one kind.
	On(ctx context.Context, tx database.Tx, tenant string, on []record.Ref, limit int) ([]string, error)
	// HeldOn are the open tasks of a member on a record, by id.
	HeldOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, member string) ([]Task, error)
	// Promised are open tasks customers agreed to, on open opportunities in a scope, by a day before another: DueOn is the
	// last day the customer agreed to, whenever they are due by now.
	Promised(ctx context.Context, tx database.Tx, tenant string, s org.Scope, before calendar.Date, limit int) ([]Task, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Task) error
	partRows
	seriesRows
	// Promises are the tasks with a day the customer agreed to, which was in some days or in which they were done, and which
	// are or were of some members; nil is of anybody.
	Promises(ctx context.Context, tx database.Tx, tenant string, of []string, from, to calendar.Date) ([]Task, error)
	Save(ctx context.Context, tx database.Tx, tenant string, t Task) error
}

// Service holds the use cases.
type Service struct {
	DB      *database.DB
	Keys    *idempotency.Keys
	Rows    Rows
	Records record.Rows
	Kinds   kinds.Registry
	// Times is when members work; Timetable makes what comes again.
	Times     Times
	Timetable Timetable
	// Job is the actor of what the program does by itself.
	Job func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error)
}

var errUnknown = fault.New(fault.NotFound, "task.unknown", "no such task")

// Add promises something. The same id and content again is answered with the first one.
// Faults: task.due_past, record.id_taken, record.kind_unknown and those of the kinds.
func (s *Service) Add(ctx context.Context, a org.Actor, t Task) (Task, error) {
	said := t
	if err := t.prepare(a); err != nil {
		return t, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), said.ID, said, func(tx database.Tx) (Task, error) {
		t, err := s.ordered(a, t, s.Times.Each(ctx, tx, a))
		if err != nil {
			return t, err
		}
		return s.add(ctx, tx, a, t)
	})
}

// AddIn is Add inside a transaction, of a task that the program makes with something else.
func (s *Service) AddIn(ctx context.Context, tx database.Tx, a org.Actor, t Task) (Task, error) {
	if err := t.prepare(a); err != nil {
		return t, err
	}
	t, err := s.ordered(a, t, s.Times.Each(ctx, tx, a))
	if err != nil {
		return t, err
	}
	return s.add(ctx, tx, a, t)
}

// AddAllIn adds several that are new, without ids of their own, and tells their ids.
func (s *Service) AddAllIn(ctx context.Context, tx database.Tx, a org.Actor, list []Task) ([]string, error) {
	hours, ids := s.Times.Each(ctx, tx, a), make([]string, len(list))
	var on []record.Ref
	for i := range list {
		list[i].ID = ""
		if err := list[i].prepare(a); err != nil {
			return nil, err
		}
		ids[i], on = list[i].ID, append(on, list[i].On...)
	}
	if err := s.Kinds.MayHang(ctx, tx, a, on); err != nil {
		return nil, err
	}
	for _, t := range list {
		t, err := s.ordered(a, t, hours)
		if err == nil {
			_, err = s.addNew(ctx, tx, a, t)
		}
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (t *Task) prepare(a org.Actor) error {
	if t.MemberID == "" {
		t.MemberID = a.Effective()
	}
	t.What, t.CreatedAt, t.CreatedBy, t.Version = text.Line(t.What), a.Now, a.Effective(), 1
	switch {
	case t.What == "":
		return fault.Missing("/what")
	case text.Longer(t.What, 1000):
		return fault.Input("/what", "input.too_long", "at most 1000 characters").With("max", 1000)
	}
	if err := a.AtWork("/memberId", t.MemberID); err != nil {
		return err
	}
	if err := t.checkParties(a); err != nil {
		return err
	}
	return errors.Join(record.UseID(&t.ID, a.Now), checkDue(a, t.DueOn), t.Repeat.check(t.DueOn))
}

// checkDue refuses a day that has passed; an import carries the source's days.
func checkDue(a org.Actor, on calendar.Date) error {
	if _, err := calendar.Parse(string(on)); err != nil {
		return calendar.BadDate("/dueOn")
	}
	if on < a.Today && a.Path != "import" {
		return fault.Input("/dueOn", "task.due_past", "the day has passed").With("today", string(a.Today))
	}
	return nil
}

func (s *Service) add(ctx context.Context, tx database.Tx, a org.Actor, t Task) (Task, error) {
	old, err := s.Rows.Get(ctx, tx, a.TenantID, t.ID)
	switch {
	case err == nil:
		return s.again(ctx, tx, a, t, old)
	case !fault.Is(err, fault.NotFound):
		return t, err
	}
	if err := s.Kinds.MayHang(ctx, tx, a, t.On); err != nil {
		return t, err
	}
	return s.addNew(ctx, tx, a, t)
}

func (s *Service) addNew(ctx context.Context, tx database.Tx, a org.Actor, t Task) (Task, error) {
	if t.Repeat != nil {
		t.SeriesID, t.SeriesDay = record.NewID(a.Now), cmp.Or(t.SeriesDay, t.DueOn)
	}
	t.Facts = []Fact{t.given(a.Today)}
	if err := database.Taken(s.write(ctx, tx, a.TenantID, t), record.ErrIDTaken); err != nil {
		return t, err
	}
	if err := s.comesAgain(ctx, tx, a, t); err != nil {
		return t, err
	}
	said := added{MemberID: t.MemberID, DueOn: t.DueOn, CustomerAgreed: t.CustomerAgreed, On: t.On, Long: t.Long, Parties: t.says(),
		SeriesID: t.SeriesID, SeriesDay: t.SeriesDay, Repeat: t.Repeat, Meets: t.Meets}
	if t.CreatedBy != a.Effective() {
		said.CreatedBy = t.CreatedBy
	}
	t.append(tx, a, "task.added", said)
	return t, nil
}

// write writes the rows of a new task.
func (s *Service) write(ctx context.Context, tx database.Tx, tenant string, t Task) error {
	if err := s.Rows.Insert(ctx, tx, tenant, []Task{t}); err != nil {
		return err
	}
	if err := s.Rows.AddFacts(ctx, tx, tenant, t.Facts); err != nil {
		return err
	}
	if len(t.Parties) > 0 {
		if err := s.Rows.SaveParties(ctx, tx, tenant, t.ID, t.Parties); err != nil {
			return err
		}
	}
	return s.Records.InsertLinks(ctx, tx, tenant, t.links())
}

// again answers a task sent twice with the first one.
func (s *Service) again(ctx context.Context, tx database.Tx, a org.Actor, t, old Task) (Task, error) {
	list, err := s.withRecords(ctx, tx, a, []Task{old})
	if err != nil {
		return t, err
	}
	same := old.CreatedBy == t.CreatedBy && text.Fold(old.What) == text.Fold(t.What) && len(list[0].On) == len(t.On)
	for _, ref := range t.On {
		same = same && slices.Contains(list[0].On, ref)
	}
	if !same {
		return t, record.ErrIDTaken
	}
	return list[0], nil
}

func (t Task) links() (out []record.Link) {
	for _, ref := range t.On {
		out = append(out, record.Link{From: Ref(t.ID), To: ref})
	}
	return out
}

// TeamOf is the team that answers for a task: that of its member's main post today, or on the day it was done. Posts have their
// days, so a reorganisation changes nothing of what was.
func (t Task) TeamOf(a org.Actor) string {
	return a.Structure.MainTeams(t.MemberID, cmp.Or(t.DoneOn, a.Today))[0].TeamID
}

// Ref names a task in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: Kind, ID: id} }

// append writes the entry of a change. It is seen by whoever sees the record the task hangs
// on, or the task alone.
func (t Task) append(tx database.Tx, a org.Actor, kind string, payload any) {
	scope := Ref(t.ID)
	if len(t.On) > 0 {
		scope = t.On[0]
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(t.ID), Scope: scope, Kind: kind, On: a.Today, Payload: payload})
}

// most is how many tasks a list shows.
const most = 200

// List reads the actor's own open tasks and those he has a part in, those due first in front; handed, those the actor
// gave to others, also those whose result waits for him; done, the last that were done.
func (s *Service) List(ctx context.Context, a org.Actor, handed, done bool) ([]Task, error) {
	q := Ask{Member: a.Effective(), Done: done, Limit: most}
	if handed {
		q.Member, q.By = "", a.Effective()
	}
	return s.read(ctx, a, func(tx database.Tx) ([]Task, error) {
		own, err := s.Rows.List(ctx, tx, a.TenantID, q)
		if err != nil || handed && done {
			return own, err
		}
		besides := Ask{Member: a.Effective(), Part: true, Done: done, Limit: most}
		if handed {
			besides = Ask{Member: a.Effective(), Review: reviewsFor(a), Limit: most}
		}
		more, err := s.Rows.List(ctx, tx, a.TenantID, besides)
		if handed {
			more = slices.DeleteFunc(more, func(t Task) bool { return t.Reviewer(a.Structure, a.Today) != a.Effective() })
		}
		if len(more) > 0 {
			own = append(own, more...)
			slices.SortStableFunc(own, func(x, y Task) int {
				if done {
					return cmp.Or(cmp.Compare(y.DoneOn, x.DoneOn), cmp.Compare(y.ID, x.ID))
				}
				return cmp.Or(cmp.Compare(x.DueOn, y.DueOn), cmp.Compare(x.ID, y.ID))
			})
		}
		return own[:min(most, len(own))], err
	})
}

// Due reads the actor's own tasks due by today, also those in other people's deals.
func (s *Service) Due(ctx context.Context, a org.Actor, limit int) ([]Task, error) {
	q := Ask{Member: a.Effective(), Until: a.Today, Limit: limit}
	return s.read(ctx, a, func(tx database.Tx) ([]Task, error) { return s.Rows.List(ctx, tx, a.TenantID, q) })
}

// OfRecord reads the tasks of a record, open ones in front. A record out of sight has none.
func (s *Service) OfRecord(ctx context.Context, a org.Actor, on record.Ref) ([]Task, error) {
	return s.read(ctx, a, func(tx database.Tx) ([]Task, error) {
		seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{on})
		if err != nil || len(seen) == 0 {
			return nil, err
		}
		return s.Rows.OfRecord(ctx, tx, a.TenantID, on, most)
	})
}

// FirstOn tells of records the actor sees, by id, which open task on them is due first.
func (s *Service) FirstOn(ctx context.Context, a org.Actor, kind string, ids []string) (out map[string]Task, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.FirstOn(ctx, tx, a.TenantID, kind, ids)
		return err
	})
	return out, err
}

func (s *Service) read(ctx context.Context, a org.Actor, list func(database.Tx) ([]Task, error)) (out []Task, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		found, err := list(tx)
		if err == nil {
			out, err = s.withRecords(ctx, tx, a, found)
		}
		return err
	})
	return out, err
}

// withRecords reads along what tasks hang on, and the names the actor may see.
func (s *Service) withRecords(ctx context.Context, tx database.Tx, a org.Actor, list []Task) ([]Task, error) {
	ids := make([]string, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	if err := s.withParts(ctx, tx, a.TenantID, ids, list); err != nil {
		return nil, err
	}
	links, err := s.Records.Links(ctx, tx, a.TenantID, Kind, ids)
	if err != nil {
		return nil, err
	}
	var refs []record.Ref
	for _, on := range links {
		refs = append(refs, on...)
	}
	names, err := s.Kinds.Sees(ctx, tx, a, false, refs)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].On, list[i].Names = links[list[i].ID], map[record.Ref]string{}
		for _, ref := range list[i].On {
			if name, ok := names[ref]; ok {
				list[i].Names[ref] = name
			}
		}
	}
	return list, nil
}
