package opportunity_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// day makes it a day of 2026, "03-16".
func day(w *apptest.World, d string) { w.Clock.Set(calendar.Date("2026-" + d)) }

func transfer(t *testing.T, w *apptest.World, who, team, from string) {
	t.Helper()
	must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID[who], w.ID[team], "", false, calendar.Date("2026-"+from)))
}

// seatIn is the seat a member has in a team, today or later.
func seatIn(t *testing.T, w *apptest.World, who, team string) string {
	t.Helper()
	s := w.As("管理员").Structure
	for _, h := range s.Holdings {
		if h.MemberID == w.ID[who] && s.Seats[h.SeatID].TeamID == w.ID[team] && !h.Empty() {
			return h.SeatID
		}
	}
	t.Fatalf("%s has no seat in %s", who, team)
	return ""
}

// An announced transfer does not come where its member leaves before it: the leaver's deals
// keep their team until they are handed over.
func TestLeavingEndsAnAnnouncedTransfer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-09")
		transfer(t, w, "陈露", "二组", "03-25")
		day(w, "03-10")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-20")
		must(t, err)
		if got, want := teamsOf(t, w, o.ID), "一组 03-02"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// Nor does one whose post is ended before it begins.
func TestEndingAnAnnouncedPostEndsTheTransfer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-09")
		transfer(t, w, "陈露", "二组", "03-25")
		day(w, "03-10")
		must(t, w.Org.EndPost(w.Ctx, w.As("管理员"), w.ID["陈露"], seatIn(t, w, "陈露", "二组"), "2026-03-10"))
		if got, want := teamsOf(t, w, o.ID), "一组 03-02"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// The main post of the day says the team: another post made the main one for good leaves
// nothing of the transfer announced before.
func TestAMainPostOverAnAnnouncedTransfer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: w.ID["公司"], From: "2026-03-02"}))
		day(w, "03-09")
		transfer(t, w, "陈露", "二组", "03-25")
		day(w, "03-10")
		must(t, w.Org.SetMainPost(w.Ctx, w.As("管理员"), w.ID["陈露"], seatIn(t, w, "陈露", "公司"), "2026-03-10"))
		day(w, "03-26")
		main, _ := w.As("管理员").Structure.TeamOf(w.ID["陈露"], "2026-03-26")
		held := ownedOn(t, w, o.ID, "2026-03-26")
		if held.TeamID != main {
			t.Errorf("on 03-26 it is of %s, her main team is %s; %s", name(w, held.TeamID), name(w, main), teamsOf(t, w, o.ID))
		}
	})
}

func ownedOn(t *testing.T, w *apptest.World, id string, on calendar.Date) (team teamOn) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		o, err := w.Records.OwnerOn(w.Ctx, tx, w.Admin.TenantID, id, on)
		team = teamOn{o.MemberID, o.TeamID}
		return err
	}))
	return team
}

type teamOn struct{ MemberID, TeamID string }

// A deleted record handed over hears of nothing announced of its new owner.
func TestADeletedRecordHandedOverHearsOfNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("小李", "三期")
		day(w, "03-09")
		transfer(t, w, "陈露", "二组", "03-20")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), o.ID, true))
		_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["陈露"], Reason: "分工"})
		must(t, err)
		if got, want := teamsOf(t, w, o.ID), "一组 03-02"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// Nor does one whose team is set while it is deleted.
func TestADeletedRecordIsNotSetToATeam(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("小李", "三期")
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["小李"], org.Post{TeamID: w.ID["公司"], From: "2026-03-02"}))
		day(w, "03-09")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), o.ID, true))
		if _, err := w.Opportunities.Belong(w.Ctx, w.As("管理员"), o.ID, 0, w.ID["公司"]); err == nil {
			t.Errorf("accepted; teams %s", teamsOf(t, w, o.ID))
		}
	})
}

// What was not set yet on a day follows a transfer dated back to it; from the day it was set
// it stays.
func TestATransferDatedBackBeforeTheDayTheTeamWasSet(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: w.ID["公司"], From: "2026-03-02"}))
		day(w, "03-09")
		_, err := w.Opportunities.Belong(w.Ctx, w.As("管理员"), o.ID, 0, w.ID["公司"])
		must(t, err)
		day(w, "03-12")
		transfer(t, w, "陈露", "二组", "03-05")
		if got, want := teamsOf(t, w, o.ID), "一组 03-02, 二组 03-05, 公司 03-09"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// A reopening that was put on another day and then never was moved the team no more than one
// that never was at once.
func TestAReopeningCorrectedThatNeverWasMovedNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, corrected := range []bool{false, true} {
			w := apptest.New(t, db)
			o := w.Opportunity("陈露", "二期改造")
			day(w, "03-04")
			w.Move("管理员", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
			day(w, "03-06")
			transfer(t, w, "陈露", "二组", "03-06")
			day(w, "03-09")
			_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
			must(t, err)
			day(w, "03-10")
			if corrected {
				_, err = w.Opportunities.CorrectStay(w.Ctx, w.As("管理员"), o.ID, "2026-03-08", "日期写错")
				must(t, err)
			}
			_, err = w.Opportunities.TakeBack(w.Ctx, w.As("管理员"), o.ID, "点错了")
			must(t, err)
			if got, want := teamsOf(t, w, o.ID), "一组 03-02"; got != want {
				t.Errorf("corrected %v: teams %s, want %s", corrected, got, want)
			}
		}
	})
}

// Once the day of an announced transfer has come, every open record of the member is noted
// in the new team, also where one of them is there already.
func TestFollowGoesOnBehindARecordThatIsThereAlready(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first, second := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期改造")
		day(w, "03-09")
		transfer(t, w, "陈露", "二组", "03-20")
		day(w, "03-20")
		// The first is lost and open again on that morning, before the job looked.
		w.Move("管理员", first.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
		_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), first.ID, opportunity.MoveRequest{To: "reopen", Reason: "又来了"})
		must(t, err)
		must(t, w.Opportunities.Follow(w.Ctx, w.As("管理员"), "2026-03-19"))
		for _, id := range []string{first.ID, second.ID} {
			r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), id)
			if err != nil || r.TeamID != w.ID["二组"] {
				t.Errorf("%s is noted in %s (%v)", r.Name, name(w, r.TeamID), err)
			}
		}
	})
}

// Who leaves with what is announced, and comes back later into another team, takes along what
// is his from that day; between it stays where it was.
func TestLeaveAndComeBackOverAnAnnouncedTransfer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-05")
		transfer(t, w, "陈露", "二组", "03-20")
		day(w, "03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-10")
		must(t, err)
		day(w, "03-16")
		must(t, w.Org.ComeBack(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Comeback{Post: org.Post{TeamID: w.ID["公司"]}}))
		if got, want := teamsOf(t, w, o.ID), "一组 03-02, 公司 03-16"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// A comeback announced, then withdrawn: the deals stay with the team they have.
func TestAComebackThatDoesNotCome(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-10")
		must(t, err)
		day(w, "03-11")
		must(t, w.Org.ComeBack(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Comeback{Post: org.Post{TeamID: w.ID["二组"], From: "2026-03-20"}}))
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-20")
		must(t, err)
		if got, want := teamsOf(t, w, o.ID), "一组 03-02"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// What was set to another team that became the main one can be set back to follow.
func TestSetBackWhereItIsAlready(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		must(t, w.Org.AddPost(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: w.ID["公司"], From: "2026-03-02"}))
		_, err := w.Opportunities.Belong(w.Ctx, w.As("管理员"), o.ID, 0, w.ID["公司"])
		must(t, err)
		day(w, "03-09")
		must(t, w.Org.SetMainPost(w.Ctx, w.As("管理员"), w.ID["陈露"], seatIn(t, w, "陈露", "公司"), "2026-03-09"))
		_, err = w.Opportunities.Belong(w.Ctx, w.As("管理员"), o.ID, 0, w.ID["公司"]) // in the main one it follows her again
		must(t, err)
		day(w, "03-12")
		transfer(t, w, "陈露", "二组", "03-12")
		if got, want := teamsOf(t, w, o.ID), "公司 03-02, 二组 03-12"; got != want {
			t.Errorf("teams %s, want %s", got, want)
		}
	})
}

// A win by exception that was accepted stays so when its day is corrected.
func TestAnAcceptedWinCorrectedStaysAccepted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-05")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		must(t, w.Opportunities.AcceptWin(w.Ctx, w.As("蒋跃"), o.ID))
		day(w, "03-06")
		_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("陈露"), o.ID, "2026-03-04", "日期写错")
		must(t, err)
		r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		must(t, err)
		for _, st := range r.Stays {
			if st.VoidedAt == nil && st.Provisional() {
				t.Error("it is provisional again")
			}
		}
	})
}

// Who won by exception does not accept it himself because somebody corrected its day.
func TestACorrectedWinIsNotAcceptedByWhoMadeIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("蒋跃", "经理的单子")
		day(w, "03-05")
		w.Move("蒋跃", o.ID, "中标", apptest.Exception)
		_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("管理员"), o.ID, "2026-03-04", "日期写错")
		must(t, err)
		if err := w.Opportunities.AcceptWin(w.Ctx, w.As("蒋跃"), o.ID); err == nil {
			t.Error("accepted by who made it")
		}
	})
}

// What a deleted record is, it stays until it is restored: nobody reprices, moves or shares it.
func TestADeletedRecordIsNotWritten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		day(w, "03-05")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), o.ID, true))
		amount := int64(5)
		ptr := &amount
		other, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "分销流程")
		must(t, err)
		for what, act := range map[string]func() error{
			"move": func() error {
				_, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), o.ID, opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急"})
				return err
			},
			"edit": func() error {
				_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, 0, opportunity.Patch{AmountMinor: &ptr})
				return err
			},
			"change pipeline": func() error {
				_, err := w.Opportunities.ChangePipeline(w.Ctx, w.As("管理员"), o.ID, other.PipelineID, "走错了")
				return err
			},
			"share": func() error {
				return w.Opportunities.SetShares(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.Share{{MemberID: w.ID["小李"], Kind: "direct", BP: 10000}})
			},
			"evidence": func() error {
				_, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As("管理员"), o.ID, opportunity.Submission{StageID: o.StageID, Key: "budget", Text: "有"})
				return err
			},
		} {
			if err := act(); err == nil {
				t.Errorf("%s: accepted", what)
			}
		}
	})
}
