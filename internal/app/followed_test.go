package app_test

import (
	"context"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// TestColumnsInUseCatchUpThoughNobodyAsks, where they are far behind: the next question finds little to do.
func TestColumnsInUseCatchUpThoughNobodyAsks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(w.Ctx)
		done := make(chan struct{})
		go func() { defer close(done); w.Follow(ctx) }()
		t.Cleanup(func() { stop(); <-done })
		behind := func() int64 {
			s, err := w.Engine.Stats(w.Ctx)
			if err != nil {
				t.Fatal(err)
			}
			return s.Behind
		}
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) { // the feed may have begun a moment later
			err := db.Write(w.Ctx, func(tx database.Tx) error {
				for range 600 {
					journal.Append(tx, journal.By{TenantID: w.Admin.TenantID, MemberID: "m", Path: "job", Now: w.Now()},
						journal.Event{Subject: record.Ref{Kind: "export", ID: "x"}, Kind: "export.made"})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			caught := false
			for wait := time.Now().Add(5 * time.Second); !caught && time.Now().Before(wait); time.Sleep(5 * time.Millisecond) {
				caught = behind() < 600
			}
			if caught {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d entries behind", behind())
			}
		}
	})
}
