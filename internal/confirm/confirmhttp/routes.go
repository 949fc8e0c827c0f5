// Package confirmhttp is the routes of asking owners after key persons: decode, call, encode.
package confirmhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/confirm"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct{ Confirms *confirm.Service }

// Question is after whom somebody is asked.
type Question struct {
	OpportunityID string         `json:"opportunityId"`
	Opportunity   string         `json:"opportunityName"`
	AccountID     string         `json:"accountId"`
	AccountName   string         `json:"accountName"`
	Phase         string         `json:"phase" enum:"early,middle,late"`
	StageName     string         `json:"stageName"`
	AmountMinor   *int64         `json:"amountMinor"`
	Currency      string         `json:"currency"`
	ContactID     string         `json:"contactId" doc:"empty where it is asked who decides"`
	Name          string         `json:"name"`
	Department    string         `json:"department"`
	Title         string         `json:"title"`
	Role          string         `json:"role" doc:"as of an opportunity's people; unknown where he has none"`
	Mobile        string         `json:"mobile" doc:"empty for who does not see it"`
	Phone         string         `json:"phone"`
	TalkedOn      calendar.Date  `json:"talkedOn" doc:"the last two-way contact with him; empty where there was none"`
	On            calendar.Date  `json:"on" doc:"the day he was last confirmed; empty is never"`
	How           string         `json:"how" doc:"a channel, tap, role, change, or empty"`
	Days          *int           `json:"days" doc:"working days of who is asked since then; null where he never was"`
	Last          confirm.Answer `json:"lastAnswer" doc:"what was answered last without any contact since; empty is nothing"`
	Run           int            `json:"run" doc:"how often in a row"`
}

type confirmationBody struct {
	ID            string         `json:"id"`
	OpportunityID string         `json:"opportunityId"`
	ContactID     string         `json:"contactId"`
	Answer        confirm.Answer `json:"answer" enum:"still,changed,unreachable,named,skipped"`
	On            calendar.Date  `json:"on"`
	Run           int            `json:"run" doc:"how often in a row the same was answered without a contact"`
	ChangeID      string         `json:"changeId" doc:"the change it was told with, or which it proposed"`
	Proposed      bool           `json:"proposed"`
}

func bodyOf(c confirm.Confirmation) confirmationBody {
	return confirmationBody{c.ID, c.OpportunityID, c.ContactID, c.Answer, c.On, c.Run, c.ChangeID, c.Proposed}
}

func questionOf(q confirm.Question) Question {
	return Question{q.ID, q.Opportunity.Name, q.AccountID, q.AccountName, string(q.Phase), q.StageName, q.AmountMinor, q.Currency, q.ContactID, q.Name,
		q.Department, q.Title, q.Role, q.Mobile, q.Phone, q.TalkedOn, q.On, q.How, q.Days, q.Last, q.Run}
}

// Questions are those of a day.
func Questions(t confirm.Today) []Question {
	out := make([]Question, len(t.Questions))
	for i, q := range t.Questions {
		out[i] = questionOf(q)
	}
	return out
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	reads(api, d)
	writes(api, d)
}

func reads(api *httpapi.API, d Deps) {
	type body struct {
		Items    []Question         `json:"items" doc:"at most three with those answered, the largest amount in front"`
		Answered []confirmationBody `json:"answered" doc:"today"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/confirmations", ID: "listConfirmations", Summary: "After whom the reader is asked today", Permission: org.OppRead},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[body], error) {
			t, err := d.Confirms.Asked(ctx, a)
			b := body{Questions(t), []confirmationBody{}}
			for _, c := range t.Answered {
				b.Answered = append(b.Answered, bodyOf(c))
			}
			return httpapi.Answer(b, err)
		})
	type standBody struct {
		ContactID string         `json:"contactId"`
		On        calendar.Date  `json:"on" doc:"the day he was last confirmed; empty is never"`
		How       string         `json:"how" doc:"a channel, tap, role, change, or empty"`
		TalkedOn  calendar.Date  `json:"talkedOn"`
		Last      confirm.Answer `json:"lastAnswer" doc:"what was answered last without any contact since"`
		Run       int            `json:"run" doc:"how often in a row"`
	}
	type dealBody struct {
		Items []standBody `json:"items" doc:"the key persons"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/opportunities/{id}/confirmations", ID: "getOpportunityConfirmations",
		Summary: "When the key persons of an opportunity were last confirmed, and how", Permission: org.OppRead},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*httpapi.Body[dealBody], error) {
			list, err := d.Confirms.Deal(ctx, a, in.ID)
			b := dealBody{[]standBody{}}
			for _, s := range list {
				b.Items = append(b.Items, standBody{s.ContactID, s.On, s.How, s.TalkedOn, s.Last, s.Run})
			}
			return httpapi.Answer(b, err)
		})
}

func writes(api *httpapi.API, d Deps) {
	type answerIn struct {
		Body struct {
			ID            string         `json:"id,omitempty" maxLength:"36"`
			OpportunityID string         `json:"opportunityId" minLength:"1" maxLength:"60"`
			ContactID     string         `json:"contactId,omitempty" maxLength:"60" doc:"left out where it was asked who decides"`
			Answer        confirm.Answer `json:"answer" enum:"still,changed,unreachable,named,skipped"`
			Name          string         `json:"name,omitempty" maxLength:"100" doc:"of who decides and is no contact yet"`
			EvenIfSame    bool           `json:"evenIfSame,omitempty" doc:"he is another than whoever looks the same"`
			ChangeID      string         `json:"changeId,omitempty" maxLength:"60" doc:"the change that was told with the answer changed; without one a suspected change begins"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/confirmations", ID: "answerConfirmation", Status: 201,
		Summary: "Answer whether a key person still is, changed or is not to be reached; or who decides", Permission: org.OppWrite},
		func(ctx context.Context, a org.Actor, in *answerIn) (*httpapi.Body[confirmationBody], error) {
			b := in.Body
			c, err := d.Confirms.Answer(ctx, a, confirm.New{ID: b.ID, OpportunityID: b.OpportunityID, ContactID: b.ContactID, Answer: b.Answer, Name: b.Name,
				EvenIfSame: b.EvenIfSame, ChangeID: b.ChangeID})
			return httpapi.Answer(bodyOf(c), err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/confirmations/{id}/undo", ID: "undoConfirmation", Status: 204,
		Summary: "Take an answer back, on the day it was given", Permission: org.OppWrite},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*struct{}, error) {
			return nil, d.Confirms.Undo(ctx, a, in.ID)
		})
}
