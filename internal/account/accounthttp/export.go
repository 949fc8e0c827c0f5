package accounthttp

import (
	"bytes"
	"context"

	"yunchou/internal/account"
	"yunchou/internal/field"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// ExportQuery is the query parameters of every exported table.
type ExportQuery struct {
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	Locale string `query:"locale" enum:"zh-CN,en-US" default:"zh-CN" doc:"of the headings"`
}

// Language is the place of the locale in a pair of texts.
func (q ExportQuery) Language() int {
	if q.Locale == "en-US" {
		return 1
	}
	return 0
}

// Table is a file to save.
type Table struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// TableOf closes a table and answers with it.
func TableOf(w sheet.Writer, b *bytes.Buffer, format, name string) (*Table, error) {
	if err := w.Close(); err != nil {
		return nil, err
	}
	kind := "text/csv; charset=utf-8"
	if format == sheet.XLSX {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return &Table{kind, `attachment; filename="yunchou-` + name + "." + format + `"`, b.Bytes()}, nil
}

// OwnFields are the company's own fields of one kind of record.
func OwnFields(all []field.Field, record string) (out []field.Field) {
	for _, f := range all {
		if f.Record == record {
			out = append(out, f)
		}
	}
	return out
}

// Shown is a company field as a person reads it: names instead of ids.
func Shown(a org.Actor, f field.Field, values field.Values) string {
	if f.Type == field.Person {
		return a.Structure.Members[values[f.Key]].Name
	}
	return values[f.Key]
}

var headings = [][2]string{{"编号", "ID"}, {"客户名称", "Account"}, {"行业", "Industry"}, {"区域", "Region"}, {"等级", "Class"}, {"负责人", "Owner"}, {"创建日期", "Created on"}}

func exports(api *httpapi.API, d Deps) {
	type exportIn struct {
		ExportQuery
		Filters
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/exports/accounts", ID: "exportAccounts", Summary: "The list as CSV or XLSX; noted in the journal", Permission: org.AccountRead},
		func(ctx context.Context, actor org.Actor, in *exportIn) (*Table, error) {
			fields, err := d.Fields.All(ctx, actor)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			w, err := sheet.New(&b, in.Format)
			if err != nil {
				return nil, err
			}
			head, own := []any{}, OwnFields(fields, "account")
			for _, t := range headings {
				head = append(head, t[in.Language()])
			}
			for _, f := range own {
				head = append(head, f.Label)
			}
			if err := w.Row(head); err != nil {
				return nil, err
			}
			err = d.Accounts.Export(ctx, actor, in.Filter(), in.Format, func(c account.Account) error {
				row := []any{c.ID, c.Name, c.Industry, c.Region, c.Class, actor.Structure.Members[c.OwnerID].Name, string(c.CreatedOn)}
				for _, f := range own {
					row = append(row, Shown(actor, f, c.Custom))
				}
				return w.Row(row)
			})
			if err != nil {
				return nil, err
			}
			return TableOf(w, &b, in.Format, "accounts-"+string(actor.Today))
		})
}
