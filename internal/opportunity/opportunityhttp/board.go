package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
)

// cardBody is an open opportunity as a board shows it; the list and the record tell the rest.
type cardBody struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	AccountID    string            `json:"accountId"`
	PipelineID   string            `json:"pipelineId"`
	StageID      string            `json:"stageId"`
	State        opportunity.State `json:"state" enum:"open"`
	OwnerID      string            `json:"ownerId"`
	TeamID       string            `json:"teamId"`
	AmountMinor  *int64            `json:"amountMinor"`
	Currency     string            `json:"currency"`
	ConfidenceBP *int64            `json:"confidenceBp"`
	ExpectedOn   calendar.Date     `json:"expectedOn"`
	CreatedOn    calendar.Date     `json:"createdOn"`
	EnteredOn    calendar.Date     `json:"enteredOn"`
	Pushes       int64             `json:"pushes"`
	Version      int               `json:"version"`
	Promised
	Clocked
}

func (v view) cardOf(c opportunity.Card) cardBody {
	return cardBody{
		c.ID, c.Name, c.AccountID, c.PipelineID, c.StageID, opportunity.Open, c.OwnerID, c.TeamID, c.AmountMinor, c.Currency, c.ConfidenceBP,
		c.ExpectedOn, c.CreatedOn, c.EnteredOn, c.Pushes, c.Version, Promised{nil, c.ContactOn},
		v.clocked(opportunity.Open, c.StageID, c.WaitingOn, c.ClocksOn(v.today, v.calendar)),
	}
}

type columnBody struct {
	StageID  string              `json:"stageId"`
	Items    []cardBody          `json:"items"`
	Next     string              `json:"next"`
	Totals   []opportunity.Total `json:"totals"`
	Counting bool                `json:"counting" doc:"the totals are being computed: ask again"`
}

func (h *handler) board(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/board", ID: "getBoard", Summary: "Open opportunities by stage, the largest first",
		Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *Filters) (*httpapi.Body[[]columnBody], error) {
		var columns []columnBody
		err := h.atOnce(ctx, actor, func(ctx context.Context, v view) (err error) {
			columns, err = h.columns(ctx, actor, v, in)
			return err
		})
		return httpapi.Answer(columns, err)
	})
}

func (h *handler) columns(ctx context.Context, actor org.Actor, v view, in *Filters) ([]columnBody, error) {
	version, err := h.Pipelines.Get(ctx, actor, in.Pipeline)
	if err != nil {
		return nil, err
	}
	var stages []string
	for _, st := range version.Stages {
		if st.Kind == pipeline.Open {
			stages = append(stages, st.ID)
		}
	}
	f := in.Filter()
	f.Pipeline = version.PipelineID
	largest := page.Request{Sort: "amount", Desc: true, Limit: 30}
	list, err := h.Opportunities.Board(ctx, actor, f, stages, largest, h.Measures)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range list {
		for _, card := range c.Items {
			ids = append(ids, card.ID)
		}
	}
	next, err := h.nextOf(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	out := make([]columnBody, len(list))
	for n, c := range list {
		out[n] = columnBody{c.StageID, make([]cardBody, len(c.Items)), c.Next, c.Totals, c.Counting}
		for i, card := range c.Items {
			out[n].Items[i] = v.cardOf(card)
			out[n].Items[i].NextStep = next[card.ID]
		}
	}
	return out, nil
}
