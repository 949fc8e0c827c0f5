// Package guidance is what a manager gives and a rep asks for on a record (锦囊): a question, advice, praise,
// a correction, a resource, a call for help. What wants an answer has a clock in the answerer's working
// hours; who holds it changes, what it has cost each stays. The rules of Note neither store nor fire: its state
// is its turns, and a lamp is computed when it is read. Its words are the messages of a thread of its id.
package guidance

import (
	"time"

	"yunchou/internal/fault"
)

// Kind is what a note wants.
type Kind string

// The kinds.
const (
	Question   Kind = "question"   // 提问
	Advice     Kind = "advice"     // 建议
	Praise     Kind = "praise"     // 表扬
	Correction Kind = "correction" // 修正
	Resource   Kind = "resource"   // 资源
	Help       Kind = "help"       // 求助
)

// Timed tells whether a note of the kind has a reply clock.
func (k Kind) Timed() bool {
	return k == Question || k == Correction || k == Resource || k == Help
}

// Times, in minutes of work unless they say otherwise.
const (
	Usual      = 8 * 60 // to answer in, where a company says nothing else
	Least      = 60     // what a planned contact with the customer leaves at least
	CustomerIn = 3      // working days within which the customer is to be asked
	UnsaidIn   = 3      // working days within which an answer may be called none
)

// Schedule is when somebody works; worktime.Schedule is one.
type Schedule interface {
	Minutes(from, to time.Time) int
	After(t time.Time, minutes int) time.Time
}

// Why somebody has a turn.
type Why string

// The reasons.
const (
	Asked   Why = "asked"   // he was asked
	Deputy  Why = "deputy"  // he was known to stand in when it was asked
	Moved   Why = "moved"   // who had it went away
	Climbed Why = "climbed" // who had it did not answer in time
	Unsaid  Why = "unsaid"  // 没答到: what he said was no answer
)

// End is how a turn ended.
type End string

// The ends.
const (
	Answered End = "answered"
	Passed   End = "moved"    // to who stands in
	Rose     End = "climbed"  // to the superior
	Returned End = "returned" // to who asked, who sees to it himself
	Recalled End = "recalled" // who asked took it back
	Gone     End = "gone"     // what it is about was deleted
)

// Turn is the time one member has to answer. Limit and Used are minutes of his work; Due is the instant at
// which the limit is used up.
type Turn struct {
	MemberID   string     `json:"memberId"`
	Why        Why        `json:"why"`
	From       time.Time  `json:"from"`
	Limit      int        `json:"limit"`
	Due        time.Time  `json:"due"`
	ReceivedAt *time.Time `json:"receivedAt,omitempty"` // 收到: read, and not answered
	CustomerAt *time.Time `json:"customerAt,omitempty"` // until when he asks the customer first
	EndedAt    *time.Time `json:"endedAt,omitempty"`
	End        End        `json:"end,omitempty"`
	Used       int        `json:"used,omitempty"` // from its beginning to its end
}

// Note is one note. Turns are in their order; the last is whoever's it is, or was.
type Note struct {
	Kind    Kind
	AskerID string
	Turns   []Turn
	Contact *time.Time // with the customer, before which each who has it is to answer
}

// Faults.
var (
	ErrNotYours = fault.New(fault.Forbidden, "guidance.not_yours", "somebody else is asked")
	ErrClosed   = fault.New(fault.Rule, "guidance.closed", "it needs no answer any more")
	ErrTwice    = fault.New(fault.Rule, "guidance.customer_once", "the customer was to be asked before")
	ErrNoAnswer = fault.New(fault.Rule, "guidance.not_answered", "there is no answer yet")
	ErrTooLate  = fault.New(fault.Rule, "guidance.too_late", "the time to say so has passed")
	ErrNotAsker = fault.New(fault.Forbidden, "guidance.not_asker", "only who asked says so")
	ErrTooFar   = fault.New(fault.Invalid, "guidance.customer_too_far", "later than the customer may be waited for")
)

// Open is the turn that runs, or nil.
func (n *Note) Open() *Turn {
	if len(n.Turns) == 0 {
		return nil
	}
	if t := &n.Turns[len(n.Turns)-1]; t.EndedAt == nil {
		return t
	}
	return nil
}

// Ask begins a note at an instant: whose turn it is, and why his. A contact planned with the customer
// shortens the limit to what is worked until then, but not below Least.
func Ask(k Kind, asker string, first Turn, s Schedule, contact *time.Time) Note {
	n := Note{Kind: k, AskerID: asker, Contact: contact}
	if k.Timed() {
		n.begin(first, s)
		n.Open().hasten(s, contact)
	}
	return n
}

// begin adds a turn, which is due when its limit is used up.
func (n *Note) begin(t Turn, s Schedule) {
	t.Due = s.After(t.From, t.Limit)
	n.Turns = append(n.Turns, t)
}

// hasten shortens a turn so that it ends before a contact with the customer that lies ahead.
func (t *Turn) hasten(s Schedule, contact *time.Time) {
	if contact == nil {
		return
	}
	if left := max(Least, s.Minutes(t.From, *contact)); left < t.Limit {
		t.Limit, t.Due = left, s.After(t.From, left)
	}
}

// hastenNext shortens the turn of who has it next, where the customer is still to be met.
func (n *Note) hastenNext(s Schedule) {
	if t := n.Open(); n.Contact != nil && n.Contact.After(t.From) {
		t.hasten(s, n.Contact)
	}
}

// end ends the turn that runs.
func (t *Turn) end(how End, at time.Time, s Schedule) {
	t.EndedAt, t.End, t.Used = &at, how, max(0, s.Minutes(t.From, at)) // a clock may be set back
}

// held is the turn that runs, of a member who may answer: whoever has it, and whoever had it before it was
// taken from him.
func (n *Note) held(member string) (*Turn, error) {
	t := n.Open()
	if t == nil {
		return nil, ErrClosed
	}
	for _, x := range n.Turns {
		if x.MemberID == member {
			return t, nil
		}
	}
	return nil, ErrNotYours
}

// Receive notes that whoever has it has read it. The clock runs on.
func (n *Note) Receive(member string, at time.Time) error {
	t := n.Open()
	switch {
	case t == nil:
		return ErrClosed
	case t.MemberID != member:
		return ErrNotYours
	case t.ReceivedAt == nil:
		t.ReceivedAt = &at
	}
	return nil
}

// Answer ends the turn that runs; who lost it to somebody else may answer still.
func (n *Note) Answer(member string, at time.Time, s Schedule) error {
	t, err := n.held(member)
	if err == nil {
		t.end(Answered, at, s)
	}
	return err
}

// AskCustomer has the clock run to the end of a day, once: last is the last instant of that day, furthest
// that of the last day there may be.
func (n *Note) AskCustomer(member string, at, last, furthest time.Time, s Schedule) error {
	t := n.Open()
	switch {
	case t == nil:
		return ErrClosed
	case t.MemberID != member:
		return ErrNotYours
	case last.After(furthest):
		return ErrTooFar
	}
	for _, x := range n.Turns {
		if x.CustomerAt != nil {
			return ErrTwice
		}
	}
	t.CustomerAt = &last
	t.Limit = max(t.Limit, s.Minutes(t.From, last))
	t.Due = s.After(t.From, t.Limit)
	return nil
}

// Reject says that an answer was none, until an instant. The clock that was stopped goes on for who
// answered, with what was left of it; what it showed then is kept in the turn that ended.
func (n *Note) Reject(member string, at, until time.Time, s Schedule) error {
	if len(n.Turns) == 0 || n.Open() != nil || n.Turns[len(n.Turns)-1].End != Answered {
		return ErrNoAnswer
	}
	t := n.Turns[len(n.Turns)-1]
	switch {
	case n.AskerID != member:
		return ErrNotAsker
	case at.After(until):
		return ErrTooLate
	}
	n.begin(Turn{MemberID: t.MemberID, Why: Unsaid, From: at, Limit: max(0, t.Limit-t.Used)}, s)
	return nil
}

// Lapse is what becomes of a turn that is due and not answered: it climbs once, to a superior, or returns
// to who asked where there is none to climb to (superior names nobody) or it has climbed before. It counts
// from the instant it was due, whenever somebody notices; after a day of downtime it may lapse again at
// once. It tells whether anything changed.
func (n *Note) Lapse(at time.Time, s Schedule, superior Turn, his Schedule) bool {
	t := n.Open()
	if t == nil || at.Before(t.Due) {
		return false
	}
	if superior.MemberID == "" || n.climbed() {
		t.end(Returned, t.Due, s)
		return true
	}
	t.end(Rose, t.Due, s)
	superior.Why, superior.From = Climbed, t.Due
	n.begin(superior, his)
	n.hastenNext(his)
	return true
}

func (n *Note) climbed() bool {
	for _, t := range n.Turns {
		if t.Why == Climbed {
			return true
		}
	}
	return false
}

// Move gives the turn that runs to who stands in: the time that has run stays the first one's, the other
// has a whole limit.
func (n *Note) Move(at time.Time, s Schedule, to Turn, his Schedule) {
	t := n.Open()
	if t == nil || t.MemberID == to.MemberID {
		return
	}
	t.end(Passed, at, s)
	to.Why, to.From = Moved, at
	n.begin(to, his)
	n.hastenNext(his)
}

// Return gives a note back to who asked, because who has it has left and nobody else is to be asked.
func (n *Note) Return(at time.Time, s Schedule) {
	if t := n.Open(); t != nil {
		t.end(Returned, at, s)
	}
}

// Recall takes a note back.
func (n *Note) Recall(member string, at time.Time, s Schedule) error {
	switch t := n.Open(); {
	case n.AskerID != member:
		return ErrNotAsker
	case t == nil:
		return ErrClosed
	default:
		t.end(Recalled, at, s)
		return nil
	}
}

// Gone ends a note because what it is about was deleted: nobody is to answer, and nobody is silent.
func (n *Note) Gone(at time.Time, s Schedule) {
	if t := n.Open(); t != nil {
		t.end(Gone, at, s)
	}
}

// Lamp is how a clock stands at an instant.
type Lamp string

// The lamps.
const (
	None    Lamp = "" // there is no clock
	Running Lamp = "running"
	Soon    Lamp = "soon" // an hour of work is left, or less
	Late    Lamp = "late"
	Stopped Lamp = "stopped" // answered in time
	Unkept  Lamp = "unkept"  // answered, and too late; or never
)

// Lamp tells how the clock stands, and how many minutes of work are left, negative where it is over.
func (n Note) Lamp(at time.Time, s Schedule) (Lamp, int) {
	if len(n.Turns) == 0 {
		return None, 0
	}
	t := n.Turns[len(n.Turns)-1]
	switch left := t.Limit - max(0, s.Minutes(t.From, at)); {
	case t.EndedAt != nil && t.End == Answered && !t.EndedAt.After(t.Due):
		return Stopped, t.Limit - t.Used
	case t.EndedAt != nil:
		return Unkept, t.Limit - t.Used
	case at.After(t.Due):
		return Late, left
	case left <= Least:
		return Soon, left
	default:
		return Running, left
	}
}
