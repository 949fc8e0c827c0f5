// Package changehttp is the routes of who changed at customers: decode, call, encode.
package changehttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct{ Changes *change.Service }

type dealBody struct {
	OpportunityID string        `json:"opportunityId"`
	Name          string        `json:"name"`
	OwnerID       string        `json:"ownerId"`
	Role          string        `json:"role" doc:"he had; empty where none was recorded"`
	Late          bool          `json:"late" doc:"it was in a late phase: red from the first minute"`
	DueOn         calendar.Date `json:"dueOn"`
	DueAt         time.Time     `json:"dueAt"`
	Left          int           `json:"leftMinutes" doc:"minutes of work of who answers for it, negative where the time is over"`
	TaskID        string        `json:"taskId"`
	TalkedAt      *time.Time    `json:"talkedAt" doc:"when the successor was only written to"`
	MetAt         *time.Time    `json:"metAt" doc:"when it was written down that he was met"`
	Lamp          change.Lamp   `json:"lamp" enum:"green,yellow,red"`
}

type changeBody struct {
	ID            string        `json:"id"`
	ContactID     string        `json:"contactId"`
	ContactName   string        `json:"contactName"`
	AccountID     string        `json:"accountId" doc:"the customer he changed at"`
	AccountName   string        `json:"accountName"`
	Kind          change.Kind   `json:"kind" enum:"moved,left,handed,retitled"`
	On            calendar.Date `json:"on"`
	Source        string        `json:"source" enum:"self,colleague,public,other,import,record"`
	State         change.State  `json:"state" enum:"suspected,confirmed,met,refuted,withdrawn"`
	SuccessorID   string        `json:"successorId" doc:"empty where nobody knows, or he is no contact yet"`
	SuccessorName string        `json:"successorName"`
	ToAccountID   string        `json:"toAccountId"`
	ToAccountName string        `json:"toAccountName"`
	Department    string        `json:"department"`
	Title         string        `json:"title"`
	OpportunityID string        `json:"opportunityId" doc:"the one matter it is of; empty for all"`
	ToldAt        time.Time     `json:"toldAt"`
	ToldBy        string        `json:"toldBy"`
	ConfirmedAt   *time.Time    `json:"confirmedAt"`
	ConfirmedBy   string        `json:"confirmedBy"`
	EndedAt       *time.Time    `json:"endedAt"`
	EndedBy       string        `json:"endedBy"`
	Deals         []dealBody    `json:"deals" doc:"the opportunities it touches that the reader sees"`
	BatchID       string        `json:"importId" doc:"the import that proposed it"`
	Version       int           `json:"version"`
}

func bodyOf(c change.Change) changeBody {
	b := changeBody{ID: c.ID, ContactID: c.ContactID, ContactName: c.ContactName, AccountID: c.AccountID, AccountName: c.AccountName, Kind: c.Kind, On: c.On,
		Source: c.Source, State: c.State, SuccessorID: c.SuccessorID, SuccessorName: c.SuccessorName, ToAccountID: c.ToAccountID, ToAccountName: c.ToAccountName,
		Department: c.Department, Title: c.Title, OpportunityID: c.OpportunityID, ToldAt: c.ToldAt, ToldBy: c.ToldBy, ConfirmedAt: c.ConfirmedAt,
		ConfirmedBy: c.ConfirmedBy, EndedAt: c.EndedAt, EndedBy: c.EndedBy, Deals: []dealBody{}, BatchID: c.BatchID, Version: c.Version}
	for _, d := range c.Deals {
		b.Deals = append(b.Deals, dealBody{d.OpportunityID, d.Name, d.OwnerID, d.Role, d.Late, d.DueOn, d.DueAt, d.Left, d.TaskID, d.TalkedAt, d.MetAt, d.Lamp})
	}
	return b
}

type one struct {
	ETag string `header:"ETag"`
	Body changeBody
}

func answer(c change.Change, err error) (*one, error) {
	return &one{httpapi.ETag(c.Version), bodyOf(c)}, err
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	reads(api, d)
	writes(api, d)
}

func reads(api *httpapi.API, d Deps) {
	type listIn struct {
		Account     string `query:"account" maxLength:"60"`
		Contact     string `query:"contact" maxLength:"60" doc:"who went, or who follows"`
		Opportunity string `query:"opportunity" maxLength:"60"`
		Import      string `query:"import" maxLength:"60" doc:"those it proposed"`
		Open        bool   `query:"open" doc:"those alone that are suspected, or confirmed with an open opportunity about which the successor was not met"`
	}
	type body struct {
		Items []changeBody `json:"items" doc:"the last told in front"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contact-changes", ID: "listContactChanges",
		Summary: "Who changed at customers the reader sees", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[body], error) {
			list, err := d.Changes.List(ctx, a, change.Asked{Account: in.Account, Contact: in.Contact, Opportunity: in.Opportunity, Batch: in.Import, Open: in.Open})
			b := body{Items: []changeBody{}}
			for _, c := range list {
				b.Items = append(b.Items, bodyOf(c))
			}
			return httpapi.Answer(b, err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contact-changes/{id}", ID: "getContactChange", Summary: "One change", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*one, error) {
			return answer(d.Changes.Get(ctx, a, in.ID))
		})
}

func writes(api *httpapi.API, d Deps) {
	type tellIn struct {
		Body struct {
			ID            string        `json:"id,omitempty" maxLength:"36"`
			ContactID     string        `json:"contactId" minLength:"1" maxLength:"60"`
			Kind          change.Kind   `json:"kind" enum:"moved,left,handed,retitled"`
			On            calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out it is today"`
			SuccessorID   string        `json:"successorId,omitempty" maxLength:"60"`
			SuccessorName string        `json:"successorName,omitempty" maxLength:"100" doc:"of who is no contact yet; with neither nobody knows who follows"`
			EvenIfSame    bool          `json:"evenIfSame,omitempty" doc:"the successor is another than whoever looks the same"`
			ToAccountID   string        `json:"toAccountId,omitempty" maxLength:"60"`
			Department    string        `json:"department,omitempty" maxLength:"100"`
			Title         string        `json:"title,omitempty" maxLength:"100"`
			OpportunityID string        `json:"opportunityId,omitempty" maxLength:"60" doc:"of one matter alone"`
			Source        string        `json:"source,omitempty" enum:"self,colleague,public,other,import,record"`
			Suspect       bool          `json:"suspect,omitempty" doc:"nobody is sure yet: the owners are asked, and nothing begins"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contact-changes", ID: "tellContactChange", Status: 201,
		Summary: "A person at a customer changed: the opportunities he had a part in are flagged, and their owners and who leads them told", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *tellIn) (*one, error) {
			b := in.Body
			return answer(d.Changes.Tell(ctx, a, change.New{ID: b.ID, ContactID: b.ContactID, Kind: b.Kind, On: b.On, SuccessorID: b.SuccessorID,
				SuccessorName: b.SuccessorName, EvenIfSame: b.EvenIfSame, ToAccountID: b.ToAccountID, Department: b.Department, Title: b.Title,
				OpportunityID: b.OpportunityID, Source: b.Source, Suspect: b.Suspect}))
		})
	type confirmIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			SuccessorID   string `json:"successorId,omitempty" maxLength:"60"`
			SuccessorName string `json:"successorName,omitempty" maxLength:"100"`
			EvenIfSame    bool   `json:"evenIfSame,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contact-changes/{id}/confirm", ID: "confirmContactChange",
		Summary: "A suspected change is so; or, of one that is confirmed, who follows", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *confirmIn) (*one, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return answer(d.Changes.Confirm(ctx, a, in.ID, change.Follows{SuccessorID: in.Body.SuccessorID, SuccessorName: in.Body.SuccessorName, EvenIfSame: in.Body.EvenIfSame}))
		})
	type refuteIn struct {
		httpapi.ByID
		httpapi.AtVersion
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contact-changes/{id}/refute", ID: "refuteContactChange",
		Summary: "A change did not hold: posts, roles and tasks are taken back", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *refuteIn) (*one, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return answer(d.Changes.Refute(ctx, a, in.ID))
		})
}
