// Package pipelinehttp is the routes of pipelines.
package pipelinehttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

type draft struct {
	ID           string            `json:"id,omitempty" maxLength:"60" doc:"of a new one, made by the sender; sent again it is one"`
	Name         string            `json:"name,omitempty" maxLength:"60"`
	BusinessType string            `json:"businessType,omitempty" maxLength:"60"`
	Base         string            `json:"base,omitempty" maxLength:"60" doc:"the version the draft was made from"`
	Stages       []pipeline.Stage  `json:"stages" minItems:"1" maxItems:"60"`
	Mapping      map[string]string `json:"mapping,omitempty" maxProperties:"1000" doc:"stage that is gone → stage of the draft"`
}

func (d draft) version() pipeline.Version {
	return pipeline.Version{Name: d.Name, Business: d.BusinessType, Stages: d.Stages}
}

// Deps is what the routes need.
type Deps struct{ Pipelines *pipeline.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type createIn struct{ Body draft }
	type draftIn struct {
		httpapi.ByID
		Body draft
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/pipelines", ID: "listPipelines", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]pipeline.Summary], error) {
		return httpapi.Answer(d.Pipelines.List(ctx, actor))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/pipelines/{id}", ID: "getPipeline", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[pipeline.Version], error) {
		return httpapi.Answer(d.Pipelines.Get(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/stages", ID: "listStageNames",
		Summary: "Names of every stage there ever was, by id", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[map[string]string], error) {
		return httpapi.Answer(d.Pipelines.StageNames(ctx, actor))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/pipelines", ID: "createPipeline", Permission: org.PipelineEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *createIn) (*httpapi.Body[pipeline.Version], error) {
		return httpapi.Answer(d.Pipelines.CreateAs(ctx, actor, in.Body.ID, in.Body.version()))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/pipelines/{id}/preview", ID: "previewPipeline",
		Summary: "What publishing would do to open records", Permission: org.PipelineEdit,
	}, func(ctx context.Context, actor org.Actor, in *draftIn) (*httpapi.Body[[]pipeline.StageChange], error) {
		return httpapi.Answer(d.Pipelines.Preview(ctx, actor, in.ID, in.Body.version(), in.Body.Mapping))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/pipelines/{id}/publish", ID: "publishPipeline", Permission: org.PipelineEdit,
	}, func(ctx context.Context, actor org.Actor, in *draftIn) (*httpapi.Body[pipeline.Version], error) {
		return httpapi.Answer(d.Pipelines.Publish(ctx, actor, in.ID, in.Body.Base, in.Body.version(), in.Body.Mapping))
	})
}
