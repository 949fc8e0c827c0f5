package handover_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/record"
)

// many are so many accounts of 陈露: more than one transaction hands over.
func many(t *testing.T, w *apptest.World, n int) (ids []string) {
	t.Helper()
	for i := range n {
		c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: fmt.Sprint("客户", i)}, false)
		must(t, err)
		ids = append(ids, c.ID)
	}
	return ids
}

// heldBy counts the accounts a member has.
func heldBy(t *testing.T, w *apptest.World, who string) int64 {
	t.Helper()
	var n map[string]int64
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
		n, err = w.Accounts.Rows.CountHeld(w.Ctx, tx, w.Admin.TenantID, []string{w.ID[who]})
		return err
	}))
	return n[w.ID[who]]
}

// Who goes away in the middle of a bulk hand-over leaves no half of it behind, and others who
// write meanwhile are answered truly.
func TestAHandOverWhoseCallerGoesAwayIsWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		ids, boss := many(t, w, 120), w.As("蒋跃")
		had := heldBy(t, w, "陈露")
		ask := handover.Ask{ID: record.NewID(boss.Now), Kind: "account", IDs: ids, ToID: w.ID["小李"], Reason: "分工"}
		ctx, leave := context.WithCancel(w.Ctx)
		defer leave()
		var owners atomic.Int32
		ctx = database.Observed(ctx, func(query string, _ []any) {
			if strings.Contains(query, "UPDATE account") && owners.Add(1) == 50 {
				leave()
			}
		})
		var beside sync.WaitGroup
		for i := range 8 {
			beside.Go(func() {
				name := fmt.Sprint("别人的", i)
				c, err := w.Accounts.Create(w.Ctx, w.As("周涛"), account.Account{Name: name}, false)
				if err != nil {
					t.Error(err)
				} else if got, err := w.Accounts.Get(w.Ctx, w.As("周涛"), c.ID); err != nil || got.Name != name {
					t.Errorf("answered with %s, stored is %q, %v", name, got.Name, err)
				}
			})
		}
		h, err := w.Handovers.HandOver(ctx, boss, ask)
		beside.Wait()
		if owners.Load() < 50 {
			t.Fatalf("nobody left: %d statements", owners.Load())
		}
		if err != nil || h.Counts["account"] != 120 || heldBy(t, w, "小李") != 120 || heldBy(t, w, "陈露") != had-120 {
			t.Errorf("%v, %v: she has %d of %d, he %d", h.Counts, err, heldBy(t, w, "陈露"), had, heldBy(t, w, "小李"))
		}
	})
}

// A hand-over the machine cut short after its first chunk goes on when it is sent again, and is
// answered with the whole.
func TestAHandOverCutShortGoesOnWhereItStopped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		many(t, w, 120)
		boss, had := w.As("蒋跃"), heldBy(t, w, "陈露")
		ask := handover.Ask{ID: record.NewID(boss.Now), FromID: w.ID["陈露"], ToID: w.ID["小李"], Kinds: []string{"account"}, Reason: "离职"}
		var chunks atomic.Int32
		killed := database.Observed(w.Ctx, func(query string, _ []any) {
			if strings.Contains(query, "UPDATE handover") {
				chunks.Add(1)
			}
			if chunks.Load() > 0 && strings.Contains(query, "UPDATE account") {
				panic("the machine stops")
			}
		})
		if _, err := w.Handovers.HandOver(killed, boss, ask); err == nil {
			t.Fatal("it was not cut short")
		}
		if left := heldBy(t, w, "陈露"); left != had-100 {
			t.Fatalf("cut short, %d of %d are left", left, had)
		}
		for range 2 {
			h, err := w.Handovers.HandOver(w.Ctx, boss, ask)
			if err != nil || h.Counts["account"] != had || heldBy(t, w, "陈露") != 0 || heldBy(t, w, "小李") != had {
				t.Errorf("sent again: %v %v, he has %d of %d", h.Counts, err, heldBy(t, w, "小李"), had)
			}
		}
	})
}
