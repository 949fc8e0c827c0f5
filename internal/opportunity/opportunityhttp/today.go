package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/handover/handoverhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
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
	Steps      []stepBody          `json:"steps"`
	Waiting    []waiting           `json:"waiting"`
	Exceptions []taken             `json:"exceptions" doc:"wins to accept first, each part newest first; at most 50"`
	All        int64               `json:"allExceptions" doc:"of each part at most 1000 are counted"`
	Handovers  []handoverhttp.Body `json:"handovers"`
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
	b = TodayBody{stepsOf(due, actor.Today), []waiting{}, []taken{}, t.AllExceptions, []handoverhttp.Body{}}
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

// DeskBody is what a desk shows at first look, but for the figures.
type DeskBody struct {
	TodayBody
	Leavers []handoverhttp.LeaverBody `json:"leavers" doc:"who left, or will, and still holds something; of whoever may hand over"`
	Deals   *DeskDeals                `json:"deals" doc:"null while what tells them is being loaded"`
}

// DeskDeals is what of the deals in sight asks for something.
type DeskDeals struct {
	Any        bool                `json:"any" doc:"whether there is a deal in sight at all"`
	Open       []opportunity.Total `json:"open"`
	Stalled    []OppBody           `json:"stalled" doc:"the six largest"`
	NoNextStep []OppBody           `json:"noNextStep" doc:"the four largest"`
	AllNoNext  int64               `json:"allNoNextStep" doc:"how many there are"`
}

// Desk reads it, from one snapshot; the deals only where asked for.
func (d Deps) Desk(ctx context.Context, actor org.Actor, deals bool) (b DeskBody, err error) {
	h := &handler{d}
	read := func(ctx context.Context, v view) (err error) {
		if b.TodayBody, err = h.todayIn(ctx, actor); err != nil {
			return err
		}
		b.Leavers = []handoverhttp.LeaverBody{}
		if actor.Can(org.OppHandOver) {
			left, err := d.Handovers.Leavers(ctx, actor)
			if err != nil {
				return err
			}
			b.Leavers = handoverhttp.LeaversOf(left)
		}
		if deals && v.known {
			b.Deals, err = h.deskDeals(ctx, actor, v)
		}
		return err
	}
	if deals {
		err = h.atOnce(ctx, actor, read)
	} else {
		err = h.Opportunities.AtOnce(ctx, func(ctx context.Context) error { return read(ctx, view{}) })
	}
	return b, err
}

func (h *handler) deskDeals(ctx context.Context, actor org.Actor, v view) (*DeskDeals, error) {
	largest := func(n int) page.Request { return page.Request{Sort: "amount", Desc: true, Limit: n} }
	open, err := h.listed(ctx, actor, v, opportunity.Filter{States: []opportunity.State{opportunity.Open}}, largest(1))
	if err != nil {
		return nil, err
	}
	some := open
	if len(open.Items) == 0 {
		if some, err = h.listed(ctx, actor, v, opportunity.Filter{}, page.Request{Limit: 1}); err != nil {
			return nil, err
		}
	}
	stalled, err := h.listed(ctx, actor, v, opportunity.Filter{Stalled: true}, largest(6))
	if err != nil {
		return nil, err
	}
	idle, err := h.listed(ctx, actor, v, opportunity.Filter{NoNextStep: true}, largest(4))
	b := &DeskDeals{len(some.Items) > 0, open.Totals, stalled.Items, idle.Items, 0}
	for _, t := range idle.Totals {
		b.AllNoNext += t.Count
	}
	return b, err
}
