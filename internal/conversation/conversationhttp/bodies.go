// Package conversationhttp is the routes of conversations: decode, call, encode.
package conversationhttp

import (
	"time"

	"yunchou/internal/conversation"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

type onBody struct {
	Kind string `json:"kind" maxLength:"30" doc:"opportunity, account, contact, follow_up, task or import"`
	ID   string `json:"id" maxLength:"60"`
	Name string `json:"name,omitempty" readOnly:"true" doc:"empty where the record may not be read any more"`
}

type fileBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}

type messageBody struct {
	ID          string     `json:"id"`
	ThreadID    string     `json:"threadId"`
	N           int64      `json:"n" doc:"its number in the thread, from 1"`
	Text        string     `json:"text" doc:"empty once it was taken back or erased, and where it only brings files"`
	MentionIDs  []string   `json:"mentionIds"`
	SaidAt      time.Time  `json:"saidAt"`
	SaidBy      string     `json:"saidBy"`
	EditedAt    *time.Time `json:"editedAt"`
	TakenBackAt *time.Time `json:"takenBackAt"`
	EditUntil   *time.Time `json:"editUntil" doc:"until when the reader may put it otherwise; null where he may not"`
	Mine        bool       `json:"mine" doc:"the reader said it, and may take it back"`
	Version     int        `json:"version"`
	Files       []fileBody `json:"files"`
}

func bodyOf(m conversation.Message, a org.Actor) messageBody {
	b := messageBody{ID: m.ID, ThreadID: m.ThreadID, N: m.N, Text: m.Text, MentionIDs: append([]string{}, m.Mentions...), SaidAt: m.SaidAt,
		SaidBy: m.SaidBy, EditedAt: m.EditedAt, TakenBackAt: m.TakenBackAt, Version: m.Version, Files: []fileBody{}}
	b.Mine = a.Is(m.SaidBy) && m.TakenBackAt == nil
	if until := m.SaidAt.Add(conversation.Editable); b.Mine && !until.Before(a.Now) {
		b.EditUntil = &until
	}
	for _, f := range m.Files {
		b.Files = append(b.Files, fileBody(f))
	}
	return b
}

type threadBody struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind" doc:"discussion or note"`
	On        onBody        `json:"on"`
	CreatedAt time.Time     `json:"createdAt"`
	CreatedBy string        `json:"createdBy"`
	LastAt    time.Time     `json:"lastAt"`
	Messages  int64         `json:"messages" doc:"how many there are"`
	ReadTo    int64         `json:"readTo" doc:"the number of the last message the reader has read"`
	Unread    int64         `json:"unread"`
	Mentioned bool          `json:"mentioned" doc:"something unread names the reader"`
	Last      []messageBody `json:"last" doc:"the last few messages, in their order"`
}

func threadOf(t conversation.Thread, a org.Actor) threadBody {
	b := threadBody{ID: t.ID, Kind: t.Kind, On: onBody{t.On.Kind, t.On.ID, t.OnName}, CreatedAt: t.CreatedAt, CreatedBy: t.CreatedBy, LastAt: t.LastAt,
		Messages: t.LastN, ReadTo: t.ReadN, Unread: t.Unread(), Mentioned: t.Mentioned(), Last: []messageBody{}}
	for _, m := range t.Last {
		b.Last = append(b.Last, bodyOf(m, a))
	}
	return b
}

func pageOf[T, B any](list page.Result[T], a org.Actor, body func(T, org.Actor) B, err error) (*httpapi.Body[page.Result[B]], error) {
	out := page.Result[B]{Items: []B{}, Next: list.Next}
	for _, x := range list.Items {
		out.Items = append(out.Items, body(x, a))
	}
	return httpapi.Answer(out, err)
}

type saidBody struct {
	ID         string   `json:"id,omitempty" maxLength:"36"`
	Text       string   `json:"text" maxLength:"4000" doc:"may be empty where files follow"`
	MentionIDs []string `json:"mentionIds,omitempty" maxItems:"20" doc:"members who are named; they must be able to read it"`
	Files      bool     `json:"files,omitempty" doc:"files are attached to it next (POST /files, kind message)"`
}

func (b saidBody) said() conversation.Said {
	return conversation.Said{ID: b.ID, Text: b.Text, Mentions: b.MentionIDs, Files: b.Files}
}

func (b onBody) ref() record.Ref { return record.Ref{Kind: b.Kind, ID: b.ID} }
