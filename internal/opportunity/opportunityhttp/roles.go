package opportunityhttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/relation"
)

type relatedBody struct {
	opportunity.DealContact
	From   calendar.Date `json:"from" doc:"since when he has the role; empty where nobody kept it"`
	MetOn  calendar.Date `json:"metOn" doc:"the last two-way contact with him about it; empty where there was none"`
	Days   *int          `json:"days" doc:"working days since then"`
	Key    bool          `json:"key"`
	Former bool          `json:"former" doc:"had a role and has none now"`
}

type roleBody struct {
	ContactID string        `json:"contactId"`
	Name      string        `json:"name"`
	Role      string        `json:"role"`
	From      calendar.Date `json:"from" doc:"empty where nobody kept it"`
	To        calendar.Date `json:"to" doc:"empty while he has it"`
	SaidBy    string        `json:"saidBy"`
}

type relationsBody struct {
	People     []relatedBody     `json:"people"`
	Roles      []roleBody        `json:"roles" doc:"all that anybody had, past ones too"`
	Cover      relation.Covered  `json:"cover"`
	CoverWas   relation.Covered  `json:"coverWas" doc:"before coverWasOn"`
	CoverWasOn calendar.Date     `json:"coverWasOn" doc:"the day asked for; else the last on which a role began or ended, empty where none did"`
	Gaps       []relation.Gap    `json:"gaps"`
	Key        []string          `json:"key" doc:"the key persons: by role or influence; where none is recorded, who was met last"`
	Threads    []relation.Thread `json:"threads" doc:"who of ours met whom of them two-way about it"`
	Asks       bool              `json:"asks" doc:"nobody is known who decides, and it is time to ask"`
}

func relationsOf(r opportunity.Relations) relationsBody {
	b := relationsBody{People: []relatedBody{}, Roles: []roleBody{}, Cover: r.Cover, CoverWas: r.Was, CoverWasOn: r.WasOn, Gaps: r.Gaps,
		Key: append([]string{}, r.Key...), Threads: append([]relation.Thread{}, r.Threads...), Asks: r.Asks}
	if b.CoverWas.Parts == nil {
		b.CoverWas.Parts = []relation.Part{}
	}
	for _, p := range r.People {
		b.People = append(b.People, relatedBody{p.DealContact, p.From, p.MetOn, p.Days, p.Key, p.Former})
	}
	for _, x := range r.Past {
		b.Roles = append(b.Roles, roleBody{x.ContactID, r.Names[x.ContactID], x.Role, x.From, x.To, x.SaidBy})
	}
	return b
}

func (h *handler) roles(api *httpapi.API) {
	type relationsIn struct {
		httpapi.ByID
		Before calendar.Date `query:"before" maxLength:"10" doc:"also how the cover was before this day"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}/roles", ID: "getDealRoles",
		Summary: "The people of an opportunity, their roles over time, how well they are covered, and what is missing", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *relationsIn) (*httpapi.Body[relationsBody], error) {
		r, err := h.Opportunities.Relations(ctx, actor, in.ID, in.Before)
		return httpapi.Answer(relationsOf(r), err)
	})
	type judgeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		ContactID string `path:"contactId" maxLength:"60"`
		Body      struct {
			Role      string        `json:"role" enum:"economic,technical,user,coach,approver,blocker,unknown"`
			Attitude  *int64        `json:"attitude,omitempty" minimum:"-2" maximum:"2" doc:"left out it is not known"`
			Influence *int64        `json:"influence,omitempty" minimum:"1" maximum:"5" doc:"left out it is not known"`
			Coverage  *int64        `json:"coverage,omitempty" minimum:"0" maximum:"4" doc:"left out it is not known"`
			AsOf      calendar.Date `json:"asOf,omitempty" maxLength:"10" doc:"the day it is said of; left out it is today"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/contacts/{contactId}", ID: "judgeDealContact",
		Summary: "Which role a person has, and what is thought of him; who is not among its people joins them", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *judgeIn) (*recordOut, error) {
		b := in.Body
		c := opportunity.DealContact{ContactID: in.ContactID, Role: b.Role,
			Judged: relation.Judged{Attitude: b.Attitude, Influence: b.Influence, Coverage: b.Coverage, AsOf: b.AsOf}}
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			return h.Opportunities.Judge(ctx, actor, in.ID, version, c)
		})
	})
}

type carriedDealBody struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	OwnerID     string `json:"ownerId"`
	AmountMinor *int64 `json:"amountMinor"`
	Currency    string `json:"currency"`
}

type carriedBody struct {
	ContactID string            `json:"contactId"`
	Name      string            `json:"name"`
	Title     string            `json:"title"`
	AccountID string            `json:"accountId"`
	Account   string            `json:"account"`
	MetOn     calendar.Date     `json:"metOn" doc:"the last two-way contact with him"`
	Deals     []carriedDealBody `json:"deals" doc:"open ones in which he is a key person"`
}

type carrierBody struct {
	MemberID   string        `json:"memberId"`
	People     []carriedBody `json:"people"`
	Deals      int           `json:"deals" doc:"open ones that hang on them, each once"`
	WorthMinor int64         `json:"worthMinor" doc:"what those come to in the company's currency"`
}

type carriersBody struct {
	Since    calendar.Date `json:"since" doc:"from which day on it is looked who met whom"`
	Currency string        `json:"currency"`
	Members  []carrierBody `json:"members"`
}

func carriersOf(a org.Actor, list []opportunity.Carrier) carriersBody {
	b := carriersBody{a.Today.Add(-relation.AloneDays), a.Company.Currency, []carrierBody{}}
	for _, c := range list {
		one := carrierBody{c.MemberID, []carriedBody{}, c.Deals, c.Worth}
		for _, p := range c.People {
			x := carriedBody{p.ContactID, p.Name, p.Title, p.AccountID, p.Account, p.MetOn, []carriedDealBody{}}
			for _, o := range p.Deals {
				x.Deals = append(x.Deals, carriedDealBody{o.ID, o.Name, o.OwnerID, o.AmountMinor, o.Currency})
			}
			one.People = append(one.People, x)
		}
		b.Members = append(b.Members, one)
	}
	return b
}

func (h *handler) carriers(api *httpapi.API) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/carriers", ID: "getCarriers",
		Summary: "Who of ours alone has met key persons of open opportunities in half a year, and what hangs on them", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[carriersBody], error) {
		list, err := h.Opportunities.Carriers(ctx, actor)
		return httpapi.Answer(carriersOf(actor, list), err)
	})
}
