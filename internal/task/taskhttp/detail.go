package taskhttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/task"
)

type repeatBody struct {
	Every    string        `json:"every" enum:"day,week,month"`
	Weekdays []int         `json:"weekdays,omitempty" maxItems:"7" doc:"of a week: 1 is Monday, 7 Sunday"`
	MonthDay int           `json:"monthDay,omitempty" minimum:"0" maximum:"31" doc:"of a month, its last day where it has fewer; 0 is the last working day"`
	Until    calendar.Date `json:"until,omitempty" maxLength:"10"`
	Count    int           `json:"count,omitempty" minimum:"0" maximum:"1000" doc:"how many there are, with the first; 0 is no limit"`
	Holidays string        `json:"holidays" enum:"move,skip" doc:"what becomes of a day nobody works on"`
}

func (b *repeatBody) rule() *task.Repeat {
	if b == nil {
		return nil
	}
	return &task.Repeat{Every: b.Every, Weekdays: b.Weekdays, MonthDay: b.MonthDay, Until: b.Until, Count: b.Count, Holidays: b.Holidays}
}

func partiesOf(list []partyBody) (out []task.Party) {
	for _, p := range list {
		out = append(out, task.Party{MemberID: p.MemberID, Part: p.Part})
	}
	return out
}

type factBody struct {
	Kind     string        `json:"kind"`
	MemberID string        `json:"memberId" doc:"whom it was about: whose it became, who was asked"`
	ByID     string        `json:"byId"`
	At       time.Time     `json:"at"`
	DueOn    calendar.Date `json:"dueOn" doc:"the day that was named"`
	Agreed   bool          `json:"agreed" doc:"the customer agreed to that day"`
	Words    string        `json:"words"`
}

type waitBody struct {
	For      string    `json:"for" enum:"offer,receipt,review"`
	MemberID string    `json:"memberId"`
	Since    time.Time `json:"since"`
	Minutes  int       `json:"minutes" doc:"of his working time"`
	By       time.Time `json:"by"`
}

type wholeBody struct {
	Task      taskBody    `json:"task"`
	MayChange bool        `json:"mayChange"`
	MayReview bool        `json:"mayReview"`
	TeamID    string      `json:"teamId" doc:"of the member's main post today, or on the day it was done"`
	Facts     []factBody  `json:"facts" doc:"what happened, the first in front"`
	Waits     *waitBody   `json:"waits,omitempty" doc:"who is waited for"`
	Repeat    *repeatBody `json:"repeat,omitempty" doc:"by which rule it comes again; left out where it comes no more"`
}

func (d Deps) whole(ctx context.Context, a org.Actor, t task.Task, may bool, err error) (*httpapi.Body[wholeBody], error) {
	if err != nil {
		return nil, err
	}
	b := wholeBody{Task: bodyOf(t, a.Today), MayChange: may, MayReview: t.MayReview(a), TeamID: t.TeamOf(a), Facts: []factBody{}}
	for _, f := range t.Facts {
		b.Facts = append(b.Facts, factBody{f.Kind, f.MemberID, f.ByID, f.At, f.DueOn, f.Agreed, f.Words})
	}
	w, err := d.Tasks.Waits(ctx, a, t)
	if err != nil {
		return nil, err
	}
	if w != nil {
		b.Waits = &waitBody{w.For, w.MemberID, w.Since, w.Minutes, w.By}
	}
	of, err := d.Tasks.SeriesOf(ctx, a, t)
	if of != nil {
		r := of.Rule
		b.Repeat = &repeatBody{r.Every, r.Weekdays, r.MonthDay, r.Until, r.Count, r.Holidays}
	}
	return httpapi.Answer(b, err)
}

func (d Deps) detail(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/tasks/{id}", ID: "getTask", Summary: "A task with what happened to it", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[wholeBody], error) {
			t, may, err := d.Tasks.Get(ctx, actor, in.ID)
			return d.whole(ctx, actor, t, may, err)
		})
}
