// Package outgoing is what leaves the house: mail to a member and messages of a team's group robot, about what the
// program told him. A row for each notice and way is written in the write that tells it, with a key that stays the
// same; one process at a time sends a company's rows, at least once and at most twice with the same key. What is
// sent is read as it is sent, with the rights its addressee has then. docs/decisions/0034-outgoing.md explains.
package outgoing

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/tally"
	"yunchou/internal/timetable"
	"yunchou/internal/worktime"
)

// Ways something leaves the house.
const (
	ByMail   = "mail"
	ByRobot  = "robot"
	ByDigest = "digest" // a mail once a day
)

// State is how a message stands.
type State string

// The states.
const (
	Queued    State = "queued"
	Sent      State = "sent"
	Failed    State = "failed"    // refused for good
	GivenUp   State = "given_up"  // it did not go in the time it had, or nobody knows whether it did
	Withdrawn State = "withdrawn" // there was no reason to send it any more
)

// Why a message was withdrawn. Failures have codes of faults.
const (
	WasRead   = "outgoing.read"     // its reader has seen it in the program
	IsSettled = "outgoing.settled"  // what it asked is done
	IsHidden  = "outgoing.hidden"   // its reader may not see the record any more
	HasLeft   = "outgoing.left"     // its reader is not with the company
	HasMoved  = "outgoing.moved"    // its reader is not in the robot's team
	Unwanted  = "outgoing.unwanted" // its reader chose otherwise
	NoAddress = "outgoing.no_address"
	IsOff     = "outgoing.off"     // the way is switched off
	IsGone    = "outgoing.gone"    // the history it was of ends before it
	Nothing   = "outgoing.nothing" // nothing was left to tell
	ByHand    = "outgoing.by_hand"
)

// Why a message did not go.
const (
	TookTooLong = "outgoing.took_too_long"
	NotSure     = "outgoing.unsure"
)

// Message is a row of the queue. ID is its key: the Message-ID of a mail.
type Message struct {
	ID, Way          string
	MemberID, TeamID string // TeamID is the robot's
	Seq              int64  // of the notice, 0 of a digest
	Kind             string // of the notice
	DigestOn         calendar.Date
	State            State
	DueAt, CreatedAt time.Time
	TriedAt, EndedAt *time.Time // first try; end
	BegunAt          *time.Time // last try
	Attempts         int
	Unsure           int    // times it was handed over and nobody knows whether it arrived
	Code             string // why it is withdrawn or did not go
	Answer           string // what the other side said
}

// Queue is how the queue stands, over all companies.
type Queue struct {
	Waiting, Failed int
	Oldest          time.Time // since when the one that waits longest is due; zero where none waits
}

// Asked narrows the list of messages.
type Asked struct {
	State State // "" is all; Failed are those given up, too
}

// States are those that are asked for, none for all.
func (q Asked) States() []State {
	switch q.State {
	case "":
		return nil
	case Failed:
		return []State{Failed, GivenUp}
	}
	return []State{q.State}
}

// Rows is what the package needs of its tables; outgoingdb implements it.
type Rows interface {
	// Choices are what members chose, of those who chose.
	Choices(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]Choice, error)
	SaveChoice(ctx context.Context, tx database.Tx, tenant, member string, c Choice) error
	Setting(ctx context.Context, tx database.Tx, tenant string) (Setting, error)
	SaveSetting(ctx context.Context, tx database.Tx, tenant string, x Setting) error
	Robots(ctx context.Context, tx database.Tx, tenant string) ([]Robot, error)
	SaveRobot(ctx context.Context, tx database.Tx, tenant string, r Robot) error
	DeleteRobot(ctx context.Context, tx database.Tx, tenant, team string) error
	// Pause has a robot say nothing before an instant.
	Pause(ctx context.Context, tx database.Tx, tenant, team string, until time.Time) error

	// Insert adds rows that are not there.
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Message) (int, error)
	// Due are those of a robot, or with no team of mail, whose time has come, the first due in front.
	Due(ctx context.Context, tx database.Tx, tenant, team string, now time.Time, limit int) ([]Message, error)
	// Begin notes that a message is handed over now; false where it is not as it was read.
	Begin(ctx context.Context, tx database.Tx, tenant string, m Message, now time.Time) (bool, error)
	// Save writes how a message stands, where nobody tried it since and it is in the state it was in; that it was
	// sent is written in any case.
	Save(ctx context.Context, tx database.Tx, tenant string, was State, m Message) error
	// Begun counts what was handed over since an instant, what went together once.
	Begun(ctx context.Context, tx database.Tx, tenant, team string, since time.Time) (int, error)
	// Withdraw ends all that waits for a robot.
	Withdraw(ctx context.Context, tx database.Tx, tenant, team, code string, now time.Time) error
	// Gone removes what waits of notices of entries after one.
	Gone(ctx context.Context, tx database.Tx, tenant string, after int64) error
	// Digests are the members whose digest of a day was written.
	Digests(ctx context.Context, tx database.Tx, tenant string, day calendar.Date) (map[string]bool, error)
	List(ctx context.Context, tx database.Tx, tenant string, q Asked, r page.Request) ([]Message, error)
	Get(ctx context.Context, tx database.Tx, tenant, id string) (Message, bool, error)
	// Counts are how many there are in each state.
	Counts(ctx context.Context, tx database.Tx, tenant string) (map[State]int64, error)
	Standing(ctx context.Context, tx database.Tx, now time.Time) (Queue, error)
	// Purge removes what ended before an instant.
	Purge(ctx context.Context, tx database.Tx, tenant string, before time.Time) error
}

// Seals keeps secrets so that the database alone does not give them away.
type Seals interface {
	Seal(secret, whose string) (string, error)
	Unseal(sealed, whose string) (string, error)
}

// Outcome is how handing a message over ended.
type Outcome int

// The outcomes.
const (
	Taken   Outcome = iota // the other side has it
	Later                  // it was not taken, and may be later
	Refused                // it will never be taken
	Unsure                 // nobody knows
)

// Result is an outcome with its reason: a code of a fault, and what the other side said.
type Result struct {
	Outcome
	Code, Answer string
	// Pause is how long the other side wants to hear nothing.
	Pause time.Duration
}

// Post opens a way to a mail server. Where that fails the result says why.
type Post interface {
	Open(ctx context.Context, to Server) (Carrier, Result)
}

// Carrier carries mails one after another, until one is Unsure.
type Carrier interface {
	Send(ctx context.Context, m Mail) Result
	Close()
}

// Hooks says something through a robot.
type Hooks interface {
	Say(ctx context.Context, r Robot, s Spoken) Result
}

// Service holds the use cases. Safe for concurrent use.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Notices   *notice.Service
	Org       *org.Service
	Times     *worktime.Service
	Timetable *timetable.Service
	Seals     Seals
	Post      Post
	Hooks     Hooks
	Now       func() time.Time
	// Site is the address people reach the program at, as the operator says; "" leaves it to the companies.
	Site string
	// AnyHost lets administrators name any mail server and any address of a robot.
	AnyHost bool

	// Ended counts what this process tried, by way and outcome.
	Ended tally.Counts

	looked looked
}

// Standing tells how the queue stands.
func (s *Service) Standing(ctx context.Context, tx database.Tx) (Queue, error) {
	return s.Rows.Standing(ctx, tx, s.Now())
}

// kept is how long what ended is listed.
const kept = 90 * 24 * time.Hour

// Purge removes what nobody asks for any more.
func (s *Service) Purge(ctx context.Context, tenant string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Purge(ctx, tx, tenant, s.Now().Add(-kept)) })
}
