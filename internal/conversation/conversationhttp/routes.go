package conversationhttp

import (
	"context"

	"yunchou/internal/conversation"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Deps is what the routes need.
type Deps struct{ Conversations *conversation.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	reading(api, d)
	opening(api, d)
	changing(api, d)
}

func reading(api *httpapi.API, d Deps) {
	type listIn struct {
		Kind      string `query:"kind" maxLength:"30" doc:"with id: those on a record"`
		ID        string `query:"id" maxLength:"60"`
		Unread    bool   `query:"unread" doc:"those the reader takes part in, with something new"`
		Mentioned bool   `query:"mentioned" doc:"those in which something new names the reader"`
		Notes     bool   `query:"notes" doc:"the reader's own notes, on whatever they are"`
		Cursor    string `query:"cursor" maxLength:"2000"`
		Limit     int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/threads", ID: "listThreads", Permission: org.SignedIn,
		Summary: "The threads on a record, or what is new for the reader, the last spoken in first"},
		func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[page.Result[threadBody]], error) {
			q := conversation.Asked{Unread: in.Unread, Mentioned: in.Mentioned, Notes: in.Notes}
			if in.Kind+in.ID != "" {
				q.On = record.Ref{Kind: in.Kind, ID: in.ID}
			} else if !in.Notes && !in.Mentioned {
				q.Unread = true // asked of nothing it is what is new
			}
			list, err := d.Conversations.List(ctx, actor, q, page.Request{Cursor: in.Cursor, Limit: in.Limit})
			return pageOf(list, actor, threadOf, err)
		})
	type waitingBody struct {
		Unread    int64 `json:"unread" doc:"threads the reader takes part in, with something new"`
		Mentioned int64 `json:"mentioned" doc:"those of them in which something new names the reader"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/threads/waiting", ID: "countThreads", Permission: org.SignedIn,
		Summary: "How much was said to the reader that is new"},
		func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[waitingBody], error) {
			unread, mentioned, err := d.Conversations.Waiting(ctx, actor)
			return httpapi.Answer(waitingBody{unread, mentioned}, err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/threads/{id}", ID: "getThread", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[threadBody], error) {
			t, err := d.Conversations.Get(ctx, actor, in.ID)
			return httpapi.Answer(threadOf(t, actor), err)
		})
	type messagesIn struct {
		httpapi.ByID
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/threads/{id}/messages", ID: "listMessages", Permission: org.SignedIn,
		Summary: "The messages of a thread, the last first"},
		func(ctx context.Context, actor org.Actor, in *messagesIn) (*httpapi.Body[page.Result[messageBody]], error) {
			list, err := d.Conversations.Messages(ctx, actor, in.ID, page.Request{Cursor: in.Cursor, Limit: in.Limit})
			return pageOf(list, actor, bodyOf, err)
		})
	type readIn struct {
		httpapi.ByID
		Body struct {
			UpTo int64 `json:"upTo" minimum:"0" doc:"the number of the last message that was read; an earlier one marks what came since as unread"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/threads/{id}/read", ID: "readThread", Permission: org.SignedIn, Status: 204},
		func(ctx context.Context, actor org.Actor, in *readIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Conversations.Read(ctx, actor, in.ID, in.Body.UpTo))
		})
}

func opening(api *httpapi.API, d Deps) {
	type openIn struct {
		Body struct {
			ID      string   `json:"id,omitempty" maxLength:"36"`
			Kind    string   `json:"kind" enum:"discussion,note"`
			On      onBody   `json:"on"`
			Message saidBody `json:"message"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/threads", ID: "openThread", Permission: org.SignedIn, Status: 201,
		Summary: "Begin a discussion on a record one reads, or a note of one's own"},
		func(ctx context.Context, actor org.Actor, in *openIn) (*httpapi.Body[threadBody], error) {
			b := in.Body
			t, err := d.Conversations.Open(ctx, actor, conversation.Thread{ID: b.ID, Kind: b.Kind, On: b.On.ref()}, b.Message.said())
			return httpapi.Answer(threadOf(t, actor), err)
		})
	type sayIn struct {
		httpapi.ByID
		Body saidBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/threads/{id}/messages", ID: "sayMessage", Permission: org.SignedIn, Status: 201},
		func(ctx context.Context, actor org.Actor, in *sayIn) (*httpapi.Body[messageBody], error) {
			m, err := d.Conversations.Say(ctx, actor, in.ID, in.Body.said())
			return httpapi.Answer(bodyOf(m, actor), err)
		})
}

func changing(api *httpapi.API, d Deps) {
	type editIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Text       string   `json:"text" maxLength:"4000"`
			MentionIDs []string `json:"mentionIds,omitempty" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PATCH", Path: "/messages/{id}", ID: "editMessage", Permission: org.SignedIn,
		Summary: "Put one's own message otherwise, for a short time"},
		func(ctx context.Context, actor org.Actor, in *editIn) (*httpapi.Body[messageBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			m, err := d.Conversations.Edit(ctx, actor, in.ID, conversation.Said{Text: in.Body.Text, Mentions: in.Body.MentionIDs})
			return httpapi.Answer(bodyOf(m, actor), err)
		})
	type backIn struct {
		httpapi.ByID
		httpapi.AtVersion
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/messages/{id}/take-back", ID: "takeMessageBack", Permission: org.SignedIn,
		Summary: "Take one's own message back: that there was one stays, its text and files go"},
		func(ctx context.Context, actor org.Actor, in *backIn) (*httpapi.Body[messageBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			m, err := d.Conversations.TakeBack(ctx, actor, in.ID)
			return httpapi.Answer(bodyOf(m, actor), err)
		})
}
