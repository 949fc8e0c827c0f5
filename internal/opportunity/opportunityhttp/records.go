package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/followup/followuphttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/text"
)

type recordOut struct {
	ETag string `header:"ETag"`
	Body recordBody
}

// record answers with the whole record as it is now: what every change returns.
func (h *handler) record(ctx context.Context, a org.Actor, id string, err error) (*recordOut, error) {
	if err != nil {
		return nil, err
	}
	var r opportunity.Record
	var body recordBody
	err = h.atOnce(ctx, a, func(ctx context.Context, v view) error {
		var steps []task.Task
		var said []followup.FollowUp
		err := h.Opportunities.Abreast(ctx,
			func(ctx context.Context) (err error) { r, err = h.Opportunities.Get(ctx, a, id); return },
			func(ctx context.Context) (err error) {
				steps, err = h.Tasks.OfRecord(ctx, a, opportunity.Ref(id))
				return
			},
			func(ctx context.Context) (err error) {
				said, err = h.FollowUps.OfRecord(ctx, a, opportunity.Ref(id))
				return
			},
		)
		if err != nil {
			return err
		}
		body = v.recordOf(r)
		body.NextSteps, body.FollowUps = stepsOf(steps, v.today), followuphttp.BodiesOf(said)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if r.State == opportunity.Open {
		rate := h.Measures.CalibratedFor(ctx, a, r.Pipeline, r.StageID)
		body.Calibrated, body.Computing = rate.BP, body.Computing || rate.Computing
	}
	return &recordOut{httpapi.ETag(r.Version), body}, nil
}

func (h *handler) records(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}", ID: "getOpportunity", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, nil)
	})
	type createIn struct {
		Body struct {
			ID           string             `json:"id,omitempty" maxLength:"36"`
			Name         string             `json:"name" minLength:"1" maxLength:"300"`
			AccountID    string             `json:"accountId,omitempty" maxLength:"60"`
			AccountName  string             `json:"accountName,omitempty" maxLength:"200" doc:"the customer where no id says so: found by name, or new"`
			ClashReason  string             `json:"clashReason,omitempty" maxLength:"1000" doc:"why there is one more where a colleague works on the customer"`
			PipelineID   string             `json:"pipelineId,omitempty" maxLength:"60"`
			OwnerID      string             `json:"ownerId,omitempty" maxLength:"60"`
			AmountMinor  *int64             `json:"amountMinor,omitempty" minimum:"0"`
			Currency     string             `json:"currency,omitempty" maxLength:"3"`
			TaxIncluded  *bool              `json:"taxIncluded,omitempty"`
			TaxBP        *int64             `json:"taxBp,omitempty" doc:"the rate in basis points; not given, it is unknown"`
			ExpectedOn   calendar.Date      `json:"expectedOn,omitempty" maxLength:"10"`
			ConfidenceBP *int64             `json:"confidenceBp,omitempty" minimum:"0" maximum:"10000"`
			Source       string             `json:"source,omitempty" maxLength:"100"`
			Lines        []opportunity.Line `json:"lines,omitempty" maxItems:"200"`
			Custom       map[string]string  `json:"custom,omitempty" maxProperties:"500"`
		}
	}
	// The answer is what a list shows: everything else of a new record is empty.
	type createdOut struct {
		ETag string `header:"ETag"`
		Body OppBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities", ID: "createOpportunity", Permission: org.OppWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *createIn) (*createdOut, error) {
		b := in.Body
		o, err := h.Opportunities.Create(ctx, actor, opportunity.New{
			ID: b.ID, Name: b.Name, AccountID: b.AccountID, PipelineID: b.PipelineID, OwnerID: b.OwnerID,
			AmountMinor: b.AmountMinor, Currency: b.Currency, TaxIncluded: b.TaxIncluded, TaxBP: b.TaxBP, ExpectedOn: b.ExpectedOn,
			ConfidenceBP: b.ConfidenceBP, Source: b.Source, Lines: b.Lines, Custom: b.Custom,
			AccountName: b.AccountName, ClashReason: b.ClashReason,
		})
		if err != nil {
			return nil, err
		}
		var body []OppBody
		err = h.atOnce(ctx, actor, func(ctx context.Context, v view) (err error) {
			body, err = h.bodies(ctx, actor, v, []opportunity.Opportunity{o})
			return err
		})
		if err != nil {
			return nil, err
		}
		return &createdOut{httpapi.ETag(o.Version), body[0]}, nil
	})
	type editIn struct {
		httpapi.ByID
		IfMatch string `header:"If-Match"`
		Body    struct {
			Name         *string             `json:"name,omitempty" maxLength:"300"`
			AccountID    *string             `json:"accountId,omitempty" maxLength:"60"`
			AccountName  *string             `json:"accountName,omitempty" maxLength:"200" doc:"the customer by name, found or new; empty is none"`
			Source       *string             `json:"source,omitempty" maxLength:"100"`
			Currency     *string             `json:"currency,omitempty" maxLength:"3"`
			AmountMinor  *int64              `json:"amountMinor,omitempty" minimum:"0"`
			TaxIncluded  *bool               `json:"taxIncluded,omitempty"`
			TaxBP        *int64              `json:"taxBp,omitempty" doc:"the rate in basis points"`
			ExpectedOn   *calendar.Date      `json:"expectedOn,omitempty" maxLength:"10"`
			ConfidenceBP *int64              `json:"confidenceBp,omitempty" minimum:"0" maximum:"10000"`
			Lines        *[]opportunity.Line `json:"lines,omitempty" maxItems:"200"`
			Custom       map[string]string   `json:"custom,omitempty" maxProperties:"500"`
			Reason       string              `json:"reason,omitempty" maxLength:"1000" doc:"why; it is noted in the timeline"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PATCH", Path: "/opportunities/{id}", ID: "editOpportunity",
		Summary: "Re-price, re-date, rename; resets no clock", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *editIn) (*recordOut, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		b := in.Body
		p := opportunity.Patch{
			Name: b.Name, AccountID: b.AccountID, Source: b.Source, Currency: b.Currency, TaxIncluded: b.TaxIncluded,
			ExpectedOn: b.ExpectedOn, Lines: b.Lines, Custom: b.Custom, AccountName: b.AccountName, Reason: b.Reason,
		}
		if b.AmountMinor != nil {
			p.AmountMinor = &b.AmountMinor
		}
		if b.TaxBP != nil {
			p.TaxBP = &b.TaxBP
		}
		if b.ConfidenceBP != nil {
			p.ConfidenceBP = &b.ConfidenceBP
		}
		_, err = h.Opportunities.Edit(ctx, actor, in.ID, v, p, func(tx database.Tx) error {
			if text.Blank(b.Reason) {
				return nil
			}
			f := followup.FollowUp{On: []record.Ref{opportunity.Ref(in.ID)}, Channel: "other", Words: b.Reason}
			_, err := h.FollowUps.LogIn(ctx, tx, actor, f, "")
			return err
		})
		return h.record(ctx, actor, in.ID, err)
	})
	for path, deleted := range map[string]bool{"delete": true, "restore": false} {
		httpapi.Handle(api, httpapi.Route{
			Method: "POST", Path: "/opportunities/{id}/" + path, ID: path + "Opportunity", Permission: org.OppWrite,
			Status: 204,
		}, func(ctx context.Context, actor org.Actor, in *struct {
			httpapi.ByID
			httpapi.AtVersion
		}) (*httpapi.Done, error) {
			version, err := httpapi.Version(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return httpapi.Nothing(h.Opportunities.DeleteAt(ctx, actor, in.ID, version, deleted))
		})
	}
}
