package opportunityhttp

import (
	"context"

	"yunchou/internal/followup/followuphttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

func (h *handler) followUps(api *httpapi.API) {
	type followIn struct {
		httpapi.ByID
		Body followuphttp.FollowBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/follow-ups", ID: "logFollowUp", Permission: org.OppWrite,
		Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *followIn) (*recordOut, error) {
		_, err := h.FollowUps.Log(ctx, actor, in.Body.FollowUp(opportunity.Ref(in.ID)), in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
}
