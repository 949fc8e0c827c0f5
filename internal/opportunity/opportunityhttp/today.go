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

// TodayBody is what waits for a member.
type TodayBody struct {
	Steps          []stepBody          `json:"steps"`
	Waiting        []waiting           `json:"waiting"`
	Exceptions     []taken             `json:"exceptions" doc:"wins to accept first, each part newest first; at most 50"`
	All            int64               `json:"allExceptions" doc:"of each part at most 1000 are counted"`
	ExceptionDeals int64               `json:"exceptionDeals" doc:"how many records they are of: the list of what has exceptions"`
	Handovers      []handoverhttp.Body `json:"handovers"`
}

func (h *handler) today(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/today", ID: "getToday", Summary: "What waits for the member", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[TodayBody], error) {
		return httpapi.Answer(h.todayOf(ctx, actor))
	})
}

// todayOf reads it, from one snapshot.
func (h *handler) todayOf(ctx context.Context, actor org.Actor) (b TodayBody, err error) {
	err = h.Opportunities.AtOnce(ctx, func(ctx context.Context) (err error) {
		b, err = h.todayIn(ctx, actor)
		return err
	})
	return b, err
}

func (h *handler) todayIn(ctx context.Context, actor org.Actor) (b TodayBody, err error) {
	t, err := h.Opportunities.TodayOf(ctx, actor)
	if err != nil {
		return b, err
	}
	due, err := h.Tasks.Due(ctx, actor, 50)
	if err != nil {
		return b, err
	}
	arrived, err := h.Handovers.Waiting(ctx, actor)
	b = TodayBody{stepsOf(due, actor.Today), []waiting{}, []taken{}, t.AllExceptions, t.ExceptionDeals, []handoverhttp.Body{}}
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
	return b, err
}
