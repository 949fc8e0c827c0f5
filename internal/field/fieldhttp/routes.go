// Package fieldhttp is the routes of a company's own fields, and the query parameter by
// which every list is filtered by them.
package fieldhttp

import (
	"context"

	"yunchou/internal/field"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct{ Fields *field.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/fields", ID: "listFields", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]field.Field], error) {
		return httpapi.Answer(d.Fields.All(ctx, actor))
	})
	type defineIn struct {
		Body struct {
			ID      string     `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			Record  string     `json:"record" enum:"account,contact,opportunity"`
			Key     string     `json:"key" minLength:"1" maxLength:"40"`
			Label   string     `json:"label" minLength:"1" maxLength:"60"`
			Type    field.Type `json:"type" enum:"text,number,money,date,choice,person"`
			Options []string   `json:"options,omitempty" maxItems:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/fields", ID: "defineField", Permission: org.FieldEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *defineIn) (*httpapi.Body[field.Field], error) {
		b := in.Body
		return httpapi.Answer(d.Fields.Define(ctx, actor, field.Field{
			ID: b.ID, Record: b.Record, Key: b.Key, Label: b.Label, Type: b.Type, Options: append([]string{}, b.Options...),
		}))
	})
	changes(api, d)
}
