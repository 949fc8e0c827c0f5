// Package conversation is what the house says about a record (讨论, 私记): threads of messages on a record of
// any kind, who is named in them, and up to where each has read. Who reads a thread follows from its kind and
// from today's relations; a capability that has a kind of its own adds it to Readers.
package conversation

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// Kinds of record that a thread and a message are.
const (
	ThreadKind  = "thread"
	MessageKind = "message"
)

// Kinds of thread.
const (
	Discussion = "discussion" // 讨论
	Note       = "note"       // 私记
)

// Readers is what lets somebody read a thread of a kind.
type Readers int

const (
	OfRecord Readers = iota // whoever reads the record
	Author                  // its author alone
	Two                     // the two it is between, and whoever the giver reports to
	Team                    // the two, the team of whom it is given to, and whoever he reports to
)

// Thread is one conversation on a record. LastN is the number of its last message, from 1.
type Thread struct {
	ID, Kind  string
	On        record.Ref
	ToID      string // the second of two, "" where the kind is not between two
	CreatedAt time.Time
	CreatedBy string
	LastAt    time.Time
	LastN     int64
	// Of the reader: up to where he has read, and the last message that names him.
	ReadN, MentionN int64
	OnName          string    // "" where he may not read the record any more
	Last            []Message // the last few, in their order
}

// Unread is how many messages came since the reader looked.
func (t Thread) Unread() int64 { return max(0, t.LastN-t.ReadN) }

// Mentioned tells whether one of them names him.
func (t Thread) Mentioned() bool { return t.MentionN > t.ReadN }

// Message is one message; N is its number in the thread. Text is "" once it was taken back.
type Message struct {
	ID, ThreadID string
	N            int64
	Text         string
	Mentions     []string // members
	SaidOn       calendar.Date
	SaidAt       time.Time
	SaidBy       string
	OpensDay     bool // the first of its day in the thread
	EditedAt     *time.Time
	TakenBackAt  *time.Time
	Version      int
	Files        []File
}

// File is a file of a message.
type File struct {
	ID, Name string
	Size     int64
}

// Day is what was said in a thread on one day: how many messages stand, and the first of them.
type Day struct {
	Kind string // of the thread
	Said int64
	Text string
}

// Mark is a member's place in a thread.
type Mark struct {
	MemberID        string
	ReadN, MentionN int64
	Joined, Unread  bool
	From            int64 // the message since which he takes part, 0 the next
}

// Asked narrows a list of threads; empty fields do not ask. At least one is set.
type Asked struct {
	On        record.Ref // but for what stands apart on its page, with how it stands (org.Reading.Turns)
	Unread    bool       // the reader takes part, and something is new
	Mentioned bool       // and names him
	Notes     bool       // his own notes
}

// Rows is what the package needs of its tables; conversationdb implements it.
type Rows interface {
	InsertThread(ctx context.Context, tx database.Tx, tenant string, t Thread) error
	InsertMessage(ctx context.Context, tx database.Tx, tenant string, m Message) error
	// Grown notes the last message of a thread.
	Grown(ctx context.Context, tx database.Tx, tenant string, t Thread) error
	// Thread reads one that a member reads. Fault: conversation.unknown.
	Thread(ctx context.Context, tx database.Tx, tenant string, x org.Reading, id string) (Thread, error)
	// AnyThread reads one, whoever reads it.
	AnyThread(ctx context.Context, tx database.Tx, tenant, id string) (Thread, error)
	Threads(ctx context.Context, tx database.Tx, tenant string, x org.Reading, q Asked, r page.Request) ([]Thread, error)
	// ThreadsOf are those of some threads that a member reads, with his place in them.
	ThreadsOf(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) ([]Thread, error)
	// FirstTexts are what the first messages of threads say, by thread; Texts what messages say.
	FirstTexts(ctx context.Context, tx database.Tx, tenant string, threads []string) (map[string]string, error)
	Texts(ctx context.Context, tx database.Tx, tenant string, messages []string) (map[string]string, error)
	// Waiting counts the threads with something new for a member, and those that name him in it.
	Waiting(ctx context.Context, tx database.Tx, tenant string, x org.Reading) (unread, mentioned int64, err error)
	Messages(ctx context.Context, tx database.Tx, tenant, thread string, r page.Request) ([]Message, error)
	// LastOf are the last few messages of threads, in their order.
	LastOf(ctx context.Context, tx database.Tx, tenant string, threads []string, each int) (map[string][]Message, error)
	// Message reads one, whoever reads it. Fault: conversation.message_unknown.
	Message(ctx context.Context, tx database.Tx, tenant, id string) (Message, error)
	// Readable tells which messages are of threads that a member reads, and on what they are.
	Readable(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]Thread, error)
	Save(ctx context.Context, tx database.Tx, tenant string, m Message) error
	// Opened tells whether a thread has a message of a day.
	Opened(ctx context.Context, tx database.Tx, tenant, thread string, on calendar.Date) (bool, error)
	// SaidOn counts the messages about records of a kind in threads a member reads that do not stand apart, by record.
	SaidOn(ctx context.Context, tx database.Tx, tenant string, x org.Reading, kind string, ids []string) (map[string]int64, error)
	// Days counts, for the first message of a day, the messages of that day that stand.
	Days(ctx context.Context, tx database.Tx, tenant string, first []string) (map[string]Day, error)

	// Joins has a member take part.
	Joins(ctx context.Context, tx database.Tx, tenant, thread string, m Mark) error
	// Stirred tells all who take part, but one, that there is something new.
	Stirred(ctx context.Context, tx database.Tx, tenant, thread, but string) error
	// Reads notes up to where a member has read.
	Reads(ctx context.Context, tx database.Tx, tenant, thread string, m Mark) error
	// Unnamed looks anew which message names a member last, where it was this one.
	Unnamed(ctx context.Context, tx database.Tx, tenant, thread string, n int64) error
	// About are the last messages on a record, up to a limit: those a member reads.
	About(ctx context.Context, tx database.Tx, tenant string, x org.Reading, on record.Ref, limit int) ([]Message, error)
	// Parties are the members who took part in a thread when a message was said.
	Parties(ctx context.Context, tx database.Tx, tenant, thread string, n int64) ([]string, error)
	// Words are messages that stand, by id, each as the one of its thread: those a member reads.
	Words(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]Thread, error)
	// Begun are threads with their first message: those a member reads.
	Begun(ctx context.Context, tx database.Tx, tenant string, x org.Reading, ids []string) (map[string]Thread, error)
	// Blank empties what was said on a record, whoever reads it, and names the messages.
	Blank(ctx context.Context, tx database.Tx, tenant string, on record.Ref) ([]string, error)
}

// Files keeps what is attached to messages.
type Files interface {
	OfMessages(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string][]File, error)
	RemoveOf(ctx context.Context, tx database.Tx, a org.Actor, message string) error
}

// Stands tells which messages stand for something, an answer or what came of it: they are not taken back.
type Stands interface {
	Stands(ctx context.Context, tx database.Tx, tenant string, m Message) (bool, error)
	// Answers are the messages that answer threads, whoever reads them.
	Answers(ctx context.Context, tx database.Tx, tenant string, threads []string) (map[string]bool, error)
}

// Service holds the use cases.
type Service struct {
	DB      *database.DB
	Rows    Rows
	Records record.Rows
	Kinds   kinds.Registry // of records that are talked about
	Files   Files
	Readers map[string]Readers // by kind of thread
	Stands  Stands             // nil is that none does
	Turns   []string           // kinds whose threads are read by those who have, or had, a turn too (guidance)
}

// Faults.
var (
	ErrUnknown        = fault.New(fault.NotFound, "conversation.unknown", "no such thread")
	ErrMessageUnknown = fault.New(fault.NotFound, "conversation.message_unknown", "no such message")
)

// Ref names a thread in the journal.
func Ref(id string) record.Ref { return record.Ref{Kind: ThreadKind, ID: id} }

// MessageRef names a message.
func MessageRef(id string) record.Ref { return record.Ref{Kind: MessageKind, ID: id} }

// Reading is which threads an actor reads. Who has left reads nothing.
func (s *Service) Reading(a org.Actor) org.Reading {
	if a.Structure.Gone(a.MemberID, a.Today) {
		return org.Reading{}
	}
	x := org.Reading{Member: a.MemberID, Effective: a.Effective(), Records: s.Kinds.Scopes(a, false), Turns: s.Turns}
	for kind, by := range s.Readers {
		switch by {
		case OfRecord:
			x.OfRecord = append(x.OfRecord, kind)
		case Author:
			x.Author = append(x.Author, kind)
		case Two:
			x.Two = append(x.Two, kind)
		case Team:
			x.Team = append(x.Team, kind)
		}
	}
	for _, list := range [][]string{x.OfRecord, x.Author, x.Two, x.Team} {
		slices.Sort(list)
	}
	if len(x.Two)+len(x.Team) > 0 {
		x.Line = a.Structure.MembersUnder(a.Structure.Leads(x.Effective, a.Today), a.Today)
	}
	if len(x.Turns) > 0 {
		x.InPlace = a.Structure.LeftTo(x.Effective, a.Today)
		if !a.Structure.Gone(x.Effective, a.Today) {
			x.InPlace = append(x.InPlace, x.Effective)
		}
	}
	if len(x.Team) > 0 {
		x.Peers = peers(a.Structure, x.Effective, a.Today)
	}
	return x
}

// peers are the members whose team is a member's.
func peers(st *org.Structure, member string, on calendar.Date) (out []string) {
	team, _ := st.TeamOf(member, on)
	if team == "" {
		return nil
	}
	for _, m := range st.MembersUnder([]string{team}, on) {
		if its, _ := st.TeamOf(m, on); its == team {
			out = append(out, m)
		}
	}
	return out
}

// shown is how many messages of a thread a list shows.
const shown = 3

// List is a page of threads the actor reads, the last spoken in first. Fault: page.cursor_malformed.
func (s *Service) List(ctx context.Context, a org.Actor, q Asked, r page.Request) (out page.Result[Thread], err error) {
	r.Sort, r.Desc = "last", true
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Threads(ctx, tx, a.TenantID, s.Reading(a), q, r)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(t Thread) (any, string) { return database.Time(t.LastAt), t.ID })
		return s.complete(ctx, tx, a, out.Items)
	})
	return out, err
}

// Get is one thread the actor reads. Fault: conversation.unknown.
func (s *Service) Get(ctx context.Context, a org.Actor, id string) (t Thread, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		t, err = s.whole(ctx, tx, a, id)
		return err
	})
	return t, err
}

func (s *Service) whole(ctx context.Context, tx database.Tx, a org.Actor, id string) (Thread, error) {
	t, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), id)
	if err != nil {
		return t, err
	}
	one := []Thread{t}
	err = s.complete(ctx, tx, a, one)
	return one[0], err
}

// Waiting counts the threads the actor takes part in with something new, and those that name him in it.
func (s *Service) Waiting(ctx context.Context, a org.Actor) (unread, mentioned int64, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		unread, mentioned, err = s.Rows.Waiting(ctx, tx, a.TenantID, s.Reading(a))
		return err
	})
	return unread, mentioned, err
}

// Messages is a page of a thread's messages, the last first. Faults: conversation.unknown, page.cursor_malformed.
func (s *Service) Messages(ctx context.Context, a org.Actor, thread string, r page.Request) (out page.Result[Message], err error) {
	r.Sort, r.Desc = "n", true
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if _, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), thread); err != nil {
			return err
		}
		list, err := s.Rows.Messages(ctx, tx, a.TenantID, thread, r)
		if err != nil {
			return err
		}
		out = page.Cut(r, list, func(m Message) (any, string) { return m.N, m.ID })
		return s.withFiles(ctx, tx, a, out.Items)
	})
	return out, err
}

// complete adds the last messages of threads, and what their records are called.
func (s *Service) complete(ctx context.Context, tx database.Tx, a org.Actor, list []Thread) error {
	ids, on := make([]string, len(list)), []record.Ref{}
	for i, t := range list {
		ids[i] = t.ID
		if !slices.Contains(on, t.On) {
			on = append(on, t.On)
		}
	}
	last, err := s.Rows.LastOf(ctx, tx, a.TenantID, ids, shown)
	if err != nil {
		return err
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, on)
	if err != nil {
		return err
	}
	var all []Message
	for _, t := range list {
		all = append(all, last[t.ID]...)
	}
	if err := s.withFiles(ctx, tx, a, all); err != nil {
		return err
	}
	for i := range list {
		n := len(last[list[i].ID])
		list[i].Last, all = all[:n:n], all[n:]
		list[i].OnName = names[list[i].On]
	}
	return nil
}

func (s *Service) withFiles(ctx context.Context, tx database.Tx, a org.Actor, list []Message) error {
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	files, err := s.Files.OfMessages(ctx, tx, a, ids)
	for i := range list {
		list[i].Files = files[list[i].ID]
	}
	return err
}
