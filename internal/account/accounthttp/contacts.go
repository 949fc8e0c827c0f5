package accounthttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// ContactBody is a person as the API shows it.
type ContactBody struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	AccountID  string            `json:"accountId"`
	Account    string            `json:"account"`
	Department string            `json:"department"`
	Title      string            `json:"title"`
	GoneOn     calendar.Date     `json:"goneOn" doc:"the day he left his employer for nobody knows where; empty while he is there"`
	Mobile     string            `json:"mobile"`
	Phone      string            `json:"phone"`
	Email      string            `json:"email"`
	WeChat     string            `json:"wechat"`
	Version    int               `json:"version"`
	Custom     map[string]string `json:"custom"`
	Jobs       []jobBody         `json:"jobs"`
}

type jobBody struct {
	AccountID  string        `json:"accountId"`
	Department string        `json:"department"`
	Title      string        `json:"title"`
	From       calendar.Date `json:"from"`
	To         calendar.Date `json:"to"`
	Reason     string        `json:"reason" doc:"why it began"`
}

// ContactOf masks mobile numbers for those who may not write accounts.
func ContactOf(a org.Actor, c account.Contact) ContactBody {
	b := ContactBody{
		c.ID, c.Name, c.AccountID, c.AccountName, c.Department, c.Title, c.GoneOn, c.Mobile, c.Phone, c.Email, c.WeChat, c.Version, c.Custom,
		[]jobBody{},
	}
	if !a.Can(org.AccountWrite) {
		b.Mobile, b.Phone = account.Mask(c.Mobile), account.Mask(c.Phone)
	}
	if b.Custom == nil {
		b.Custom = map[string]string{}
	}
	for _, j := range c.Jobs {
		b.Jobs = append(b.Jobs, jobBody{j.AccountID, j.Department, j.Title, j.From, j.To, j.Reason})
	}
	return b
}

type placeBody struct {
	Kind string `json:"kind" maxLength:"40"`
	ID   string `json:"id" maxLength:"60"`
}

type ContactFields struct {
	Name       string            `json:"name" minLength:"1" maxLength:"100"`
	AccountID  string            `json:"accountId" maxLength:"60"`
	Department *string           `json:"department,omitempty" maxLength:"100" doc:"left out it stays as it is"`
	Title      string            `json:"title,omitempty" maxLength:"100"`
	Mobile     string            `json:"mobile,omitempty" maxLength:"40"`
	Phone      string            `json:"phone,omitempty" maxLength:"40"`
	Email      string            `json:"email,omitempty" maxLength:"200"`
	WeChat     string            `json:"wechat,omitempty" maxLength:"100"`
	Custom     map[string]string `json:"custom,omitempty" maxProperties:"500"`
}

func (f ContactFields) contact() account.Contact {
	var department string
	if f.Department != nil {
		department = *f.Department
	}
	return account.Contact{
		Name: f.Name, AccountID: f.AccountID, Department: department, DepartmentAsIs: f.Department == nil, Title: f.Title, Mobile: f.Mobile, Phone: f.Phone, Email: f.Email,
		WeChat: f.WeChat, Custom: f.Custom,
	}
}

func contacts(api *httpapi.API, d Deps) {
	type listIn struct {
		httpapi.Paging
		Q       string `query:"q" maxLength:"100"`
		Account string `query:"account" maxLength:"60"`
	}
	type body struct {
		Items []ContactBody `json:"items"`
		Next  string        `json:"next"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contacts", ID: "listContacts", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[body], error) {
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
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contacts/{id}", ID: "getContact", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*one, error) {
		c, err := d.Accounts.GetContact(ctx, actor, in.ID)
		return answer(actor, c, err)
	})
	type createIn struct {
		Body struct {
			ContactFields
			ID         string `json:"id,omitempty" maxLength:"36"`
			EvenIfSame bool   `json:"evenIfSame,omitempty" doc:"it is another than whoever looks the same"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/contacts", ID: "createContact", Permission: org.AccountWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *createIn) (*one, error) {
		c := in.Body.contact()
		c.ID, c.EvenIfSame = in.Body.ID, in.Body.EvenIfSame
		c, err := d.Accounts.CreateContact(ctx, actor, c)
		return answer(actor, c, err)
	})
	type updateIn struct {
		httpapi.ByID
		IfMatch string `header:"If-Match"`
		Body    struct {
			ContactFields
			MovedOn    calendar.Date `json:"movedOn,omitempty" maxLength:"10" doc:"since when the account, department or title is another; left out it is today"`
			MovedWhy   string        `json:"movedWhy,omitempty" maxLength:"500" doc:"why it is"`
			EvenIfSame bool          `json:"evenIfSame,omitempty" doc:"it is another than whoever looks the same"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/contacts/{id}", ID: "updateContact", Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *updateIn) (*one, error) {
		v, err := httpapi.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		c := in.Body.contact()
		c.ID, c.Version, c.EvenIfSame = in.ID, v, in.Body.EvenIfSame
		c, err = d.Accounts.UpdateContact(ctx, actor, c, account.Step{On: in.Body.MovedOn, Reason: in.Body.MovedWhy})
		return answer(actor, c, err)
	})
	type sameIn struct {
		Name    string `query:"name" minLength:"1" maxLength:"100" required:"true"`
		Account string `query:"account" maxLength:"60" required:"true"`
	}
	type sameBody struct {
		People []account.Same `json:"people"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contact-name", ID: "checkContactName", Summary: "Who looks the same at an account, by name",
		Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *sameIn) (*httpapi.Body[sameBody], error) {
		list, err := d.Accounts.SameContacts(ctx, actor, account.Contact{Name: in.Name, AccountID: in.Account})
		return httpapi.Answer(sameBody{list}, err)
	})
	type eraseIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body *struct {
			Places []placeBody `json:"places,omitempty" maxItems:"500" doc:"texts of others the person is taken out of, as they were found"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/contacts/{id}/erase", ID: "eraseContact", Summary: "Blank a person's own data for good",
		Permission: org.ContactErase, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *eraseIn) (*httpapi.Done, error) {
		actor, err := in.By(actor)
		if err != nil {
			return nil, err
		}
		var places []account.Place
		if in.Body != nil {
			for _, p := range in.Body.Places {
				places = append(places, account.Place{Kind: p.Kind, ID: p.ID})
			}
		}
		return httpapi.Nothing(d.Accounts.EraseContact(ctx, actor, in.ID, places...))
	})
}
