// Package change is who changed at a customer (换人): somebody who had a part in open opportunities went to another
// post, left, or gave the matter to somebody else. Each opportunity it touches has a clock until the successor is
// met. It knows nothing of who knows whom.
package change

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/idempotency"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/worktime"
)

// RefKind names a change in the journal.
const RefKind = "contact_change"

// Ref names one.
func Ref(id string) record.Ref { return record.Ref{Kind: RefKind, ID: id} }

// Kind is what happened to a person.
type Kind string

const (
	Moved    Kind = "moved"    // 调岗: has another post, here or elsewhere
	Left     Kind = "left"     // 离职
	Handed   Kind = "handed"   // 只换此事经办: stays, and somebody else looks after the matter
	Retitled Kind = "retitled" // 仅职务变化: stays, with another title
)

// State is how far it is.
type State string

const (
	Suspected State = "suspected" // 疑似: the owners are asked, nothing has begun
	Confirmed State = "confirmed" // 确认
	Met       State = "met"       // 已见: the successor was met about every opportunity
	Refuted   State = "refuted"   // 不成立
	Withdrawn State = "withdrawn" // 撤回: the import that proposed it was undone
)

// Sources are by whom or what it is known.
var Sources = []string{"self", "colleague", "public", "other", "import", "record"}

// Change is one.
type Change struct {
	ID, ContactID, AccountID string
	Kind                     Kind
	On                       calendar.Date
	Source                   string
	State                    State
	SuccessorID              string // "" is not known
	SuccessorName            string // while he is no contact yet
	// The post of who went, as far as it is known: another account, department, title.
	ToAccountID, Department, Title string
	OpportunityID                  string // of one matter alone; "" is all he had a part in
	ToldAt                         time.Time
	ToldBy                         string
	ConfirmedAt                    *time.Time
	ConfirmedBy                    string
	EndedAt                        *time.Time // met or refuted
	EndedBy                        string
	JobID, SuccessorJobID          string // the posts it began
	BatchID                        string // the import that proposed it
	Version                        int
	Deals                          []Deal

	// ContactName, AccountName and what opportunities are called are read along.
	ContactName, AccountName, ToAccountName string
}

// Deal is an open opportunity a change touches.
type Deal struct {
	OpportunityID string
	Role          string // he had; "" where none was recorded
	Late          bool   // it was in a late phase
	DueOn         calendar.Date
	DueAt         time.Time
	TaskID        string
	TalkedAt      *time.Time // the successor was only written to
	MetAt         *time.Time
	// PassedOn: the successor himself went before he was met, and who follows him is met instead.
	PassedOn bool
	// Succession is what it did to the opportunity's people.
	opportunity.Succession

	// Name and OwnerID are read along where the reader sees it, Left are the minutes of work that are left.
	Name, OwnerID string
	Left          int
	Lamp          Lamp
	ChangeID      string
}

// Lamp is how a clock stands.
type Lamp string

const (
	Green  Lamp = "green"  // the successor was met, and what he said is written down
	Yellow Lamp = "yellow" // there is time, or he was only written to
	Red    Lamp = "red"    // the time is over, or the phase is late: from the first minute
)

// LampAt is the rule: met is green whenever it was. What is over is red; before that a late phase is red until he
// was at least written to.
func (d Deal) LampAt(now time.Time) Lamp {
	switch {
	case d.MetAt != nil:
		return Green
	case !now.Before(d.DueAt):
		return Red
	case d.Late && d.TalkedAt == nil:
		return Red
	}
	return Yellow
}

// Meets tells whether a channel is one in which somebody is met: what is only written is not.
func Meets(channel string) bool {
	switch channel {
	case "visit", "meeting", "phone", "video":
		return true
	}
	return false
}

// metAbout tells whether the successor was met about some of the opportunities it touches, and none of the others waits.
func (c Change) metAbout(waits func(Deal) bool) bool {
	return slices.ContainsFunc(c.Deals, func(d Deal) bool { return d.MetAt != nil }) && !slices.ContainsFunc(c.Deals, waits)
}

// Asked narrows a list: of an account, a person (who went or follows), an opportunity or an import; with Open those alone that
// are suspected, or confirmed with an open opportunity about which the successor was not met.
type Asked struct {
	Account, Contact, Opportunity, Batch string
	Open                                 bool
	Limit                                int
}

// Rows is what the package needs of its tables; changedb implements it.
type Rows interface {
	// Get is one of an account in a scope. Fault: contact_change.unknown.
	Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (Change, error)
	// List are the last told in front, of accounts in a scope.
	List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, q Asked) ([]Change, error)
	// Followed are the confirmed ones with a successor among some people, not met about some opportunity.
	Followed(ctx context.Context, tx database.Tx, tenant string, contacts []string) ([]Change, error)
	// Unmet are the deals in a scope that are open, of changes that are confirmed, and not met, the last told in front.
	Unmet(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]Deal, error)
	// Doubted are the deals of some owners that are open, of changes that are suspected, the last told in front.
	Doubted(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]Deal, error)
	// TouchesOf are those that touch some opportunities, met and refuted ones too.
	TouchesOf(ctx context.Context, tx database.Tx, tenant string, deals []string) ([]Touch, error)
	// Save writes one whole; was is the version it was read at, 0 of a new one. Fault: record.stale.
	Save(ctx context.Context, tx database.Tx, tenant string, c Change, was int) error
	// Forget blanks what is kept of a person, by his id and by what he is called.
	Forget(ctx context.Context, tx database.Tx, tenant, contact string, names []string) error
}

// Touch is how an opportunity is touched by a change.
type Touch struct {
	ChangeID, OpportunityID, ContactID, SuccessorID string
	State                                           State
	Met                                             bool // the successor, about it
	EndedAt                                         *time.Time
}

// TouchesOf are the changes that touch some opportunities.
func (s *Service) TouchesOf(ctx context.Context, tx database.Tx, a org.Actor, deals []string) ([]Touch, error) {
	return s.Rows.TouchesOf(ctx, tx, a.TenantID, deals)
}

// Service holds the use cases.
type Service struct {
	DB       *database.DB
	Keys     *idempotency.Keys
	Rows     Rows
	Accounts *account.Service
	Deals    *opportunity.Service
	Tasks    *task.Service
	Talks    *followup.Service
	Times    *worktime.Service
	Calendar func(tenant string) calendar.Calendar
	// Job is the actor of what the program does by itself.
	Job func(ctx context.Context, tx database.Tx, tenant string) (org.Actor, error)
}
