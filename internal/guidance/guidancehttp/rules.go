package guidancehttp

import (
	"context"

	"yunchou/internal/guidance"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type cadenceBody struct {
	TeamID  string `json:"teamId" maxLength:"60"`
	PerWeek int    `json:"perWeek" minimum:"1" maximum:"5" doc:"1, 2, or 5: each working day"`
}

type rulesBody struct {
	LimitHours int           `json:"limitHours" minimum:"1" maximum:"40" doc:"of work, to answer in; what is asked already keeps its limit"`
	Cadences   []cadenceBody `json:"cadences" maxItems:"1000" doc:"how often a week the deals of a team are looked at; one not named is as the team above it, else once"`
	Version    int           `json:"version" readOnly:"true" required:"false"`
}

func bodyOfRules(r guidance.Rules) rulesBody {
	b := rulesBody{LimitHours: r.LimitHours, Cadences: []cadenceBody{}, Version: r.Version}
	for _, c := range r.Cadences {
		b.Cadences = append(b.Cadences, cadenceBody(c))
	}
	return b
}

func rules(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-rules", ID: "getGuidanceRules", Permission: org.SignedIn,
		Summary: "How long there is to answer, and how often each team's deals are looked at"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[rulesBody], error) {
			r, err := d.Guidance.Rules(ctx, a)
			return httpapi.Answer(bodyOfRules(r), err)
		})
	type rulesIn struct {
		httpapi.AtVersion
		Body rulesBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/guidance-rules", ID: "setGuidanceRules", Permission: org.SettingsEdit},
		func(ctx context.Context, a org.Actor, in *rulesIn) (*httpapi.Body[rulesBody], error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			r := guidance.Rules{LimitHours: in.Body.LimitHours}
			for _, c := range in.Body.Cadences {
				r.Cadences = append(r.Cadences, guidance.Cadence(c))
			}
			r, err = d.Guidance.SetRules(ctx, a, r)
			return httpapi.Answer(bodyOfRules(r), err)
		})
}
