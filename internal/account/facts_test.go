package account_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q (%v), want %q", got, err, want)
	}
}

// TestClassRegionAndDeletionAreKeptByDay: what an account was on a past day can be asked.
func TestClassRegionAndDeletionAreKeptByDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "南方重工", Class: "B", Region: "华南"}, false)
		must(err)
		w.Clock.Set("2026-03-16")
		c.Class, c.Region = "A", ""
		c, err = w.Accounts.Update(w.Ctx, w.As("陈露"), c)
		must(err)
		w.Clock.Set("2026-03-20")
		code(t, w.Accounts.Delete(w.Ctx, w.As("陈露"), c.ID, c.Version-1, true), "record.stale")
		must(w.Accounts.Delete(w.Ctx, w.As("陈露"), c.ID, c.Version, true))
		w.Clock.Set("2026-03-25")
		must(w.Accounts.Delete(w.Ctx, w.As("陈露"), c.ID, 0, false))
		var all []record.Value
		must(db.Read(w.Ctx, func(tx database.Tx) (err error) {
			all, err = w.Accounts.Values.Of(w.Ctx, tx, w.Admin.TenantID, c.ID)
			return err
		}))
		for day, want := range map[calendar.Date]string{"2026-03-01": "", "2026-03-02": "class B, region 华南", "2026-03-15": "class B, region 华南",
			"2026-03-16": "class A, region ", "2026-03-20": "class A, deleted 1, region ", "2026-03-25": "class A, deleted 0, region "} {
			on := record.On(all, day)
			var parts []string
			for _, field := range []string{"class", "deleted", "region"} {
				v, known := on[[2]string{field, ""}]
				switch {
				case !known:
				case v.Number != nil:
					parts = append(parts, fmt.Sprint(field, " ", *v.Number))
				default:
					parts = append(parts, field+" "+v.Text)
				}
				if known && v.Seq <= 0 {
					t.Errorf("%s was written by no entry", field)
				}
			}
			if got := strings.Join(parts, ", "); got != want {
				t.Errorf("on %s: %q, want %q", day, got, want)
			}
		}
	})
}

func TestAnAccountStaysWhileOpenDealsHangOnIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		one, two := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期")
		err := w.Accounts.Delete(w.Ctx, w.As("陈露"), w.Account, 0, true)
		code(t, err, "account.open_opportunities")
		if f := fault.As(err); f == nil || f.Params["count"] != int64(2) {
			t.Errorf("params of %v", err)
		}
		if err := w.Opportunities.Delete(w.Ctx, w.As("陈露"), two.ID, true); err != nil {
			t.Fatal(err)
		}
		w.Move("陈露", one.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
		if err := w.Accounts.Delete(w.Ctx, w.As("陈露"), w.Account, 0, true); err != nil {
			t.Fatal(err)
		}
		_, err = w.Opportunities.Create(w.Ctx, w.As("陈露"), opportunity.New{Name: "四期", AccountID: w.Account, PipelineID: w.Bid.PipelineID})
		code(t, err, "account.unknown")
	})
}

// TestADealAndTheDeletionOfItsAccountAtOnce: whichever comes second is refused.
func TestADealAndTheDeletionOfItsAccountAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for round := range 10 {
			c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: fmt.Sprint("客户", round)}, false)
			if err != nil {
				t.Fatal(err)
			}
			a := w.As("陈露")
			var wg sync.WaitGroup
			var deleting, creating error
			wg.Go(func() { deleting = w.Accounts.Delete(w.Ctx, a, c.ID, 0, true) })
			wg.Go(func() {
				_, creating = w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: "商机", AccountID: c.ID, PipelineID: w.Bid.PipelineID})
			})
			wg.Wait()
			if (deleting == nil) == (creating == nil) {
				t.Errorf("round %d: deleted %v, created %v", round, deleting, creating)
			}
		}
	})
}

// TestAColleagueSeesAndDoesNotChange: 周涛 sells at 陈露's account too.
func TestAColleagueSeesAndDoesNotChange(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		_, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "别组的", AccountID: w.Account, PipelineID: w.Bid.PipelineID, OwnerID: w.ID["周涛"]})
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.Accounts.Get(w.Ctx, w.As("周涛"), w.Account)
		if err != nil || c.MayWrite {
			t.Errorf("may write %v, %v", c.MayWrite, err)
		}
		c.Name = "改名"
		_, err = w.Accounts.Update(w.Ctx, w.As("周涛"), c)
		code(t, err, "account.not_yours")
		code(t, w.Accounts.Delete(w.Ctx, w.As("周涛"), w.Account, 0, true), "account.not_yours")
		_, err = w.Accounts.Update(w.Ctx, w.As("小李"), c)
		code(t, err, "account.unknown")
		if c, err = w.Accounts.Get(w.Ctx, w.As("蒋跃"), w.Account); err != nil || !c.MayWrite {
			t.Errorf("her manager may write %v, %v", c.MayWrite, err)
		}
	})
}
