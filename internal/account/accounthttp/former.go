package accounthttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type formerBody struct {
	ID           string        `json:"id" doc:"empty where the person may not be opened"`
	Name         string        `json:"name"`
	Title        string        `json:"title" doc:"at the account that was left"`
	To           calendar.Date `json:"to"`
	NowAccountID string        `json:"nowAccountId"`
	NowAccount   string        `json:"nowAccount"`
	NowTitle     string        `json:"nowTitle"`
}

func former(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/accounts/{id}/left", ID: "listLeft", Summary: "Who has left an account, last first", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[[]formerBody], error) {
		list, err := d.Accounts.Left(ctx, actor, in.ID)
		out := []formerBody{}
		for _, f := range list {
			out = append(out, formerBody{f.ID, f.Name, f.Title, f.To, f.NowAccountID, f.NowAccount, f.NowTitle})
		}
		return httpapi.Answer(out, err)
	})
}
