package app

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/conversation"
	"yunchou/internal/conversation/conversationdb"
	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/followup"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/record/kinds"
	"yunchou/internal/task"
)

// talked wires conversations, and returns the kinds of record that files hang on: a message is one.
func (a *App) talked() kinds.Registry {
	about := a.Kinds.And(kinds.Registry{"task": task.Talked{Service: a.Tasks}, "follow_up": followup.Talked{Service: a.FollowUps},
		"import": imported{Service: a.Intake}})
	a.Conversations = &conversation.Service{DB: a.DB, Rows: conversationdb.Rows{}, Records: a.Records, Kinds: about,
		Readers: map[string]conversation.Readers{conversation.Discussion: conversation.OfRecord, conversation.Note: conversation.Author}}
	return a.Kinds.And(kinds.Registry{conversation.MessageKind: conversation.Messages{Service: a.Conversations}})
}

// messageFiles are the files of messages (conversation.Files).
type messageFiles struct{ *file.Store }

func (f messageFiles) OfMessages(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string][]conversation.File, error) {
	list, err := f.OfAnyIn(ctx, tx, a, conversation.MessageKind, ids)
	out := map[string][]conversation.File{}
	for id, files := range list {
		for _, one := range files {
			out[id] = append(out[id], conversation.File{ID: one.ID, Name: one.Name, Size: one.Size})
		}
	}
	return out, err
}

func (f messageFiles) RemoveOf(ctx context.Context, tx database.Tx, a org.Actor, message string) error {
	list, err := f.OfAnyIn(ctx, tx, a, conversation.MessageKind, []string{message})
	for _, one := range list[message] {
		if err == nil {
			err = f.RemoveIn(ctx, tx, a, one)
		}
	}
	return err
}

// talks forgets what was said on a person.
type talks struct{ *conversation.Service }

// Forget implements account.Forgets.
func (t talks) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	return t.ForgetOn(ctx, tx, a, account.ContactRef(p.ID))
}

// imported answers for imports where records are talked about (kinds.Kind): who may import sees all of them.
type imported struct {
	*intake.Service
	kinds.NothingHangs
}

func (imported) Scope(a org.Actor, write bool) (org.Scope, bool) {
	return org.Scope{All: true}, !write && a.Can(org.ImportRun)
}

// Names are the files of imports; nothing is changed by their talk.
func (i imported) Names(ctx context.Context, tx database.Tx, a org.Actor, write bool, ids []string) (map[string]string, error) {
	if write {
		return nil, nil
	}
	return i.Called(ctx, tx, a, ids)
}

// Whose is who ran it (conversation.Whose).
func (i imported) Whose(ctx context.Context, tx database.Tx, tenant, id string) (string, error) {
	b, err := i.Rows.Batch(ctx, tx, tenant, id)
	return b.CreatedBy, err
}
