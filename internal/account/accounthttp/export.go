package accounthttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/account/accounttable"
	"yunchou/internal/database"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

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
			if err := w.Row(own.Head(in.Columns(accounttable.Accounts), in.Locale)); err != nil {
				return err
			}
			return d.Accounts.Export(ctx, actor, in.Filter(), in.Format, func(c account.Account, parent string, asOf database.Seq) error {
				owner := actor.Structure.Members[c.OwnerID].Name
				row := []any{c.ID, c.Name, c.Industry, c.Region, c.Class, owner, parent, string(c.CreatedOn), int64(asOf)}
				return w.Row(own.Row(row, actor, c.Custom))
			})
		})
	})
	exportContacts(api, d)
}

// exportContacts adds the route that writes the people as a table.
func exportContacts(api *httpapi.API, d Deps) {
	type exportIn struct {
		httpapi.ExportQuery
		Q       string `query:"q" maxLength:"100"`
		Account string `query:"account" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/exports/contacts", ID: "exportContacts",
		Summary: "The people as CSV or XLSX; noted in the journal", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *exportIn) (*httpapi.Sent, error) {
		fields, err := d.Fields.All(ctx, actor)
		if err != nil {
			return nil, err
		}
		own := fieldhttp.ColumnsOf(fields, "contact")
		return api.Table(ctx, in.ExportQuery, "contacts-"+string(actor.Today), func(w sheet.Writer) error {
			if err := w.Row(own.Head(in.Columns(accounttable.Contacts), in.Locale)); err != nil {
				return err
			}
			return d.Accounts.ExportContacts(ctx, actor, in.Account, in.Q, in.Format, func(c account.Contact, asOf database.Seq) error {
				b := ContactOf(actor, c)
				row := []any{b.ID, b.Name, b.Account, b.Department, b.Title, b.Mobile, b.Phone, b.Email, b.WeChat, int64(asOf)}
				return w.Row(own.Row(row, actor, c.Custom))
			})
		})
	})
}
