package orghttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// PostIn is where to put a member: a seat, or a team and what the post is.
type PostIn struct {
	SeatID   string        `json:"seatId,omitempty" maxLength:"60" doc:"a seat that is free; without, one of the team is taken or made"`
	TeamID   string        `json:"teamId,omitempty" maxLength:"60"`
	Position string        `json:"position,omitempty" maxLength:"60"`
	Leads    bool          `json:"leads,omitempty"`
	From     calendar.Date `json:"from,omitempty" maxLength:"10" doc:"left out it is today"`
}

func (in PostIn) post() org.Post {
	return org.Post{SeatID: in.SeatID, TeamID: in.TeamID, Position: in.Position, Leads: in.Leads, From: in.From}
}

type leftBody struct {
	Held []org.Held `json:"held" doc:"what the member still holds and is to be handed over"`
}

// leaving is the routes of going and coming back.
func leaving(api *httpapi.API, d Deps) {
	type leaveIn struct {
		Changing
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10" doc:"the first day without the member; it may lie ahead"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/leave", ID: "memberLeaves", Permission: org.OrgEdit,
	}, func(ctx context.Context, actor org.Actor, in *leaveIn) (*httpapi.Body[leftBody], error) {
		actor, err := in.by(actor)
		if err != nil {
			return nil, err
		}
		held, err := d.Org.Leave(ctx, actor, in.ID, in.Body.On)
		return httpapi.Answer(leftBody{append([]org.Held{}, held...)}, err)
	})
	type backIn struct {
		Changing
		Body struct {
			PostIn
			Role         org.RoleKey `json:"role,omitempty" maxLength:"60"`
			ProductLines []string    `json:"productLines,omitempty" maxItems:"100"`
			Regions      []string    `json:"regions,omitempty" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/comeback", ID: "memberComesBack", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *backIn) (*httpapi.Done, error) {
		b := in.Body
		return in.changes(actor, func(a org.Actor) error {
			return d.Org.ComeBack(ctx, a, in.ID, org.Comeback{Post: b.post(), Role: b.Role, ProductLines: b.ProductLines, Regions: b.Regions})
		})
	})
}

// posts is the routes of a member's posts: the main one is transferred, others come and go
// beside it.
func posts(api *httpapi.API, d Deps) {
	type transferIn struct {
		Changing
		Body PostIn
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/transfer", ID: "transferMember", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *transferIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.TransferTo(ctx, a, in.ID, in.Body.post()) })
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/posts", ID: "addPost", Summary: "One more post beside the main one",
		Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *transferIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.AddPost(ctx, a, in.ID, in.Body.post()) })
	})
	type endIn struct {
		Changing
		Seat string `path:"seat" maxLength:"60"`
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out it is today"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/posts/{seat}/end", ID: "endPost", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *endIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.EndPost(ctx, a, in.ID, in.Seat, in.Body.On) })
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/posts/{seat}/main", ID: "setMainPost", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *endIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.SetMainPost(ctx, a, in.ID, in.Seat, in.Body.On) })
	})
}
