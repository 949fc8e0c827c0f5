package opportunity_test

import (
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// TestFourEyesAreTwoHumans: 蒋跃 may type for 总监 and for 陈露, and 总监 for 蒋跃. Whatever a second
// person must look at, he who did it looks neither as himself nor in another's name, whether he
// did it as himself or in another's name.
func TestFourEyesAreTwoHumans(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := w.As("管理员")
		for _, pair := range [][2]string{{"总监", "蒋跃"}, {"陈露", "蒋跃"}, {"蒋跃", "总监"}} {
			if err := w.Org.Delegate(w.Ctx, boss, w.ID[pair[0]], w.ID[pair[1]]); err != nil {
				t.Fatal(err)
			}
		}
		as := func(who, in string) org.Actor {
			a := w.As(who)
			if in == "" {
				return a
			}
			a, err := a.For(w.ID[in])
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		type act struct {
			did func(a org.Actor) string // returns what is looked at
			see func(a org.Actor, id string) error
			own string
		}
		acts := map[string]act{
			"a win by exception": {
				did: func(a org.Actor) string {
					o := deal(t, w)
					r := opportunity.MoveRequest{To: w.Stage("中标"), Exception: "客户催得急"}
					if _, err := w.Opportunities.Move(w.Ctx, a, o, r); err != nil {
						t.Fatal(err)
					}
					return o
				},
				see: func(a org.Actor, id string) error { return w.Opportunities.AcceptWin(w.Ctx, a, id) }, own: "opportunity.own_win",
			},
			"a stage by exception": {
				did: func(a org.Actor) string {
					o := deal(t, w)
					r := opportunity.MoveRequest{To: w.Stage("入围"), Exception: "客户催得急"}
					if _, err := w.Opportunities.Move(w.Ctx, a, o, r); err != nil {
						t.Fatal(err)
					}
					return o
				},
				see: func(a org.Actor, id string) error { return w.Opportunities.SeeExceptions(w.Ctx, a, id) }, own: "opportunity.own_exception",
			},
		}
		ev := map[string]string{}
		acts["evidence"] = act{
			did: func(a org.Actor) string {
				o := deal(t, w)
				w.Move("小李", o, "方案确认", apptest.Exception)
				e, err := w.Opportunities.SubmitEvidence(w.Ctx, a, o, opportunity.Submission{StageID: w.Stage("方案确认"), Key: "agreement", FileID: w.File("小李", o)})
				if err != nil {
					t.Fatal(err)
				}
				ev[o] = e.ID
				return o
			},
			see: func(a org.Actor, id string) error {
				return w.Opportunities.DecideEvidence(w.Ctx, a, id, ev[id], true, "")
			}, own: "evidence.own",
		}
		for what, x := range acts {
			for _, in := range []string{"", "总监", "陈露"} {
				id := x.did(as("蒋跃", in))
				for _, looks := range [][2]string{{"蒋跃", ""}, {"蒋跃", "总监"}, {"蒋跃", "陈露"}, {"总监", "蒋跃"}} {
					if got := fault.CodeOf(x.see(as(looks[0], looks[1]), id)); got != x.own {
						t.Errorf("%s by 蒋跃 for %q is looked at by %s for %q: %q", what, in, looks[0], looks[1], got)
					}
				}
				if err := x.see(w.As("管理员"), id); err != nil {
					t.Errorf("%s by 蒋跃 for %q is not looked at by another: %v", what, in, err)
				}
			}
		}
		h, err := w.Handovers.HandOver(w.Ctx, as("蒋跃", ""), handover.Ask{Kind: "opportunity", IDs: []string{deal(t, w)}, ToID: w.ID["陈露"], Reason: "换人"})
		if err != nil {
			t.Fatal(err)
		}
		if got := fault.CodeOf(w.Handovers.Confirm(w.Ctx, as("蒋跃", "陈露"), h.ID)); got != "handover.own" {
			t.Errorf("who handed over confirms in the receiver's name: %q", got)
		}
		if err := w.Handovers.Confirm(w.Ctx, w.As("陈露"), h.ID); err != nil {
			t.Error(err)
		}
	})
}

// deal is one of 小李, whom 蒋跃 leads.
func deal(t *testing.T, w *apptest.World) string {
	t.Helper()
	w.Clock.Move(time.Second)
	return w.Opportunity("小李", "项目 "+w.Clock.Now().Format("150405")).ID
}
