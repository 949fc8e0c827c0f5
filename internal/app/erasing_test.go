package app_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/idempotency"
	"yunchou/internal/idempotency/idempotencydb"
	"yunchou/internal/identity"
	"yunchou/internal/identity/identitydb"
	"yunchou/internal/intake"
	"yunchou/internal/intake/intakedb"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/safekeep"
)

// TestWhoIsErasedIsInNoTable: the person's row, own fields, what an import could not take and
// quotes, an answer kept for a second try. Another of the same import is left as he is.
func TestWhoIsErasedIsInNoTable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		if _, err := w.Fields.Define(w.Ctx, boss, field.Field{Record: "contact", Key: "hobby", Label: "爱好", Type: field.Text}); err != nil {
			t.Fatal(err)
		}
		in := account.Contact{Name: "欧阳修远", AccountID: w.Account, Title: "总工", Mobile: "13987654321", Email: "xiuyuan_1@example.com",
			Custom: field.Values{"hobby": "西湖边钓鱼"}}
		c, err := idempotency.Once(w.Ctx, &idempotency.Keys{DB: db, Rows: idempotencydb.Rows{}}, boss.By(), "k", "h", func(tx database.Tx) (account.Contact, error) {
			return w.Accounts.CreateContactIn(w.Ctx, tx, boss, in)
		})
		if err != nil {
			t.Fatal(err)
		}
		quoted := []intake.Issue{
			{File: "联系人.csv", Line: 2, Field: "mobile", Value: "139 8765 4321", Level: "error", Code: "input.malformed", Detail: "刘"},
			{File: "联系人.csv", Line: 2, Field: "name", Value: "欧阳修远", Level: "warning", Code: "input.malformed", Params: map[string]any{"value": "xiuyuan_1@example.com"}},
			{File: "联系人.csv", Line: 3, Field: "name", Value: "别人", Level: "warning", Code: "input.malformed"},
			// A line of which one cell alone is quoted, as it is written elsewhere.
			{File: "联系人.csv", Line: 4, Field: "mobile", Value: "139-8765-4321", Level: "error", Code: "input.malformed"},
			{File: "联系人.csv", Line: 5, Field: "email", Value: "Xiuyuan_1@Example.COM", Level: "error", Code: "input.malformed"},
		}
		batch(t, w, quoted, intake.Summary{Notes: []intake.Note{{Field: "name", Value: "欧阳修远", To: "欧阳修远"}, {Field: "name", Value: "别人"}, {Field: "mobile", Value: "(139)87654321"}}})
		secrets := []string{"欧阳修远", "ouyang", "13987654321", "139 8765 4321", "139-8765-4321", "(139)8765", "Xiuyuan_1", "xiuyuan_1", "西湖", "总工"}
		for _, s := range secrets {
			if !strings.Contains(allRows(t, db), s) {
				t.Errorf("%s is nowhere before", s)
			}
		}
		if err := w.Accounts.EraseContact(w.Ctx, boss, c.ID); err != nil {
			t.Fatal(err)
		}
		after := allRows(t, db)
		for _, s := range secrets {
			if strings.Contains(after, s) {
				t.Errorf("%s is still there", s)
			}
		}
		if strings.Count(after, "别人") != 2 {
			t.Error("another was forgotten")
		}
	})
}

// TestWhoABackupBroughtBackIsErasedAgain: once, before anybody is served, and who is on no list
// stays.
func TestWhoABackupBroughtBackIsErasedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		gone, stays := w.Contact("陈露", "欧阳修远"), w.Contact("陈露", "别人")
		list := filepath.Join(t.TempDir(), safekeep.ListName)
		w.Lists = []string{list}
		must(t, safekeep.AddToList(list, []safekeep.Erasure{{Company: w.Admin.TenantID, Contact: gone, At: "2026-03-01T00:00:00.000Z"}}))
		for range 2 {
			must(t, w.EraseListed(w.Ctx))
		}
		if all := allRows(t, db); strings.Contains(all, "欧阳修远") || !strings.Contains(all, "别人") {
			t.Error("not erased, or too many")
		}
		erased, err := w.Erased(w.Ctx)
		if err != nil || len(erased) != 1 || erased[0].Contact != gone {
			t.Errorf("%v %v, and %s stays", erased, err, stays)
		}
	})
}

// TestWhatNobodyAsksForAnyMoreGoes: sessions that ended long ago and answers for a second try;
// what is younger stays.
func TestWhatNobodyAsksForAnyMoreGoes(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		now, rows := w.Clock.Now(), identitydb.Rows{}
		must(t, db.Write(w.Ctx, func(tx database.Tx) (err error) {
			for id, end := range map[string]int{"old": -31, "young": -29, "open": 1} {
				s := identity.Session{TenantID: w.Admin.TenantID, ID: id, MemberID: w.Admin.MemberID, CreatedAt: now, SeenAt: now, ExpiresAt: now.AddDate(0, 0, end)}
				err = errors.Join(err, rows.InsertSession(w.Ctx, tx, s, "token of "+id))
			}
			by := w.Admin.By()
			err = errors.Join(err, idempotencydb.Rows{}.Remember(w.Ctx, tx, by, "young", "h", "{}"))
			by.Now = now.AddDate(0, 0, -3)
			return errors.Join(err, idempotencydb.Rows{}.Remember(w.Ctx, tx, by, "old", "h", "{}"))
		}))
		keys := &idempotency.Keys{DB: db, Rows: idempotencydb.Rows{}}
		must(t, errors.Join(w.Identity.Purge(w.Ctx, w.Admin.TenantID), keys.Purge(w.Ctx, w.Admin.TenantID, now)))
		for query, want := range map[string]string{
			"SELECT id FROM session ORDER BY id":                           "[[open] [young]]",
			"SELECT token_hash FROM session_token ORDER BY token_hash":     "[[token of open] [token of young]]",
			"SELECT key FROM idempotency_key WHERE key IN ('old','young')": "[[young]]",
		} {
			if got := fmt.Sprint(replaytest.Rows(t, db, query)); got != want {
				t.Errorf("%s: %s", query, got)
			}
		}
	})
}

// allRows is all rows of all tables.
func allRows(t *testing.T, db *database.DB) string {
	t.Helper()
	var out strings.Builder
	for _, table := range replaytest.Tables(t, db) {
		for _, row := range replaytest.Rows(t, db, `SELECT * FROM "`+table+`"`) {
			fmt.Fprintln(&out, table, row)
		}
	}
	return out.String()
}

// batch writes down an import and what it could not take.
func batch(t *testing.T, w *apptest.World, issues []intake.Issue, sum intake.Summary) {
	t.Helper()
	now := w.Clock.Now()
	b := intake.Batch{ID: "batch", Status: "done", Files: []string{"联系人.csv"}, CreatedAt: now, CreatedBy: w.Admin.MemberID, Finished: &now, Summary: &sum}
	var rows intakedb.Rows
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		if err := rows.InsertBatch(w.Ctx, tx, w.Admin.TenantID, b, "", intake.Lease{Until: now}); err != nil {
			return err
		}
		return errors.Join(rows.SaveBatch(w.Ctx, tx, w.Admin.TenantID, b), rows.InsertIssues(w.Ctx, tx, w.Admin.TenantID, b.ID, 0, issues))
	}))
}
