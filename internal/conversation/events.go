package conversation

import (
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// The payloads of a conversation's entries; what was said stays in its row. All are seen with the thread, and
// so by whoever reads it.

type opened struct {
	Kind string     `json:"kind"`
	On   record.Ref `json:"on"`
	ToID string     `json:"toId,omitempty"`
}

type said struct {
	ThreadID string   `json:"threadId"`
	N        int64    `json:"n"`
	Mentions []string `json:"mentions,omitempty"`
}

type edited struct {
	Mentions []string `json:"mentions,omitempty"`
}

type takenBack struct{}

func threadOpened(tx database.Tx, a org.Actor, t Thread) {
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(t.ID), Kind: "thread.opened", On: a.Today, Payload: opened{t.Kind, t.On, t.ToID}})
}

func messageSaid(tx database.Tx, a org.Actor, m Message) {
	m.append(tx, a, "message.said", said{m.ThreadID, m.N, m.Mentions})
}

func messageEdited(tx database.Tx, a org.Actor, m Message) {
	m.append(tx, a, "message.edited", edited{m.Mentions})
}

func messageTakenBack(tx database.Tx, a org.Actor, m Message) {
	m.append(tx, a, "message.taken_back", takenBack{})
}

func (m Message) append(tx database.Tx, a org.Actor, kind string, payload any) {
	journal.Append(tx, a.By(), journal.Event{Subject: MessageRef(m.ID), Scope: Ref(m.ThreadID), Kind: kind, On: a.Today, Payload: payload})
}
