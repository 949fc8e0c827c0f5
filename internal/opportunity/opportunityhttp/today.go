package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/handover/handoverhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type waiting struct {
	EvidenceBody
	OpportunityID string `json:"opportunityId"`
	Opportunity   string `json:"opportunity"`
	OwnerID       string `json:"ownerId"`
	Days          int    `json:"waitingDays"`
}

type taken struct {
	OpportunityID string        `json:"opportunityId"`
	Opportunity   string        `json:"opportunity"`
	MemberID      string        `json:"memberId"`
	StageID       string        `json:"stageId"`
	Stage         string        `json:"stage" doc:"where the exception led to"`
	Reason        string        `json:"reason"`
	On            calendar.Date `json:"on"`
	Win           bool          `json:"win" doc:"a win that waits to be accepted"`
}

func (h *handler) today(api *httpapi.API) {
	type todayBody struct {
		Steps      []stepBody          `json:"steps"`
		Waiting    []waiting           `json:"waiting"`
		Exceptions []taken             `json:"exceptions" doc:"wins to accept first, each part newest first; at most 50"`
		All        int64               `json:"allExceptions"`
		Handovers  []handoverhttp.Body `json:"handovers"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/today", ID: "getToday", Summary: "What waits for the member", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[todayBody], error) {
		t, err := h.Opportunities.TodayOf(ctx, actor)
		if err != nil {
			return nil, err
		}
		due, err := h.Tasks.Due(ctx, actor, 50)
		if err != nil {
			return nil, err
		}
		arrived, err := h.Handovers.Waiting(ctx, actor)
		b := todayBody{stepsOf(due, actor.Today), []waiting{}, []taken{}, t.AllExceptions, []handoverhttp.Body{}}
		cal := h.Calendar(actor.TenantID)
		for _, w := range t.Waiting {
			b.Waiting = append(b.Waiting, waiting{
				evidenceOf(w.Evidence, t.Names), w.OpportunityID, w.Opportunity, w.OwnerID,
				cal.WorkingDaysBetween(w.SubmittedOn, actor.Today),
			})
		}
		for _, e := range t.Exceptions {
			b.Exceptions = append(b.Exceptions, taken{
				e.OpportunityID, e.Opportunity, e.MemberID, e.StageID, t.Names.Stages[e.StageID], e.Reason, e.On, e.Win,
			})
		}
		for _, x := range arrived {
			b.Handovers = append(b.Handovers, handoverhttp.BodyOf(x))
		}
		return httpapi.Answer(b, err)
	})
}
