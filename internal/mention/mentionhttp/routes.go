// Package mentionhttp is the routes of where a person is named: decode, call, encode.
package mentionhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/mention"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct{ Mentions *mention.Service }

type mentionBody struct {
	Kind   string `json:"kind" doc:"what kind of text it is, as follow_up.words"`
	ID     string `json:"id"`
	OnKind string `json:"onKind" doc:"of the record it hangs on; \"\" is on none"`
	OnID   string `json:"onId" doc:"\"\" where the record is out of sight"`
	OnName string `json:"onName"`
	Text   string `json:"text" doc:"an excerpt; \"\" where the record is out of sight"`
	Hidden bool   `json:"hidden"`
	ByHand bool   `json:"byHand" doc:"a record's name, which is changed there"`
}

type foundBody struct {
	Items     []mentionBody `json:"items"`
	Namesakes int           `json:"namesakes" doc:"others who are called so"`
	More      bool          `json:"more"`
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contacts/{id}/mentions", ID: "findMentions",
		Summary: "Where a person is named in what others wrote, before an erasure", Permission: org.ContactErase,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[foundBody], error) {
		found, err := d.Mentions.Find(ctx, actor, in.ID)
		out := foundBody{Items: []mentionBody{}, Namesakes: found.Namesakes, More: found.More}
		for _, m := range found.Items {
			out.Items = append(out.Items, mentionBody{m.Kind, m.ID, m.On.Kind, m.On.ID, m.OnName, m.Text, m.Hidden, m.ByHand})
		}
		return httpapi.Answer(out, err)
	})
}
