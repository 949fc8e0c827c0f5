package taskhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/task"
)

type countBody struct {
	ID        string `json:"id" doc:"of the member or the team"`
	Kept      int    `json:"kept"`
	Broken    int    `json:"broken"`
	Withdrawn int    `json:"withdrawn" doc:"dropped before their day; in no rate"`
	Standing  int    `json:"standing" doc:"their day has not passed; in no rate"`
	Reagreed  int    `json:"reagreed" doc:"how often the customer agreed to another day before the last had passed"`
	RateBP    int    `json:"rateBp" doc:"kept of kept and broken, in 1/100 %; -1 of none"`
}

func countsOf(of map[string]task.Count) []countBody {
	out := []countBody{}
	for _, id := range task.ByRate(of) {
		c := of[id]
		out = append(out, countBody{id, c.Kept, c.Broken, c.TakenBack, c.Standing, c.Reagreed, c.RateBP()})
	}
	return out
}

type promiseBody struct {
	ID       string        `json:"id" doc:"of the task"`
	What     string        `json:"what"`
	MemberID string        `json:"memberId" doc:"whose it was on that day"`
	TeamID   string        `json:"teamId" doc:"of his main post on that day"`
	Outcome  string        `json:"outcome" enum:"kept,broken,withdrawn,standing"`
	On       calendar.Date `json:"on" doc:"when that was so"`
	First    calendar.Date `json:"first" doc:"the first day the customer agreed to"`
	Last     calendar.Date `json:"last" doc:"the day it is held to"`
	Reagreed int           `json:"reagreed"`
}

type promisesBody struct {
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"`
	People  []countBody   `json:"people"`
	Teams   []countBody   `json:"teams" doc:"with the teams below; those the member leads, or all"`
	Records []promiseBody `json:"records" doc:"of the member or the team that was asked for, the last in front"`
}

func (d Deps) promises(api *httpapi.API) {
	type promisesIn struct {
		From   calendar.Date `query:"from" maxLength:"10" doc:"left out, 90 days up to the last"`
		To     calendar.Date `query:"to" maxLength:"10" doc:"left out, today"`
		Member string        `query:"member" maxLength:"60" doc:"lists his promises"`
		Team   string        `query:"team" maxLength:"60" doc:"lists the promises of a team and those below"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/promises", ID: "getPromises", Summary: "What became of what customers were promised", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *promisesIn) (*httpapi.Body[promisesBody], error) {
			p, err := d.Tasks.Promises(ctx, actor, task.PromiseAsk{From: in.From, To: in.To, Member: in.Member, Team: in.Team})
			b := promisesBody{From: p.From, To: p.To, People: countsOf(p.People), Teams: countsOf(p.Teams), Records: []promiseBody{}}
			for _, j := range p.Records {
				b.Records = append(b.Records, promiseBody{j.Task.ID, j.Task.What, j.MemberID, j.TeamID, j.Outcome, j.Day, j.First, j.Last, j.Reagreed})
			}
			return httpapi.Answer(b, err)
		})
}
