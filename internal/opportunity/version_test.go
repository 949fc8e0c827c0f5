package opportunity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// without publishes the bid pipeline without a stage, which becomes another.
func without(w *apptest.World, stage, becomes string) (pipeline.Version, error) {
	v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), w.Bid.PipelineID)
	noError(w, err)
	draft := v
	draft.Stages = slices.DeleteFunc(slices.Clone(v.Stages), func(s pipeline.Stage) bool { return s.Name == stage })
	mapping := map[string]string{w.Stage(stage): w.Stage(becomes)}
	return w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, draft, mapping)
}

// TestWhatIsOpenAgainStandsInAStageThatThereIs: a deal of 入围 was away while a version without that stage came.
func TestWhatIsOpenAgainStandsInAStageThatThereIs(t *testing.T) {
	lose := func(w *apptest.World, id string) {
		w.Move("陈露", id, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
	}
	win := func(w *apptest.World, id string) { w.Move("陈露", id, "中标", apptest.Exception) }
	withdraw := func(w *apptest.World, id string) {
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), id, opportunity.MoveRequest{To: "withdrawn", LossKind: opportunity.Duplicate, Reason: "重复"})
		noError(w, err)
	}
	deleted := func(gone bool) func(w *apptest.World, id string) {
		return func(w *apptest.World, id string) { noError(w, w.Opportunities.Delete(w.Ctx, w.As("陈露"), id, gone)) }
	}
	reopen := func(w *apptest.World, id string) {
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), id, opportunity.MoveRequest{To: "reopen", Reason: "客户又来了"})
		noError(w, err)
	}
	takeBack := func(w *apptest.World, id string) {
		_, err := w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), id, "点错了")
		noError(w, err)
	}
	one, two := [][2]string{{"入围", "方案制定"}}, [][2]string{{"入围", "方案制定"}, {"方案制定", "报价"}}
	for _, tt := range []struct {
		name       string
		away, back func(w *apptest.World, id string)
		gone       [][2]string
		stage      string
	}{
		{"lost and reopened", lose, reopen, one, "方案制定"},
		{"lost and reopened two versions later", lose, reopen, two, "报价"},
		{"lost, which never was", lose, takeBack, one, "方案制定"},
		{"lost, which never was, two versions later", lose, takeBack, two, "报价"},
		{"won, which never was", win, takeBack, one, "方案制定"},
		{"withdrawn, which never was", withdraw, takeBack, one, "方案制定"},
		{"deleted and restored", deleted(true), deleted(false), one, "方案制定"},
		{"deleted and restored two versions later", deleted(true), deleted(false), two, "报价"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Move("陈露", o.ID, "入围", apptest.Exception)
				tt.away(w, o.ID)
				w.Clock.Set("2026-03-09")
				var v pipeline.Version
				for _, g := range tt.gone {
					var err error
					v, err = without(w, g[0], g[1])
					must(t, err)
				}
				w.Clock.Set("2026-03-10")
				tt.back(w, o.ID)
				if r := read(t, w, o.ID); r.StageID != w.Stage(tt.stage) || r.VersionID != v.ID || r.State != opportunity.Open {
					t.Errorf("%s in stage %s of version %d, want %s of %d",
						r.State, r.StageNames[r.StageID], r.Pipeline.Number, tt.stage, v.Number)
				}
				w.Again([]string{""}, "opportunity", "stay", "ownership", "dated_value")
				_, err := w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, v, nil)
				must(t, err)
				w.Move("陈露", o.ID, "方案确认", apptest.Exception) // and from there it goes on
			})
		})
	}
}

// cutShort takes records over one by one, as if each were a chunk, and breaks off after some.
type cutShort struct {
	pipeline.Remapper
	left *int
}

func (c cutShort) Remap(ctx context.Context, tx database.Tx, a org.Actor, to pipeline.Version, chunk int) (int, error) {
	if *c.left == 0 {
		return 0, errors.New("the power went")
	}
	*c.left--
	n, err := c.Remapper.Remap(ctx, tx, a, to, 1)
	return n * chunk, err
}

// TestAPublicationCutShortIsFinished: by the next start, or by whoever publishes next.
func TestAPublicationCutShortIsFinished(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after int
		act   func(w *apptest.World) error
	}{
		{"before the first record, by the next start", 0, func(w *apptest.World) error { return w.Prepare(w.Ctx) }},
		{"between two records, by the next start", 1, func(w *apptest.World) error { return w.Prepare(w.Ctx) }},
		{"between two records, by the next version", 1, func(w *apptest.World) error {
			v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), w.Bid.PipelineID)
			noError(w, err)
			_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, v, nil)
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				var ids []string
				for _, name := range []string{"一期", "二期", "三期"} {
					id := w.Opportunity("陈露", name).ID
					w.Move("陈露", id, "入围", apptest.Exception)
					ids = append(ids, id)
				}
				after := tt.after
				w.Pipelines.Remapper = cutShort{w.Opportunities, &after}
				if _, err := without(w, "入围", "方案制定"); err == nil {
					t.Fatal("the publication was not cut short")
				}
				w.Pipelines.Remapper = w.Opportunities
				must(t, tt.act(w))
				now, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), w.Bid.PipelineID)
				must(t, err)
				for _, id := range ids {
					if r := read(t, w, id); r.StageID != w.Stage("方案制定") || r.VersionID != now.ID {
						t.Errorf("%s: in stage %s of version %d, in force is %d",
							r.Name, r.StageNames[r.StageID], r.Pipeline.Number, now.Number)
					}
					w.Move("陈露", id, "报价", apptest.Exception)
				}
			})
		})
	}
}

// TestATakeOverIsNoAdvance: who keeps his stage is taken over, who loses it is remapped, and the clocks go on.
func TestATakeOverIsNoAdvance(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		kept, mapped, lost := w.Opportunity("陈露", "一期"), w.Opportunity("陈露", "二期"), w.Opportunity("陈露", "三期")
		w.Move("陈露", mapped.ID, "入围", apptest.Exception)
		w.Move("陈露", lost.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
		w.Clock.Set("2026-03-09")
		_, err := without(w, "入围", "方案制定")
		must(t, err)
		for _, tt := range []struct{ id, kind, move string }{
			{kept.ID, "opportunity.taken_over", ""}, {mapped.ID, "opportunity.moved", "remap"}, {lost.ID, "opportunity.moved", "lose"},
		} {
			r := read(t, w, tt.id)
			var entries []journal.Entry
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
				entries, err = journal.After(w.Ctx, tx, w.Admin.TenantID, opportunity.Ref(tt.id), 0)
				return err
			}))
			last := entries[len(entries)-1]
			var says struct{ Move string }
			must(t, json.Unmarshal(last.Payload, &says))
			if last.Kind != tt.kind || says.Move != tt.move || r.ProgressOn != apptest.Start {
				t.Errorf("%s: %s %s, progress counts from %s", r.Name, last.Kind, says.Move, r.ProgressOn)
			}
		}
	})
}

// TestTheStayOfAPhaseGoesOn: what is no doing of the deal's does not begin it anew, and what
// never was is none of it.
func TestTheStayOfAPhaseGoesOn(t *testing.T) {
	for _, tt := range []struct {
		name  string
		play  func(w *apptest.World, id string)
		phase pipeline.Phase
		since calendar.Date
	}{
		{"over two stages", func(w *apptest.World, id string) { w.Move("陈露", id, "入围", apptest.Exception) }, pipeline.Early, "2026-03-02"},
		{"over a change of pipeline", func(w *apptest.World, id string) {
			v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "分销流程")
			noError(w, err)
			_, err = w.Opportunities.ChangePipeline(w.Ctx, w.As("陈露"), id, v.PipelineID, "走渠道")
			noError(w, err)
		}, pipeline.Early, "2026-03-02"},
		{"over a stage that is gone", func(w *apptest.World, id string) {
			w.Move("陈露", id, "方案制定", apptest.Exception)
			w.Clock.Set("2026-03-12")
			_, err := without(w, "方案制定", "报价")
			noError(w, err)
			w.Clock.Set("2026-03-16")
		}, pipeline.Middle, "2026-03-09"},
		{"as if a move that never was had not been", func(w *apptest.World, id string) {
			w.Move("陈露", id, "报价", apptest.Exception)
			w.Clock.Set("2026-03-12")
			_, err := w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), id, "拖错了")
			noError(w, err)
		}, pipeline.Early, "2026-03-02"},
		{"from the day a stay is corrected to", func(w *apptest.World, id string) {
			w.Move("陈露", id, "报价", apptest.Exception)
			_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("陈露"), id, "2026-03-05", "日期写错")
			noError(w, err)
		}, pipeline.Middle, "2026-03-05"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Clock.Set("2026-03-09")
				tt.play(w, o.ID)
				today := w.As("陈露").Today
				got := read(t, w, o.ID).Phase
				if got == nil || got.Phase != tt.phase || got.Since != tt.since || got.WorkingDays != calendar.China.WorkingDaysBetween(tt.since, today) {
					t.Errorf("%+v on %s, want %s since %s", got, today, tt.phase, tt.since)
				}
			})
		})
	}
}

// inTens takes records over ten by ten, as if each were a chunk.
type inTens struct{ pipeline.Remapper }

func (r inTens) Remap(ctx context.Context, tx database.Tx, a org.Actor, to pipeline.Version, chunk int) (int, error) {
	n, err := r.Remapper.Remap(ctx, tx, a, to, 10)
	if n == 10 {
		n = chunk
	}
	return n, err
}

// TestWhoPublishesAndGoesAwayLeavesNoDealBehind: the take-over goes on to its end, each deal moves
// once, and others who write meanwhile are answered truly.
func TestWhoPublishesAndGoesAwayLeavesNoDealBehind(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		const deals = 35
		var ids []string
		for n := range deals {
			id := w.Opportunity("陈露", fmt.Sprint("商机", n)).ID
			w.Move("陈露", id, "入围", apptest.Exception)
			ids = append(ids, id)
		}
		w.Pipelines.Remapper = inTens{w.Opportunities}
		ctx, leave := context.WithCancel(w.Ctx)
		defer leave()
		var moved atomic.Int32
		ctx = database.Observed(ctx, func(query string, _ []any) {
			if strings.Contains(query, "UPDATE opportunity") && moved.Add(1) == 5 {
				leave()
			}
		})
		others := make(chan map[string]int)
		go func() {
			others <- apptest.AtOnce(12, func(i int) error {
				if i%3 == 0 { // and of those that are being taken over
					_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), ids[i], 0, opportunity.Patch{Source: new("展会")})
					return err
				}
				_, err := w.Opportunities.Create(w.Ctx, w.As("陈露"), opportunity.New{Name: fmt.Sprint("新的", i), PipelineID: w.Bid.PipelineID})
				return err
			})
		}()
		v, err := without(&apptest.World{App: w.App, T: t, Ctx: ctx, Clock: w.Clock, Admin: w.Admin, ID: w.ID, Bid: w.Bid}, "入围", "方案制定")
		if moved.Load() < 5 {
			t.Fatalf("nobody left: %d statements", moved.Load())
		}
		must(t, err)
		if codes := <-others; codes[""] != 12 {
			t.Errorf("others: %v", codes)
		}
		must(t, w.Pipelines.TakeOver(w.Ctx, w.As("管理员"))) // made in the old version while the new one came
		for _, id := range ids {
			r := read(t, w, id)
			remaps := 0
			for _, s := range r.Stays {
				if s.Move == pipeline.Remap {
					remaps++
				}
			}
			if r.StageID != w.Stage("方案制定") || r.VersionID != v.ID || remaps != 1 {
				t.Errorf("%s: in stage %s of version %d by %d remaps", r.Name, r.StageNames[r.StageID], r.Pipeline.Number, remaps)
			}
		}
		w.Again([]string{""}, "opportunity", "stay", "ownership", "dated_value")
	})
}
