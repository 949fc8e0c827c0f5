// Package savedviewhttp is the routes of saved views.
package savedviewhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/savedview"
)

type viewBody struct {
	ID       string `json:"id"`
	MemberID string `json:"memberId"`
	Screen   string `json:"screen"`
	Name     string `json:"name"`
	Query    string `json:"query"`
	Shared   bool   `json:"shared"`
}

func bodyOf(v savedview.View) viewBody {
	return viewBody{v.ID, v.MemberID, v.Screen, v.Name, v.Query, v.Shared}
}

// Deps is what the routes need.
type Deps struct{ Views *savedview.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type listIn struct {
		Screen string `query:"screen" maxLength:"30" required:"true" enum:"opportunities,board,funnel,analysis,accounts"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/views", ID: "listViews", Summary: "Own views of a screen, and those shared with all",
		Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[[]viewBody], error) {
		list, err := d.Views.List(ctx, actor, in.Screen)
		out := []viewBody{}
		for _, v := range list {
			out = append(out, bodyOf(v))
		}
		return httpapi.Answer(out, err)
	})
	type saveIn struct {
		Body struct {
			ID     string `json:"id,omitempty" maxLength:"36"`
			Screen string `json:"screen" enum:"opportunities,board,funnel,analysis,accounts"`
			Name   string `json:"name" minLength:"1" maxLength:"60"`
			Query  string `json:"query" maxLength:"4000"`
			Shared bool   `json:"shared,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/views", ID: "saveView", Permission: org.SignedIn, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *saveIn) (*httpapi.Body[viewBody], error) {
		b := in.Body
		v, err := d.Views.Save(ctx, actor, savedview.View{
			ID: b.ID, Screen: b.Screen, Name: b.Name, Query: b.Query, Shared: b.Shared,
		})
		return httpapi.Answer(bodyOf(v), err)
	})
	type renameIn struct {
		httpapi.ByID
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PATCH", Path: "/views/{id}", ID: "renameView", Summary: "Call a view otherwise", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *renameIn) (*httpapi.Body[viewBody], error) {
		v, err := d.Views.Rename(ctx, actor, in.ID, in.Body.Name)
		return httpapi.Answer(bodyOf(v), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/views/{id}", ID: "deleteView", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Views.Delete(ctx, actor, in.ID))
	})
}
