package opportunity_test

import (
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
)

// read reads a deal as its owner 陈露 sees it.
func read(t *testing.T, w *apptest.World, id string) opportunity.Record {
	t.Helper()
	r, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), id)
	must(t, err)
	return r
}

func dated(on calendar.Date) func(*opportunity.MoveRequest) {
	return func(r *opportunity.MoveRequest) { r.On = on }
}

// TestProgressCountsFromTheLastNewGround: what corrects, takes back or dates back a move that broke none
// leaves the clock where it was.
func TestProgressCountsFromTheLastNewGround(t *testing.T) {
	correct := func(w *apptest.World, id string, on calendar.Date) {
		_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("陈露"), id, on, "日期写错")
		noError(w, err)
	}
	takeBack := func(w *apptest.World, id string) {
		_, err := w.Opportunities.TakeBack(w.Ctx, w.As("陈露"), id, "拖错了")
		noError(w, err)
	}
	returned := func(w *apptest.World, id string) {
		w.Clock.Set("2026-03-05")
		w.Move("陈露", id, "入围", apptest.Exception)
		w.Clock.Set("2026-03-12")
		w.Move("陈露", id, "机会")
		w.Clock.Set("2026-03-20")
	}
	accepted := func(w *apptest.World, id string) {
		w.Clock.Set("2026-03-26")
		w.Supply("陈露", id)
		w.Clock.Set("2026-03-30")
	}
	for _, tt := range []struct {
		name string
		play func(w *apptest.World, id string)
		on   calendar.Date
	}{
		{"a return put on a later day", func(w *apptest.World, id string) {
			returned(w, id)
			correct(w, id, "2026-03-20")
		}, "2026-03-05"},
		{"a return taken back", func(w *apptest.World, id string) {
			returned(w, id)
			takeBack(w, id)
		}, "2026-03-05"},
		{"an advance put on an earlier day", func(w *apptest.World, id string) {
			w.Clock.Set("2026-03-12")
			w.Move("陈露", id, "入围", apptest.Exception)
			correct(w, id, "2026-03-05")
		}, "2026-03-05"},
		{"an advance taken back", func(w *apptest.World, id string) {
			w.Clock.Set("2026-03-12")
			w.Move("陈露", id, "入围", apptest.Exception)
			takeBack(w, id)
		}, apptest.Start},
		{"a milestone accepted, then an advance dated before it", func(w *apptest.World, id string) {
			accepted(w, id)
			w.Move("陈露", id, "入围", apptest.Exception, dated("2026-03-04"))
		}, "2026-03-26"},
		{"and an advance after it, corrected to a day before it", func(w *apptest.World, id string) {
			accepted(w, id)
			w.Move("陈露", id, "入围", apptest.Exception)
			correct(w, id, "2026-03-04")
		}, "2026-03-26"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				tt.play(w, o.ID)
				if r := read(t, w, o.ID); r.ProgressOn != tt.on {
					t.Errorf("progress counts from %s, want %s", r.ProgressOn, tt.on)
				}
			})
		})
	}
}

// TestNobodyWaitsForEvidenceOfAPlaceThatWasLeft: handed in for 方案确认 and never decided, it holds the clock
// only while the deal stands there.
func TestNobodyWaitsForEvidenceOfAPlaceThatWasLeft(t *testing.T) {
	for _, tt := range []struct {
		name    string
		leave   func(w *apptest.World, id string)
		waiting calendar.Date
		stalled int
	}{
		{"it stays", func(*apptest.World, string) {}, "2026-03-02", 0},
		{"to another pipeline", func(w *apptest.World, id string) {
			other, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "分销流程")
			noError(w, err)
			_, err = w.Opportunities.ChangePipeline(w.Ctx, w.As("陈露"), id, other.PipelineID, "改走渠道")
			noError(w, err)
		}, "", 1},
		{"forward", func(w *apptest.World, id string) { w.Move("陈露", id, "商务确认", apptest.Exception) }, "", 1},
		{"back", func(w *apptest.World, id string) { w.Move("陈露", id, "入围") }, "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				w := apptest.New(t, db)
				o := w.Opportunity("陈露", "二期改造")
				w.Move("陈露", o.ID, "方案确认", apptest.Exception)
				_, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As("陈露"), o.ID,
					opportunity.Submission{StageID: w.Stage("方案确认"), Key: "agreement", FileID: w.File("陈露", o.ID)})
				must(t, err)
				tt.leave(w, o.ID)
				w.Clock.Set("2026-12-01")
				stalled := opportunity.Filter{Stalled: true}
				list, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), stalled, page.Request{}, w.Funnel)
				must(t, err)
				if r := read(t, w, o.ID); r.WaitingOn != tt.waiting || len(list.Items) != tt.stalled {
					t.Errorf("waiting since %q, %d stalled; want %q and %d", r.WaitingOn, len(list.Items), tt.waiting, tt.stalled)
				}
			})
		})
	}
}

func noError(w *apptest.World, err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}
