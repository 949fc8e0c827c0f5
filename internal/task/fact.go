package task

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
)

// What may happen to a task.
const (
	FactGiven      = "given"
	FactReceived   = "received"
	FactPlanned    = "planned"
	FactProgressed = "progressed"
	FactDone       = "done"
	FactResult     = "result_said"
	FactReopened   = "reopened"
	FactAccepted   = "accepted"
	FactSentBack   = "sent_back"
	FactRedated    = "redated"
	FactDropped    = "dropped"
	FactOffered    = "offered"
	FactDeclined   = "declined"
	FactWithdrawn  = "withdrawn"
	FactHanded     = "handed"
	FactPartDone   = "part_done"
	FactPartOpen   = "part_reopened"
	FactPartners   = "partners"
	FactEnded      = "series_ended"
)

// Fact is what happened to a task: one a version. MemberID is whom it was about (whose it became, who was asked), DueOn the
// day that was named, Agreed by the customer.
type Fact struct {
	TaskID         string
	Ord            int
	Kind           string
	MemberID, ByID string
	At             time.Time
	Day            calendar.Date
	DueOn          calendar.Date
	Agreed         bool
	Words          string
}

// ID names a fact's row.
func (f Fact) ID() string { return fmt.Sprintf("%s.%d", f.TaskID, f.Ord) }

// partRows is what the package needs of the tables around a task.
type partRows interface {
	// Facts and Parties are by task.
	Facts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]Fact, error)
	Parties(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]Party, error)
	AddFacts(ctx context.Context, tx database.Tx, tenant string, list []Fact) error
	// SaveParties makes a task's parties those.
	SaveParties(ctx context.Context, tx database.Tx, tenant, id string, list []Party) error
}

// given is the first fact of a task.
func (t Task) given(day calendar.Date) Fact {
	return Fact{TaskID: t.ID, Ord: 1, Kind: FactGiven, MemberID: t.MemberID, ByID: t.CreatedBy, At: t.CreatedAt, Day: day, DueOn: t.DueOn,
		Agreed: t.CustomerAgreed}
}

// note adds a fact of the version a task has now.
func (t *Task) note(a org.Actor, f Fact) { t.noteAt(f, a.Effective(), a.Now, a.Today) }

func (t *Task) noteAt(f Fact, by string, at time.Time, day calendar.Date) {
	f.TaskID, f.Ord, f.ByID, f.At, f.Day = t.ID, t.Version, by, at, day
	t.Facts = append(t.Facts, f)
}

// last is the last fact of a kind; Ord is 0 where there is none.
func (t Task) last(kind string) (f Fact) {
	for _, x := range t.Facts {
		if x.Kind == kind {
			f = x
		}
	}
	return f
}

// withParts reads along what happened to tasks, and who else has to do with them. One that was there before facts
// were kept and is in no journal begins as it is.
func (s *Service) withParts(ctx context.Context, tx database.Tx, tenant string, ids []string, list []Task) error {
	if len(list) == 0 {
		return nil
	}
	facts, err := s.Rows.Facts(ctx, tx, tenant, ids)
	if err != nil {
		return err
	}
	parties, err := s.Rows.Parties(ctx, tx, tenant, ids)
	for i := range list {
		t := &list[i]
		t.Facts, t.Parties = facts[t.ID], parties[t.ID]
		if len(t.Facts) == 0 || t.Facts[0].Kind != FactGiven {
			t.Facts = slices.Insert(t.Facts, 0, t.given(calendar.Date(t.CreatedAt.Format(time.DateOnly))))
		}
	}
	return err
}

// How a task stands, which follows from what happened.
const (
	Open      = "open"
	Waiting   = "waiting"  // an order whose receipt was not said
	Received  = "received" // a long order without a plan
	UnderWay  = "under_way"
	InReview  = "in_review"
	ToDoAgain = "to_do_again"
	Done      = "done"
	Dropped   = "dropped"
)

// State is how a task stands.
func (t Task) State() string {
	switch {
	case t.DroppedAt != nil:
		return Dropped
	case t.DoneOn != "" && t.toReview():
		return InReview
	case t.DoneOn != "":
		return Done
	case t.last(FactSentBack).Ord > max(t.last(FactPlanned).Ord, t.last(FactProgressed).Ord):
		return ToDoAgain
	case t.last(FactPlanned).Ord+t.last(FactProgressed).Ord > 0:
		return UnderWay
	case !t.isOrder():
		return Open
	case !t.received():
		return Waiting
	case t.Long:
		return Received
	}
	return UnderWay
}

// received: whose task it is has said 收到, or took it over himself.
func (t Task) received() (yes bool) {
	for _, f := range t.Facts {
		switch f.Kind {
		case FactReceived:
			yes = true
		case FactHanded:
			yes = f.ByID == f.MemberID
		}
	}
	return yes
}

// isOrder: somebody gave it to somebody else.
func (t Task) isOrder() bool { return t.CreatedBy != "" && t.CreatedBy != t.MemberID }

// toReview: whoever gave a long order has not said what he thinks of its result.
func (t Task) toReview() bool {
	d := t.last(FactDone)
	return t.Long && t.isOrder() && d.ByID == t.MemberID && t.last(FactAccepted).Ord < d.Ord
}
