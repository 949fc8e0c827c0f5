package app_test

import (
	"fmt"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
)

// TestAPageOfCustomersIsReadWithoutTheValuesOfDeals: between the ids of two customers are those of all the
// deals that were made meanwhile, of which a large company has a hundred for each.
func TestAPageOfCustomersIsReadWithoutTheValuesOfDeals(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		fields := map[string]string{}
		for _, record := range []string{"opportunity", "account"} {
			f, err := w.Fields.Define(w.Ctx, boss, field.Field{Record: record, Label: "级别", Key: "level", Type: field.Choice, Options: []string{"高", "低"}})
			must(t, err)
			fields[record] = f.ID
		}
		var made [2]account.Account
		var err error
		for i, name := range []string{"恒通", "恒泰"} {
			made[i], err = w.Accounts.Create(w.Ctx, boss, account.Account{Name: name, Custom: field.Values{"level": "高"}}, false)
			must(t, err)
		}
		var rows [][]any
		for i := range 900 {
			rows = append(rows, []any{boss.TenantID, fmt.Sprintf("%s-%d", made[0].ID, i), fields["opportunity"], "低"})
		}
		must(t, db.Write(w.Ctx, func(tx database.Tx) error {
			return tx.InsertMany(w.Ctx, "custom_value", "tenant_id, record_id, field_id, text_value", "", rows)
		}))
		var page []engine.AccountRow
		read := int64(-1)
		must(t, db.Read(w.Ctx, func(tx database.Tx) (err error) {
			var query string
			var args []any
			seeing := database.Observed(w.Ctx, func(q string, a []any) { query, args = q, a })
			if page, err = (enginedb.Rows{}).Accounts(seeing, tx, boss.TenantID, "", 100); err != nil {
				return err
			}
			return tx.QueryRow(w.Ctx, "SELECT count(*) FROM ("+query+") AS x", args...).Scan(&read)
		}))
		for _, r := range page {
			if want := 1; r.ID != w.Account && len(r.Own) != want {
				t.Errorf("%s holds %v", r.Name, r.Own)
			}
		}
		if len(page) != 3 || read != 2 {
			t.Errorf("of %d customers %d values were read, not 2", len(page), read)
		}
	})
}
