package identityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

type policyBody struct {
	IdleMinutes   int `json:"idleMinutes" minimum:"5" maximum:"10080" doc:"without use a session ends after so long"`
	AbsoluteHours int `json:"absoluteHours" minimum:"1" maximum:"720" doc:"and after so long in any case"`
}

func administer(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}/sessions", ID: "listMemberSessions", Permission: org.OrgEdit,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[[]sessionBody], error) {
		list, err := d.Identity.SessionsOf(ctx, actor, in.ID)
		return httpapi.Answer(sessionsOf(ctx, list), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/members/{id}/sessions", ID: "endMemberSessions", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.EndSessions(ctx, actor, in.ID, ""))
	})
	type oneIn struct {
		httpapi.ByID
		Session string `path:"session" minLength:"1" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/members/{id}/sessions/{session}", ID: "endMemberSession", Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *oneIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.EndSessions(ctx, actor, in.ID, in.Session))
	})
	type resetIn struct {
		httpapi.ByID
		Body struct {
			Password string `json:"password" minLength:"15" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/password", ID: "resetPassword", Permission: org.OrgEdit, Status: 204,
		Summary: "Give a member another password, to be changed at the next sign-in; every session ends",
	}, func(ctx context.Context, actor org.Actor, in *resetIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.ResetPassword(ctx, actor, in.ID, in.Body.Password))
	})
	type policyOut struct {
		ETag string `header:"ETag"`
		Body policyBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/settings/sign-in", ID: "getSignInPolicy", Permission: org.OrgRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*policyOut, error) {
		p, err := d.Identity.Policy(ctx, actor)
		if err != nil {
			return nil, err
		}
		return &policyOut{httpapi.ETag(p.Version), policyBody{p.IdleMinutes, p.AbsoluteHours}}, nil
	})
	type policyIn struct {
		httpapi.AtVersion
		Body policyBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/settings/sign-in", ID: "saveSignInPolicy", Permission: org.SettingsEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *policyIn) (*httpapi.Done, error) {
		var err error
		if actor.IfMatch, err = httpapi.Version(in.IfMatch); err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Identity.SavePolicy(ctx, actor,
			identity.Policy{IdleMinutes: in.Body.IdleMinutes, AbsoluteHours: in.Body.AbsoluteHours}))
	})
}
