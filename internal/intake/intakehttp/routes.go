// Package intakehttp is the routes of imports.
package intakehttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// Deps is what the routes need.
type Deps struct{ Intake *intake.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	templates(api, d)
	type uploadIn struct {
		ID   string `query:"id" maxLength:"36" doc:"the client may make it; the same again is kept once"`
		Name string `query:"name" required:"true" minLength:"1" maxLength:"200"`
		httpapi.Upload
	}
	type uploadBody struct {
		ID      string         `json:"id"`
		Name    string         `json:"name"`
		Preview intake.Preview `json:"preview"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports/files", ID: "uploadImport", Summary: "Keep a file and say how it would be read",
		Permission: org.ImportRun, Status: 201, MaxBody: intake.MaxUpload,
	}, func(ctx context.Context, actor org.Actor, in *uploadIn) (*httpapi.Body[uploadBody], error) {
		id, err := d.Intake.Upload(ctx, actor, in.ID, in.Content())
		if err != nil {
			return nil, err
		}
		p, err := d.Intake.Look(ctx, actor, id, intake.Looked{Name: in.Name})
		return httpapi.Answer(uploadBody{id, in.Name, p}, err)
	})
	type lookIn struct {
		httpapi.ByID
		Body intake.Looked
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports/files/{id}/preview", ID: "previewImport", Permission: org.ImportRun,
		Summary: "Say how an uploaded file would be read with another sheet, header or encoding",
	}, func(ctx context.Context, actor org.Actor, in *lookIn) (*httpapi.Body[intake.Preview], error) {
		return httpapi.Answer(d.Intake.Look(ctx, actor, in.ID, in.Body))
	})
	type rereadIn struct{ Body intake.Restated }
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports/readings", ID: "rereadImport", Permission: org.ImportRun,
		Summary: "Say how cells of a column would be read as somebody states it",
	}, func(ctx context.Context, actor org.Actor, in *rereadIn) (*httpapi.Body[intake.Reading], error) {
		return httpapi.Answer(d.Intake.Reread(ctx, actor, in.Body))
	})
	type startIn struct {
		Body struct {
			ID      string            `json:"id,omitempty" maxLength:"36"`
			Files   map[string]string `json:"files" maxProperties:"100" doc:"file name → upload id"`
			YAML    string            `json:"yaml,omitempty" maxLength:"200000"`
			Mapping *intake.Mapping   `json:"mapping,omitempty"`
			DryRun  bool              `json:"dryRun"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports", ID: "startImport", Permission: org.ImportRun, Status: 202,
	}, func(ctx context.Context, actor org.Actor, in *startIn) (*httpapi.Body[intake.Batch], error) {
		m, err := mapping(in.Body.YAML, in.Body.Mapping)
		if err != nil {
			return nil, err
		}
		return httpapi.Answer(d.Intake.Start(ctx, actor, intake.Asked{
			ID: in.Body.ID, Mapping: m, Uploads: in.Body.Files, DryRun: in.Body.DryRun,
		}))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/imports", ID: "listImports", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]intake.Batch], error) {
		return httpapi.Answer(d.Intake.List(ctx, actor))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/imports/{id}", ID: "getImport", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[intake.Batch], error) {
		return httpapi.Answer(d.Intake.Get(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports/{id}/cancel", ID: "cancelImport", Permission: org.ImportRun, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Intake.Cancel(ctx, actor, in.ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/imports/{id}/undo", ID: "undoImport", Permission: org.ImportRun, Status: 202,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[intake.Batch], error) {
		return httpapi.Answer(d.Intake.StartUndo(ctx, actor, in.ID))
	})
	type issuesIn struct {
		httpapi.ByID
		After int `query:"after" minimum:"0"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/imports/{id}/issues", ID: "listImportIssues", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, in *issuesIn) (*httpapi.Body[[]intake.Issue], error) {
		return httpapi.Answer(d.Intake.Issues(ctx, actor, in.ID, in.After, 200))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/imports/{id}/issues.csv", ID: "downloadImportIssues", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Sent, error) {
		return api.Table(ctx, httpapi.ExportQuery{Format: sheet.CSV}, "import-issues", func(w sheet.Writer) error {
			if err := w.Row(cells(intake.Header)); err != nil {
				return err
			}
			for after := 0; ; {
				list, err := d.Intake.Issues(ctx, actor, in.ID, after, 1000)
				if err != nil {
					return err
				}
				for _, x := range list {
					if err := w.Row(cells(x.Cells())); err != nil {
						return err
					}
				}
				if after += len(list); len(list) < 1000 {
					return nil
				}
			}
		})
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/mappings", ID: "listMappings", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]intake.Saved], error) {
		return httpapi.Answer(d.Intake.Mappings(ctx, actor))
	})
	type saveIn struct {
		Body struct {
			Name    string          `json:"name" minLength:"1" maxLength:"100"`
			YAML    string          `json:"yaml,omitempty" maxLength:"200000"`
			Mapping *intake.Mapping `json:"mapping,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/mappings", ID: "saveMapping", Permission: org.ImportRun, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *saveIn) (*httpapi.Done, error) {
		m, err := mapping(in.Body.YAML, in.Body.Mapping)
		if err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Intake.SaveMapping(ctx, actor, in.Body.Name, m))
	})
}

func mapping(yaml string, m *intake.Mapping) (intake.Mapping, error) {
	if m != nil {
		return *m, nil
	}
	return intake.ParseMapping([]byte(yaml))
}

func cells(texts []string) []any {
	out := make([]any, len(texts))
	for i, text := range texts {
		out[i] = text
	}
	return out
}
