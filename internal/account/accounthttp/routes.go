// Package accounthttp is the routes of accounts, contacts, products, competitors.
package accounthttp

import (
	"context"
	"strings"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
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
}

func bodyOf(c account.Account) accountBody {
	b := accountBody{c.ID, c.Name, c.ParentID, c.Industry, c.Region, c.Class, c.OwnerID, c.TeamID, c.CreatedOn, c.CreatedAt, c.DeletedAt != nil, c.Version, c.Custom, c.External}
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

// ContactBody is a person as the API shows it.
type ContactBody struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	AccountID string            `json:"accountId"`
	Account   string            `json:"account"`
	Title     string            `json:"title"`
	Mobile    string            `json:"mobile"`
	Phone     string            `json:"phone"`
	Email     string            `json:"email"`
	WeChat    string            `json:"wechat"`
	Version   int               `json:"version"`
	Custom    map[string]string `json:"custom"`
	Jobs      []jobBody         `json:"jobs"`
}

type jobBody struct {
	AccountID string        `json:"accountId"`
	Title     string        `json:"title"`
	From      calendar.Date `json:"from"`
	To        calendar.Date `json:"to"`
}

// ContactOf masks mobile numbers for those who may not write accounts.
func ContactOf(a org.Actor, c account.Contact) ContactBody {
	b := ContactBody{c.ID, c.Name, c.AccountID, c.AccountName, c.Title, c.Mobile, c.Phone, c.Email, c.WeChat, c.Version, c.Custom, []jobBody{}}
	if !a.Can(org.AccountWrite) {
		b.Mobile, b.Phone = account.Mask(c.Mobile), account.Mask(c.Phone)
	}
	if b.Custom == nil {
		b.Custom = map[string]string{}
	}
	for _, j := range c.Jobs {
		b.Jobs = append(b.Jobs, jobBody{j.AccountID, j.Title, j.From, j.To})
	}
	return b
}

type AccountFields struct {
	Name     string            `json:"name" minLength:"1" maxLength:"200"`
	ParentID string            `json:"parentId,omitempty" maxLength:"60"`
	Industry string            `json:"industry,omitempty" maxLength:"100"`
	Region   string            `json:"region,omitempty" maxLength:"100"`
	Class    string            `json:"class,omitempty" maxLength:"20"`
	Custom   map[string]string `json:"custom,omitempty"`
}

type ContactFields struct {
	Name      string            `json:"name" minLength:"1" maxLength:"100"`
	AccountID string            `json:"accountId" maxLength:"60"`
	Title     string            `json:"title,omitempty" maxLength:"100"`
	Mobile    string            `json:"mobile,omitempty" maxLength:"40"`
	Phone     string            `json:"phone,omitempty" maxLength:"40"`
	Email     string            `json:"email,omitempty" maxLength:"200"`
	WeChat    string            `json:"wechat,omitempty" maxLength:"100"`
	Custom    map[string]string `json:"custom,omitempty"`
}

func (f ContactFields) contact() account.Contact {
	return account.Contact{Name: f.Name, AccountID: f.AccountID, Title: f.Title, Mobile: f.Mobile, Phone: f.Phone, Email: f.Email, WeChat: f.WeChat, Custom: field.Values(f.Custom)}
}

// Custom reads "key:value" filters.
func Custom(list []string) map[string]string {
	out := map[string]string{}
	for _, kv := range list {
		if k, v, ok := strings.Cut(kv, ":"); ok {
			out[k] = v
		}
	}
	return out
}

// Paging is the query parameters of every list.
type Paging struct {
	Sort   string `query:"sort" maxLength:"30"`
	Desc   bool   `query:"desc"`
	Cursor string `query:"cursor" maxLength:"2000"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

// Request turns them into a page request.
func (p Paging) Request() page.Request {
	return page.Request{Sort: p.Sort, Desc: p.Desc, Cursor: p.Cursor, Limit: p.Limit}
}

type ByID struct {
	ID string `path:"id" maxLength:"60"`
}

type listBody struct {
	Items []accountBody `json:"items"`
	Next  string        `json:"next"`
	Total int64         `json:"total"`
}

// Deps is what the routes need.
type Deps struct {
	Accounts *account.Service
	Fields   *field.Service
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	accounts(api, d)
	contacts(api, d)
	exports(api, d)
}

// Filters are the query parameters the list of accounts and its export share.
type Filters struct {
	Q        string   `query:"q" maxLength:"100"`
	Owner    string   `query:"owner" maxLength:"60"`
	Industry string   `query:"industry" maxLength:"100"`
	Region   string   `query:"region" maxLength:"100"`
	Class    string   `query:"class" maxLength:"20"`
	Parent   string   `query:"parent" maxLength:"60"`
	Custom   []string `query:"custom,explode" maxItems:"10"`
	Deleted  bool     `query:"deleted"`
}

// Filter turns them into the list's filter.
func (f Filters) Filter() account.Filter {
	return account.Filter{Query: f.Q, Owner: f.Owner, Industry: f.Industry, Region: f.Region, Class: f.Class, Parent: f.Parent, Custom: Custom(f.Custom), Deleted: f.Deleted}
}

func accounts(api *httpapi.API, d Deps) {
	type listIn struct {
		Paging
		Filters
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/accounts", ID: "listAccounts", Permission: org.AccountRead}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[listBody], error) {
		p, total, err := d.Accounts.List(ctx, actor, in.Filter(), in.Request())
		body := listBody{Items: []accountBody{}, Next: p.Next, Total: total}
		for _, c := range p.Items {
			body.Items = append(body.Items, bodyOf(c))
		}
		return httpapi.Answer(body, err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/accounts/{id}", ID: "getAccount", Permission: org.AccountRead}, func(ctx context.Context, actor org.Actor, in *ByID) (*recordOut, error) {
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
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/accounts", ID: "createAccount", Permission: org.AccountWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *createIn) (*recordOut, error) {
		b := in.Body
		return answer(d.Accounts.Create(ctx, actor, account.Account{ID: b.ID, Name: b.Name, ParentID: b.ParentID, Industry: b.Industry, Region: b.Region, Class: b.Class, OwnerID: b.OwnerID, Custom: b.Custom}, b.EvenIfTaken))
	})
	type updateIn struct {
		ByID
		IfMatch string `header:"If-Match"`
		Body    AccountFields
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/accounts/{id}", ID: "updateAccount", Permission: org.AccountWrite}, func(ctx context.Context, actor org.Actor, in *updateIn) (*recordOut, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		b := in.Body
		return answer(d.Accounts.Update(ctx, actor, account.Account{ID: in.ID, Name: b.Name, ParentID: b.ParentID, Industry: b.Industry, Region: b.Region, Class: b.Class, Custom: b.Custom, Version: v}))
	})
	for path, deleted := range map[string]bool{"delete": true, "restore": false} {
		httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/accounts/{id}/" + path, ID: path + "Account", Permission: org.AccountWrite, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Accounts.Delete(ctx, actor, in.ID, deleted))
		})
	}
	type checkIn struct {
		Name string `query:"name" minLength:"1" maxLength:"200" required:"true"`
	}
	type checkBody struct {
		Taken bool `json:"taken"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/account-name", ID: "checkAccountName", Summary: "Taken or free, without saying whose", Permission: org.AccountWrite}, func(ctx context.Context, actor org.Actor, in *checkIn) (*httpapi.Body[checkBody], error) {
		taken, err := d.Accounts.Check(ctx, actor, in.Name)
		return httpapi.Answer(checkBody{taken}, err)
	})
}

func contacts(api *httpapi.API, d Deps) {
	type listIn struct {
		Paging
		Q       string `query:"q" maxLength:"100"`
		Account string `query:"account" maxLength:"60"`
	}
	type body struct {
		Items []ContactBody `json:"items"`
		Next  string        `json:"next"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contacts", ID: "listContacts", Permission: org.AccountRead}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[body], error) {
		p, err := d.Accounts.Contacts(ctx, actor, in.Account, in.Q, in.Request())
		b := body{Items: []ContactBody{}, Next: p.Next}
		for _, c := range p.Items {
			b.Items = append(b.Items, ContactOf(actor, c))
		}
		return httpapi.Answer(b, err)
	})
	type one struct {
		ETag string `header:"ETag"`
		Body ContactBody
	}
	answer := func(actor org.Actor, c account.Contact, err error) (*one, error) {
		return &one{httpapi.ETag(c.Version), ContactOf(actor, c)}, err
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contacts/{id}", ID: "getContact", Permission: org.AccountRead}, func(ctx context.Context, actor org.Actor, in *ByID) (*one, error) {
		c, err := d.Accounts.GetContact(ctx, actor, in.ID)
		return answer(actor, c, err)
	})
	type createIn struct {
		Body struct {
			ContactFields
			ID string `json:"id,omitempty" maxLength:"36"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contacts", ID: "createContact", Permission: org.AccountWrite, Status: 201}, func(ctx context.Context, actor org.Actor, in *createIn) (*one, error) {
		c := in.Body.contact()
		c.ID = in.Body.ID
		c, err := d.Accounts.CreateContact(ctx, actor, c)
		return answer(actor, c, err)
	})
	type updateIn struct {
		ByID
		IfMatch string `header:"If-Match"`
		Body    struct {
			ContactFields
			MovedOn calendar.Date `json:"movedOn,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/contacts/{id}", ID: "updateContact", Permission: org.AccountWrite}, func(ctx context.Context, actor org.Actor, in *updateIn) (*one, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		c := in.Body.contact()
		c.ID, c.Version = in.ID, v
		c, err = d.Accounts.UpdateContact(ctx, actor, c, in.Body.MovedOn)
		return answer(actor, c, err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contacts/{id}/erase", ID: "eraseContact", Summary: "Blank a person's own data for good", Permission: org.ContactErase, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Accounts.EraseContact(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/product-lines", ID: "listProductLines", Permission: org.PipelineRead}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]account.ProductLine], error) {
		return httpapi.Answer(d.Accounts.ProductLines(ctx, actor))
	})
	type productIn struct {
		Body struct {
			Name           string `json:"name" minLength:"1" maxLength:"100"`
			Series         string `json:"series,omitempty" maxLength:"100"`
			ListPriceMinor *int64 `json:"listPriceMinor,omitempty" minimum:"0"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/product-lines", ID: "addProductLine", Permission: org.SettingsEdit, Status: 201}, func(ctx context.Context, actor org.Actor, in *productIn) (*httpapi.Body[account.ProductLine], error) {
		return httpapi.Answer(d.Accounts.AddProductLine(ctx, actor, account.ProductLine{Name: in.Body.Name, Series: in.Body.Series, ListPriceMinor: in.Body.ListPriceMinor}))
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/competitors", ID: "listCompetitors", Permission: org.PipelineRead}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]account.Competitor], error) {
		return httpapi.Answer(d.Accounts.Competitors(ctx, actor))
	})
}
