package identityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// options is what a browser is told to ask a passkey for.
type options struct {
	Options string `json:"options" doc:"for PublicKeyCredential.parse…OptionsFromJSON, as text"`
}

// Answer is what a passkey has signed.
type Answer struct {
	Credential string `json:"credential" minLength:"2" maxLength:"12000" doc:"PublicKeyCredential.toJSON(), as text"`
}

func site(ctx context.Context) identity.Site {
	return identity.Site{Origin: httpapi.PublicOf(ctx).Origin}
}

// second is what follows on the password, and sign-in by a passkey alone.
func second(api *httpapi.API, d Deps) {
	type codeIn struct {
		Agent string `header:"User-Agent"`
		Body  struct {
			Code string `json:"code" minLength:"6" maxLength:"40" doc:"six figures of the authenticator app, or a recovery code"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/second", ID: "showSecondFactor", Summary: "End a sign-in by a code", Public: true,
	}, func(ctx context.Context, _ org.Actor, in *codeIn) (*cookieBody[me], error) {
		signed, err := d.Identity.SecondByCode(ctx, httpapi.TicketToken(ctx), in.Body.Code, from(ctx, in.Agent))
		if err != nil {
			return nil, err
		}
		return signedIn(ctx, d, signed)
	})
	type answerIn struct {
		Agent string `header:"User-Agent"`
		Body  Answer
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/second/passkey/start", ID: "startSecondByPasskey", Public: true,
	}, func(ctx context.Context, _ org.Actor, _ *struct{}) (*httpapi.Body[options], error) {
		told, err := d.Identity.StartSecondByPasskey(ctx, httpapi.TicketToken(ctx), site(ctx), from(ctx, ""))
		return httpapi.Answer(options{told}, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/second/passkey", ID: "showSecondByPasskey", Summary: "End a sign-in by a passkey", Public: true,
	}, func(ctx context.Context, _ org.Actor, in *answerIn) (*cookieBody[me], error) {
		signed, err := d.Identity.SecondByPasskey(ctx, httpapi.TicketToken(ctx), site(ctx), from(ctx, in.Agent), in.Body.Credential)
		if err != nil {
			return nil, err
		}
		return signedIn(ctx, d, signed)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/passkey/start", ID: "startPasskeySignIn", Public: true,
	}, func(ctx context.Context, _ org.Actor, _ *struct{}) (*httpapi.Body[options], error) {
		told, err := d.Identity.StartPasskeySignIn(ctx, site(ctx), from(ctx, ""))
		return httpapi.Answer(options{told}, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/passkey", ID: "signInByPasskey", Summary: "Sign in by a passkey, without a name", Public: true,
	}, func(ctx context.Context, _ org.Actor, in *answerIn) (*cookieBody[me], error) {
		signed, err := d.Identity.SignInByPasskey(ctx, site(ctx), from(ctx, in.Agent), in.Body.Credential)
		if err != nil {
			return nil, err
		}
		return signedIn(ctx, d, signed)
	})
}
