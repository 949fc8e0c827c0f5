package orghttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

func teams(api *httpapi.API, d Deps) {
	type teamIn struct {
		Body struct {
			ID       string        `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			Name     string        `json:"name" minLength:"1" maxLength:"100"`
			ParentID string        `json:"parentId" maxLength:"60"`
			Region   string        `json:"region,omitempty" maxLength:"100"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams", ID: "addTeam", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *teamIn) (*httpapi.Body[teamBody], error) {
		b := in.Body
		t, err := d.Org.AddTeam(ctx, actor, b.ID, b.Name, b.ParentID, b.Region, b.From)
		return httpapi.Answer(teamBody{t.ID, t.Name, t.Region, b.ParentID, t.ClosedOn, t.Version}, err)
	})
	type describeIn struct {
		Changing
		Body struct {
			Name   string `json:"name" minLength:"1" maxLength:"100"`
			Region string `json:"region,omitempty" maxLength:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/teams/{id}", ID: "describeTeam", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *describeIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.DescribeTeam(ctx, a, in.ID, in.Body.Name, in.Body.Region) })
	})
	type moveIn struct {
		Changing
		Body struct {
			ParentID string        `json:"parentId" maxLength:"60"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams/{id}/move", ID: "moveTeam", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *moveIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.MoveTeam(ctx, a, in.ID, in.Body.ParentID, in.Body.From) })
	})
	type closeIn struct {
		Changing
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out it is today"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams/{id}/close", ID: "closeTeam", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *closeIn) (*httpapi.Done, error) {
		return in.changes(actor, func(a org.Actor) error { return d.Org.CloseTeam(ctx, a, in.ID, in.Body.On) })
	})
}

type seatBody struct {
	ID         string        `json:"id"`
	TeamID     string        `json:"teamId"`
	Position   string        `json:"position"`
	Leads      bool          `json:"leads"`
	From       calendar.Date `json:"from"`
	To         calendar.Date `json:"to"`
	HolderID   string        `json:"holderId" doc:"empty where nobody holds it today"`
	HolderTo   calendar.Date `json:"holderTo"`
	NextID     string        `json:"nextId" doc:"who is to hold it next"`
	NextFrom   calendar.Date `json:"nextFrom"`
	HolderMain bool          `json:"holderMain" doc:"it is the holder's main post"`
}

func seatOf(a org.Actor, p org.Place) seatBody {
	position := a.Structure.Positions[p.PositionID]
	return seatBody{ID: p.ID, TeamID: p.TeamID, Position: position.Name, Leads: position.Leads, From: p.From, To: p.To,
		HolderID: p.Holder.MemberID, HolderTo: p.Holder.To, HolderMain: p.Holder.Main, NextID: p.Next.MemberID, NextFrom: p.Next.From}
}

// seats is the routes of the headcount.
func seats(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/seats", ID: "listSeats", Summary: "The seats open today or later, held or vacant", Permission: org.OrgRead,
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]seatBody], error) {
		out := []seatBody{}
		for _, p := range actor.Structure.Headcount(actor.Today) {
			out = append(out, seatOf(actor, p))
		}
		return httpapi.Answer(out, nil)
	})
	type openIn struct {
		Body struct {
			ID string `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			PostIn
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/seats", ID: "openSeat", Permission: org.OrgEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *openIn) (*httpapi.Body[org.Seat], error) {
		p := in.Body.post()
		p.ID = in.Body.ID
		return httpapi.Answer(d.Org.OpenSeat(ctx, actor, p))
	})
	type closeIn struct {
		httpapi.ByID
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out it is today"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/seats/{id}/close", ID: "closeSeat", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *closeIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.CloseSeat(ctx, actor, in.ID, in.Body.On))
	})
}
