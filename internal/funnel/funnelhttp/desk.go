package funnelhttp

import (
	"context"
	"time"

	"yunchou/internal/funnel"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org"
)

// moment is how long a desk waits for columns to be loaded: a small company's are by then.
const moment = 150 * time.Millisecond

func desk(api *httpapi.API, d Deps) {
	type deskBody struct {
		opportunityhttp.DeskBody
		Figures   *funnel.Desk `json:"figures" doc:"null where they are computed for the first time"`
		Computing bool         `json:"computing" doc:"deals or figures that are not there, or newer figures, are on their way: ask again"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/desk", ID: "getDesk",
		Summary:    "All a desk shows at first look; it waits for nothing that takes long",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[deskBody], error) {
		loaded, err := d.Soon(ctx, actor.TenantID, moment)
		if err != nil {
			return nil, err
		}
		b := deskBody{Computing: !loaded}
		if b.DeskBody, err = d.Desk(ctx, actor, loaded); err == nil && loaded {
			b.Figures, b.Computing, err = d.Funnel.DeskOf(ctx, actor)
		}
		b.Computing = b.Computing || b.Deals == nil
		return httpapi.Answer(b, err)
	})
}
