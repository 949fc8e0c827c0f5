package guidancehttp

import (
	"context"
	"time"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type callBody struct {
	ID       string    `json:"id"`
	On       onBody    `json:"on"`
	AskerID  string    `json:"askerId"`
	HolderID string    `json:"holderId" doc:"who has it; empty where it came back unanswered"`
	AskedAt  time.Time `json:"askedAt"`
	Waited   int       `json:"waitedMinutes" doc:"of work of who asked, since then"`
}

func calls(api *httpapi.API, d Deps) {
	type callsBody struct {
		Items []callBody `json:"items" doc:"the oldest in front, five at most; none for who does not lead others that lead"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-calls", ID: "listCallsForHelp", Permission: org.SignedIn,
		Summary: "Where help is needed among those who report to the reader"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[callsBody], error) {
			list, err := d.Guidance.Calls(ctx, a)
			out := callsBody{Items: []callBody{}}
			for _, c := range list {
				b := bodyOf(c.Kept, a)
				out.Items = append(out.Items, callBody{b.ID, b.On, b.AskerID, b.HolderID, b.AskedAt, c.Waited})
			}
			return httpapi.Answer(out, err)
		})
}
