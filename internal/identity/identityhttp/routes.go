// Package identityhttp is the routes of sign-in: set-up, sessions, passwords.
package identityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct {
	Identity *identity.Service
	Org      *org.Service
	// NewCompany makes the first company ready to use: its administrator, and what
	// other capabilities ship with it.
	NewCompany func(context.Context, org.Setup) (org.Actor, error)
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	setup(api, d)
	sessions(api, d)
	second(api, d)
	factors(api, d)
	confirming(api, d)
	administer(api, d)
	requiring(api, d)
}

func setup(api *httpapi.API, d Deps) {
	type status struct {
		NeedsSetup bool `json:"needsSetup"`
		Several    bool `json:"severalCompanies" doc:"a sign-in may have to say which company is meant"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/setup", ID: "getSetup", Public: true,
	}, func(ctx context.Context, _ org.Actor, _ *struct{}) (*httpapi.Body[status], error) {
		all, err := d.Org.Companies(ctx)
		return httpapi.Answer(status{len(all) == 0, len(all) > 1}, err)
	})
	type setupIn struct {
		Agent string `header:"User-Agent"`
		Body  struct {
			Token    string `json:"token" maxLength:"100" doc:"what the program printed when it started"`
			Company  string `json:"company" minLength:"1" maxLength:"200"`
			Currency string `json:"currency,omitempty" maxLength:"3"`
			TimeZone string `json:"timeZone,omitempty" maxLength:"60"`
			Locale   string `json:"locale" enum:"zh-CN,en-US"`
			Name     string `json:"name" minLength:"1" maxLength:"100"`
			Login    string `json:"login" minLength:"2" maxLength:"80"`
			Password string `json:"password" minLength:"15" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/setup", ID: "setUp", Summary: "First-run set-up; refused once a company exists",
		Public: true,
	}, func(ctx context.Context, _ org.Actor, in *setupIn) (*cookieBody[me], error) {
		b := in.Body
		if err := d.Identity.MaySetUp(ctx, b.Token); err != nil {
			return nil, err
		}
		if _, err := d.NewCompany(ctx, org.Setup{
			First: true, Company: b.Company, Currency: b.Currency, Zone: b.TimeZone, Locale: b.Locale,
			AdminName: b.Name, Login: b.Login, Secret: b.Password, Address: httpapi.ClientAddress(ctx),
		}); err != nil {
			return nil, err
		}
		if err := d.Identity.SetUp(ctx); err != nil {
			return nil, err
		}
		return signIn(ctx, d, attempt(ctx, identity.Attempt{Login: b.Login, Secret: b.Password, Company: b.Company, Agent: in.Agent}))
	})
}
