package engine_test

import (
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestSoonDoesNotWait: who asks whether columns are there has them loaded, and goes on.
func TestSoonDoesNotWait(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Fill(6000)
		start := time.Now()
		there, err := w.Engine.Soon(w.Ctx, w.Admin.TenantID, time.Millisecond)
		if err != nil || there {
			t.Fatalf("6,000 deals in a millisecond: %v %v", there, err)
		}
		asked := time.Since(start)
		for !there && err == nil && time.Since(start) < time.Minute {
			there, err = w.Engine.Soon(w.Ctx, w.Admin.TenantID, 10*time.Millisecond)
		}
		if loaded := time.Since(start); err != nil || !there || asked > loaded/2 {
			t.Errorf("%v %v: asked in %s, loaded in %s", there, err, asked, loaded)
		}
	})
}
