package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

type EvidenceBody struct {
	ID           string        `json:"id"`
	StageID      string        `json:"stageId"`
	Key          string        `json:"milestoneKey"`
	Stage        string        `json:"stage" doc:"the stage's name; one that is gone keeps its last"`
	Milestone    string        `json:"milestone" doc:"the milestone's name; one that is gone keeps its last"`
	Status       string        `json:"status" enum:"submitted,accepted,rejected"`
	Text         string        `json:"text"`
	Date         calendar.Date `json:"date"`
	Number       *int64        `json:"numberMilli"`
	ContactID    string        `json:"contactId"`
	FileID       string        `json:"fileId"`
	SubmittedOn  calendar.Date `json:"submittedOn"`
	SubmittedBy  string        `json:"submittedBy"`
	DecidedBy    string        `json:"decidedBy"`
	DecisionNote string        `json:"decisionNote"`
}

func evidenceOf(e opportunity.Evidence, names pipeline.Names) EvidenceBody {
	return EvidenceBody{
		e.ID, e.StageID, e.Key, names.Stages[e.StageID], names.Milestone(e.StageID, e.Key), e.Status, e.Text, e.Date, e.Number, e.ContactID, e.FileID, e.SubmittedOn, e.SubmittedBy,
		e.DecidedBy, e.DecisionNote,
	}
}

func (h *handler) evidence(api *httpapi.API) {
	type evidenceIn struct {
		httpapi.ByID
		Body struct {
			ID        string        `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			StageID   string        `json:"stageId" maxLength:"60"`
			Key       string        `json:"milestoneKey" maxLength:"60"`
			Text      string        `json:"text,omitempty" maxLength:"4000"`
			Date      calendar.Date `json:"date,omitempty" maxLength:"10"`
			Number    *int64        `json:"numberMilli,omitempty"`
			ContactID string        `json:"contactId,omitempty" maxLength:"60"`
			FileID    string        `json:"fileId,omitempty" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/evidence", ID: "submitEvidence", Permission: org.OppWrite,
		Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *evidenceIn) (*recordOut, error) {
		b := in.Body
		if b.FileID != "" {
			if f, err := h.Files.Get(ctx, actor, b.FileID); err == nil && f.On != opportunity.Ref(in.ID) {
				return nil, file.ErrUnknown
			} else if err != nil {
				return nil, err
			}
		}
		_, err := h.Opportunities.SubmitEvidence(ctx, actor, in.ID, opportunity.Submission{
			ID: b.ID, StageID: b.StageID, Key: b.Key, Text: b.Text, Date: b.Date, Number: b.Number, ContactID: b.ContactID,
			FileID: b.FileID,
		})
		return h.record(ctx, actor, in.ID, err)
	})
	type decideIn struct {
		httpapi.ByID
		Evidence string `path:"evidence" maxLength:"60"`
		Body     struct {
			Accept bool   `json:"accept"`
			Note   string `json:"note,omitempty" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/evidence/{evidence}/decision", ID: "decideEvidence",
		Permission: org.EvidenceDecide,
	}, func(ctx context.Context, actor org.Actor, in *decideIn) (*recordOut, error) {
		err := h.Opportunities.DecideEvidence(ctx, actor, in.ID, in.Evidence, in.Body.Accept, in.Body.Note)
		return h.record(ctx, actor, in.ID, err)
	})
}
