package conversation

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Limits of a message.
const (
	MostText     = 4000 // characters
	MostMentions = 20
)

// Editable is how long what was said may be put otherwise; taken back it may be always.
const Editable = 15 * time.Minute

// Said is a message as it is written. A message that only brings files has no text.
type Said struct {
	ID       string
	Text     string
	Mentions []string
	Files    bool // files follow
}

// tidy puts it as it is kept.
func (m *Said) tidy() {
	m.Text = text.Words(m.Text)
	m.Mentions = slices.Compact(slices.Sorted(slices.Values(m.Mentions)))
}

// prepare fills in what was not said and refuses what no message may be.
func (m *Said) prepare(a org.Actor) error {
	m.tidy()
	switch {
	case m.Text == "" && !m.Files:
		return fault.Missing("/text")
	case text.Longer(m.Text, MostText):
		return fault.Input("/text", "input.too_long", "at most %d characters", MostText).With("max", MostText)
	case len(m.Mentions) > MostMentions:
		return fault.Input("/mentions", "conversation.too_many_mentions", "a message names at most %d members", MostMentions).With("max", MostMentions)
	}
	for _, id := range m.Mentions {
		member, known := a.Structure.Members[id]
		switch {
		case !known:
			return fault.Input("/mentions", "org.member_unknown", "no such member")
		case a.Structure.Gone(id, a.Today):
			return fault.Input("/mentions", "conversation.mention_left", "the member has left and reads nothing any more").With("name", member.Name)
		}
	}
	return record.UseID(&m.ID, a.Now)
}

// Open begins a thread on a record the actor reads, with its first message. The same ids and content again are
// answered with the first. Faults: conversation.kind_unknown, record.kind_unknown, record.unknown,
// record.id_taken and those of Say.
func (s *Service) Open(ctx context.Context, a org.Actor, t Thread, m Said) (Thread, error) {
	if t.Kind != Discussion && t.Kind != Note {
		return t, fault.Input("/kind", "conversation.kind_unknown", "a thread is a discussion or a note")
	}
	t.ToID = ""
	return database.Write(ctx, s.DB, func(tx database.Tx) (Thread, error) { return s.OpenIn(ctx, tx, a, t, m) })
}

// OpenIn is Open inside a transaction, of a thread of any kind there is.
func (s *Service) OpenIn(ctx context.Context, tx database.Tx, a org.Actor, t Thread, m Said) (Thread, error) {
	if err := record.UseID(&t.ID, a.Now); err != nil {
		return t, err
	}
	if err := m.prepare(a); err != nil {
		return t, err
	}
	if err := record.Take(ctx, tx, a.TenantID, t.ID); err != nil {
		return t, err
	}
	old, err := s.Rows.AnyThread(ctx, tx, a.TenantID, t.ID)
	switch {
	case err == nil && (old.Kind != t.Kind || old.On != t.On || old.CreatedBy != s.author(a, t.Kind)):
		return t, record.ErrIDTaken
	case err == nil:
		if _, err = s.say(ctx, tx, a, old, m); err != nil {
			return t, err
		}
		return s.whole(ctx, tx, a, t.ID)
	case !fault.Is(err, fault.NotFound):
		return t, err
	}
	if err := s.MayTalk(ctx, tx, a, t.On); err != nil {
		return t, err
	}
	t.CreatedAt, t.CreatedBy, t.LastAt, t.LastN = a.Now, s.author(a, t.Kind), a.Now, 0
	if err := database.Taken(s.insert(ctx, tx, a.TenantID, t), record.ErrIDTaken); err != nil {
		return t, err
	}
	threadOpened(tx, a, t)
	if _, err := s.say(ctx, tx, a, t, m); err != nil {
		return t, err
	}
	return s.whole(ctx, tx, a, t.ID)
}

// MayTalk refuses a record nobody talks about, and one the actor does not read.
func (s *Service) MayTalk(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) error {
	if s.Kinds[on.Kind] == nil {
		return fault.Input("/on", "record.kind_unknown", "nothing is said about records of this kind")
	}
	seen, err := s.Kinds.Names(ctx, tx, a, false, []record.Ref{on})
	if err == nil && len(seen) == 0 {
		err = fault.Input("/on", "record.unknown", "no such record of yours")
	}
	return err
}

func (s *Service) insert(ctx context.Context, tx database.Tx, tenant string, t Thread) error {
	if err := s.Rows.InsertThread(ctx, tx, tenant, t); err != nil {
		return err
	}
	return s.Records.InsertLinks(ctx, tx, tenant, []record.Link{{From: Ref(t.ID), To: t.On}})
}

// author is whose a thread or message is: a note is of the person who writes, whoever he acts for.
func (s *Service) author(a org.Actor, kind string) string {
	if s.Readers[kind] == Author {
		return a.MemberID
	}
	return a.Effective()
}

// Say adds a message to a thread the actor reads. The same id and content again is answered with the first.
// Faults: conversation.unknown, conversation.mention_unseen, conversation.mention_left,
// conversation.note_is_yours, conversation.too_many_mentions, record.id_taken.
func (s *Service) Say(ctx context.Context, a org.Actor, thread string, m Said) (Message, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Message, error) {
		if err := record.Take(ctx, tx, a.TenantID, thread); err != nil {
			return Message{}, err
		}
		return s.SayIn(ctx, tx, a, thread, m)
	})
}

// SayIn is Say inside a transaction that took the thread.
func (s *Service) SayIn(ctx context.Context, tx database.Tx, a org.Actor, thread string, m Said) (Message, error) {
	if err := m.prepare(a); err != nil {
		return Message{}, err
	}
	t, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), thread)
	if err != nil {
		return Message{}, err
	}
	return s.say(ctx, tx, a, t, m)
}

// say adds a message to a thread that was taken.
func (s *Service) say(ctx context.Context, tx database.Tx, a org.Actor, t Thread, in Said) (Message, error) {
	m := Message{ID: in.ID, ThreadID: t.ID, N: t.LastN + 1, Text: in.Text, Mentions: in.Mentions, SaidOn: a.Today, SaidAt: a.Now,
		SaidBy: s.author(a, t.Kind), Version: 1}
	old, err := s.Rows.Message(ctx, tx, a.TenantID, m.ID)
	switch {
	case err == nil && (old.ThreadID != m.ThreadID || old.SaidBy != m.SaidBy || old.Version == 1 && !sameSaid(old, m)):
		return m, record.ErrIDTaken
	case err == nil:
		return old, nil
	case !fault.Is(err, fault.NotFound):
		return m, err
	}
	if err := s.mayBeNamed(ctx, tx, a, t, m.Mentions); err != nil {
		return m, err
	}
	if err := database.Taken(s.write(ctx, tx, a.TenantID, t, &m), record.ErrIDTaken); err != nil {
		return m, err
	}
	messageSaid(tx, a, m)
	return m, s.tellAll(ctx, tx, a, t, m)
}

func sameSaid(x, y Message) bool { return x.Text == y.Text && slices.Equal(x.Mentions, y.Mentions) }

// write writes the rows of a new message.
func (s *Service) write(ctx context.Context, tx database.Tx, tenant string, t Thread, m *Message) error {
	opened, err := s.Rows.Opened(ctx, tx, tenant, m.ThreadID, m.SaidOn)
	if err != nil {
		return err
	}
	m.OpensDay = !opened
	if err := s.Rows.InsertMessage(ctx, tx, tenant, *m); err != nil {
		return err
	}
	t.LastAt, t.LastN = m.SaidAt, m.N
	return s.Rows.Grown(ctx, tx, tenant, t)
}

// mayBeNamed refuses to name who would not find the thread.
func (s *Service) mayBeNamed(ctx context.Context, tx database.Tx, a org.Actor, t Thread, mentions []string) error {
	for _, id := range mentions {
		name := a.Structure.Members[id].Name
		if s.Readers[t.Kind] == Author && id != t.CreatedBy {
			return fault.Input("/mentions", "conversation.note_is_yours", "nobody else reads a note").With("name", name)
		}
		other := org.NewActor(a.Company, a.Structure, id, a.Path, a.Now)
		if _, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(other), t.ID); fault.Is(err, fault.NotFound) {
			return fault.Input("/mentions", "conversation.mention_unseen", "the member does not read this record").With("name", name)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// tellAll has those take part whom a message concerns: who says it, whom it names, the second of two, and
// whoever answers for the record; all who take part but its author have something new.
func (s *Service) tellAll(ctx context.Context, tx database.Tx, a org.Actor, t Thread, m Message) error {
	if s.Readers[t.Kind] != Author {
		owner, err := s.Whose(ctx, tx, a, t.On)
		if err != nil {
			return err
		}
		for _, id := range []string{owner, t.ToID} {
			if id == "" || a.Structure.Gone(id, a.Today) {
				continue
			}
			if err := s.Rows.Joins(ctx, tx, a.TenantID, t.ID, Mark{MemberID: id, Joined: true, Unread: true, From: m.N}); err != nil {
				return err
			}
		}
		if err := s.named(ctx, tx, a, m, m.Mentions, m.N); err != nil {
			return err
		}
	}
	if err := s.Rows.Joins(ctx, tx, a.TenantID, t.ID, Mark{MemberID: m.SaidBy, ReadN: m.N, Joined: true, From: m.N}); err != nil {
		return err
	}
	return s.Rows.Stirred(ctx, tx, a.TenantID, t.ID, m.SaidBy)
}

// named notes whom a message names, who takes part from a message on: what he had read already is new again. Oneself
// one tells nothing.
func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, m Message, mentions []string, from int64) error {
	for _, id := range mentions {
		if id == m.SaidBy {
			continue
		}
		if err := s.Rows.Joins(ctx, tx, a.TenantID, m.ThreadID, Mark{MemberID: id, MentionN: m.N, Joined: true, Unread: true, From: from}); err != nil {
			return err
		}
	}
	return nil
}

// Whose is a kind whose records are each somebody's to answer for, beside those that have an owner.
type Whose interface {
	Whose(ctx context.Context, tx database.Tx, tenant, id string) (member string, err error)
}

// Whose is who answers for a record that is talked about today, "" where nobody does.
func (s *Service) Whose(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (string, error) {
	if k, some := s.Kinds[on.Kind].(Whose); some {
		return k.Whose(ctx, tx, a.TenantID, on.ID)
	}
	o, err := s.Records.OwnerOn(ctx, tx, a.TenantID, on.ID, a.Today)
	return o.MemberID, err
}

// Edit puts a message otherwise, by its author and for a short time. Faults: conversation.message_unknown,
// conversation.not_yours, conversation.edit_late, conversation.taken_back, record.stale and those of Say.
func (s *Service) Edit(ctx context.Context, a org.Actor, id string, in Said) (Message, error) {
	return s.change(ctx, a, id, func(tx database.Tx, t Thread, m *Message) error {
		in := Said{id, in.Text, slices.Clone(in.Mentions), len(m.Files) > 0}
		if err := in.prepare(a); err != nil {
			return err
		}
		if a.Now.Sub(m.SaidAt) > Editable {
			minutes := int(Editable / time.Minute)
			return fault.New(fault.Rule, "conversation.edit_late", "a message is edited within %d minutes; say it anew", minutes).With("minutes", minutes)
		}
		if err := s.mayBeNamed(ctx, tx, a, t, in.Mentions); err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(in.Mentions), func(id string) bool { return slices.Contains(m.Mentions, id) })
		now := a.Now
		m.Text, m.Mentions, m.EditedAt = in.Text, in.Mentions, &now
		messageEdited(tx, a, *m)
		return s.named(ctx, tx, a, *m, fresh, 0)
	})
}

// TakeBack takes a message back, by its author: that there was one stays, its text and files go. Faults:
// conversation.message_unknown, conversation.not_yours, conversation.taken_back, conversation.stands, record.stale.
func (s *Service) TakeBack(ctx context.Context, a org.Actor, id string) (Message, error) {
	return s.change(ctx, a, id, func(tx database.Tx, _ Thread, m *Message) error {
		if s.Stands != nil {
			if stands, err := s.Stands.Stands(ctx, tx, a.TenantID, *m); err != nil {
				return err
			} else if stands {
				return fault.New(fault.Rule, "conversation.stands", "it was answered or reported with it; say in a further message what is otherwise")
			}
		}
		now := a.Now
		m.Text, m.TakenBackAt, m.Mentions = "", &now, nil
		messageTakenBack(tx, a, *m)
		return s.Files.RemoveOf(ctx, tx, a, m.ID)
	})
}

// change runs a change of a message by its author.
func (s *Service) change(ctx context.Context, a org.Actor, id string, fn func(database.Tx, Thread, *Message) error) (Message, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Message, error) {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return Message{}, err
		}
		m, t, err := s.seen(ctx, tx, a, id)
		if err != nil {
			return m, err
		}
		switch {
		case m.SaidBy != s.author(a, t.Kind):
			return m, fault.New(fault.Forbidden, "conversation.not_yours", "somebody else said that")
		case m.TakenBackAt != nil:
			return m, fault.New(fault.Conflict, "conversation.taken_back", "it was taken back already")
		}
		if err := a.HasRead(m.Version); err != nil {
			return m, err
		}
		list := []Message{m}
		if err := s.withFiles(ctx, tx, a, list); err != nil {
			return m, err
		}
		m = list[0]
		if err := fn(tx, t, &m); err != nil {
			return m, err
		}
		return m, s.save(ctx, tx, a.TenantID, &m)
	})
}

// save writes a message that was changed.
func (s *Service) save(ctx context.Context, tx database.Tx, tenant string, m *Message) error {
	m.Version++
	if err := s.Rows.Save(ctx, tx, tenant, *m); err != nil {
		return err
	}
	return s.Rows.Unnamed(ctx, tx, tenant, m.ThreadID, m.N)
}

// seen reads a message of a thread the actor reads. Fault: conversation.message_unknown.
func (s *Service) seen(ctx context.Context, tx database.Tx, a org.Actor, id string) (Message, Thread, error) {
	m, err := s.Rows.Message(ctx, tx, a.TenantID, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return m, Thread{}, err
	}
	t, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), m.ThreadID) // asked of one that is not there too
	if fault.Is(err, fault.NotFound) {
		err = ErrMessageUnknown
	}
	return m, t, err
}

// Read notes that the actor has read a thread up to a message; an earlier one marks what came since as unread.
// Fault: conversation.unknown.
func (s *Service) Read(ctx context.Context, a org.Actor, thread string, upTo int64) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := record.Take(ctx, tx, a.TenantID, thread); err != nil {
			return err
		}
		t, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), thread)
		if err != nil {
			return err
		}
		upTo := min(max(upTo, 0), t.LastN)
		return s.Rows.Reads(ctx, tx, a.TenantID, t.ID, Mark{MemberID: a.Effective(), ReadN: upTo, Unread: upTo < t.LastN})
	})
}
