package opportunity_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/replay/replaytest"
)

// TestAnOwnFieldsEntrySaysWhatItHeldBefore: old and new of whatever is no text, also where
// the value is taken away; of a text neither.
func TestAnOwnFieldsEntrySaysWhatItHeldBefore(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		ids := map[string]string{}
		for key, typ := range map[string]field.Type{"score": field.Number, "tender": field.Date, "words": field.Text} {
			f, err := w.Fields.Define(w.Ctx, boss, field.Field{Record: "opportunity", Key: key, Label: key, Type: typ})
			if err != nil {
				t.Fatal(err)
			}
			ids[key] = f.ID
		}
		id := w.Opportunity("陈露", "二期改造").ID
		edit := func(in field.Values) string {
			if _, err := w.Opportunities.Edit(w.Ctx, boss, id, 0, opportunity.Patch{Custom: in}); err != nil {
				t.Fatal(err)
			}
			var e []journal.Entry
			if err := db.Read(w.Ctx, func(tx database.Tx) (err error) {
				e, err = journal.After(w.Ctx, tx, boss.TenantID, opportunity.Ref(id), 0)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return string(e[len(e)-1].Payload)
		}
		one := func(key, rest string) string { return `"own":[{"fieldId":"` + ids[key] + `"` + rest + `}]}` }
		for i, c := range []struct {
			in   field.Values
			want string
		}{
			{field.Values{"score": "1.5"}, `{"custom":["score"],` + one("score", `,"number":1500`)},
			{field.Values{"score": "2"}, `{"custom":["score"],` + one("score", `,"number":2000,"wasNumber":1500`)},
			{field.Values{"score": ""}, `{"custom":["score"],` + one("score", `,"cleared":true,"wasNumber":2000`)},
			{field.Values{"tender": "2026-04-01"}, `{"custom":["tender"],` + one("tender", `,"code":"2026-04-01"`)},
			{field.Values{"tender": "2026-05-01"},
				`{"custom":["tender"],` + one("tender", `,"code":"2026-05-01","wasCode":"2026-04-01"`)},
			{field.Values{"words": "王强 139"}, `{"custom":["words"],` + one("words", ``)},
			{field.Values{"words": "李梅 138"}, `{"custom":["words"],` + one("words", ``)},
		} {
			if got := edit(c.in); got != c.want {
				t.Errorf("%d:\n says %s\n want %s", i, got, c.want)
			}
		}
		if n := replaytest.Rows(t, db, "SELECT 1 FROM journal WHERE payload LIKE '%王强%'"); len(n) > 0 {
			t.Error("the text of an own field stands in the journal")
		}
	})
}
