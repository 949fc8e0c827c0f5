package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

type handover struct {
	ID     string        `json:"id"`
	FromID string        `json:"fromId"`
	ToID   string        `json:"toId"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	Count  int64         `json:"count"`
}

func handoverOf(x opportunity.Handover) handover {
	return handover{x.ID, x.FromID, x.ToID, x.Reason, x.On, x.Count}
}

func (h *handler) handovers(api *httpapi.API) {
	type handoverIn struct {
		Body struct {
			IDs    []string `json:"ids,omitempty" maxItems:"500"`
			FromID string   `json:"fromId,omitempty" maxLength:"60" doc:"with no ids: every open record of this member"`
			ToID   string   `json:"toId" maxLength:"60"`
			Reason string   `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/handovers", ID: "handOver", Permission: org.OppHandOver, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *handoverIn) (*httpapi.Body[handover], error) {
		b := in.Body
		x, err := h.Opportunities.HandOver(ctx, actor, b.IDs, b.FromID, b.ToID, b.Reason)
		return httpapi.Answer(handoverOf(x), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/handovers/{id}/confirm", ID: "confirmHandover", Permission: org.OppWrite, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(h.Opportunities.ConfirmHandover(ctx, actor, in.ID))
	})
}
