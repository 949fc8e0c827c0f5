// Package handoverhttp is the routes of hand-overs: decode, call, encode.
package handoverhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/handover"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct{ Handovers *handover.Service }

// Body is a hand-over as it is shown.
type Body struct {
	ID     string           `json:"id"`
	FromID string           `json:"fromId"`
	ToID   string           `json:"toId"`
	Reason string           `json:"reason"`
	On     calendar.Date    `json:"on"`
	Count  int64            `json:"count"`
	Counts map[string]int64 `json:"counts" doc:"by kind of record"`
}

// BodyOf shows a hand-over.
func BodyOf(h handover.Handover) Body {
	return Body{h.ID, h.FromID, h.ToID, h.Reason, h.On, h.Count(), h.Counts}
}

// LeaverBody is who left, or will, and what he still holds.
type LeaverBody struct {
	MemberID string        `json:"memberId"`
	LeftOn   calendar.Date `json:"leftOn"`
	Held     []org.Held    `json:"held"`
}

// LeaversOf shows them.
func LeaversOf(list []handover.Leaver) []LeaverBody {
	out := []LeaverBody{}
	for _, l := range list {
		out = append(out, LeaverBody{l.MemberID, l.LeftOn, l.Held})
	}
	return out
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type handoverIn struct {
		Body struct {
			ID     string   `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it goes on"`
			Kind   string   `json:"kind,omitempty" maxLength:"30" doc:"of the records named by id; left out they are opportunities"`
			IDs    []string `json:"ids,omitempty" maxItems:"500"`
			FromID string   `json:"fromId,omitempty" maxLength:"60" doc:"with no ids: everything this member holds"`
			Kinds  []string `json:"kinds,omitempty" maxItems:"10" doc:"with no ids: of these kinds alone"`
			ToID   string   `json:"toId" maxLength:"60"`
			Reason string   `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/handovers", ID: "handOver", Permission: org.OppHandOver, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *handoverIn) (*httpapi.Body[Body], error) {
		b := in.Body
		if b.Kind == "" {
			b.Kind = "opportunity"
		}
		h, err := d.Handovers.HandOver(ctx, actor, handover.Ask{
			ID: b.ID, Kind: b.Kind, IDs: b.IDs, FromID: b.FromID, ToID: b.ToID, Kinds: b.Kinds, Reason: b.Reason,
		})
		return httpapi.Answer(BodyOf(h), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/handovers/{id}/confirm", ID: "confirmHandover", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Handovers.Confirm(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/leavers", ID: "listLeavers", Summary: "Who has left, or will, and still holds something",
		Permission: org.OppHandOver,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]LeaverBody], error) {
		list, err := d.Handovers.Leavers(ctx, actor)
		return httpapi.Answer(LeaversOf(list), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}/held", ID: "listHeld", Summary: "What a member would leave behind",
		Permission: org.OppHandOver,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[[]org.Held], error) {
		list, err := d.Handovers.Held(ctx, actor, in.ID)
		return httpapi.Answer(append([]org.Held{}, list...), err)
	})
}
