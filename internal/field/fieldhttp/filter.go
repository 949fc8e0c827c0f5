package fieldhttp

import (
	"fmt"
	"strings"

	"yunchou/internal/field"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// Conditions is the query parameter of a list that may be filtered by own fields. Lists
// of other capabilities embed it.
type Conditions struct {
	Custom []string `query:"custom,explode" maxItems:"10"`
}

// Texts returns the values asked for by field key; each is written key:value.
func (c Conditions) Texts() map[string]string {
	out := map[string]string{}
	for _, kv := range c.Custom {
		if k, v, ok := strings.Cut(kv, ":"); ok {
			out[k] = v
		}
	}
	return out
}

// Columns are a company's own fields of one kind of record as columns of an exported
// table.
type Columns []field.Field

// ColumnsOf picks the fields of one kind of record out of all.
func ColumnsOf(all []field.Field, record string) (out Columns) {
	for _, f := range all {
		if f.Record == record {
			out = append(out, f)
		}
	}
	return out
}

var retired = sheet.Label{"（已停用）", " (retired)"}

// Head appends the headings in a language; what is asked for no more is marked.
func (c Columns) Head(row []any, locale string) []any {
	taken := make([]string, len(row))
	for i, h := range row {
		taken[i] = fmt.Sprint(h)
	}
	for i, h := range field.Headings(c, taken) {
		if c[i].Retired {
			h += retired.In(locale)
		}
		row = append(row, h)
	}
	return row
}

// Row appends a record's values as a person reads them: names instead of ids.
func (c Columns) Row(row []any, a org.Actor, values field.Values) []any {
	for _, f := range c {
		text := values[f.Key]
		if f.Type == field.Person {
			text = a.Structure.Members[text].Name
		}
		row = append(row, text)
	}
	return row
}
