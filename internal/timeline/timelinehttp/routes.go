// Package timelinehttp is the routes of timelines: decode, call, encode.
package timelinehttp

import (
	"context"
	"encoding/json"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/timeline"
)

// Deps is what the routes need.
type Deps struct{ Timeline *timeline.Service }

type moveBody struct {
	Kind      string `json:"kind"`
	State     string `json:"state"`
	FromState string `json:"fromState" doc:"empty where there was nothing before"`
	From      string `json:"from" doc:"the stage it left; empty where it was in none, or in one that is gone"`
	To        string `json:"to"`
	Exception bool   `json:"exception"`
	Voided    bool   `json:"voided"`
}

type itemBody struct {
	ID         string            `json:"id"`
	On         calendar.Date     `json:"on" doc:"when it happened; empty where nobody knows"`
	At         *time.Time        `json:"at" doc:"the instant, where it is known"`
	Written    time.Time         `json:"written" doc:"when it was written down"`
	ActorID    string            `json:"actorId"`
	OnBehalfOf string            `json:"onBehalfOf"`
	Kind       string            `json:"kind" doc:"of the entry, such as follow_up.logged"`
	SubjectID  string            `json:"subjectId"`
	WhoseKind  string            `json:"whoseKind" doc:"of the record it lies with, where that is another: a deal, or what was merged into this one"`
	WhoseID    string            `json:"whoseId"`
	Whose      string            `json:"whose"`
	Name       string            `json:"name" doc:"of the milestone, task, file or person it is about"`
	Text       string            `json:"text" doc:"what was said, shown or came of it, as it was written"`
	Reason     string            `json:"reason"`
	Stage      string            `json:"stage"`
	FileID     string            `json:"fileId" doc:"a file that can be opened"`
	File       string            `json:"file" doc:"what the file is called"`
	Gone       bool              `json:"gone" doc:"what it named was erased"`
	Talked     int64             `json:"talked" doc:"how many messages are about it that the reader reads, of a follow-up"`
	Names      map[string]string `json:"names" doc:"of what the payload names, by id, as far as the reader sees it"`
	Move       *moveBody         `json:"move" doc:"null for what is no move of a deal"`
	Payload    json.RawMessage   `json:"payload"`
}

func bodyOf(i timeline.Item) itemBody {
	b := itemBody{ID: i.ID(), On: i.On, At: i.At, Written: i.Written, ActorID: i.ActorID, OnBehalfOf: i.OnBehalfOf, Kind: i.Kind, SubjectID: i.Subject.ID,
		WhoseKind: i.Whose.Kind, WhoseID: i.Whose.ID, Whose: i.WhoseName, Name: i.Name, Text: i.Text, Reason: i.Reason, Stage: i.Stage,
		FileID: i.FileID, File: i.File, Gone: i.Gone, Talked: i.Talked, Names: i.Names, Payload: i.Payload}
	if len(b.Payload) == 0 {
		b.Payload = json.RawMessage("{}")
	}
	if m := i.Move; m != nil {
		b.Move = &moveBody{m.Kind, m.State, m.FromState, m.From, m.To, m.Exception, m.Voided}
	}
	return b
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type in struct {
		httpapi.ByID
		Only   string `query:"only" enum:"contact,move,step,change" doc:"one sort of what happened"`
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	for _, of := range []struct {
		kind, path, id string
		permission     org.Permission
	}{
		{record.Opportunity, "/opportunities", "opportunityTimeline", org.OppRead},
		{record.Account, "/accounts", "accountTimeline", org.AccountRead},
		{record.Contact, "/contacts", "contactTimeline", org.AccountRead},
	} {
		httpapi.Handle(api, httpapi.Route{
			Method: "GET", Path: of.path + "/{id}/timeline", ID: of.id,
			Summary: "What happened with it, by when it happened, the last first", Permission: of.permission,
		}, func(ctx context.Context, actor org.Actor, q *in) (*httpapi.Body[page.Result[itemBody]], error) {
			asked := timeline.Asked{Of: record.Ref{Kind: of.kind, ID: q.ID}, Only: q.Only}
			list, err := d.Timeline.Page(ctx, actor, asked, page.Request{Cursor: q.Cursor, Limit: q.Limit})
			out := page.Result[itemBody]{Items: []itemBody{}, Next: list.Next}
			for _, i := range list.Items {
				out.Items = append(out.Items, bodyOf(i))
			}
			return httpapi.Answer(out, err)
		})
	}
}
