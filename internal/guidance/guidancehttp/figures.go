package guidancehttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/guidance"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type lookedBody struct {
	OpportunityID string        `json:"opportunityId"`
	Name          string        `json:"name"`
	WeekOn        calendar.Date `json:"weekOn" doc:"the Monday of the week it was due in"`
	Covered       bool          `json:"covered"`
	Open          bool          `json:"open" doc:"it still has time"`
	Bulk          bool          `json:"bulk" doc:"it was only marked with others"`
}

type advisedBody struct {
	OpportunityID string        `json:"opportunityId"`
	Name          string        `json:"name"`
	AdvisedOn     calendar.Date `json:"advisedOn" doc:"the day of the first advice in the period"`
	State         string        `json:"state" enum:"open,won,lost,withdrawn"`
	ClosedOn      calendar.Date `json:"closedOn" doc:"empty while it is open"`
}

// advised adds the opportunities somebody advised on.
func advised(api *httpapi.API, d Deps) {
	type advisedIn struct {
		Member string        `query:"member" maxLength:"60"`
		From   calendar.Date `query:"from" maxLength:"10" doc:"left out it is four weeks ago"`
		To     calendar.Date `query:"to" maxLength:"10" doc:"left out it is today"`
	}
	type advisedDealsBody struct {
		Items  []advisedBody `json:"items" doc:"the last advised in front"`
		Unseen int           `json:"unseen" doc:"those the reader does not read, or that are too many to list"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-measures/opportunities", ID: "listAdvisedOpportunities", Permission: org.SignedIn,
		Summary: "The opportunities somebody advised on, and what became of them"},
		func(ctx context.Context, a org.Actor, in *advisedIn) (*httpapi.Body[advisedDealsBody], error) {
			from, to := period(a, in.From, in.To)
			list, unseen, err := d.Guidance.BehindAdvised(ctx, a, in.Member, from, to)
			out := advisedDealsBody{Items: []advisedBody{}, Unseen: unseen}
			for _, x := range list {
				out.Items = append(out.Items, advisedBody{x.DealID, x.Name, calendar.DateOf(x.At, a.Company.Zone()), x.State, x.On})
			}
			return httpapi.Answer(out, err)
		})
}

func figures(api *httpapi.API, d Deps) {
	type notesIn struct {
		Member  string          `query:"member" maxLength:"60"`
		Measure guidance.Figure `query:"measure" enum:"asked,answered,unanswered,inTime,received,advice" doc:"unanswered is also what is over its time; left out it is asked"`
		From    calendar.Date   `query:"from" maxLength:"10" doc:"left out it is four weeks ago"`
		To      calendar.Date   `query:"to" maxLength:"10" doc:"left out it is today"`
	}
	type notesBody struct {
		Items  []noteBody `json:"items" doc:"the last asked in front"`
		Unseen int        `json:"unseen" doc:"those the reader does not read, or that are too many to list"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-measures/notes", ID: "listMeasuredGuidance", Permission: org.SignedIn,
		Summary: "The notes a figure of how somebody answers is made of"},
		func(ctx context.Context, a org.Actor, in *notesIn) (*httpapi.Body[notesBody], error) {
			if in.Measure == "" {
				in.Measure = guidance.FigureAsked
			}
			from, to := period(a, in.From, in.To)
			list, unseen, err := d.Guidance.Behind(ctx, a, in.Member, in.Measure, from, to)
			out := notesBody{Items: []noteBody{}, Unseen: unseen}
			for _, k := range list {
				out.Items = append(out.Items, bodyOf(k, a))
			}
			return httpapi.Answer(out, err)
		})
	advised(api, d)
	type dealsIn struct {
		Member string        `query:"member" maxLength:"60"`
		From   calendar.Date `query:"from" maxLength:"10" doc:"left out it is four weeks ago"`
		To     calendar.Date `query:"to" maxLength:"10" doc:"left out it is today"`
	}
	type dealsBody struct {
		Items  []lookedBody `json:"items" doc:"the last week in front, and in it what was not looked at"`
		Unseen int          `json:"unseen" doc:"those the reader does not read, or that are too many to list"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-coverage/opportunities", ID: "listCoveredOpportunities", Permission: org.SignedIn,
		Summary: "The opportunities somebody was to look at, and whether he did"},
		func(ctx context.Context, a org.Actor, in *dealsIn) (*httpapi.Body[dealsBody], error) {
			from, to := period(a, in.From, in.To)
			list, unseen, err := d.Guidance.BehindCoverage(ctx, a, in.Member, from, to)
			out := dealsBody{Items: []lookedBody{}, Unseen: unseen}
			for _, x := range list {
				out.Items = append(out.Items, lookedBody{x.DealID, x.Name, x.WeekOn, x.Covered, x.Open, x.Bulk})
			}
			return httpapi.Answer(out, err)
		})
}
