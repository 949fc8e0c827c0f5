// Package searchhttp is the search that crosses kinds of records: what of each kind the actor may see is
// asked of its capability, which keeps to his scope.
package searchhttp

import (
	"context"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/text"
)

// Deps is what the route needs.
type Deps struct {
	Opportunities *opportunity.Service
	Accounts      *account.Service
	Org           *org.Service
}

type hitBody struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Detail    string `json:"detail" doc:"a person's title; what a competitor is called besides"`
	Account   string `json:"account" doc:"the name of the account a person is at"`
	AccountID string `json:"accountId" doc:"of a person"`
	OwnerID   string `json:"ownerId"`
	State     string `json:"state" doc:"of an opportunity"`
	Left      bool   `json:"left" doc:"a member who has left the company"`
	Mark      [2]int `json:"mark" doc:"where in the name what was asked stands, however it was typed: from a letter to before another; equal where it stands elsewhere"`
}

type groupBody struct {
	Kind  string    `json:"kind" enum:"opportunity,account,contact,competitor,member"`
	Count int64     `json:"count" doc:"how many there are"`
	Items []hitBody `json:"items" doc:"the best of them"`
}

type searchBody struct {
	Groups []groupBody `json:"groups" doc:"of the kinds the reader may see, those in which something is found"`
}

// Register adds the route.
func Register(api *httpapi.API, d Deps) {
	type searchIn struct {
		Q     string `query:"q" maxLength:"100" doc:"characters, reading, initials, or a part of a number"`
		Limit int    `query:"limit" minimum:"1" maximum:"20" default:"5" doc:"how many of a kind"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/search", ID: "search", Summary: "The best of each kind a text finds", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *searchIn) (*httpapi.Body[searchBody], error) {
		out := searchBody{Groups: []groupBody{}}
		if text.Blank(in.Q) {
			return httpapi.Answer(out, nil)
		}
		asked := pinyin.NewMatcher(in.Q)
		for _, ask := range []func(context.Context, org.Actor, string, int) (groupBody, error){d.deals, d.accounts, d.contacts, d.competitors, d.members} {
			g, err := ask(ctx, actor, in.Q, in.Limit)
			if err != nil {
				return nil, err
			}
			for i := range g.Items {
				from, to := asked.Mark(g.Items[i].Name)
				g.Items[i].Mark = [2]int{from, to}
			}
			if len(g.Items) > 0 {
				out.Groups = append(out.Groups, g)
			}
		}
		return httpapi.Answer(out, nil)
	})
}

// groupOf makes a group of what one capability found, where the actor may ask it.
func groupOf[T any](may bool, kind string, ask func() ([]T, int64, error), body func(T) hitBody) (g groupBody, err error) {
	if !may {
		return g, nil
	}
	list, count, err := ask()
	g = groupBody{Kind: kind, Count: count}
	for _, x := range list {
		g.Items = append(g.Items, body(x))
	}
	return g, err
}

func (d Deps) deals(ctx context.Context, a org.Actor, q string, most int) (groupBody, error) {
	return groupOf(a.Can(org.OppRead), "opportunity", func() ([]opportunity.Opportunity, int64, error) {
		return d.Opportunities.Best(ctx, a, q, most)
	}, func(o opportunity.Opportunity) hitBody {
		return hitBody{ID: o.ID, Name: o.Name, Account: o.AccountName, OwnerID: o.OwnerID, State: string(o.State)}
	})
}

func (d Deps) accounts(ctx context.Context, a org.Actor, q string, most int) (groupBody, error) {
	return groupOf(a.Can(org.AccountRead), "account", func() ([]account.Account, int64, error) {
		return d.Accounts.Best(ctx, a, q, most)
	}, func(c account.Account) hitBody {
		return hitBody{ID: c.ID, Name: c.Name, OwnerID: c.OwnerID}
	})
}

func (d Deps) contacts(ctx context.Context, a org.Actor, q string, most int) (groupBody, error) {
	return groupOf(a.Can(org.AccountRead), "contact", func() ([]account.Contact, int64, error) {
		return d.Accounts.BestContacts(ctx, a, q, most)
	}, func(c account.Contact) hitBody {
		return hitBody{ID: c.ID, Name: c.Name, Detail: c.Title, AccountID: c.AccountID, Account: c.AccountName}
	})
}

// competitors are shown with their other names, by which they may have been found.
func (d Deps) competitors(ctx context.Context, a org.Actor, q string, most int) (groupBody, error) {
	return groupOf(a.Can(org.AccountRead), "competitor", func() ([]account.Competitor, int64, error) {
		return d.Accounts.BestCompetitors(ctx, a, q, most)
	}, func(c account.Competitor) hitBody {
		return hitBody{ID: c.ID, Name: c.Name, Detail: strings.Join(c.Aliases, " · ")}
	})
}

func (d Deps) members(_ context.Context, a org.Actor, q string, most int) (groupBody, error) {
	return groupOf(a.Can(org.OrgRead), "member", func() ([]org.Member, int64, error) {
		return d.Org.Best(a, q, most)
	}, func(m org.Member) hitBody {
		return hitBody{ID: m.ID, Name: m.Name, Left: a.Structure.Gone(m.ID, a.Today)}
	})
}
