// Package noticehttp is the routes of notices: decode, call, encode.
package noticehttp

import (
	"context"
	"time"

	"yunchou/internal/httpapi"
	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// Deps is what the routes need.
type Deps struct {
	Notices *notice.Service
	Live    *notice.Hub
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	lists(api, d)
	events(api, d)
}

type onBody struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type noticeBody struct {
	Seq      int64      `json:"seq" doc:"names it among the reader's notices; later ones are greater"`
	Kind     string     `json:"kind" doc:"what happened, such as task.given"`
	Do       bool       `json:"do" doc:"it asks the reader to do something"`
	ActorID  string     `json:"actorId" doc:"empty where nobody did it: a limit ran out"`
	At       time.Time  `json:"at"`
	ReadAt   *time.Time `json:"readAt"`
	On       onBody     `json:"on" doc:"the record; empty where the reader may not read it any more"`
	Text     string     `json:"text" doc:"what was said; empty where the reader may not read it any more"`
	ThreadID string     `json:"threadId" doc:"where it was said, empty where nothing was"`
	Count    int64      `json:"count" doc:"how many records it is about, 0 where one"`
	Hidden   bool       `json:"hidden" doc:"the reader may not read any more what it is about"`
}

func bodyOf(n notice.Notice) noticeBody {
	return noticeBody{Seq: n.Seq, Kind: n.Kind, Do: n.Do, ActorID: n.ActorID, At: n.At, ReadAt: n.ReadAt, On: onBody{n.On.Kind, n.On.ID, n.Name},
		Text: n.Text, ThreadID: n.ThreadID, Count: n.Count, Hidden: n.Hidden}
}

func lists(api *httpapi.API, d Deps) {
	type listIn struct {
		Unread bool   `query:"unread" doc:"only those not read"`
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/notices", ID: "listNotices", Permission: org.SignedIn,
		Summary: "What the reader was told, the newest first"},
		func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[page.Result[noticeBody]], error) {
			list, err := d.Notices.List(ctx, actor, notice.Asked{Unread: in.Unread}, page.Request{Cursor: in.Cursor, Limit: in.Limit})
			out := page.Result[noticeBody]{Items: []noticeBody{}, Next: list.Next}
			for _, n := range list.Items {
				out.Items = append(out.Items, bodyOf(n))
			}
			return httpapi.Answer(out, err)
		})
	type oneIn struct {
		Seq int64 `path:"seq" minimum:"1"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/notices/{seq}", ID: "getNotice", Permission: org.SignedIn,
		Summary: "One thing the reader was told: what a link in a mail leads to"},
		func(ctx context.Context, actor org.Actor, in *oneIn) (*httpapi.Body[noticeBody], error) {
			n, err := d.Notices.One(ctx, actor, in.Seq)
			return httpapi.Answer(bodyOf(n), err)
		})
	type waitingBody struct {
		Unread int64 `json:"unread"`
		Do     int64 `json:"do" doc:"those of them that ask the reader to do something"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/notices/waiting", ID: "countNotices", Permission: org.SignedIn,
		Summary: "How much the reader was told that he has not read"},
		func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[waitingBody], error) {
			unread, do, err := d.Notices.Waiting(ctx, actor)
			return httpapi.Answer(waitingBody{unread, do}, err)
		})
	type readIn struct {
		Body struct {
			Seqs []int64 `json:"seqs,omitempty" maxItems:"200" doc:"some of them"`
			UpTo int64   `json:"upTo,omitempty" minimum:"0" doc:"and all up to this one"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/notices/read", ID: "readNotices", Permission: org.SignedIn, Status: 204,
		Summary: "Note that the reader has read notices"},
		func(ctx context.Context, actor org.Actor, in *readIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Notices.Read(ctx, actor, in.Body.Seqs, in.Body.UpTo))
		})
}
