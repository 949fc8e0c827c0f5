// Package opportunityhttp is the routes of opportunities: decode, call, encode.
package opportunityhttp

import (
	"bytes"
	"context"
	"net/url"
	"sort"

	"yunchou/internal/account"
	"yunchou/internal/account/accounthttp"
	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
)

// Deps is what the routes need.
type Deps struct {
	Opportunities *opportunity.Service
	Accounts      *account.Service
	Pipelines     *pipeline.Service
	Fields        *field.Service
	Files         *file.Store
	Measures      Measures
	// Calendar returns a company's working calendar.
	Calendar func(tenant string) calendar.Calendar
}

// Measures is what the routes ask of the funnel: from when a record is stalled or
// overstayed, and what its stage has been worth.
type Measures interface {
	opportunity.LimitSource
	Limits(ctx context.Context, tenant string) (map[string]opportunity.Limits, error)
	CalibratedFor(ctx context.Context, a org.Actor, v pipeline.Version, stage string) (bp int, ok bool, err error)
}

type handler struct{ Deps }

type ByID struct {
	ID string `path:"id" maxLength:"60"`
}

// Filters are the query parameters every list, board, export and report shares.
type Filters struct {
	Q            string        `query:"q" maxLength:"100"`
	Pipeline     string        `query:"pipeline" maxLength:"60"`
	Stage        string        `query:"stage" maxLength:"60"`
	Owner        string        `query:"owner" maxLength:"60"`
	Team         string        `query:"team" maxLength:"60"`
	Account      string        `query:"account" maxLength:"60"`
	Region       string        `query:"region" maxLength:"100"`
	Source       string        `query:"source" maxLength:"100"`
	Product      string        `query:"product" maxLength:"60"`
	Industry     string        `query:"industry" maxLength:"100"`
	State        []string      `query:"state,explode" maxItems:"4"`
	CreatedFrom  calendar.Date `query:"createdFrom" maxLength:"10"`
	CreatedTo    calendar.Date `query:"createdTo" maxLength:"10"`
	ClosedFrom   calendar.Date `query:"closedFrom" maxLength:"10"`
	ClosedTo     calendar.Date `query:"closedTo" maxLength:"10"`
	ExpectedFrom calendar.Date `query:"expectedFrom" maxLength:"10"`
	ExpectedTo   calendar.Date `query:"expectedTo" maxLength:"10"`
	AmountMin    int64         `query:"amountMin" minimum:"0"`
	AmountMax    int64         `query:"amountMax" minimum:"0"`
	LossKind     string        `query:"lossKind" maxLength:"30"`
	NoNextStep   bool          `query:"noNextStep"`
	Stalled      bool          `query:"stalled"`
	Overstayed   bool          `query:"overstayed"`
	Deleted      bool          `query:"deleted"`
	Custom       []string      `query:"custom,explode" maxItems:"10"`
}

// Filter turns them into the list's filter.
func (f Filters) Filter() opportunity.Filter {
	out := opportunity.Filter{Query: f.Q, Pipeline: f.Pipeline, Stage: f.Stage, Owner: f.Owner, Team: f.Team, Account: f.Account, Region: f.Region, Source: f.Source, ProductLine: f.Product, Industry: f.Industry,
		CreatedFrom: f.CreatedFrom, CreatedTo: f.CreatedTo, ClosedFrom: f.ClosedFrom, ClosedTo: f.ClosedTo, ExpectedFrom: f.ExpectedFrom, ExpectedTo: f.ExpectedTo, LossKind: f.LossKind,
		NoNextStep: f.NoNextStep, Stalled: f.Stalled, Overstayed: f.Overstayed, Deleted: f.Deleted, Custom: accounthttp.Custom(f.Custom)}
	for _, s := range f.State {
		out.States = append(out.States, opportunity.State(s))
	}
	if f.AmountMin > 0 {
		out.AmountMin = &f.AmountMin
	}
	if f.AmountMax > 0 {
		out.AmountMax = &f.AmountMax
	}
	return out
}

// limits reads the stage limits once for a page of records.
func (h *handler) limits(ctx context.Context, a org.Actor) (map[string]opportunity.Limits, error) {
	return h.Measures.Limits(ctx, a.TenantID)
}

type recordOut struct {
	ETag string `header:"ETag"`
	Body recordBody
}

// record answers with the whole record as it is now: what every change returns.
func (h *handler) record(ctx context.Context, a org.Actor, id string, err error) (*recordOut, error) {
	if err != nil {
		return nil, err
	}
	r, err := h.Opportunities.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	limits, err := h.limits(ctx, a)
	if err != nil {
		return nil, err
	}
	body := h.recordOf(r, a.Today, h.Calendar(a.TenantID), limits)
	if bp, ok, err := h.Measures.CalibratedFor(ctx, a, r.Pipeline, r.StageID); err != nil {
		return nil, err
	} else if ok && r.State == opportunity.Open {
		body.Calibrated = &bp
	}
	return &recordOut{httpapi.ETag(r.Version), body}, nil
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	h := &handler{d}
	h.lists(api)
	h.records(api)
	h.moves(api)
	h.parts(api)
	h.people(api)
	h.exports(api)
}

type listBody struct {
	Items  []OppBody           `json:"items"`
	Next   string              `json:"next"`
	Totals []opportunity.Total `json:"totals"`
}

func (h *handler) page(ctx context.Context, actor org.Actor, f opportunity.Filter, p page.Request) (listBody, error) {
	res, totals, err := h.Opportunities.List(ctx, actor, f, p, h.Measures)
	if err != nil {
		return listBody{}, err
	}
	items, err := h.bodies(ctx, actor, res.Items)
	return listBody{Items: items, Next: res.Next, Totals: totals}, err
}

// bodies shows records as lists do.
func (h *handler) bodies(ctx context.Context, actor org.Actor, list []opportunity.Opportunity) ([]OppBody, error) {
	limits, err := h.limits(ctx, actor)
	if err != nil {
		return nil, err
	}
	stages, _, err := h.stageNames(ctx, actor)
	if err != nil {
		return nil, err
	}
	out, cal := []OppBody{}, h.Calendar(actor.TenantID)
	for _, o := range list {
		b := h.bodyOf(o, actor.Today, cal, limits)
		b.Stage = stages[o.StageID]
		out = append(out, b)
	}
	return out, nil
}

// Bodies answers with records by id, in that order; those out of scope are left out.
func (d Deps) Bodies(ctx context.Context, actor org.Actor, ids []string) ([]OppBody, error) {
	if len(ids) == 0 {
		return []OppBody{}, nil
	}
	h := &handler{d}
	b, err := h.page(ctx, actor, opportunity.Filter{IDs: ids, WithDeleted: true}, page.Request{Limit: len(ids)})
	place := map[string]int{}
	for i, id := range ids {
		place[id] = i
	}
	sort.Slice(b.Items, func(i, j int) bool { return place[b.Items[i].ID] < place[b.Items[j].ID] })
	return b.Items, err
}

func (h *handler) lists(api *httpapi.API) {
	type listIn struct {
		accounthttp.Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/opportunities", ID: "listOpportunities", Permission: org.OppRead}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[listBody], error) {
		return httpapi.Answer(h.page(ctx, actor, in.Filter(), in.Request()))
	})
	type column struct {
		StageID string              `json:"stageId"`
		Items   []OppBody           `json:"items"`
		Next    string              `json:"next"`
		Totals  []opportunity.Total `json:"totals"`
	}
	type boardIn struct{ Filters }
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/board", ID: "getBoard", Summary: "Open opportunities by stage, the largest first", Permission: org.OppRead}, func(ctx context.Context, actor org.Actor, in *boardIn) (*httpapi.Body[[]column], error) {
		v, err := h.Pipelines.Get(ctx, actor, in.Pipeline)
		if err != nil {
			return nil, err
		}
		cols := []column{}
		for _, st := range v.Stages {
			if st.Kind != "open" {
				continue
			}
			f := in.Filter()
			f.Pipeline, f.Stage, f.States = v.PipelineID, st.ID, []opportunity.State{opportunity.Open}
			b, err := h.page(ctx, actor, f, page.Request{Sort: "amount", Desc: true, Limit: 30})
			if err != nil {
				return nil, err
			}
			cols = append(cols, column{st.ID, b.Items, b.Next, b.Totals})
		}
		return httpapi.Answer(cols, nil)
	})
	type todayBody struct {
		Steps      []stepBody `json:"steps"`
		Waiting    []waiting  `json:"waiting"`
		Exceptions []taken    `json:"exceptions"`
		Handovers  []handover `json:"handovers"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/today", ID: "getToday", Summary: "What waits for the member", Permission: org.OppRead}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[todayBody], error) {
		t, err := h.Opportunities.TodayOf(ctx, actor)
		b := todayBody{[]stepBody{}, []waiting{}, []taken{}, []handover{}}
		for _, s := range t.Steps {
			b.Steps = append(b.Steps, stepOf(s.NextStep, s.Opportunity, actor.Today))
		}
		cal := h.Calendar(actor.TenantID)
		for _, w := range t.Waiting {
			b.Waiting = append(b.Waiting, waiting{evidenceOf(w.Evidence), w.OpportunityID, w.Opportunity, w.OwnerID, cal.WorkingDaysBetween(w.SubmittedOn, actor.Today)})
		}
		for _, e := range t.Exceptions {
			b.Exceptions = append(b.Exceptions, taken{e.OpportunityID, e.Opportunity, e.MemberID, e.StageID, e.Reason, e.On})
		}
		for _, x := range t.Handovers {
			b.Handovers = append(b.Handovers, handover{x.ID, x.FromID, x.ToID, x.Reason, x.On, x.Count})
		}
		return httpapi.Answer(b, err)
	})
}

type waiting struct {
	EvidenceBody
	OpportunityID string `json:"opportunityId"`
	Opportunity   string `json:"opportunity"`
	OwnerID       string `json:"ownerId"`
	Days          int    `json:"waitingDays"`
}

type taken struct {
	OpportunityID string        `json:"opportunityId"`
	Opportunity   string        `json:"opportunity"`
	MemberID      string        `json:"memberId"`
	StageID       string        `json:"stageId"`
	Reason        string        `json:"reason"`
	On            calendar.Date `json:"on"`
}

type handover struct {
	ID     string        `json:"id"`
	FromID string        `json:"fromId"`
	ToID   string        `json:"toId"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	Count  int64         `json:"count"`
}

func (h *handler) records(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/opportunities/{id}", ID: "getOpportunity", Permission: org.OppRead}, func(ctx context.Context, actor org.Actor, in *ByID) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, nil)
	})
	type createIn struct {
		Body struct {
			ID           string             `json:"id,omitempty" maxLength:"36"`
			Name         string             `json:"name" minLength:"1" maxLength:"300"`
			AccountID    string             `json:"accountId,omitempty" maxLength:"60"`
			PipelineID   string             `json:"pipelineId,omitempty" maxLength:"60"`
			OwnerID      string             `json:"ownerId,omitempty" maxLength:"60"`
			AmountMinor  *int64             `json:"amountMinor,omitempty" minimum:"0"`
			Currency     string             `json:"currency,omitempty" maxLength:"3"`
			TaxIncluded  *bool              `json:"taxIncluded,omitempty"`
			ExpectedOn   calendar.Date      `json:"expectedOn,omitempty" maxLength:"10"`
			ConfidenceBP *int64             `json:"confidenceBp,omitempty" minimum:"0" maximum:"10000"`
			Source       string             `json:"source,omitempty" maxLength:"100"`
			Lines        []opportunity.Line `json:"lines,omitempty" maxItems:"200"`
			Custom       map[string]string  `json:"custom,omitempty"`
		}
	}
	// The answer is what a list shows: everything else of a new record is empty.
	type createdOut struct {
		ETag string `header:"ETag"`
		Body OppBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities", ID: "createOpportunity", Permission: org.OppWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *createIn) (*createdOut, error) {
		b := in.Body
		o, err := h.Opportunities.Create(ctx, actor, opportunity.New{ID: b.ID, Name: b.Name, AccountID: b.AccountID, PipelineID: b.PipelineID, OwnerID: b.OwnerID, AmountMinor: b.AmountMinor, Currency: b.Currency,
			TaxIncluded: b.TaxIncluded, ExpectedOn: b.ExpectedOn, ConfidenceBP: b.ConfidenceBP, Source: b.Source, Lines: b.Lines, Custom: b.Custom})
		if err != nil {
			return nil, err
		}
		body, err := h.bodies(ctx, actor, []opportunity.Opportunity{o})
		if err != nil {
			return nil, err
		}
		return &createdOut{httpapi.ETag(o.Version), body[0]}, nil
	})
	type editIn struct {
		ByID
		IfMatch string `header:"If-Match"`
		Body    struct {
			Name         *string             `json:"name,omitempty" maxLength:"300"`
			AccountID    *string             `json:"accountId,omitempty" maxLength:"60"`
			Source       *string             `json:"source,omitempty" maxLength:"100"`
			Currency     *string             `json:"currency,omitempty" maxLength:"3"`
			AmountMinor  *int64              `json:"amountMinor,omitempty" minimum:"0"`
			TaxIncluded  *bool               `json:"taxIncluded,omitempty"`
			ExpectedOn   *calendar.Date      `json:"expectedOn,omitempty" maxLength:"10"`
			ConfidenceBP *int64              `json:"confidenceBp,omitempty" minimum:"0" maximum:"10000"`
			Lines        *[]opportunity.Line `json:"lines,omitempty" maxItems:"200"`
			Custom       map[string]string   `json:"custom,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PATCH", Path: "/opportunities/{id}", ID: "editOpportunity", Summary: "Re-price, re-date, rename; resets no clock", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *editIn) (*recordOut, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		b := in.Body
		p := opportunity.Patch{Name: b.Name, AccountID: b.AccountID, Source: b.Source, Currency: b.Currency, TaxIncluded: b.TaxIncluded, ExpectedOn: b.ExpectedOn, Lines: b.Lines, Custom: b.Custom}
		if b.AmountMinor != nil {
			p.AmountMinor = &b.AmountMinor
		}
		if b.ConfidenceBP != nil {
			p.ConfidenceBP = &b.ConfidenceBP
		}
		_, err = h.Opportunities.Edit(ctx, actor, in.ID, v, p)
		return h.record(ctx, actor, in.ID, err)
	})
	for path, deleted := range map[string]bool{"delete": true, "restore": false} {
		httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/" + path, ID: path + "Opportunity", Permission: org.OppWrite, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
			return httpapi.Nothing(h.Opportunities.Delete(ctx, actor, in.ID, deleted))
		})
	}
}

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
	return opportunity.MoveRequest{To: b.To, On: b.On, Reason: b.Reason, Exception: b.Exception, Version: b.Version, SignedOn: b.SignedOn, ContractMinor: b.ContractMinor, LossKind: b.LossKind, Competitor: b.Competitor}
}

type moveResult struct {
	ID     string         `json:"id"`
	Moved  bool           `json:"moved"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params"`
}

func (h *handler) moves(api *httpapi.API) {
	type moveIn struct {
		ByID
		Key  string `header:"Idempotency-Key" maxLength:"100"`
		Body MoveBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/move", ID: "moveOpportunity", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *moveIn) (*recordOut, error) {
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
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/bulk/move", ID: "moveOpportunities", Summary: "Each record passes the same gate alone", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *bulkIn) (*httpapi.Body[[]moveResult], error) {
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
		ByID
		Body struct {
			PipelineID string `json:"pipelineId" maxLength:"60"`
			Reason     string `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/pipeline", ID: "changePipeline", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *changeIn) (*recordOut, error) {
		_, err := h.Opportunities.ChangePipeline(ctx, actor, in.ID, in.Body.PipelineID, in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
	type correctIn struct {
		ByID
		Body struct {
			On     calendar.Date `json:"on" maxLength:"10"`
			Reason string        `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/correct-stay", ID: "correctStay", Summary: "Void the present stay and put one with another day in its place", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *correctIn) (*recordOut, error) {
		_, err := h.Opportunities.CorrectStay(ctx, actor, in.ID, in.Body.On, in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
	type handoverIn struct {
		Body struct {
			IDs    []string `json:"ids,omitempty" maxItems:"500"`
			FromID string   `json:"fromId,omitempty" maxLength:"60" doc:"with no ids: every open record of this member"`
			ToID   string   `json:"toId" maxLength:"60"`
			Reason string   `json:"reason" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/handovers", ID: "handOver", Permission: org.OppHandOver, Status: 201}, func(ctx context.Context, actor org.Actor, in *handoverIn) (*httpapi.Body[handover], error) {
		b := in.Body
		x, err := h.Opportunities.HandOver(ctx, actor, b.IDs, b.FromID, b.ToID, b.Reason)
		return httpapi.Answer(handover{x.ID, x.FromID, x.ToID, x.Reason, x.On, x.Count}, err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/handovers/{id}/confirm", ID: "confirmHandover", Permission: org.OppWrite, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(h.Opportunities.ConfirmHandover(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/exceptions-seen", ID: "seeExceptions", Permission: org.EvidenceDecide, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(h.Opportunities.SeeExceptions(ctx, actor, in.ID))
	})
}

// FollowBody is a follow-up as it is written down.
type FollowBody struct {
	ID         string        `json:"id,omitempty" maxLength:"36"`
	Channel    string        `json:"channel" enum:"visit,phone,wechat,email,meeting,other"`
	Words      string        `json:"words" minLength:"1" maxLength:"8000"`
	TwoWay     bool          `json:"twoWay"`
	HappenedOn calendar.Date `json:"happenedOn,omitempty" maxLength:"10"`
	ContactIDs []string      `json:"contactIds,omitempty" maxItems:"30"`
	MemberIDs  []string      `json:"memberIds,omitempty" maxItems:"30" doc:"colleagues who took part"`
	Reason     string        `json:"reason,omitempty" maxLength:"1000" doc:"why it is dated back so far"`
}

func (b FollowBody) followUp() opportunity.FollowUp {
	return opportunity.FollowUp{ID: b.ID, Channel: b.Channel, Words: b.Words, TwoWay: b.TwoWay, HappenedOn: b.HappenedOn, ContactIDs: b.ContactIDs, MemberIDs: b.MemberIDs}
}

func (h *handler) parts(api *httpapi.API) {
	type evidenceIn struct {
		ByID
		Body struct {
			StageID   string        `json:"stageId" maxLength:"60"`
			Key       string        `json:"milestoneKey" maxLength:"60"`
			Text      string        `json:"text,omitempty" maxLength:"4000"`
			Date      calendar.Date `json:"date,omitempty" maxLength:"10"`
			Number    *int64        `json:"numberMilli,omitempty"`
			ContactID string        `json:"contactId,omitempty" maxLength:"60"`
			FileID    string        `json:"fileId,omitempty" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/evidence", ID: "submitEvidence", Permission: org.OppWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *evidenceIn) (*recordOut, error) {
		b := in.Body
		if b.FileID != "" {
			if _, _, err := h.Files.Get(ctx, actor, "opportunity", in.ID, b.FileID); err != nil {
				return nil, err
			}
		}
		_, err := h.Opportunities.SubmitEvidence(ctx, actor, in.ID, opportunity.Submission{StageID: b.StageID, Key: b.Key, Text: b.Text, Date: b.Date, Number: b.Number, ContactID: b.ContactID, FileID: b.FileID})
		return h.record(ctx, actor, in.ID, err)
	})
	type decideIn struct {
		ByID
		Evidence string `path:"evidence" maxLength:"60"`
		Body     struct {
			Accept bool   `json:"accept"`
			Note   string `json:"note,omitempty" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/evidence/{evidence}/decision", ID: "decideEvidence", Permission: org.EvidenceDecide}, func(ctx context.Context, actor org.Actor, in *decideIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.DecideEvidence(ctx, actor, in.ID, in.Evidence, in.Body.Accept, in.Body.Note))
	})
	type fileIn struct {
		ByID
		Name    string `query:"name" minLength:"1" maxLength:"200" required:"true"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type fileOut struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Size int64  `json:"size"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/files", ID: "attachFile", Permission: org.OppWrite, Status: 201, MaxBody: 21 << 20}, func(ctx context.Context, actor org.Actor, in *fileIn) (*httpapi.Body[fileOut], error) {
		if err := h.Opportunities.MayWrite(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		f, err := h.Files.Put(ctx, actor, "opportunity", in.ID, in.Name, bytes.NewReader(in.RawBody))
		return httpapi.Answer(fileOut{f.ID, f.Name, f.Size}, err)
	})
	type getFileIn struct {
		ByID
		File string `path:"file" maxLength:"60"`
	}
	type rawOut struct {
		Type        string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/opportunities/{id}/files/{file}", ID: "getFile", Permission: org.OppRead}, func(ctx context.Context, actor org.Actor, in *getFileIn) (*rawOut, error) {
		if _, err := h.Opportunities.Get(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		f, raw, err := h.Files.Get(ctx, actor, "opportunity", in.ID, in.File)
		return &rawOut{"application/octet-stream", "attachment; filename*=UTF-8''" + url.PathEscape(f.Name), raw}, err
	})
	type followIn struct {
		ByID
		Body FollowBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/follow-ups", ID: "logFollowUp", Permission: org.OppWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *followIn) (*recordOut, error) {
		f := in.Body.followUp()
		f.OpportunityID = in.ID
		_, err := h.Opportunities.LogFollowUp(ctx, actor, f, in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/accounts/{id}/follow-ups", ID: "logAccountFollowUp", Summary: "A contact that concerns no deal", Permission: org.OppWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *followIn) (*httpapi.Body[followUpBody], error) {
		f := in.Body.followUp()
		f.AccountID = in.ID
		f, err := h.Opportunities.LogFollowUp(ctx, actor, f, in.Body.Reason)
		return httpapi.Answer(followUpOf(f), err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/accounts/{id}/follow-ups", ID: "listAccountFollowUps", Summary: "What was said with the customer, in deals and outside", Permission: org.AccountRead}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Body[[]followUpBody], error) {
		if _, err := h.Accounts.Get(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		list, err := h.Opportunities.FollowUps(ctx, actor, opportunity.About{Account: in.ID})
		return httpapi.Answer(followUpsOf(list), err)
	})
	type personBody struct {
		Contact   accounthttp.ContactBody `json:"contact"`
		FollowUps []followUpBody          `json:"followUps" doc:"the newest 100 the person took part in"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contacts/{id}/data", ID: "exportContact", Summary: "Everything kept about a person, at the person's request", Permission: org.ContactErase}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Body[personBody], error) {
		c, err := h.Accounts.GetContact(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		list, err := h.Opportunities.FollowUps(ctx, actor, opportunity.About{Contact: in.ID})
		return httpapi.Answer(personBody{accounthttp.ContactOf(actor, c), followUpsOf(list)}, err)
	})
	type stepIn struct {
		ByID
		Body struct {
			ID             string        `json:"id,omitempty" maxLength:"36"`
			What           string        `json:"what" minLength:"1" maxLength:"1000"`
			DueOn          calendar.Date `json:"dueOn" maxLength:"10"`
			CustomerAgreed bool          `json:"customerAgreed,omitempty"`
			MemberID       string        `json:"memberId,omitempty" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/opportunities/{id}/next-steps", ID: "addNextStep", Permission: org.OppWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *stepIn) (*recordOut, error) {
		b := in.Body
		_, err := h.Opportunities.AddNextStep(ctx, actor, opportunity.NextStep{ID: b.ID, OpportunityID: in.ID, What: b.What, DueOn: b.DueOn, CustomerAgreed: b.CustomerAgreed, MemberID: b.MemberID})
		return h.record(ctx, actor, in.ID, err)
	})
	type finishIn struct {
		ByID
		Body struct {
			Result string        `json:"result,omitempty" maxLength:"1000"`
			DueOn  calendar.Date `json:"dueOn,omitempty" maxLength:"10" doc:"move to this day instead of finishing"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/next-steps/{id}/finish", ID: "finishNextStep", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *finishIn) (*httpapi.Body[stepBody], error) {
		n, err := h.Opportunities.FinishNextStep(ctx, actor, in.ID, in.Body.Result, in.Body.DueOn)
		return httpapi.Answer(stepOf(n, "", actor.Today), err)
	})
}

func (h *handler) people(api *httpapi.API) {
	type sharesIn struct {
		ByID
		Body struct {
			Shares []opportunity.Share `json:"shares" minItems:"1" maxItems:"30"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/opportunities/{id}/shares", ID: "setShares", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *sharesIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetShares(ctx, actor, in.ID, in.Body.Shares))
	})
	type teamIn struct {
		ByID
		Body struct {
			Team []opportunity.TeamMember `json:"team" maxItems:"50"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/opportunities/{id}/team", ID: "setDealTeam", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *teamIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetTeam(ctx, actor, in.ID, in.Body.Team))
	})
	type contactsIn struct {
		ByID
		Body struct {
			Contacts []struct {
				ContactID string `json:"contactId" maxLength:"60"`
				Role      string `json:"role" enum:"economic,technical,user,coach,approver,blocker,unknown"`
			} `json:"contacts" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/opportunities/{id}/contacts", ID: "setDealContacts", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *contactsIn) (*recordOut, error) {
		var list []opportunity.DealContact
		for _, c := range in.Body.Contacts {
			list = append(list, opportunity.DealContact{ContactID: c.ContactID, Role: c.Role})
		}
		return h.record(ctx, actor, in.ID, h.Opportunities.SetContacts(ctx, actor, in.ID, list))
	})
	type competitorsIn struct {
		ByID
		Body struct {
			Names []string `json:"names" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/opportunities/{id}/competitors", ID: "setCompetitors", Permission: org.OppWrite}, func(ctx context.Context, actor org.Actor, in *competitorsIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetCompetitors(ctx, actor, in.ID, in.Body.Names))
	})
}
