package guidance

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Kinds are all there are; each is a kind of thread.
var Kinds = []Kind{Question, Advice, Praise, Correction, Resource, Help}

// State is where a note stands.
type State string

// The states.
const (
	Said    State = "said" // there is no clock
	Waits   State = "open"
	Settled State = "answered"
	Back    State = "returned" // nobody answered: whoever asked sees to it
	Taken   State = "recalled" // or what it is about was deleted
)

// state is what follows from the turns.
func (n Note) state() State {
	if len(n.Turns) == 0 {
		return Said
	}
	switch n.Turns[len(n.Turns)-1].End {
	case Answered:
		return Settled
	case Returned:
		return Back
	case Recalled, Gone:
		return Taken
	}
	return Waits
}

// holder has the turn that runs, or is nobody.
func (n Note) holder() (member string, due time.Time) {
	if t := n.Open(); t != nil {
		return t.MemberID, t.Due
	}
	return "", time.Time{}
}

// Use is whether advice was followed.
type Use string

// The uses.
const (
	Used    Use = "used"
	NotUsed Use = "not_used"
)

// Outcome is what became of advice: whoever owes it says whether he used it, and what came of it.
type Outcome struct {
	From     string        `json:"from"`
	DueOn    calendar.Date `json:"dueOn"`
	Used     Use           `json:"used,omitempty"`
	UsedAt   *time.Time    `json:"usedAt,omitempty"`
	UsedID   string        `json:"usedId,omitempty"` // the message that says more of it
	ResultAt *time.Time    `json:"resultAt,omitempty"`
	ResultID string        `json:"resultId,omitempty"`
	AsOwner  bool          `json:"asOwner,omitempty"` // it was given to whoever has the record, and goes along with it

	Owner string `json:"-"` // who has the record now, of what goes along with it
}

// Owes is who is to say what became of it: who was given it, or who has the record now; or who said it.
func (o Outcome) Owes() string {
	if o.ResultAt != nil {
		return o.From
	}
	return cmp.Or(o.Owner, o.From)
}

// Check is the fact that would show that a correction worked, and the day it is looked at.
type Check struct {
	FactID    string        `json:"factId"` // the message that says the fact
	On        calendar.Date `json:"on"`
	Worked    *bool         `json:"worked,omitempty"`
	CheckedAt *time.Time    `json:"checkedAt,omitempty"`
	CheckedID string        `json:"checkedId,omitempty"`
}

// Reply is the answer that stands.
type Reply struct {
	MessageID string    `json:"messageId"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	PieceID   string    `json:"pieceId,omitempty"`
}

// Kept is a note as it is kept. ID is its thread's; ToID is whom it was given to, whoever has it now.
type Kept struct {
	Note
	ID        string
	On        record.Ref
	ToID      string
	AskedAt   time.Time
	Reply     *Reply
	Outcome   *Outcome
	Check     *Check
	SettledAt *time.Time // whoever asked has done with what came back
	Version   int

	// Of the reader.
	Thread conversation.Thread
	Text   string            // what was asked
	Words  map[string]string // of the messages named above
	Lamp   Lamp
	Left   int // minutes of work, negative where the time is over
	May    May
}

// May is what the reader may do about a note.
type May struct {
	Receive, Answer, Recall, Settle, Use, Result, Check bool
	AskCustomerTo                                       calendar.Date // the last day he may name, "" where he may not
	RejectTo                                            calendar.Date // until when he may say that it is no answer
}

// Word is what a message of the note says, "" of none.
func (k Kept) Word(message string) string { return k.Words[message] }

// State is where it stands.
func (k Kept) State() State { return k.state() }

// Holder is who has it now, "" where nobody has.
func (k Kept) Holder() string { id, _ := k.holder(); return id }

// Ref names the note in the journal: it is its thread.
func (k Kept) Ref() record.Ref { return conversation.Ref(k.ID) }

// Box is a list of notes by what is to be done about them.
type Box string

// The boxes.
const (
	ToAnswer Box = "toAnswer" // the reader has the turn, the first due in front
	Asks     Box = "asked"    // the reader's own, the last in front
	Returns  Box = "returned" // the reader's own that nobody answered
	Outcomes Box = "outcome"  // advice of which the reader is to say what became
	Checks   Box = "check"    // corrections whose day has come, the reader's own
)

// Waiting is how much waits for a member.
type Waiting struct {
	ToAnswer, Late, Returned, Outcomes, Checks int64
	Oldest                                     int // minutes of work that the one waiting longest has waited
}

// Rows is what the package needs of its tables; guidancedb implements it.
type Rows interface {
	// Get reads a note, whoever reads it. Fault: guidance.unknown.
	Get(ctx context.Context, tx database.Tx, tenant, id string) (Kept, error)
	// Save writes a note that is new or whose version is one more than the one it was read with, and the
	// turns from one on. Fault: record.stale.
	Save(ctx context.Context, tx database.Tx, tenant string, k Kept, turns int) error
	// OnRecord are those on a record that a member reads, the last asked in front.
	OnRecord(ctx context.Context, tx database.Tx, tenant string, x org.Reading, on record.Ref, r page.Request) ([]Kept, error)
	// Box is one of a member's, of what he reads.
	Box(ctx context.Context, tx database.Tx, tenant string, x org.Reading, box Box, today calendar.Date, r page.Request) ([]Kept, error)
	// Calls are the calls for help of some members that are open or came back, of what a member reads.
	Calls(ctx context.Context, tx database.Tx, tenant string, x org.Reading, of []string, r page.Request) ([]Kept, error)
	// Waiting counts a member's boxes.
	Waiting(ctx context.Context, tx database.Tx, tenant string, x org.Reading, today calendar.Date, now time.Time) (Waiting, error)
	// HeldBy are the notes a member has the turn of, the first due in front.
	HeldBy(ctx context.Context, tx database.Tx, tenant, member string, limit int) ([]Kept, error)
	// OpenAfter are the ids of the open notes a member has the turn of, "" of all, that come after one.
	OpenAfter(ctx context.Context, tx database.Tx, tenant, member, after string, limit int) ([]string, error)
	// AnswersOf are the messages that answer some notes.
	AnswersOf(ctx context.Context, tx database.Tx, tenant string, notes []string) ([]string, error)
	// OpenOn are the ids of the open notes on a record.
	OpenOn(ctx context.Context, tx database.Tx, tenant string, on record.Ref, limit int) ([]string, error)
	// OnDesk are those a member asked since an instant that are open or were answered since another one, and those
	// that came back to him and are not done with; the last asked in front.
	OnDesk(ctx context.Context, tx database.Tx, tenant string, x org.Reading, since, answered time.Time, limit int) ([]Kept, error)
	// Counted are the notes with a turn that began, or advice that was given, in a time, of some members: what its figures
	// are made of.
	Counted(ctx context.Context, tx database.Tx, tenant string, members []string, in Span) ([]Kept, error)

	Pieces(ctx context.Context, tx database.Tx, tenant string, teams []string) ([]Piece, error)
	Piece(ctx context.Context, tx database.Tx, tenant, id string) (Piece, error)
	SavePiece(ctx context.Context, tx database.Tx, tenant string, p Piece) error

	// Rules are what a company said, with version 0 nothing; SetRules writes them whole.
	Rules(ctx context.Context, tx database.Tx, tenant string) (Rules, error)
	SetRules(ctx context.Context, tx database.Tx, tenant string, r Rules) error

	// LookOf is one look, if there is one.
	LookOf(ctx context.Context, tx database.Tx, tenant, id string) (Look, bool, error)
	AddLook(ctx context.Context, tx database.Tx, tenant string, l Look) error
	// Looks are those at opportunities from an instant on, the first in front; limit 0 is all of them, and of many
	// opportunities those at others come too.
	Looks(ctx context.Context, tx database.Tx, tenant string, deals []string, from time.Time, limit int) ([]Look, error)
	// GivenOn are the notes given on records of a kind from an instant on, as looks of who gave them.
	GivenOn(ctx context.Context, tx database.Tx, tenant, kind string, from time.Time) ([]Look, error)
}

// hadTurn tells whether a member has, or had, a turn.
func (k Kept) hadTurn(member string) bool {
	return slices.ContainsFunc(k.Turns, func(t Turn) bool { return t.MemberID == member })
}
