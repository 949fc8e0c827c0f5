// Package deskhttp is the routes of what waits for a member. It embeds the bodies of what lines are of: an
// opportunity is shown as lists show it.
package deskhttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/confirm"
	"yunchou/internal/confirm/confirmhttp"
	"yunchou/internal/desk"
	"yunchou/internal/funnel"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/tie"
)

// Deps is what the routes need.
type Deps struct {
	Desk  *desk.Service
	Deals opportunityhttp.Deps
	// Funnel has the figures beside what waits.
	Funnel *funnel.Service
	Ties   *tie.Service
	// Confirms asks after key persons.
	Confirms *confirm.Service
	// Soon tells whether a company's columns are loaded, and waits no longer than a moment.
	Soon func(ctx context.Context, tenant string, moment time.Duration) (bool, error)
}

// moment is how long a desk waits for columns to be loaded: a small company's are by then.
const moment = 150 * time.Millisecond

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type deskBody struct {
		opportunityhttp.DeskBody
		Lines     linesBody              `json:"lines"`
		Ties      tiesBody               `json:"ties" doc:"what colleagues ask the reader of people he may know, and whether he was asked where he learnt and worked"`
		Confirms  []confirmhttp.Question `json:"confirmations" doc:"after whom the reader is asked today, as GET /confirmations has them"`
		Figures   *funnel.Desk           `json:"figures" doc:"null where they are computed for the first time"`
		Computing bool                   `json:"computing" doc:"deals or figures that are not there, or newer figures, are on their way: ask again"`
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
		b := deskBody{Computing: !loaded, Confirms: []confirmhttp.Question{}}
		b.DeskBody, err = d.Deals.Desk(ctx, actor, loaded, func(ctx context.Context) (err error) {
			if b.Lines, err = d.lines(ctx, actor, desk.Open); err != nil {
				return err
			}
			waits, err := d.Ties.Waiting(ctx, actor)
			b.Ties = tiesBody{waits.Introductions, waits.AskArounds, waits.Background}
			if err != nil {
				return err
			}
			asked, err := d.Confirms.Asked(ctx, actor)
			b.Confirms = confirmhttp.Questions(asked)
			return err
		})
		if err == nil && loaded {
			b.Figures, b.Computing, err = d.Funnel.DeskOf(ctx, actor)
		}
		b.Computing = b.Computing || b.Deals == nil || b.Lines.Computing
		return httpapi.Answer(b, err)
	})
	type listIn struct {
		Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/desk/lines", ID: "listDeskLines", Summary: "What waits for the member, in the order of the rule",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[linesBody], error) {
		if _, err := d.Deals.Measures.Soon(ctx, actor.TenantID); err != nil {
			return nil, err
		}
		return httpapi.Answer(d.lines(ctx, actor, in.Limit))
	})
	d.decisions(api)
	d.limits(api)
}

// lines reads the first lines, from one snapshot.
func (d Deps) lines(ctx context.Context, actor org.Actor, most int) (b linesBody, err error) {
	list, err := d.Desk.Read(ctx, actor, most)
	if err != nil {
		return b, err
	}
	b = linesBody{
		Items: []lineBody{}, Asked: []lineBody{}, Waiting: list.Waiting, Count: list.Count, WorthMinor: list.WorthMinor, NoWorth: list.NoWorth, Currency: actor.Company.Currency,
		Computing: list.Computing, Untouched: desk.Untouched,
	}
	for _, l := range list.Asked {
		b.Asked = append(b.Asked, bodyOf(l))
	}
	var ids []string
	for _, l := range list.Lines {
		b.Items = append(b.Items, bodyOf(l))
		if l.On.Kind == record.Opportunity {
			ids = append(ids, l.On.ID)
		}
	}
	deals, err := d.Deals.Bodies(ctx, actor, ids)
	for n := range b.Items {
		for k := range deals {
			if b.Items[n].Kind == record.Opportunity && b.Items[n].ID == deals[k].ID {
				b.Items[n].Deal = &deals[k]
			}
		}
	}
	return b, err
}

type onBody struct {
	Kind string `json:"kind" minLength:"1" maxLength:"30"`
	ID   string `json:"id" minLength:"1" maxLength:"60"`
}

type decideIn struct {
	Body struct {
		ID       string        `json:"id,omitempty" maxLength:"36" doc:"made by the sender; sent again it is answered with the first answer"`
		On       onBody        `json:"on" doc:"the line: kind and id of its record"`
		Facts    string        `json:"facts" maxLength:"9000" doc:"of the line as it was read"`
		Decision desk.Decision `json:"decision" enum:"done,handed,until,not_issue,asked"`
		Until    calendar.Date `json:"until,omitempty" maxLength:"10" doc:"of until: the day it comes back"`
		Reason   string        `json:"reason,omitempty" maxLength:"1000" doc:"of not_issue: why; of the others left out, or a note"`
		ToID     string        `json:"toId,omitempty" maxLength:"60" doc:"of handed: who gets the task; of asked who is asked, the owner where it is left out"`
		What     string        `json:"what,omitempty" maxLength:"4000" doc:"of handed: the task; of asked: the question"`
		Mentions []string      `json:"mentionIds,omitempty" maxItems:"20" doc:"of asked: who is to know of it"`
		DueOn    calendar.Date `json:"dueOn,omitempty" maxLength:"10" doc:"of handed: its day"`
	}
}

type markBody struct {
	ID       string        `json:"id"`
	Decision desk.Decision `json:"decision" enum:"done,handed,until,not_issue,asked"`
	Until    calendar.Date `json:"until"`
	TaskID   string        `json:"taskId" doc:"of handed"`
	NoteID   string        `json:"noteId" doc:"of asked"`
}

func (d Deps) decisions(api *httpapi.API) {
	d.backs(api)
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/desk/decisions", ID: "decideDeskLine", Permission: org.OppRead, Status: 201,
		Summary: "End a line: it comes back when its facts change, or on its day",
	}, func(ctx context.Context, actor org.Actor, in *decideIn) (*httpapi.Body[markBody], error) {
		b := in.Body
		m, err := d.Desk.Decide(ctx, actor, desk.Deciding{
			ID: b.ID, Of: record.Ref{Kind: b.On.Kind, ID: b.On.ID}, Facts: desk.ParseFacts(b.Facts), Decision: b.Decision, Until: b.Until,
			Reason: b.Reason, ToID: b.ToID, What: b.What, Mentions: b.Mentions, DueOn: b.DueOn,
		})
		return httpapi.Answer(markBody{m.ID, m.Decision, m.Until, m.TaskID, m.NoteID}, err)
	})
}

// backs is the way back from a decision.
func (d Deps) backs(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/desk/decisions/{id}/back", ID: "takeBackDeskDecision", Permission: org.OppRead, Status: 204,
		Summary: "Take back what one decided last on a line: it stands again",
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Desk.TakeBack(ctx, actor, in.ID))
	})
}

type levelsBody struct {
	Amounts  []int64 `json:"amounts" minItems:"2" maxItems:"2" doc:"minor units: from which the second level, and those above it, see a line at once"`
	Currency string  `json:"currency" readOnly:"true" required:"false"`
	Version  int     `json:"version" readOnly:"true" required:"false"`
}

type kindBody struct {
	Kind   string `json:"kind"`
	Acted  int64  `json:"acted" doc:"done, or handed over"`
	Waved  int64  `json:"waved" doc:"not an issue"`
	Later  int64  `json:"later" doc:"put off to a day"`
	Mostly bool   `json:"mostlyWaved" doc:"its limit asks too early"`
}

// limits are when lines climb, and which kinds ask too early.
func (d Deps) limits(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/desk/levels", ID: "getDeskLevels", Summary: "From which amounts the higher levels see a line at once",
		Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[levelsBody], error) {
		b, version, err := d.Desk.Levels(ctx, actor)
		return httpapi.Answer(levelsBody{b, actor.Company.Currency, version}, err)
	})
	type levelsIn struct {
		httpapi.AtVersion
		Body levelsBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/desk/levels", ID: "setDeskLevels", Permission: org.SettingsEdit,
	}, func(ctx context.Context, actor org.Actor, in *levelsIn) (*httpapi.Body[levelsBody], error) {
		actor, err := in.By(actor)
		if err != nil {
			return nil, err
		}
		b, version, err := d.Desk.SetLevels(ctx, actor, in.Body.Amounts)
		return httpapi.Answer(levelsBody{b, actor.Company.Currency, version}, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/desk/kinds", ID: "listDeskKinds", Summary: "How many lines of each kind were acted on and waved away in the last 90 days",
		Permission: org.SettingsEdit,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]kindBody], error) {
		list, err := d.Desk.Counts(ctx, actor)
		out := []kindBody{}
		for _, c := range list {
			out = append(out, kindBody{c.Kind, c.Acted, c.Waved, c.Later, d.Desk.TooEarly(c)})
		}
		return httpapi.Answer(out, err)
	})
}
