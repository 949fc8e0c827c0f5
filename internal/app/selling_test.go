package app_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/funnel"
	"yunchou/internal/handover"
	"yunchou/internal/identity"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/server"
	"yunchou/internal/task"
)

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("code %q, want %q (%v)", got, want, err)
	}
}

func TestTheSameGateStandsBeforeEveryPath(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		to := w.Stage("入围")
		still := func(path string) {
			t.Helper()
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			if err != nil || r.StageID != o.StageID {
				t.Errorf("%s went round the gate (%v)", path, err)
			}
		}
		for _, path := range []string{"form", "board", "api"} {
			a := w.As("陈露")
			a.Path = path
			_, err := w.Opportunities.Move(w.Ctx, a, o.ID, opportunity.MoveRequest{To: to})
			code(t, err, "pipeline.milestones_missing")
			still(path)
		}
		results, err := w.Opportunities.MoveMany(w.Ctx, w.As("陈露"), []string{o.ID}, opportunity.MoveRequest{To: to})
		if err != nil || results[0].Moved {
			t.Errorf("bulk moved %+v %v", results, err)
		}
		still("bulk")
		gateOverHTTP(t, w, o.ID, to)
		still("HTTP")
		gateOverImport(t, w, o)
		still("import and command line")

		w.Supply("陈露", o.ID)
		if moved := w.Move("陈露", o.ID, "入围"); moved.StageID != to {
			t.Error("evidence did not open the gate")
		}
	})
}

func gateOverHTTP(t *testing.T, w *apptest.World, id, to string) {
	t.Helper()
	secret := identity.NewSecret()
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret); err != nil {
		t.Fatal(err)
	}
	h := server.New(w.App, "test", false)
	token, session, err := w.SignIn("chenlu", secret)
	if err != nil {
		t.Fatal(err)
	}
	for path, body := range map[string]string{"/api/opportunities/" + id + "/move": `{"to":"` + to + `"}`, "/api/bulk/move": `{"ids":["` + id + `"],"to":"` + to + `"}`} {
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: token})
		r.Header.Set("X-CSRF-Token", session.CSRF)
		r.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if !strings.Contains(rec.Body.String(), "pipeline.milestones_missing") {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
}

func gateOverImport(t *testing.T, w *apptest.World, o opportunity.Opportunity) {
	t.Helper()
	m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles:\n  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, stage: stage}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = w.DB.Write(w.Ctx, func(tx database.Tx) error {
		return w.Records.InsertExternal(w.Ctx, tx, w.Admin.TenantID, "opportunity", map[record.External]string{{Source: "crm", ID: "1"}: o.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("id,name,stage\n1,二期改造,入围\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "x.csv", Path: path}}, false)
	if err != nil || b.Summary.Refused != 1 {
		t.Errorf("import: %+v %v", b.Summary, err)
	}
	issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
	if err != nil || len(issues) != 1 || issues[0].Code != "pipeline.milestones_missing" {
		t.Errorf("issues %+v %v", issues, err)
	}
}

func TestAnAdvanceWithExceptionIsToldToTheManager(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		today, err := w.Opportunities.TodayOf(w.Ctx, w.As("蒋跃"))
		if err != nil || len(today.Exceptions) != 1 || today.AllExceptions != 1 || today.Exceptions[0].Reason != "客户催得急" {
			t.Errorf("%+v %v", today.Exceptions, err)
		}
		other, err := w.Opportunities.TodayOf(w.Ctx, w.As("何峰"))
		if err != nil || len(other.Exceptions) != 0 {
			t.Errorf("another team's manager sees %+v %v", other.Exceptions, err)
		}
		if err := w.Opportunities.SeeExceptions(w.Ctx, w.As("蒋跃"), o.ID); err != nil {
			t.Fatal(err)
		}
		if today, _ = w.Opportunities.TodayOf(w.Ctx, w.As("蒋跃")); len(today.Exceptions) != 0 {
			t.Error("seen, and still shown")
		}
	})
}

func TestTwoPeopleMovingOneRecordTheSecondIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Supply("陈露", o.ID)
		r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		for _, who := range []string{"陈露", "蒋跃"} {
			a := w.As(who)
			go func() {
				_, err := w.Opportunities.Move(w.Ctx, a, o.ID, opportunity.MoveRequest{To: w.Stage("入围"), Version: r.Version})
				done <- err
			}()
		}
		first, second := fault.CodeOf(<-done), fault.CodeOf(<-done)
		if first+second != "record.stale" {
			t.Errorf("codes %q and %q", first, second)
		}
		after, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		if err != nil || len(after.Stays) != 2 {
			t.Errorf("%d stays %v", len(after.Stays), err)
		}
	})
}

func TestARepeatedMoveWithTheSameKeyIsAnsweredTheSame(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		req := opportunity.MoveRequest{To: w.Stage("入围"), Exception: "急", Key: "k1"}
		a, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, req)
		if err != nil || a.Version != b.Version {
			t.Errorf("%d then %d, %v", a.Version, b.Version, err)
		}
		req.To = w.Stage("方案制定")
		_, err = w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, req)
		code(t, err, "request.key_reused")
	})
}

func TestWinFreezesSharesAndCreditStaysAfterTransferAndReorganisation(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		shares := []opportunity.Share{{MemberID: w.ID["陈露"], Kind: "direct", BP: 6667}, {MemberID: w.ID["小李"], Kind: "direct", BP: 3333}, {MemberID: w.ID["蒋跃"], Kind: "overlay", BP: 1000}}
		if err := w.Opportunities.SetShares(w.Ctx, w.As("陈露"), o.ID, 0, shares); err != nil {
			t.Fatal(err)
		}
		contract := int64(100_00)
		w.Move("陈露", o.ID, "中标", apptest.Exception, func(r *opportunity.MoveRequest) { r.ContractMinor = &contract })
		credit := func() (out string) {
			r, err := w.Opportunities.Get(w.Ctx, w.As("总监"), o.ID)
			if err != nil {
				t.Fatal(err)
			}
			var direct int64
			for _, c := range r.Credit {
				out += c.Kind + w.As("总监").Structure.Members[c.MemberID].Name + w.As("总监").Structure.Teams[c.TeamID].Name
				if c.Kind == "direct" {
					direct += *c.AmountMinor
				}
			}
			if direct != contract {
				t.Errorf("direct lines add up to %d", direct)
			}
			return out
		}
		before := credit()
		if before != "direct陈露一组direct小李一组overlay蒋跃一组" {
			t.Errorf("credit %s", before)
		}
		code(t, w.Opportunities.SetShares(w.Ctx, w.As("陈露"), o.ID, 0, shares), "opportunity.closed")

		w.Clock.Set("2026-04-01")
		if err := w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["小李"], Reason: "调动"}); err == nil {
			t.Error("蒋跃 no longer leads 陈露 and could still hand her records over")
		}
		if _, err := w.Handovers.HandOver(w.Ctx, w.As("何峰"), handover.Ask{Kind: "opportunity", IDs: []string{o.ID}, ToID: w.ID["周涛"], Reason: "调动"}); err != nil {
			t.Fatal(err)
		}
		if after := credit(); after != before {
			t.Errorf("credit moved: %s", after)
		}
		rep, err := w.Funnel.Report(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: "投标流程", Group: funnel.ByTeam})
		if err != nil || len(rep.Groups) != 1 || rep.Groups[0].Key != "一组" {
			t.Errorf("the report of the day of the win: %+v %v", rep.Groups, err)
		}
		reopened, err := w.Opportunities.Move(w.Ctx, w.As("何峰"), o.ID, opportunity.MoveRequest{To: "reopen", Reason: "合同未生效"})
		if err != nil || reopened.State != opportunity.Open {
			t.Fatal(err)
		}
		r, _ := w.Opportunities.Get(w.Ctx, w.As("何峰"), o.ID)
		if len(r.Credit) != 0 {
			t.Error("a reopened win keeps its credit")
		}
	})
}

func TestHandOverKeepsStageHistoryAndClocksAndTakesNextStepsAlong(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		if _, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{On: []record.Ref{opportunity.Ref(o.ID)}, What: "约评审", DueOn: "2026-03-20"}); err != nil {
			t.Fatal(err)
		}
		w.Clock.Set("2026-03-16")
		before, _ := w.Opportunities.Get(w.Ctx, w.As("蒋跃"), o.ID)
		h, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "离职"})
		if err != nil || h.Counts["opportunity"] != 1 || h.Counts["account"] != 1 {
			t.Fatalf("%+v %v", h, err)
		}
		after, err := w.Opportunities.Get(w.Ctx, w.As("小李"), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if after.StageID != before.StageID || len(after.Stays) != len(before.Stays) || *after.Clocks.ProgressDays != *before.Clocks.ProgressDays || *after.Clocks.ProgressDays != 5 {
			t.Errorf("stage, history or clock changed: %+v", after.Clocks)
		}
		steps, err := w.Tasks.OfRecord(w.Ctx, w.As("小李"), opportunity.Ref(o.ID))
		if err != nil || steps[0].MemberID != w.ID["小李"] || after.Shares[0].MemberID != w.ID["小李"] {
			t.Error("the promise or the share stayed behind")
		}
		if _, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the former owner still sees it: %v", err)
		}
		arrived, err := w.Handovers.Waiting(w.Ctx, w.As("小李"))
		if err != nil || len(arrived) != 1 || arrived[0].Count() != 2 {
			t.Errorf("receiver asked to confirm: %+v %v", arrived, err)
		}
		if err := w.Handovers.Confirm(w.Ctx, w.As("小李"), h.ID); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReturnAndWalkingAgainOverKnownGroundResetsNoClock(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		days := func(on calendar.Date) int {
			w.Clock.Set(on)
			r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
			if err != nil || r.Clocks.ProgressDays == nil {
				t.Fatal(err)
			}
			return *r.Clocks.ProgressDays
		}
		w.Clock.Set("2026-03-05")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		w.Clock.Set("2026-03-10")
		w.Move("陈露", o.ID, "机会")
		w.Clock.Set("2026-03-12")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		if d := days("2026-03-12"); d != 5 { // 6, 9, 10, 11, 12 March
			t.Errorf("%d days after going back and again, want 5", d)
		}
		p := calendar.Date("2026-06-30")
		if _, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{ExpectedOn: &p}); err != nil {
			t.Fatal(err)
		}
		if d := days("2026-03-12"); d != 5 {
			t.Errorf("re-dating reset the clock to %d", d)
		}
		w.Clock.Set("2026-03-13")
		w.Move("陈露", o.ID, "方案制定", apptest.Exception)
		if d := days("2026-03-13"); d != 0 {
			t.Errorf("new ground leaves the clock at %d", d)
		}
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: w.Stage("入围")})
		code(t, err, "pipeline.reason_required")
	})
}

func TestWaitingForAcceptanceIsTheApproversTime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Move("陈露", o.ID, "方案确认", apptest.Exception)
		w.Clock.Set("2026-03-04")
		e, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As("陈露"), o.ID, opportunity.Submission{StageID: w.Stage("方案确认"), Key: "agreement", FileID: w.File("陈露", o.ID)})
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Set("2026-03-11")
		r, _ := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		if *r.Clocks.ProgressDays != 2 || *r.Clocks.WaitingDays != 5 {
			t.Errorf("progress %d waiting %d", *r.Clocks.ProgressDays, *r.Clocks.WaitingDays)
		}
		code(t, w.Opportunities.DecideEvidence(w.Ctx, w.As("陈露"), o.ID, e.ID, true, ""), "org.permission_missing")
		if err := w.Opportunities.DecideEvidence(w.Ctx, w.As("蒋跃"), o.ID, e.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if r, _ = w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID); r.ProgressOn != "2026-03-04" || r.Clocks.WaitingDays != nil {
			t.Errorf("accepted counts from %s", r.ProgressOn)
		}
	})
}

func TestContactClockCountsTwoWayContactsWithPeopleOfTheDealOnly(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		liu := w.Contact("陈露", "刘工")
		w.Clock.Set("2026-03-06")
		log := func(twoWay bool, on calendar.Date, who ...string) error {
			_, err := w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "visit", Words: "价格再谈", TwoWay: twoWay, HappenedOn: on, ContactIDs: who}, "")
			return err
		}
		if err := log(true, "2026-03-03", liu); err != nil {
			t.Fatal(err)
		}
		if err := log(false, "2026-03-05", liu); err != nil {
			t.Fatal(err)
		}
		if err := log(true, "2026-03-05"); err != nil {
			t.Fatal(err)
		}
		r, _ := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		if r.ContactOn != "2026-03-03" || *r.Clocks.ContactDays != 3 {
			t.Errorf("contact on %s", r.ContactOn)
		}
		code(t, log(true, "2026-03-07", liu), "org.date_in_future")
		code(t, log(true, "2025-06-01", liu), "org.backdated")
	})
}

func TestANewVersionRemapsOpenRecordsWithoutAMove(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		kept, moved := w.Opportunity("陈露", "留在机会"), w.Opportunity("陈露", "在入围")
		w.Move("陈露", moved.ID, "入围", apptest.Exception)
		w.Clock.Set("2026-03-09")
		draft := w.Bid
		draft.Stages = append([]pipeline.Stage{w.Bid.Stages[0]}, w.Bid.Stages[2:]...) // without 入围
		_, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, nil)
		code(t, err, "pipeline.mapping_missing")
		_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, map[string]string{w.Stage("入围"): w.Stage("中标")})
		code(t, err, "pipeline.mapping_missing") // nobody wins by publishing
		v, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, map[string]string{w.Stage("入围"): w.Stage("方案制定")})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := w.Opportunities.Get(w.Ctx, w.As("陈露"), kept.ID)
		b, _ := w.Opportunities.Get(w.Ctx, w.As("陈露"), moved.ID)
		if a.VersionID != v.ID || len(a.Stays) != 1 || a.Stays[0].LeftOn != "" {
			t.Errorf("a stay in the same stage was cut: %+v", a.Stays)
		}
		if b.StageID != w.Stage("方案制定") || b.Stays[1].LeftMove != pipeline.Remap || b.ProgressOn != "2026-03-02" {
			t.Errorf("remapped: %+v progress %s", b.Stays, b.ProgressOn)
		}
		_, err = w.Pipelines.Create(w.Ctx, w.As("管理员"), pipeline.Version{Name: "借用", Stages: w.Bid.Stages})
		code(t, err, "pipeline.stage_of_another")
		bad := draft
		bad.Stages = append([]pipeline.Stage{}, draft.Stages...)
		bad.Stages[1].SuccessBP = 5
		_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, v.ID, bad, nil)
		code(t, err, "pipeline.success_rate_falls")
		_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, nil)
		code(t, err, "pipeline.changed_meanwhile")
	})
}

func TestACorrectionVoidsAStayAndPutsAnotherInItsPlace(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		w.Move("陈露", o.ID, "入围", apptest.Exception)
		if _, err := w.Opportunities.CorrectStay(w.Ctx, w.As("陈露"), o.ID, "2026-03-05", "记错了日期"); err != nil {
			t.Fatal(err)
		}
		r, _ := w.Opportunities.Get(w.Ctx, w.As("陈露"), o.ID)
		if len(r.Stays) != 3 || r.Stays[1].VoidedAt == nil || r.Stays[2].EnteredOn != "2026-03-05" || r.Stays[0].LeftOn != "2026-03-05" {
			t.Errorf("%+v", r.Stays)
		}
		rep, err := w.Funnel.Report(w.Ctx, w.As("陈露"), funnel.Ask{Pipeline: "投标流程"})
		if err != nil || rep.Stages[1].Reached != 1 {
			t.Errorf("voided stays count: %+v %v", rep.Stages[1], err)
		}
		w.Move("陈露", o.ID, "方案制定", apptest.Exception)
	})
}

// TestListsCountTodaysRelationAndReportsWhatIsAttributed: who works along in a deal sees
// it, and his figures do not add it up.
func TestListsCountTodaysRelationAndReportsWhatIsAttributed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "甲")
		w.Opportunity("陈露", "乙")
		w.Opportunity("周涛", "丙")
		shared := w.Opportunity("周涛", "丁")
		if err := w.Opportunities.SetTeam(w.Ctx, w.As("周涛"), shared.ID, 0, []opportunity.TeamMember{{MemberID: w.ID["小李"], Role: "售前"}}); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[string]struct{ sees, has int64 }{"陈露": {2, 2}, "小李": {1, 0}, "蒋跃": {2, 2}, "何峰": {2, 2},
			"总监": {4, 4}, "管理员": {4, 4}} {
			a := w.As(who)
			list, totals, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{}, w.Funnel)
			if err != nil {
				t.Fatal(err)
			}
			n := int64(0)
			for _, x := range totals {
				n += x.Count
			}
			if int64(len(list.Items)) != want.sees || n != want.sees {
				t.Errorf("%s: list %d, count %d, want %d", who, len(list.Items), n, want.sees)
			}
			asked(t, w, who, funnel.Ask{}, func(source string, r funnel.Report) {
				if r.Population.Open != want.has {
					t.Errorf("%s, %s: %d open, want %d", source, who, r.Population.Open, want.has)
				}
			})
		}
		_, err := w.Opportunities.Edit(w.Ctx, w.As("小李"), shared.ID, 0, opportunity.Patch{})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a deal team member may read, not write: %v", err)
		}
	})
}

func TestImportOfAChineseExcelExportAndItsUndo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		// GB18030, semicolons, 万 and dirt: as exported from an older system.
		text := "编号;商机名称;客户名称;负责人;阶段;金额;创建日期\r\nA1;一号线;华新机电;陈露;方案制定;98万;2026/1/5\r\nA2;二号线;新客户厂;陈露;输单;¥1,200.50;2026-01-06\r\nA3;三号线;华新机电;无此人;没有的阶段;12;2026-01-07\r\n"
		var gbk bytes.Buffer
		gbk.Write(apptest.GB18030(text))
		path := filepath.Join(t.TempDir(), "export.csv")
		if err := os.WriteFile(path, gbk.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		yaml := "version: 1\nsource: old\nfiles:\n  - match: export.csv\n    kind: opportunity\n    pipeline: 投标流程\n    columns: {externalId: 编号, name: 商机名称, account: 客户名称, owner: 负责人, stage: {column: 阶段, values: {输单: 丢单}}, amount: 金额, createdOn: 创建日期}\n"
		m, err := intake.ParseMapping([]byte(yaml))
		if err != nil {
			t.Fatal(err)
		}
		files := []intake.File{{Name: "export.csv", Path: path}}
		dry, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, files, true)
		if err != nil || dry.Summary.Created["opportunity"] != 2 || dry.Summary.Refused != 1 {
			t.Fatalf("dry run %+v %v", dry.Summary, err)
		}
		if _, totals, _ := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, page.Request{}, w.Funnel); len(totals) != 0 {
			t.Fatal("a dry run wrote something")
		}
		b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, files, false)
		if err != nil || b.Summary.Created["opportunity"] != 2 || b.Summary.Created["account"] != 1 || b.Summary.Files[0].Format.Encoding != "gb18030" || b.Summary.Files[0].Format.Separator != ";" {
			t.Fatalf("%+v %v", b.Summary, err)
		}
		list, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, page.Request{Sort: "name"}, w.Funnel)
		if err != nil || len(list.Items) != 2 {
			t.Fatal(err)
		}
		one := list.Items[1] // 一号线 sorts after 二号线 by pinyin
		if one.Name != "一号线" || *one.AmountMinor != 980_000_00 || one.CreatedOn != "2026-01-05" || one.EnteredOn != "" || one.ProgressOn != apptest.Start {
			t.Errorf("%+v", one)
		}
		again, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, files, false)
		if err != nil || again.Summary.Created["opportunity"] != 0 || again.Summary.Unchanged["opportunity"] != 2 {
			t.Errorf("the same file again: %+v %v", again.Summary, err)
		}
		renamed := "一号线(改)"
		if _, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), one.ID, 0, opportunity.Patch{Name: &renamed}); err != nil {
			t.Fatal(err)
		}
		u, err := w.Intake.Undo(w.Ctx, w.As("管理员"), b.ID)
		if err != nil || u.Removed != 2 || len(u.Kept) != 1 { // one opportunity and one account go, the touched one stays
			t.Errorf("%+v %v", u, err)
		}
	})
}
