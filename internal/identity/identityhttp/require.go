package identityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// requiring is what administrators do about second factors: of a member, and of the company.
func requiring(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}/factors", ID: "getMemberFactors", Permission: org.OrgEdit,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[FactorsBody], error) {
		f, err := d.Identity.FactorsOf(ctx, actor, in.ID)
		return httpapi.Answer(factorsOf(f), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/members/{id}/factors", ID: "removeMemberFactors", Permission: org.OrgEdit, Status: 204,
		Summary: "Take a member's second factors away: sessions end, and another password is chosen at the next sign-in",
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.RemoveFactors(ctx, actor, in.ID))
	})
	type requiredBody struct {
		Roles []org.RoleKey `json:"roles" maxItems:"100"`
	}
	type requiredOut struct {
		ETag string `header:"ETag"`
		Body requiredBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/settings/second-factor", ID: "getSecondFactorPolicy", Permission: org.OrgRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*requiredOut, error) {
		p, err := d.Identity.FactorPolicy(ctx, actor)
		if err != nil {
			return nil, err
		}
		return &requiredOut{httpapi.ETag(p.Version), requiredBody{p.Roles}}, nil
	})
	type requiredIn struct {
		httpapi.AtVersion
		Body requiredBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/settings/second-factor", ID: "saveSecondFactorPolicy", Permission: org.SettingsEdit, Status: 204,
		Summary: "Say whose roles need a second factor",
	}, func(ctx context.Context, actor org.Actor, in *requiredIn) (*httpapi.Done, error) {
		actor, err := in.By(actor)
		if err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Identity.SaveFactorPolicy(ctx, actor, in.Body.Roles))
	})
	type affectedIn struct {
		Roles []org.RoleKey `query:"roles" maxItems:"100"`
	}
	type affectedBody struct {
		Members int `json:"members" doc:"who sign in and have such a role today"`
		Without int `json:"without" doc:"of them, who would have to set a second factor up"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/settings/second-factor/affected", ID: "getSecondFactorAffected", Permission: org.SettingsEdit,
	}, func(ctx context.Context, actor org.Actor, in *affectedIn) (*httpapi.Body[affectedBody], error) {
		n, err := d.Identity.WouldAffect(ctx, actor, in.Roles)
		return httpapi.Answer(affectedBody{n.Members, n.Without}, err)
	})
}
