package fieldhttp

import (
	"context"

	"yunchou/internal/field"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// changes adds the routes that change fields and tell what that touches.
func changes(api *httpapi.API, d Deps) {
	type changeIn struct {
		ID   string `path:"id" maxLength:"60"`
		Body struct {
			Label   *string         `json:"label,omitempty" minLength:"1" maxLength:"60"`
			Choices *[]field.Option `json:"choices,omitempty" maxItems:"200" doc:"all, in order; without a code it is new"`
			Retired *bool           `json:"retired,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PATCH", Path: "/fields/{id}", ID: "changeField", Permission: org.FieldEdit,
		Summary: "Rename, give choices, retire or bring back",
	}, func(ctx context.Context, actor org.Actor, in *changeIn) (*httpapi.Body[field.Field], error) {
		b := in.Body
		return httpapi.Answer(d.Fields.Change(ctx, actor, in.ID,
			field.Change{Label: b.Label, Choices: b.Choices, Retired: b.Retired}))
	})
	type orderIn struct {
		Body struct {
			Record string   `json:"record" enum:"account,contact,opportunity"`
			IDs    []string `json:"ids" maxItems:"500"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/fields/order", ID: "orderFields", Permission: org.FieldEdit,
		Summary: "The order of forms, pages, columns and tables",
	}, func(ctx context.Context, actor org.Actor, in *orderIn) (*httpapi.Body[[]field.Field], error) {
		return httpapi.Answer(d.Fields.Order(ctx, actor, in.Body.Record, in.Body.IDs))
	})
	type touchesIn struct {
		ID      string   `path:"id" maxLength:"60"`
		Offered []string `query:"offered,explode" maxItems:"200" doc:"choices it might be given"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/fields/{id}/touches", ID: "fieldTouches", Permission: org.FieldEdit,
		Summary: "What changing a field touches",
	}, func(ctx context.Context, actor org.Actor, in *touchesIn) (*httpapi.Body[field.Touches], error) {
		return httpapi.Answer(d.Fields.Touches(ctx, actor, in.ID, in.Offered))
	})
}
