package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// Lacks are the query parameters of open records that want cleaning up.
type Lacks struct {
	NoAmount    bool `query:"noAmount" doc:"open, without an amount"`
	NoPerson    bool `query:"noPerson" doc:"open, without a person of the customer"`
	NoOwner     bool `query:"noOwner" doc:"open, and nobody's"`
	Twins       bool `query:"twins" doc:"open, of one customer with the name or the amount of another such that the reader sees"`
	LongStalled bool `query:"longStalled" doc:"stands still for more than three times the maximum of its stage"`
}

func (l Lacks) lacks() opportunity.Lacks {
	return opportunity.Lacks{NoAmount: l.NoAmount, NoPerson: l.NoPerson, NoOwner: l.NoOwner, Twins: l.Twins, LongStalled: l.LongStalled}
}

type checkBody struct {
	Check opportunity.Check `json:"check" enum:"passed,noAmount,noNextStep,noPerson,twins"`
	Count int64             `json:"count" doc:"open deals in sight that it finds"`
}

type cleanupBody struct {
	Running     bool          `json:"running" doc:"the company is within its first 20 working days, from the one its first deal was recorded"`
	From        calendar.Date `json:"from" doc:"the day its first deal was recorded; empty where none is"`
	Day         int           `json:"day" doc:"the working day it is, from 1"`
	Days        int           `json:"days" doc:"for how many working days the checkup is shown"`
	Checks      []checkBody   `json:"checks" doc:"none beyond these days"`
	LongStalled *int64        `json:"longStalled" doc:"how many stand still for more than three times the maximum; null while limits are being computed"`
}

// cleanup adds what is to be cleaned up, and the way a deal that is not for now leaves.
func (h *handler) cleanup(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/cleanup", ID: "getCleanup",
		Summary:    "What of the open deals in sight wants cleaning up: the checkup of a company's first 20 working days, and what has stood still far too long",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[cleanupBody], error) {
		var b cleanupBody
		err := h.atOnce(ctx, actor, func(ctx context.Context, v view) (err error) {
			b, err = h.cleanupOf(ctx, actor, v)
			return err
		})
		return httpapi.Answer(b, err)
	})
	type nurtureIn struct {
		httpapi.ByID
		Key  string `header:"Idempotency-Key" maxLength:"100"`
		Body struct {
			What    string        `json:"what" minLength:"1" maxLength:"1000" doc:"what is to be done then"`
			DueOn   calendar.Date `json:"dueOn" maxLength:"10" doc:"the day to come back to the customer"`
			Reason  string        `json:"reason" minLength:"1" maxLength:"1000"`
			Version int           `json:"version,omitempty" minimum:"0"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/nurture", ID: "nurtureOpportunity",
		Summary: "Not for now: close it without a decision, with a task on its customer for the day to come back", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *nurtureIn) (*recordOut, error) {
		b := in.Body
		_, err := h.Opportunities.Nurture(ctx, actor, in.ID, opportunity.MoveRequest{Reason: b.Reason, Version: b.Version, Key: in.Key}, b,
			func(tx database.Tx, o opportunity.Opportunity) error {
				t := task.Task{What: b.What, DueOn: b.DueOn}
				if actor.AtWork("", o.OwnerID) == nil { // else it is for who does it
					t.MemberID = o.OwnerID
				}
				if o.AccountID != "" {
					t.On = []record.Ref{{Kind: string(record.Account), ID: o.AccountID}}
				}
				_, err := h.Tasks.AddIn(ctx, tx, actor, t)
				return err
			})
		return h.record(ctx, actor, in.ID, err)
	})
}

func (h *handler) cleanupOf(ctx context.Context, actor org.Actor, v view) (b cleanupBody, err error) {
	c, err := h.Opportunities.Checkup(ctx, actor)
	b = cleanupBody{c.Running, c.From, c.Day, opportunity.CheckupDays, []checkBody{}, nil}
	if err != nil {
		return b, err
	}
	if c.Running {
		for _, check := range opportunity.Checks {
			n, err := h.count(ctx, actor, check.Filter())
			if err != nil {
				return b, err
			}
			b.Checks = append(b.Checks, checkBody{check, n})
		}
	}
	if v.known {
		n, err := h.count(ctx, actor, opportunity.Filter{Lacks: opportunity.Lacks{LongStalled: true}})
		if err != nil {
			return b, err
		}
		b.LongStalled = &n
	}
	return b, nil
}

// count is how many records the list by a filter has.
func (h *handler) count(ctx context.Context, actor org.Actor, f opportunity.Filter) (n int64, err error) {
	list, err := h.Opportunities.Page(ctx, actor, f, page.Request{Limit: 1}, h.Measures)
	for _, t := range list.Totals {
		n += t.Count
	}
	return n, err
}
