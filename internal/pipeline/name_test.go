package pipeline_test

import (
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
)

// TestTwoPipelinesAreNotCalledTheSame: nor do they differ by case or width alone.
func TestTwoPipelinesAreNotCalledTheSame(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		v := w.Bid
		v.Stages = slices.Clone(v.Stages)
		for i := range v.Stages {
			v.Stages[i].ID = ""
		}
		v.Name = "KA Öl"
		if _, err := w.Pipelines.Create(w.Ctx, boss, v); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"KA Öl", "ka öl", "ＫＡ ÖL", "KA-Öl"} {
			v.Name = name
			_, err := w.Pipelines.Create(w.Ctx, boss, v)
			if f := fault.As(err); f == nil || f.Kind != fault.Conflict {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}
