package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

type MoveBody struct {
	To            string        `json:"to" minLength:"1" maxLength:"60" doc:"a stage's id, withdrawn or reopen"`
	On            calendar.Date `json:"on,omitempty" maxLength:"10"`
	Reason        string        `json:"reason,omitempty" maxLength:"1000"`
	Exception     string        `json:"exception,omitempty" maxLength:"1000" doc:"why the gate should open all the same; the manager is told"`
	Version       int           `json:"version,omitempty" minimum:"0"`
	SignedOn      calendar.Date `json:"signedOn,omitempty" maxLength:"10"`
	ContractMinor *int64        `json:"contractMinor,omitempty" minimum:"0"`
	LossKind      string        `json:"lossKind,omitempty" maxLength:"30"`
	Competitor    string        `json:"competitor,omitempty" maxLength:"100"`
}

func (b MoveBody) request() opportunity.MoveRequest {
	return opportunity.MoveRequest{
		To: b.To, On: b.On, Reason: b.Reason, Exception: b.Exception, Version: b.Version, SignedOn: b.SignedOn,
		ContractMinor: b.ContractMinor, LossKind: b.LossKind, Competitor: b.Competitor,
	}
}

type moveResult struct {
	ID     string         `json:"id"`
	Moved  bool           `json:"moved"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params"`
}

func (h *handler) moves(api *httpapi.API) {
	type moveIn struct {
		httpapi.ByID
		Key  string `header:"Idempotency-Key" maxLength:"100"`
		Body MoveBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/move", ID: "moveOpportunity", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *moveIn) (*recordOut, error) {
		r := in.Body.request()
		r.Key = in.Key
		_, err := h.Opportunities.Move(ctx, actor, in.ID, r)
		return h.record(ctx, actor, in.ID, err)
	})
	type bulkIn struct {
		Body struct {
			MoveBody
			IDs []string `json:"ids" minItems:"1" maxItems:"500"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/bulk/move", ID: "moveOpportunities", Summary: "Each record passes the same gate alone",
		Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *bulkIn) (*httpapi.Body[[]moveResult], error) {
		list, err := h.Opportunities.MoveMany(ctx, actor, in.Body.IDs, in.Body.request())
		out := []moveResult{}
		for _, m := range list {
			r := moveResult{ID: m.ID, Moved: m.Moved, Code: fault.CodeOf(m.Err), Params: map[string]any{}}
			if f := fault.As(m.Err); f != nil && f.Params != nil {
				r.Params = f.Params
			}
			out = append(out, r)
		}
		return httpapi.Answer(out, err)
	})
	type changeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			PipelineID string `json:"pipelineId" maxLength:"60"`
			Reason     string `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/pipeline", ID: "changePipeline", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *changeIn) (*recordOut, error) {
		actor, err := in.By(actor)
		if err != nil {
			return nil, err
		}
		_, err = h.Opportunities.ChangePipeline(ctx, actor, in.ID, in.Body.PipelineID, in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
	type correctIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			StayID string        `json:"stayId,omitempty" maxLength:"60" doc:"the present stay where it is left out"`
			On     calendar.Date `json:"on,omitempty" maxLength:"10" doc:"the day it was entered"`
			Never  bool          `json:"never,omitempty" doc:"the move never was: it is taken back, with what was written and credited with it"`
			Reason string        `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/correct-stay", ID: "correctStay",
		Summary: "Void a stay, and put one with another day in its place or none", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *correctIn) (*recordOut, error) {
		b := in.Body
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			_, err := h.Opportunities.Correct(ctx, actor, in.ID, opportunity.Correction{
				StayID: b.StayID, On: b.On, Never: b.Never, Reason: b.Reason, Version: version,
			})
			return err
		})
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/accept-win", ID: "acceptWin",
		Summary: "A superior accepts a win by exception; until then it is provisional", Permission: org.EvidenceDecide,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.AcceptWin(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/exceptions-seen", ID: "seeExceptions",
		Permission: org.EvidenceDecide, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(h.Opportunities.SeeExceptions(ctx, actor, in.ID))
	})
}
