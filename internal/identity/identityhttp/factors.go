package identityhttp

import (
	"context"
	"time"

	"yunchou/internal/fault"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

type passkeyBody struct {
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Host string     `json:"host" doc:"the name it was made for, under which alone it works"`
	Made time.Time  `json:"madeAt"`
	Used *time.Time `json:"usedAt,omitempty"`
}

type totpBody struct {
	Made time.Time  `json:"madeAt"`
	Used *time.Time `json:"usedAt,omitempty"`
}

// FactorsBody is what a member signs in with besides the password.
type FactorsBody struct {
	TOTP         *totpBody     `json:"totp,omitempty" doc:"left out without an authenticator app"`
	Passkeys     []passkeyBody `json:"passkeys"`
	RecoveryLeft int           `json:"recoveryLeft" doc:"recovery codes not used yet"`
	RecoveryMade *time.Time    `json:"recoveryMadeAt,omitempty"`
	Required     bool          `json:"required" doc:"by a role the member has"`
}

type myFactorsBody struct {
	FactorsBody
	NoPasskeys string `json:"noPasskeys,omitempty" doc:"the code of why none works from here"`
	NoTOTP     string `json:"noTotp,omitempty" doc:"the code of why no app can be set up"`
	Confirmed  bool   `json:"confirmed" doc:"who signed in has just proved himself again"`
}

// recoveryBody is a new set of recovery codes, shown once; none where there was one.
type recoveryBody struct {
	Codes []string `json:"recoveryCodes"`
}

func pointer(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func factorsOf(f identity.Factors) FactorsBody {
	body := FactorsBody{Passkeys: []passkeyBody{}, RecoveryLeft: f.RecoveryLeft, RecoveryMade: pointer(f.RecoveryMade), Required: f.Required}
	if f.TOTP != nil {
		body.TOTP = &totpBody{f.TOTP.MadeAt, pointer(f.TOTP.UsedAt)}
	}
	for _, p := range f.Passkeys {
		body.Passkeys = append(body.Passkeys, passkeyBody{p.ID, p.Name, p.Host, p.MadeAt, pointer(p.UsedAt)})
	}
	return body
}

func recovery(codes []string, err error) (*httpapi.Body[recoveryBody], error) {
	if codes == nil {
		codes = []string{}
	}
	return httpapi.Answer(recoveryBody{codes}, err)
}

// factors is what a member has himself, and does about it. Each change wants a confirmed session.
func factors(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/session/factors", ID: "getFactors", Permission: org.SignedIn, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[myFactorsBody], error) {
		f, err := d.Identity.Factors(ctx, actor, site(ctx))
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(myFactorsBody{factorsOf(f), fault.CodeOf(f.PasskeysHere), fault.CodeOf(f.AuthenticApps),
			httpapi.Session(ctx).Confirmed(actor.Now)}, nil)
	})
	type totpOut struct {
		Key     string `json:"key"`
		Address string `json:"address" doc:"otpauth:…"`
		QR      string `json:"qr" doc:"a picture of the address, as a data: URL"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/totp", ID: "startTotp", Summary: "Make a key for an authenticator app; it counts with its first code",
		Permission: org.SignedIn, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[totpOut], error) {
		made, err := d.Identity.StartTOTP(ctx, actor, httpapi.Session(ctx))
		return httpapi.Answer(totpOut{made.Key, made.Address, made.QR}, err)
	})
	type codeIn struct {
		Body struct {
			Code string `json:"code" minLength:"6" maxLength:"6"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/totp/confirm", ID: "confirmTotp", Summary: "Say the first code: every other session ends",
		Permission: org.SignedIn, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, in *codeIn) (*httpapi.Body[recoveryBody], error) {
		return recovery(d.Identity.ConfirmTOTP(ctx, actor, httpapi.Session(ctx), in.Body.Code))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/session/totp", ID: "removeTotp", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.RemoveTOTP(ctx, actor, httpapi.Session(ctx)))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/recovery-codes", ID: "makeRecoveryCodes", Summary: "Make new recovery codes; the old ones are void",
		Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[recoveryBody], error) {
		return recovery(d.Identity.NewRecovery(ctx, actor, httpapi.Session(ctx)))
	})
	passkeys(api, d)
}

func passkeys(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/passkeys/start", ID: "startPasskey", Permission: org.SignedIn, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[options], error) {
		told, err := d.Identity.StartPasskey(ctx, actor, httpapi.Session(ctx), site(ctx))
		return httpapi.Answer(options{told}, err)
	})
	type passkeyIn struct {
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"60"`
			Answer
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/passkeys", ID: "addPasskey", Summary: "Keep a new passkey: every other session ends",
		Permission: org.SignedIn, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, in *passkeyIn) (*httpapi.Body[recoveryBody], error) {
		return recovery(d.Identity.AddPasskey(ctx, actor, httpapi.Session(ctx), site(ctx),
			identity.NewPasskey{Name: in.Body.Name, Answer: in.Body.Credential}))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/session/passkeys/{id}", ID: "removePasskey", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.RemovePasskey(ctx, actor, httpapi.Session(ctx), in.ID))
	})
}

// confirming is how a session is confirmed: it is still he.
func confirming(api *httpapi.API, d Deps) {
	type confirmIn struct {
		Body struct {
			Current string `json:"current" minLength:"1" maxLength:"200" doc:"the present password"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/confirm", ID: "confirmSession", Summary: "Prove oneself before what one signs in with is changed",
		Permission: org.SignedIn, Status: 204, Enrols: true,
	}, func(ctx context.Context, actor org.Actor, in *confirmIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.Confirm(ctx, actor, httpapi.Session(ctx), in.Body.Current))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/confirm/passkey/start", ID: "startConfirmByPasskey", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[options], error) {
		told, err := d.Identity.StartConfirm(ctx, actor, httpapi.Session(ctx), site(ctx))
		return httpapi.Answer(options{told}, err)
	})
	type answerIn struct{ Body Answer }
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/confirm/passkey", ID: "confirmByPasskey", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *answerIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.ConfirmByPasskey(ctx, actor, httpapi.Session(ctx), site(ctx), in.Body.Credential))
	})
}
