package conversation_test

import (
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails where an error has another code.
func refused(t *testing.T, what, code string, err error) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// deal is one of 陈露's, at her account.
func deal(w *apptest.World) record.Ref {
	return opportunity.Ref(w.Opportunity("陈露", "二期改造").ID)
}

// open begins a thread.
func open(t *testing.T, w *apptest.World, who, kind string, on record.Ref, text string, mentions ...string) conversation.Thread {
	t.Helper()
	th, err := w.Conversations.Open(w.Ctx, w.As(who), conversation.Thread{Kind: kind, On: on}, said(w, text, mentions...))
	must(t, err)
	return th
}

func said(w *apptest.World, text string, mentions ...string) conversation.Said {
	in := conversation.Said{Text: text}
	for _, name := range mentions {
		in.Mentions = append(in.Mentions, w.ID[name])
	}
	return in
}

func say(t *testing.T, w *apptest.World, who, thread, text string, mentions ...string) conversation.Message {
	t.Helper()
	m, err := w.Conversations.Say(w.Ctx, w.As(who), thread, said(w, text, mentions...))
	must(t, err)
	return m
}

func accountRef(w *apptest.World) record.Ref { return account.Ref(w.Account) }
