package upgradedb

import (
	"context"
	"slices"
	"strings"

	"yunchou/internal/database"
)

// texts are the columns without a default that a baseline does not have.
var texts = map[string][]string{
	"tenant": {"name"}, "member": named, "team": {"name", "name_key"}, "position": {"name"}, "custom_field": {"label"},
	"product_line": {"name", "name_key"}, "competitor": {"name", "name_key"}, "account": named, "contact": named,
	"pipeline": {"name"}, "stage": {"name"}, "stage_version": {"name"}, "milestone": {"name"}, "opportunity": named, "deal_team": {"role"},
	"file": {"name"}, "follow_up": {"words"}, "handover": {"reason"}, "saved_view": {"name", "query"}, "task": {"what"},
}

var named = []string{"name", "name_key", "pinyin", "initials"}

// unique are tables in which no two have one name: there it is the id.
var unique = map[string]bool{"position": true, "product_line": true, "competitor": true, "pipeline": true}

// Restore writes rows of a baseline.
func (Rows) Restore(ctx context.Context, tx database.Tx, company, table string, columns []string, rows [][]any) error {
	all := slices.Concat(columns, texts[table])
	if table != "tenant" {
		all = append(all, "tenant_id")
	}
	out := make([][]any, len(rows))
	for i, row := range rows {
		filler := ""
		if unique[table] {
			filler, _ = row[slices.Index(columns, "id")].(string)
		}
		out[i] = slices.Clone(row)
		for range texts[table] {
			out[i] = append(out[i], filler)
		}
		if table != "tenant" {
			out[i] = append(out[i], company)
		}
	}
	return tx.InsertMany(ctx, table, strings.Join(all, ", "), "", out)
}

// SetParent gives an account its parent.
func (Rows) SetParent(ctx context.Context, tx database.Tx, company, account, parent string) error {
	_, err := tx.Exec(ctx, `UPDATE account SET parent_id = $3 WHERE tenant_id = $1 AND id = $2`, company, account, parent)
	return err
}
