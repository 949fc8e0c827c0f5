package guidancehttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type measureBody struct {
	MemberID     string `json:"memberId"`
	TeamID       string `json:"teamId" doc:"his main post's today"`
	Leads        bool   `json:"leads"`
	Asked        int    `json:"asked" doc:"what came to be his to answer in the period"`
	Answered     int    `json:"answered"`
	Unanswered   int    `json:"unanswered" doc:"what was taken from him because he did not answer"`
	Running      int    `json:"running" doc:"what he has still"`
	Late         int    `json:"late" doc:"of that, what is over its time"`
	ReceivedOnly int    `json:"receivedOnly" doc:"of what is unanswered or late, what he acknowledged"`
	Median       *int   `json:"medianMinutes" doc:"of work until he answers; null where half or more is not answered"`
	P90          *int   `json:"p90Minutes" doc:"null where a tenth or more is not answered"`
	Used         int    `json:"used" doc:"advice of his that was used"`
	NotUsed      int    `json:"notUsed"`
	OutcomeOpen  int    `json:"outcomeOpen" doc:"advice of which nothing was said yet"`
	Deals        int    `json:"advisedDeals" doc:"opportunities he advised on in the period, each once"`
	Won          int    `json:"advisedWon" doc:"of them, won since"`
	Lost         int    `json:"advisedLost" doc:"of them, lost since"`
	Low          *int   `json:"wonLowBp" doc:"95 % interval (Wilson) of won of what was won or lost; null where nothing was"`
	High         *int   `json:"wonHighBp"`
}

func measures(api *httpapi.API, d Deps) {
	type measuresIn struct {
		From calendar.Date `query:"from" maxLength:"10" doc:"left out it is four weeks ago"`
		To   calendar.Date `query:"to" maxLength:"10" doc:"left out it is today"`
	}
	type measuresBody struct {
		From  calendar.Date `json:"from"`
		To    calendar.Date `json:"to"`
		Items []measureBody `json:"items" doc:"in the order of teams, never by speed"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-measures", ID: "measureGuidance", Permission: org.SignedIn,
		Summary: "How those who report to the reader answer, and he himself"},
		func(ctx context.Context, a org.Actor, in *measuresIn) (*httpapi.Body[measuresBody], error) {
			in.From, in.To = period(a, in.From, in.To)
			list, err := d.Guidance.Measures(ctx, a, in.From, in.To)
			out := measuresBody{From: in.From, To: in.To, Items: []measureBody{}}
			for _, m := range list {
				team, _ := a.Structure.TeamOf(m.MemberID, a.Today)
				out.Items = append(out.Items, measureBody{m.MemberID, team, len(a.Structure.Leads(m.MemberID, a.Today)) > 0, m.Asked, m.Answered, m.Unanswered,
					m.Running, m.Late, m.ReceivedOnly, m.Median, m.P90, m.Used, m.NotUsed, m.OutcomeOpen,
					m.Deals, m.Won, m.Lost, m.Low, m.High})
			}
			return httpapi.Answer(out, err)
		})
}
