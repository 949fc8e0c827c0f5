package opportunity_test

import (
	"fmt"
	"slices"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// A member changes teams while his deals are handed over, moved, taken over by a new version
// and made: nobody is refused or answered 500, and in the end every open deal is in its
// owner's main team, by its column and by its ownership.
func TestTransfersHandOversAndMovesAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var ids []string
		for i := range 60 {
			ids = append(ids, w.Opportunity([]string{"陈露", "小李"}[i%2], fmt.Sprint(i)).ID)
		}
		back := slices.Clone(ids)
		slices.Reverse(back)
		for round := range 3 {
			team, to := []string{"二组", "一组"}[round%2], []string{"小李", "陈露"}[round%2]
			codes := apptest.AtOnce(6, func(k int) error {
				boss, err := w.Org.Actor(w.Ctx, w.Admin.TenantID, w.Admin.MemberID, "form")
				if err != nil {
					return err
				}
				switch k {
				case 0, 1:
					return w.Org.Transfer(w.Ctx, boss, w.ID[[]string{"陈露", "小李"}[k]], w.ID[team], "", false, boss.Today)
				case 2:
					_, err = w.Handovers.HandOver(w.Ctx, boss, handover.Ask{Kind: "opportunity", IDs: back, ToID: w.ID[to], Reason: "分工"})
				case 3:
					_, err = w.Opportunities.MoveMany(w.Ctx, boss, back, opportunity.MoveRequest{To: w.Bid.Stages[1+round].ID, Exception: "急"})
				case 4:
					for i := range 10 {
						_, err = w.Opportunities.Create(w.Ctx, boss, opportunity.New{Name: fmt.Sprint("新", i), PipelineID: w.Bid.PipelineID, OwnerID: w.ID[to]})
					}
				case 5:
					for _, id := range ids[:20] {
						_, err = w.Opportunities.Move(w.Ctx, boss, id, opportunity.MoveRequest{To: w.Stage("丢单"), LossKind: "no_decision", Reason: "无"})
						if err == nil {
							_, err = w.Opportunities.Move(w.Ctx, boss, id, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
						}
					}
				}
				if err != nil && !refused(err) {
					t.Errorf("round %d, %d: %v", round, k, err)
				}
				return err
			})
			if codes[""] != 6 {
				t.Errorf("round %d: %v", round, codes)
			}
		}
		astray := 0
		must(t, db.Read(w.Ctx, func(tx database.Tx) error {
			rows, err := tx.Query(w.Ctx, `SELECT id, owner_id, COALESCE(team_id, '') FROM opportunity WHERE state = 'open' AND deleted_at IS NULL`)
			if err != nil {
				return err
			}
			var all [][3]string
			for rows.Next() {
				var x [3]string
				if err := rows.Scan(&x[0], &x[1], &x[2]); err != nil {
					return err
				}
				all = append(all, x)
			}
			rows.Close()
			s := w.As("管理员").Structure
			for _, x := range all {
				o, err := w.Records.OwnerOn(w.Ctx, tx, w.Admin.TenantID, x[0], apptest.Start)
				if err != nil {
					return err
				}
				if main, _ := s.TeamOf(x[1], apptest.Start); o.MemberID != x[1] || x[2] != main || o.TeamID != main {
					astray++
				}
			}
			return nil
		}))
		if astray > 0 {
			t.Errorf("%d open deals are not in their owner's team", astray)
		}
	})
}

// Nobody accepts his own win, though somebody else moved it: the owner, who is credited, has
// a superior.
func TestTheOwnerAcceptsHisOwnWin(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("蒋跃", "经理的单子")
		w.Move("管理员", o.ID, "中标", apptest.Exception)
		if err := w.Opportunities.AcceptWin(w.Ctx, w.As("蒋跃"), o.ID); err == nil {
			t.Error("accepted by the one it is credited to")
		}
	})
}

// Somebody whose request began before a transfer was written closes a deal after it: the credit
// is in the team of the day of closing all the same, of the owner and of who shares it.
func TestAClosingThatBeganBeforeATransferWasWritten(t *testing.T) {
	for way, move := range map[string]func(w *apptest.World) opportunity.MoveRequest{
		"won": func(w *apptest.World) opportunity.MoveRequest {
			return opportunity.MoveRequest{To: w.Stage("中标"), Exception: "急"}
		},
		"lost": func(w *apptest.World) opportunity.MoveRequest {
			return opportunity.MoveRequest{To: w.Stage("丢单"), Reason: "没钱", LossKind: "no_decision"}
		},
		"withdrawn": func(*apptest.World) opportunity.MoveRequest {
			return opportunity.MoveRequest{To: "withdrawn", Reason: "重复", LossKind: opportunity.Duplicate}
		},
	} {
		t.Run(way, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				must(t, w.Opportunities.SetShares(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.Share{
					{MemberID: w.ID["陈露"], Kind: "direct", BP: 6000}, {MemberID: w.ID["小李"], Kind: "direct", BP: 4000}}))
				w.Clock.Set("2026-03-09")
				began := w.As("陈露")
				for _, who := range []string{"陈露", "小李"} {
					must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID[who], w.ID["二组"], "", false, "2026-03-05"))
				}
				_, err := w.Opportunities.Move(w.Ctx, began, o.ID, move(w))
				must(t, err)
				r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
				must(t, err)
				if len(r.Credit) != 2 {
					t.Errorf("%d lines of credit", len(r.Credit))
				}
				for _, c := range r.Credit {
					if c.TeamID != w.ID["二组"] {
						t.Errorf("%s is credited in the team he had left by the day of closing", w.As("管理员").Structure.Members[c.MemberID].Name)
					}
				}
			})
		})
	}
}

// A transfer and hand-overs to and from who is transferred, and a new version that takes over
// what both move, take their locks in one order: nobody waits for who waits for him.
func TestATransferAndHandOversTakeTheirLocksInOneOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		var ids []string
		for i := range 60 {
			ids = append(ids, w.Opportunity("小李", fmt.Sprint(i)).ID)
		}
		back := slices.Clone(ids)
		slices.Reverse(back)
		boss := w.As("管理员")
		before := w.Deadlocks()
		for round := range 4 {
			codes := apptest.AtOnce(5, func(k int) error {
				switch k {
				case 0:
					return w.Org.Transfer(w.Ctx, boss, w.ID["小李"], w.ID[[]string{"二组", "一组"}[round%2]], "", false, boss.Today)
				case 1:
					return reopened(w, boss, ids[:10])
				case 2:
					_, err := w.FollowUps.Log(w.Ctx, boss, followup.FollowUp{On: refs(back[round : round+30]), Channel: "phone", Words: "谈价"}, "")
					return err
				}
				list := [][]string{ids, back}[k%2]
				_, err := w.Handovers.HandOver(w.Ctx, boss, handover.Ask{Kind: "opportunity", IDs: list, ToID: w.ID["小李"], Reason: "分工"})
				return err
			})
			if codes[""] != 5 {
				t.Errorf("round %d: %v", round, codes)
			}
			_, err := w.Handovers.HandOver(w.Ctx, boss, handover.Ask{Kind: "opportunity", IDs: ids, ToID: w.ID["陈露"], Reason: "分工"})
			must(t, err)
		}
		if n := w.Deadlocks() - before; n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

func refs(ids []string) (out []record.Ref) {
	for _, id := range ids {
		out = append(out, opportunity.Ref(id))
	}
	return out
}

// reopened loses deals and opens them again, one by one.
func reopened(w *apptest.World, a org.Actor, ids []string) error {
	for _, id := range ids {
		for _, r := range []opportunity.MoveRequest{{To: w.Stage("丢单"), LossKind: "no_decision", Reason: "无"}, {To: "reopen", Reason: "又来了"}} {
			if _, err := w.Opportunities.Move(w.Ctx, a, id, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func refused(err error) bool { return fault.As(err) != nil }
