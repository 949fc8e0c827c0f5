package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/task"
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
	Version        int           `json:"version"`
	Long           bool          `json:"long" doc:"an order that asks for a plan and a review"`
}

// stepOf shows a task as the next step of the opportunity it hangs on, if it does.
func stepOf(t task.Task, today calendar.Date) stepBody {
	b := stepBody{
		ID: t.ID, What: t.What, MemberID: t.MemberID, DueOn: t.DueOn, CustomerAgreed: t.CustomerAgreed,
		DoneOn: t.DoneOn, Result: t.Result, Overdue: t.DoneOn == "" && t.DueOn < today, Version: t.Version, Long: t.Long,
	}
	for _, on := range t.On {
		if on.Kind == opportunity.Ref("").Kind {
			b.OpportunityID, b.Opportunity = on.ID, t.Names[on]
		}
	}
	return b
}

func stepsOf(list []task.Task, today calendar.Date) []stepBody {
	out := []stepBody{}
	for _, t := range list {
		out = append(out, stepOf(t, today))
	}
	return out
}

func (h *handler) nextSteps(api *httpapi.API) {
	type pageIn struct {
		httpapi.ByID
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}/next-steps", ID: "listNextSteps",
		Summary: "Its open next steps, those due first in front; none of one out of sight", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *pageIn) (*httpapi.Body[page.Result[stepBody]], error) {
		list, err := h.Tasks.OpenOn(ctx, actor, opportunity.Ref(in.ID), page.Request{Cursor: in.Cursor, Limit: in.Limit})
		return httpapi.Answer(page.Result[stepBody]{Items: stepsOf(list.Items, actor.Today), Next: list.Next}, err)
	})
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
		_, err := h.Tasks.Add(ctx, actor, task.Task{
			ID: b.ID, What: b.What, DueOn: b.DueOn, CustomerAgreed: b.CustomerAgreed, MemberID: b.MemberID,
			On: []record.Ref{opportunity.Ref(in.ID)},
		})
		return h.record(ctx, actor, in.ID, err)
	})
	type finishIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Result         string        `json:"result,omitempty" maxLength:"1000"`
			DueOn          calendar.Date `json:"dueOn,omitempty" maxLength:"10" doc:"move to this day instead of finishing"`
			Reason         string        `json:"reason,omitempty" maxLength:"1000" doc:"why it moves; needed where the customer agreed to the day"`
			CustomerAgreed bool          `json:"customerAgreed,omitempty" doc:"the customer agreed to the new day"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/next-steps/{id}/finish", ID: "finishNextStep", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *finishIn) (*httpapi.Body[stepBody], error) {
		actor, err := in.By(actor)
		if err != nil {
			return nil, err
		}
		if in.Body.DueOn != "" {
			t, err := h.Tasks.Redate(ctx, actor, in.ID, task.Moved{To: in.Body.DueOn, Reason: in.Body.Reason, Agreed: in.Body.CustomerAgreed})
			return httpapi.Answer(stepOf(t, actor.Today), err)
		}
		t, err := h.Tasks.Finish(ctx, actor, in.ID, in.Body.Result)
		return httpapi.Answer(stepOf(t, actor.Today), err)
	})
}
