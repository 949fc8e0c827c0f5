package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

type stepBody struct {
	ID             string        `json:"id"`
	OpportunityID  string        `json:"opportunityId"`
	Opportunity    string        `json:"opportunity"`
	What           string        `json:"what"`
	MemberID       string        `json:"memberId"`
	DueOn          calendar.Date `json:"dueOn"`
	CustomerAgreed bool          `json:"customerAgreed"`
	DoneOn         calendar.Date `json:"doneOn"`
	Result         string        `json:"result"`
	Overdue        bool          `json:"overdue"`
}

func stepOf(n opportunity.NextStep, name string, today calendar.Date) stepBody {
	return stepBody{
		n.ID, n.OpportunityID, name, n.What, n.MemberID, n.DueOn, n.CustomerAgreed, n.DoneOn, n.Result,
		n.DoneOn == "" && n.DueOn < today,
	}
}

func (h *handler) nextSteps(api *httpapi.API) {
	type stepIn struct {
		httpapi.ByID
		Body struct {
			ID             string        `json:"id,omitempty" maxLength:"36"`
			What           string        `json:"what" minLength:"1" maxLength:"1000"`
			DueOn          calendar.Date `json:"dueOn" maxLength:"10"`
			CustomerAgreed bool          `json:"customerAgreed,omitempty"`
			MemberID       string        `json:"memberId,omitempty" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/next-steps", ID: "addNextStep", Permission: org.OppWrite,
		Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *stepIn) (*recordOut, error) {
		b := in.Body
		_, err := h.Opportunities.AddNextStep(ctx, actor, opportunity.NextStep{
			ID: b.ID, OpportunityID: in.ID, What: b.What, DueOn: b.DueOn, CustomerAgreed: b.CustomerAgreed,
			MemberID: b.MemberID,
		})
		return h.record(ctx, actor, in.ID, err)
	})
	type finishIn struct {
		httpapi.ByID
		Body struct {
			Result string        `json:"result,omitempty" maxLength:"1000"`
			DueOn  calendar.Date `json:"dueOn,omitempty" maxLength:"10" doc:"move to this day instead of finishing"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/next-steps/{id}/finish", ID: "finishNextStep", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *finishIn) (*httpapi.Body[stepBody], error) {
		n, err := h.Opportunities.FinishNextStep(ctx, actor, in.ID, in.Body.Result, in.Body.DueOn)
		return httpapi.Answer(stepOf(n, "", actor.Today), err)
	})
}
