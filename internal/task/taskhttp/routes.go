// Package taskhttp is the routes of tasks: decode, call, encode.
package taskhttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// Deps is what the routes need.
type Deps struct{ Tasks *task.Service }

type onBody struct {
	Kind string `json:"kind" maxLength:"30"`
	ID   string `json:"id" maxLength:"60"`
	Name string `json:"name,omitempty" readOnly:"true" doc:"empty where the record may not be read"`
}

type taskBody struct {
	ID             string        `json:"id"`
	What           string        `json:"what"`
	MemberID       string        `json:"memberId"`
	DueOn          calendar.Date `json:"dueOn"`
	CustomerAgreed bool          `json:"customerAgreed"`
	CreatedBy      string        `json:"createdBy"`
	CreatedAt      time.Time     `json:"createdAt"`
	DoneOn         calendar.Date `json:"doneOn"`
	Result         string        `json:"result"`
	Overdue        bool          `json:"overdue"`
	Version        int           `json:"version"`
	On             []onBody      `json:"on"`
	State          string        `json:"state" enum:"open,waiting,received,under_way,in_review,to_do_again,done,dropped" doc:"how it stands, which follows from what happened"`
	Long           bool          `json:"long" doc:"an order that asks for a plan and a review"`
	OfferedTo      string        `json:"offeredTo" doc:"who was asked to take it over and has not said"`
	Repeats        bool          `json:"repeats" doc:"it is one of a series"`
	Parties        []partyBody   `json:"parties"`
}

type partyBody struct {
	MemberID string        `json:"memberId" maxLength:"60"`
	Part     string        `json:"part" enum:"partner,assistant"`
	DoneOn   calendar.Date `json:"doneOn,omitempty" readOnly:"true"`
}

func bodyOf(t task.Task, today calendar.Date) taskBody {
	b := taskBody{ID: t.ID, What: t.What, MemberID: t.MemberID, DueOn: t.DueOn, CustomerAgreed: t.CustomerAgreed, CreatedBy: t.CreatedBy,
		CreatedAt: t.CreatedAt, DoneOn: t.DoneOn, Result: t.Result, Overdue: t.DoneOn == "" && t.DueOn < today, Version: t.Version, On: []onBody{}, State: t.State(), Long: t.Long, OfferedTo: t.OfferedTo,
		Repeats: t.SeriesID != "", Parties: []partyBody{}}
	for _, p := range t.Parties {
		if p.Part != task.Was {
			b.Parties = append(b.Parties, partyBody{p.MemberID, p.Part, p.DoneOn})
		}
	}
	for _, ref := range t.On {
		b.On = append(b.On, onBody{ref.Kind, ref.ID, t.Names[ref]})
	}
	return b
}

func one(t task.Task, today calendar.Date, err error) (*httpapi.Body[taskBody], error) {
	return httpapi.Answer(bodyOf(t, today), err)
}

func many(list []task.Task, today calendar.Date, err error) (*httpapi.Body[[]taskBody], error) {
	out := []taskBody{}
	for _, t := range list {
		out = append(out, bodyOf(t, today))
	}
	return httpapi.Answer(out, err)
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type listIn struct {
		Handed bool   `query:"handed" doc:"those the member gave to others"`
		Done   bool   `query:"done" doc:"the last that were done, instead of what is open"`
		Kind   string `query:"kind" maxLength:"30" doc:"with id: those of a record, whoever's they are"`
		ID     string `query:"id" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/tasks", ID: "listTasks", Summary: "The member's own tasks, or those of a record", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[[]taskBody], error) {
			if in.Kind != "" {
				list, err := d.Tasks.OfRecord(ctx, actor, record.Ref{Kind: in.Kind, ID: in.ID})
				return many(list, actor.Today, err)
			}
			list, err := d.Tasks.List(ctx, actor, in.Handed, in.Done)
			return many(list, actor.Today, err)
		})
	type addIn struct {
		Body struct {
			ID             string        `json:"id,omitempty" maxLength:"36"`
			What           string        `json:"what" minLength:"1" maxLength:"1000"`
			DueOn          calendar.Date `json:"dueOn" maxLength:"10"`
			MemberID       string        `json:"memberId,omitempty" maxLength:"60" doc:"whose promise it is; left out it is the member's own"`
			CustomerAgreed bool          `json:"customerAgreed,omitempty"`
			On             []onBody      `json:"on,omitempty" maxItems:"10" doc:"the records it hangs on; none is allowed"`
			Parties        []partyBody   `json:"parties,omitempty" maxItems:"20" doc:"partners and assistants, who finish what is theirs"`
			Repeat         *repeatBody   `json:"repeat,omitempty" doc:"it comes again by this rule"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks", ID: "addTask", Permission: org.SignedIn, Status: 201},
		func(ctx context.Context, actor org.Actor, in *addIn) (*httpapi.Body[taskBody], error) {
			b := in.Body
			t := task.Task{ID: b.ID, What: b.What, DueOn: b.DueOn, MemberID: b.MemberID, CustomerAgreed: b.CustomerAgreed,
				Parties: partiesOf(b.Parties), Repeat: b.Repeat.rule()}
			for _, on := range b.On {
				t.On = append(t.On, record.Ref{Kind: on.Kind, ID: on.ID})
			}
			t, err := d.Tasks.Add(ctx, actor, t)
			return one(t, actor.Today, err)
		})
	type finishIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Result string `json:"result,omitempty" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/finish", ID: "finishTask", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *finishIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.Finish(ctx, actor, in.ID, in.Body.Result)
			return one(t, actor.Today, err)
		})
	type redateIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			DueOn          calendar.Date `json:"dueOn" maxLength:"10"`
			Reason         string        `json:"reason,omitempty" maxLength:"1000" doc:"needed where the customer agreed to the day"`
			CustomerAgreed bool          `json:"customerAgreed,omitempty" doc:"the customer agreed to the new day"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/redate", ID: "redateTask", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *redateIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.Redate(ctx, actor, in.ID, task.Moved{To: in.Body.DueOn, Reason: in.Body.Reason, Agreed: in.Body.CustomerAgreed})
			return one(t, actor.Today, err)
		})
	type dropIn struct {
		httpapi.ByID
		httpapi.AtVersion
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/drop", ID: "dropTask", Summary: "Take back what is not needed", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *dropIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.Drop(ctx, actor, in.ID)
			return one(t, actor.Today, err)
		})
	d.detail(api)
	d.acts(api)
	d.promises(api)
}
