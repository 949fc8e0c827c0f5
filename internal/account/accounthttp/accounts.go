package accounthttp

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

type accountBody struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	ParentID  string            `json:"parentId"`
	Industry  string            `json:"industry"`
	Region    string            `json:"region"`
	Class     string            `json:"class"`
	OwnerID   string            `json:"ownerId"`
	TeamID    string            `json:"teamId"`
	CreatedOn calendar.Date     `json:"createdOn"`
	CreatedAt time.Time         `json:"createdAt"`
	Deleted   bool              `json:"deleted"`
	Version   int               `json:"version"`
	Custom    map[string]string `json:"custom"`
	External  []record.External `json:"external"`
	MayWrite  bool              `json:"mayWrite" doc:"of a single account: whether the reader may change it"`
}

func bodyOf(c account.Account) accountBody {
	b := accountBody{
		c.ID, c.Name, c.ParentID, c.Industry, c.Region, c.Class, c.OwnerID, c.TeamID, c.CreatedOn, c.CreatedAt,
		c.DeletedAt != nil, c.Version, c.Custom, c.External, c.MayWrite,
	}
	if b.Custom == nil {
		b.Custom = map[string]string{}
	}
	if b.External == nil {
		b.External = []record.External{}
	}
	return b
}

type recordOut struct {
	ETag string `header:"ETag"`
	Body accountBody
}

func answer(c account.Account, err error) (*recordOut, error) {
	return &recordOut{httpapi.ETag(c.Version), bodyOf(c)}, err
}

type AccountFields struct {
	Name     string            `json:"name" minLength:"1" maxLength:"200"`
	ParentID string            `json:"parentId,omitempty" maxLength:"60"`
	Industry string            `json:"industry,omitempty" maxLength:"100"`
	Region   string            `json:"region,omitempty" maxLength:"100"`
	Class    string            `json:"class,omitempty" maxLength:"20"`
	Custom   map[string]string `json:"custom,omitempty" maxProperties:"500"`
}

type listBody struct {
	Items []accountBody `json:"items"`
	Next  string        `json:"next"`
	Total int64         `json:"total"`
}

// Filters are the query parameters the list of accounts and its export share.
type Filters struct {
	Q        string `query:"q" maxLength:"100"`
	Owner    string `query:"owner" maxLength:"60"`
	Industry string `query:"industry" maxLength:"100"`
	Region   string `query:"region" maxLength:"100"`
	Class    string `query:"class" maxLength:"20"`
	Parent   string `query:"parent" maxLength:"60"`
	fieldhttp.Conditions
	Deleted bool `query:"deleted"`
}

// Filter turns them into the list's filter.
func (f Filters) Filter() account.Filter {
	return account.Filter{
		Query: f.Q, Owner: f.Owner, Industry: f.Industry, Region: f.Region, Class: f.Class, Parent: f.Parent,
		Custom: f.Texts(), Deleted: f.Deleted,
	}
}

func accounts(api *httpapi.API, d Deps) {
	type listIn struct {
		httpapi.Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/accounts", ID: "listAccounts", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[listBody], error) {
		p, total, err := d.Accounts.List(ctx, actor, in.Filter(), in.Request())
		body := listBody{Items: []accountBody{}, Next: p.Next, Total: total}
		for _, c := range p.Items {
			body.Items = append(body.Items, bodyOf(c))
		}
		return httpapi.Answer(body, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/accounts/{id}", ID: "getAccount", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*recordOut, error) {
		return answer(d.Accounts.Get(ctx, actor, in.ID))
	})
	type createIn struct {
		Body struct {
			AccountFields
			ID          string `json:"id,omitempty" maxLength:"36"`
			OwnerID     string `json:"ownerId,omitempty" maxLength:"60"`
			EvenIfTaken bool   `json:"evenIfTaken,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/accounts", ID: "createAccount", Permission: org.AccountWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *createIn) (*recordOut, error) {
		b := in.Body
		return answer(d.Accounts.Create(ctx, actor, account.Account{
			ID: b.ID, Name: b.Name, ParentID: b.ParentID, Industry: b.Industry, Region: b.Region, Class: b.Class,
			OwnerID: b.OwnerID, Custom: b.Custom,
		}, b.EvenIfTaken))
	})
	type updateIn struct {
		httpapi.ByID
		IfMatch string `header:"If-Match"`
		Body    AccountFields
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/accounts/{id}", ID: "updateAccount", Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *updateIn) (*recordOut, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		b := in.Body
		return answer(d.Accounts.Update(ctx, actor, account.Account{
			ID: in.ID, Name: b.Name, ParentID: b.ParentID, Industry: b.Industry, Region: b.Region, Class: b.Class,
			Custom: b.Custom, Version: v,
		}))
	})
	for path, deleted := range map[string]bool{"delete": true, "restore": false} {
		httpapi.Handle(api, httpapi.Route{
			Method: "POST", Path: "/accounts/{id}/" + path, ID: path + "Account", Permission: org.AccountWrite,
			Status: 204,
		}, func(ctx context.Context, actor org.Actor, in *struct {
			httpapi.ByID
			httpapi.AtVersion
		}) (*httpapi.Done, error) {
			version, err := httpapi.Version(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return httpapi.Nothing(d.Accounts.Delete(ctx, actor, in.ID, version, deleted))
		})
	}
	type checkIn struct {
		Name string `query:"name" minLength:"1" maxLength:"200" required:"true"`
	}
	type checkBody struct {
		Taken bool `json:"taken"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/account-name", ID: "checkAccountName", Summary: "Taken or free, without saying whose",
		Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *checkIn) (*httpapi.Body[checkBody], error) {
		taken, err := d.Accounts.Check(ctx, actor, in.Name)
		return httpapi.Answer(checkBody{taken}, err)
	})
}
