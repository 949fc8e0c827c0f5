package intakehttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// templates adds the route of tables to be filled.
func templates(api *httpapi.API, d Deps) {
	type templateIn struct {
		Kind   string `path:"kind" maxLength:"40" doc:"of file: opportunity, account, contact, product, member, events"`
		Locale string `query:"locale" enum:"zh-CN,en-US" default:"zh-CN" doc:"of the headings"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/exports/templates/{kind}", ID: "downloadImportTemplate",
		Summary: "A table to be filled and imported, as XLSX", Permission: org.ImportRun,
	}, func(ctx context.Context, actor org.Actor, in *templateIn) (*httpapi.Sent, error) {
		return api.Table(ctx, httpapi.ExportQuery{Format: sheet.XLSX, Locale: in.Locale}, "template-"+in.Kind, func(w sheet.Writer) error {
			headings, err := d.Intake.Template(ctx, actor, in.Kind, in.Locale)
			if err != nil {
				return err
			}
			row := make([]any, len(headings))
			for i, h := range headings {
				row[i] = h
			}
			return w.Row(row)
		})
	})
}
