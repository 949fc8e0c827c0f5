package accounthttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

var headings = []httpapi.Label{
	{"编号", "ID"}, {"客户名称", "Account"}, {"行业", "Industry"}, {"区域", "Region"}, {"等级", "Class"}, {"负责人", "Owner"},
	{"创建日期", "Created on"},
}

// exports adds the route that writes the list as a table.
func exports(api *httpapi.API, d Deps) {
	type exportIn struct {
		httpapi.ExportQuery
		Filters
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/exports/accounts", ID: "exportAccounts",
		Summary: "The list as CSV or XLSX; noted in the journal", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *exportIn) (*httpapi.Sent, error) {
		fields, err := d.Fields.All(ctx, actor)
		if err != nil {
			return nil, err
		}
		own := fieldhttp.ColumnsOf(fields, "account")
		return api.Table(ctx, in.ExportQuery, "accounts-"+string(actor.Today), func(w sheet.Writer) error {
			if err := w.Row(own.Head(in.Head(headings))); err != nil {
				return err
			}
			return d.Accounts.Export(ctx, actor, in.Filter(), in.Format, func(c account.Account) error {
				owner := actor.Structure.Members[c.OwnerID].Name
				row := []any{c.ID, c.Name, c.Industry, c.Region, c.Class, owner, string(c.CreatedOn)}
				return w.Row(own.Row(row, actor, c.Custom))
			})
		})
	})
}
