package field_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
)

// TestFieldsArePlayedAgain: the journal gives back a company's fields but what they are called.
func TestFieldsArePlayedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, f := range []field.Field{
			{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Choice, Options: []string{"甲", "乙"}},
			{Record: "opportunity", Key: "tender", Label: "招标日", Type: field.Date},
			{Record: "account", Key: "area", Label: "面积", Type: field.Number},
		} {
			if _, err := w.Fields.Define(w.Ctx, w.As("管理员"), f); err != nil {
				t.Fatal(err)
			}
		}
		w.Again([]string{"company.", "field."}, "custom_field")
	})
}
