package app_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
)

// sources are the implementations of the figures. Whatever is said of one holds of all.
func sources(w *apptest.World) map[string]*funnel.Service {
	memory := reference(w.App)
	memory.Source = w.Engine
	return map[string]*funnel.Service{"SQL": reference(w.App), "memory": memory}
}

// asked asks every implementation for a report.
func asked(t *testing.T, w *apptest.World, who string, ask funnel.Ask, check func(source string, r funnel.Report)) {
	t.Helper()
	ask.Pipeline = w.Bid.PipelineID
	for name, f := range sources(w) {
		r, err := f.Report(w.Ctx, w.As(who), ask)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		check(name, r)
	}
}

// winners are the keys of the groups that won, with how many and how much.
func winners(r funnel.Report) (out map[string]string) {
	out = map[string]string{}
	for _, g := range r.Groups {
		if g.ClosedWinRate.Won > 0 {
			out[g.Key] = fmt.Sprintf("%d %d", g.ClosedWinRate.Won, g.WonMinor/100)
		}
	}
	return out
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAWinIsWhoseItWasOnItsDay: what is handed over or transferred later, the same day
// even, moves no win.
func TestAWinIsWhoseItWasOnItsDay(t *testing.T) {
	later := map[string]func(t *testing.T, w *apptest.World, id string){
		"handed over": func(t *testing.T, w *apptest.World, id string) {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{Kind: "opportunity", IDs: []string{id},
				ToID: w.ID["小李"], Reason: "客户分工"})
			noError(t, err)
		},
		"transferred": func(t *testing.T, w *apptest.World, _ string) {
			noError(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""))
		},
		"shares set anew": func(t *testing.T, w *apptest.World, id string) {
			err := w.Opportunities.SetShares(w.Ctx, w.As("蒋跃"), id, 0, []opportunity.Share{{MemberID: w.ID["小李"],
				Kind: "direct", BP: 10000}})
			if err != nil && fault.As(err) == nil {
				t.Fatal(err)
			}
		},
	}
	for name, act := range later {
		t.Run(name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Clock.Set("2026-03-10")
				w.Move("陈露", o.ID, "中标", apptest.Exception)
				act(t, w, o.ID)
				for group, want := range map[funnel.GroupBy]string{funnel.ByOwner: "map[陈露:1 100000]",
					funnel.ByTeam: "map[一组:1 100000]"} {
					asked(t, w, "总监", funnel.Ask{Group: group}, func(source string, r funnel.Report) {
						if got := fmt.Sprint(winners(r)); got != want {
							t.Errorf("%s, by %s: %s, want %s", source, group, got, want)
						}
					})
				}
			})
		})
	}
}

// TestASplitWinCountsOnceInEachAndOnceInTheWhole: its amount splits, and the answer says so.
func TestASplitWinCountsOnceInEachAndOnceInTheWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		noError(t, w.Opportunities.SetShares(w.Ctx, w.As("陈露"), o.ID, 0, []opportunity.Share{
			{MemberID: w.ID["陈露"], Kind: "direct", BP: 7000}, {MemberID: w.ID["周涛"], Kind: "direct", BP: 3000},
			{MemberID: w.ID["何峰"], Kind: "overlay", BP: 1000}}))
		w.Clock.Set("2026-03-10")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		asked(t, w, "总监", funnel.Ask{Group: funnel.ByTeam}, func(source string, r funnel.Report) {
			if got, want := fmt.Sprint(winners(r), r.ClosedWinRate.Won, r.WonMinor/100, r.MultiCredit),
				"map[一组:1 70000 二组:1 30000] 1 100000 1"; got != want {
				t.Errorf("%s: %s, want %s", source, got, want)
			}
		})
		for who, want := range map[string]int64{"蒋跃": 70_000_00, "何峰": 30_000_00, "周涛": 30_000_00, "小李": 0} {
			asked(t, w, who, funnel.Ask{}, func(source string, r funnel.Report) {
				if r.WonMinor != want {
					t.Errorf("%s: %s sees %d won, want %d", source, who, r.WonMinor, want)
				}
			})
		}
		asked(t, w, "总监", funnel.Ask{Filter: opportunity.Filter{Team: w.ID["二组"]}}, func(source string, r funnel.Report) {
			if r.ClosedWinRate.Won != 1 || r.WonMinor != 30_000_00 {
				t.Errorf("%s: 二组 won %d, %d", source, r.ClosedWinRate.Won, r.WonMinor)
			}
		})
	})
}

// stagesOf tells how many reached each stage and what became of them.
func stagesOf(r funnel.Report) (out string) {
	for _, st := range r.Stages {
		if st.Reached == 0 {
			continue
		}
		out += fmt.Sprint(st.Name, " ", st.Reached)
		if st.Cohort != nil {
			out += fmt.Sprintf(" (%d advanced %d lost)", st.Cohort.Advanced, st.Cohort.Lost)
		}
		out += "; "
	}
	return out
}

// TestAVersionOfOtherStagesChangesNoPast: a deal lost from 报价, and then versions without
// stages, or with one more.
func TestAVersionOfOtherStagesChangesNoPast(t *testing.T) {
	// 机会 入围 方案制定 报价 方案确认 商务确认 中标 丢单
	for _, tt := range []struct {
		name, lostFrom string
		keep           []int
		to             map[int]int
		want           string
	}{
		{"without four stages nothing later was reached", "报价", []int{0, 5, 6, 7}, map[int]int{1: 0, 2: 0, 3: 0, 4: 0},
			"机会 1 (1 advanced 0 lost); 丢单 1; "},
		{"without the last stage before the win nothing was won", "商务确认", []int{0, 1, 2, 3, 4, 6, 7}, map[int]int{5: 4},
			"机会 1 (1 advanced 0 lost); 入围 1 (1 advanced 0 lost); 方案制定 1 (1 advanced 0 lost); 报价 1 (1 advanced 0 lost); 方案确认 1 (1 advanced 0 lost); 丢单 1; "},
		{"turned round, the ranks are those of the time", "入围", []int{1, 0, 2, 3, 4, 5, 6, 7}, nil,
			"入围 1 (0 advanced 1 lost); 机会 1 (1 advanced 0 lost); 丢单 1; "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Move("陈露", o.ID, tt.lostFrom, apptest.Exception)
				w.Move("陈露", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
				var before string
				asked(t, w, "总监", funnel.Ask{}, func(_ string, r funnel.Report) { before = stagesOf(r) })
				w.Clock.Set("2026-03-20")
				draft, mapping := w.Bid, map[string]string{}
				draft.Stages = nil
				for _, i := range tt.keep {
					draft.Stages = append(draft.Stages, w.Bid.Stages[i])
				}
				for from, to := range tt.to {
					mapping[w.Bid.Stages[from].ID] = w.Bid.Stages[to].ID
				}
				for i := range draft.Stages { // a stage that moves keeps its rate no lower than the one before
					draft.Stages[i].SuccessBP = max(draft.Stages[i].SuccessBP, draft.Stages[max(0, i-1)].SuccessBP)
				}
				_, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), w.Bid.PipelineID, w.Bid.ID, draft, mapping)
				noError(t, err)
				asked(t, w, "总监", funnel.Ask{}, func(source string, r funnel.Report) {
					if got := stagesOf(r); got != tt.want {
						t.Errorf("%s: %s\nwant %s", source, got, tt.want)
					}
				})
				asked(t, w, "总监", funnel.Ask{Version: 1}, func(source string, r funnel.Report) {
					if got := stagesOf(r); got != before {
						t.Errorf("%s: the first version says %s, it said %s", source, got, before)
					}
				})
			})
		})
	}
}

// TestALeaversRecordsStayInTheManagersFigures, until they are handed over and after.
func TestALeaversRecordsStayInTheManagersFigures(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		won := w.Opportunity("陈露", "一期")
		w.Move("陈露", won.ID, "中标", apptest.Exception)
		w.Clock.Set("2026-03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-09")
		noError(t, err)
		check := func(when string) {
			t.Helper()
			asked(t, w, "蒋跃", funnel.Ask{}, func(source string, r funnel.Report) {
				if r.Population.Open != 1 || r.ClosedWinRate.Won != 1 {
					t.Errorf("%s, %s: %d open and %d won, want 1 and 1", source, when, r.Population.Open, r.ClosedWinRate.Won)
				}
			})
		}
		check("left")
		_, err = w.Handovers.HandOver(w.Ctx, w.As("蒋跃"), handover.Ask{FromID: w.ID["陈露"], ToID: w.ID["小李"], Reason: "离职"})
		noError(t, err)
		check("handed over")
	})
}

// What a leaver has not handed over is lost by his manager after he has gone: it is a loss of
// the team it was open in, in its manager's figures, by team and in the waterfall alike.
func TestWhatALeaverHadIsLostInHisTeam(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-04")
		noError(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, "2026-03-04"))
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-09")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "2026-03-09")
		noError(t, err)
		w.Clock.Set("2026-03-12")
		w.Move("何峰", o.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = "no_decision" })
		in := funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-03-10", Group: funnel.ByTeam}
		in.Filter.Team = w.ID["二组"]
		for _, who := range []string{"何峰", "总监"} {
			asked(t, w, who, in, func(source string, r funnel.Report) {
				if r.ClosedWinRate.Lost != 1 || len(r.Groups) != 1 || r.Groups[0].ID != w.ID["二组"] {
					t.Errorf("%s, %s: %d lost, groups %+v", who, source, r.ClosedWinRate.Lost, r.Groups)
				}
			})
			wf, err := w.Funnel.Waterfall(w.Ctx, w.As(who), in)
			noError(t, err)
			for _, step := range wf.Steps {
				if step.Name == funnel.LostStep && step.Count != 1 {
					t.Errorf("%s: the waterfall has %d lost", who, step.Count)
				}
			}
		}
	})
}

// TestAPastDayIsWhatItWas: reopened, deleted, at another amount and rate since.
func TestAPastDayIsWhatItWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		lost, won, gone := w.Opportunity("陈露", "丢的"), w.Opportunity("陈露", "赢的"), w.Opportunity("陈露", "删的")
		w.Opportunity("周涛", "一直开着的")
		w.Move("陈露", lost.ID, "丢单", func(r *opportunity.MoveRequest) {
			r.LossKind,
				r.Competitor = opportunity.LostToCompetitor, "恒泰"
		})
		contract := int64(50_000_00)
		w.Move("陈露", won.ID, "中标", apptest.Exception, func(r *opportunity.MoveRequest) { r.ContractMinor = &contract })
		w.Clock.Set("2026-03-31")
		ask := funnel.Ask{AsOf: "2026-03-31", Group: funnel.ByOwner}
		before := map[string]string{}
		asked(t, w, "总监", ask, func(source string, r funnel.Report) { before[source] = figures(r) })
		w.Clock.Set("2026-05-06")
		for _, id := range []string{lost.ID, won.ID} {
			_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), id, opportunity.MoveRequest{To: "reopen", Reason: "再来"})
			noError(t, err)
		}
		amount := int64(700_000_00)
		p := &amount
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), won.ID, 0, opportunity.Patch{AmountMinor: &p})
		noError(t, err)
		noError(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), gone.ID, true))
		for _, knowledge := range []string{funnel.KnownNow, funnel.KnownThen} {
			ask.Knowledge = knowledge
			asked(t, w, "总监", ask, func(source string, r funnel.Report) {
				if got := figures(r); got != before[source] {
					t.Errorf("%s, known %s:\n in May   %s\n in March %s", source, knowledge, got, before[source])
				}
			})
		}
	})
}

// figures are the numbers of a report that a past day must keep.
func figures(r funnel.Report) string {
	out := fmt.Sprint(r.Population, r.ClosedWinRate.Won, r.ClosedWinRate.Lost, r.WonMinor, r.LostMinor, r.OpenMinor,
		r.Losses, " ", stagesOf(r))
	for _, g := range r.Groups {
		out += fmt.Sprint(g.Key, g.Population, g.WonMinor, g.OpenMinor, "; ")
	}
	return out
}

// TestATeamOfThePastIsItsMembersOfThatTime: grouped by team and filtered to it say the same.
func TestATeamOfThePastIsItsMembersOfThatTime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		won := w.Opportunity("陈露", "二期改造")
		w.Opportunity("陈露", "三期")
		w.Move("陈露", won.ID, "中标", apptest.Exception)
		w.Clock.Set("2026-05-06")
		noError(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""))
		w.Clock.Set("2026-05-07")
		ask := funnel.Ask{From: "2026-03-01", To: "2026-04-01", Group: funnel.ByTeam}
		for _, tt := range []struct {
			on        calendar.Date
			team      string
			won, open int64
		}{{"2026-03-31", "一组", 1, 1}, {"2026-03-31", "二组", 0, 0}, {"2026-03-31", "公司", 1, 1},
			// Today the open one went along with its owner; the win stays where it was won.
			{"", "一组", 1, 0}, {"", "二组", 0, 1}, {"", "公司", 1, 1}} {
			ask := ask
			ask.AsOf, ask.Group, ask.Filter.Team = tt.on, "", w.ID[tt.team]
			asked(t, w, "总监", ask, func(source string, r funnel.Report) {
				if r.ClosedWinRate.Won != tt.won || r.Population.Open != tt.open {
					t.Errorf("%s: %s on %q has won %d and open %d, want %d and %d", source, tt.team, tt.on,
						r.ClosedWinRate.Won, r.Population.Open, tt.won, tt.open)
				}
			})
		}
		asked(t, w, "总监", ask, func(source string, r funnel.Report) {
			if got, want := fmt.Sprint(winners(r)), "map[一组:1 100000]"; got != want {
				t.Errorf("%s: March by team %s, want %s", source, got, want)
			}
		})
	})
}

// TestADeletedWinIsNeitherWonNorCredited, and both again once it is restored.
func TestADeletedWinIsNeitherWonNorCredited(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Move("陈露", o.ID, "中标", apptest.Exception)
		w.Clock.Set("2026-03-10")
		check := func(when string, want string) {
			t.Helper()
			asked(t, w, "总监", funnel.Ask{Group: funnel.ByOwner}, func(source string, r funnel.Report) {
				if got := fmt.Sprint(winners(r), r.WonMinor/100); got != want {
					t.Errorf("%s, %s: %s, want %s", source, when, got, want)
				}
			})
		}
		noError(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), o.ID, true))
		check("deleted", "map[] 0")
		w.Clock.Set("2026-03-12")
		noError(t, w.Opportunities.Delete(w.Ctx, w.As("陈露"), o.ID, false))
		check("restored", "map[陈露:1 100000] 100000")
	})
}

// TestNoAmountTakesAReportDown: what no door takes is refused, and what stands there
// already, of an older time, is beyond what can be stated and no error.
func TestNoAmountTakesAReportDown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		huge := int64(9_200_000_000_000_000_000)
		for _, n := range []string{"a", "b"} {
			o := w.Opportunity("陈露", n)
			_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: w.Stage("中标"), Exception: "x",
				ContractMinor: &huge})
			if err == nil {
				t.Error("a contract of 9.2e18 was taken")
			}
			w.Move("陈露", o.ID, "中标", apptest.Exception)
			noError(t, db.Write(w.Ctx, func(tx database.Tx) error {
				_, err := tx.Exec(w.Ctx, `UPDATE stay SET contract_minor = $1 WHERE state = 'won'`, huge)
				return err
			}))
		}
		asked(t, w, "总监", funnel.Ask{Group: funnel.ByOwner}, func(source string, r funnel.Report) {
			if r.ClosedWinRate.Won != 2 {
				t.Errorf("%s: %d won", source, r.ClosedWinRate.Won)
			}
		})
	})
}

// TestTheTrendMeetsTheWaterfall: what was open at the end of March is what April began with.
func TestTheTrendMeetsTheWaterfall(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-04-15")
		amount := int64(900_000_00)
		p := &amount
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), o.ID, 0, opportunity.Patch{AmountMinor: &p})
		noError(t, err)
		for name, f := range sources(w) {
			tr, err := f.Trend(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID}, "month", 2)
			noError(t, err)
			wf, err := f.Waterfall(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-04-01"})
			noError(t, err)
			if tr.Points[0].OpenMinor != wf.Steps[0].AmountMinor || tr.Points[0].OpenMinor != 100_000_00 {
				t.Errorf("%s: open at the end of March: trend %d, waterfall %d", name, tr.Points[0].OpenMinor,
					wf.Steps[0].AmountMinor)
			}
			if last := wf.Steps[len(wf.Steps)-1].AmountMinor; tr.Points[1].OpenMinor != last || last != amount {
				t.Errorf("%s: open now: trend %d, waterfall %d", name, tr.Points[1].OpenMinor, last)
			}
		}
	})
}

// TestAManagersWaterfallIsHisTeams: what left 一组 and what came to 二组 is in each manager's own as in the
// director's of that team.
func TestAManagersWaterfallIsHisTeams(t *testing.T) {
	for _, tt := range []struct {
		name string
		act  func(t *testing.T, w *apptest.World, id string)
	}{
		{"handed over", func(t *testing.T, w *apptest.World, id string) {
			_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{id},
				ToID: w.ID["周涛"], Reason: "分工"})
			noError(t, err)
		}},
		{"gone along with its owner", func(t *testing.T, w *apptest.World, _ string) {
			noError(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Opportunity("小李", "三期")
				w.Clock.Set("2026-03-09")
				tt.act(t, w, o.ID)
				w.Clock.Set("2026-03-10")
				for source, f := range sources(w) {
					steps := func(who string, filter opportunity.Filter) string {
						ask := funnel.Ask{Pipeline: w.Bid.PipelineID, From: "2026-03-05", Filter: filter}
						fall, err := f.Waterfall(w.Ctx, w.As(who), ask)
						noError(t, err)
						out := ""
						for _, s := range fall.Steps {
							if s.AmountMinor != 0 {
								out += fmt.Sprint(s.Name, " ", s.AmountMinor/100, "; ")
							}
						}
						return out
					}
					for team, who := range map[string]string{"一组": "蒋跃", "二组": "何峰"} {
						his, directors := steps(who, opportunity.Filter{}), steps("总监", opportunity.Filter{Team: w.ID[team]})
						if his != directors || !strings.Contains(his, "transferred") {
							t.Errorf("%s: %s as its manager sees it: %s\nas the director does: %s", source, team, his, directors)
						}
					}
				}
			})
		})
	}
}
