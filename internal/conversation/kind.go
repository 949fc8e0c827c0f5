package conversation

import (
	"context"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
)

// Messages answers for messages where files hang on records (kinds.Kind): whoever reads the thread reads them,
// their author adds and removes them.
type Messages struct {
	*Service
	kinds.NothingHangs
}

// Scope implements kinds.Kind: a message's is its thread's (scopedb.Thread).
func (Messages) Scope(org.Actor, bool) (org.Scope, bool) { return org.Scope{}, false }

// Names tells what the records are called on which messages the actor reads or, with write, said himself.
func (k Messages) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	threads, err := k.Rows.Readable(ctx, tx, a.TenantID, k.Reading(a), ids)
	if err != nil {
		return nil, err
	}
	names, err := k.Kinds.Names(ctx, tx, a, false, recordsOf(threads))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for id, t := range threads {
		if write {
			m, err := k.Rows.Message(ctx, tx, a.TenantID, id)
			if err != nil {
				return nil, err
			}
			if m.SaidBy != k.author(a, t.Kind) {
				continue
			}
		}
		out[id] = names[t.On]
	}
	return out, nil
}

// recordsOf are the records threads are on.
func recordsOf(threads map[string]Thread) (on []record.Ref) {
	for _, t := range threads {
		on = append(on, t.On)
	}
	return on
}

// ForgetOn empties what was said on a record, a person who is erased, and removes what was attached.
func (s *Service) ForgetOn(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) error {
	ids, err := s.Rows.Blank(ctx, tx, a.TenantID, on)
	if err != nil || len(ids) == 0 {
		return err
	}
	files, err := s.Files.OfMessages(ctx, tx, a, ids)
	for _, id := range ids {
		if err == nil && len(files[id]) > 0 {
			err = s.Files.RemoveOf(ctx, tx, a, id)
		}
	}
	return err
}

// About are the last messages on a record in threads the actor reads: what a person is given who asks what is
// kept of him.
func (s *Service) About(ctx context.Context, a org.Actor, on record.Ref) (out []Message, err error) {
	const most = 1000
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.About(ctx, tx, a.TenantID, s.Reading(a), on, most)
		return err
	})
	return out, err
}

// Whole are threads the actor reads, by id, as List shows them.
func (s *Service) Whole(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]Thread, error) {
	out := map[string]Thread{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.Rows.ThreadsOf(ctx, tx, a.TenantID, s.Reading(a), ids)
	if err == nil {
		err = s.complete(ctx, tx, a, list)
	}
	for _, t := range list {
		out[t.ID] = t
	}
	return out, err
}

// Texts are what the first messages of threads say, by thread, and what messages say, whoever reads them.
func (s *Service) Texts(ctx context.Context, tx database.Tx, tenant string, threads, messages []string) (first, said map[string]string, err error) {
	if first, err = s.Rows.FirstTexts(ctx, tx, tenant, threads); err != nil {
		return nil, nil, err
	}
	said, err = s.Rows.Texts(ctx, tx, tenant, messages)
	return first, said, err
}

// Reads refuses a thread the actor does not read. Fault: conversation.unknown.
func (s *Service) Reads(ctx context.Context, tx database.Tx, a org.Actor, id string) error {
	_, err := s.Rows.Thread(ctx, tx, a.TenantID, s.Reading(a), id)
	return err
}

// Own is a message by its id, where the actor said it in a thread.
func (s *Service) Own(ctx context.Context, tx database.Tx, a org.Actor, thread, message string) (m Message, own bool, err error) {
	m, err = s.Rows.Message(ctx, tx, a.TenantID, message)
	if fault.Is(err, fault.NotFound) {
		return m, false, nil
	}
	return m, err == nil && m.ThreadID == thread && a.Is(m.SaidBy), err
}

// Same tells whether a message says what is said again. Of one that was put otherwise since, nobody knows any more.
func Same(m Message, in Said) bool {
	in.tidy()
	return m.Version > 1 || sameSaid(m, Message{Text: in.Text, Mentions: in.Mentions})
}

// There are those of some threads whose record is in an actor's scope and not deleted, whoever takes part.
func (s *Service) There(ctx context.Context, tx database.Tx, a org.Actor, ids []string) ([]Thread, error) {
	x := org.Reading{Member: a.MemberID, Effective: a.Effective(), Records: s.Kinds.Scopes(a, false), OfRecord: slices.Sorted(maps.Keys(s.Readers))}
	return s.Rows.ThreadsOf(ctx, tx, a.TenantID, x, ids)
}

// Joins has a member take part in a thread: he is told of what is said in it.
func (s *Service) Joins(ctx context.Context, tx database.Tx, tenant, thread, member string) error {
	return s.Rows.Joins(ctx, tx, tenant, thread, Mark{MemberID: member, Joined: true, Unread: true})
}
