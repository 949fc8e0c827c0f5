package server_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/server"
)

// TestTheDeskIsItsPartsInOneAnswer compares the one answer with those its parts are asked of
// elsewhere: of an administrator, a director, a manager, a rep, and somebody without a deal.
func TestTheDeskIsItsPartsInOneAnswer(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-02")
		w.Fill(1500)
		h := server.New(w.App, "test", false)
		mine := w.Opportunity("陈露", "二期改造")
		w.Move("陈露", mine.ID, "入围", apptest.Exception)
		won := w.Opportunity(apptest.Seller(0), "三期改造")
		w.Move(apptest.Seller(0), won.ID, "中标", apptest.Exception)
		for i, who := range []string{"总监", "蒋跃", apptest.Seller(0), "小李"} {
			c := signIn(t, w, h, who, fmt.Sprint("person", i))
			desk := settled(t, c)
			for path, parts := range map[string]map[string]any{
				"/api/today": {"steps": desk["steps"], "waiting": desk["waiting"], "exceptions": desk["exceptions"],
					"allExceptions": desk["allExceptions"], "handovers": desk["handovers"]},
				"/api/opportunities?noNextStep=true&sort=amount&desc=true&limit=4": {"items": desk["deals"].(map[string]any)["noNextStep"]},
				"/api/opportunities?state=open&limit=1":                            {"totals": desk["deals"].(map[string]any)["open"]},
			} {
				got := read(t, c, path)
				for name, part := range parts {
					if !reflect.DeepEqual(got[name], part) {
						t.Errorf("%s: %s of %s:\n%v\nand of the desk:\n%v", who, name, path, got[name], part)
					}
				}
			}
			figures(t, w, c, who, desk["figures"].(map[string]any))
			if any := desk["deals"].(map[string]any)["any"]; any != (who != "小李") {
				t.Errorf("%s: any deals: %v", who, any)
			}
		}
		// What was written shows in the figures of the next look but for a moment.
		c := signIn(t, w, h, "何峰", "second")
		before := settled(t, c)
		lost := w.Opportunity(apptest.Seller(1), "四期")
		w.Move(apptest.Seller(1), lost.ID, "丢单", func(r *opportunity.MoveRequest) { r.LossKind = opportunity.NoDecision })
		after := settled(t, c)
		if a, b := created(before), created(after); b != a+1 {
			t.Errorf("%v created before, %v after one more", a, b)
		}
	})
}

// figures compares a desk's with the reports.
func figures(t *testing.T, w *apptest.World, c client, who string, f map[string]any) {
	t.Helper()
	r := read(t, c, "/api/reports/funnel?pipeline="+w.Bid.PipelineID)
	list := f["funnels"].([]any)
	if r["population"].(map[string]any)["created"] == float64(0) {
		if len(list) > 0 {
			t.Errorf("%s: %v, and nothing was created", who, list)
		}
		return
	}
	one := list[0].(map[string]any)
	for _, name := range []string{"pipelineId", "closedWinRate", "wonAmountMinor", "currency"} {
		if !reflect.DeepEqual(one[name], r[name]) {
			t.Errorf("%s: %s %v, of the report %v", who, name, one[name], r[name])
		}
	}
	at := 0
	for _, s := range r["stages"].([]any) {
		s := s.(map[string]any)
		if s["kind"] != "open" {
			continue
		}
		got := one["stages"].([]any)[at].(map[string]any)
		cohort, dwell := s["cohort"].(map[string]any), s["dwell"].(map[string]any)
		if got["id"] != s["id"] || got["reached"] != s["reached"] || got["advancedBp"] != cohort["advancedBp"] ||
			got["dwellDays"] != dwell["working"].(map[string]any)["median"] {
			t.Errorf("%s: stage %v, of the report %v", who, got, s)
		}
		at++
	}
}

func created(desk map[string]any) float64 {
	return desk["figures"].(map[string]any)["funnels"].([]any)[0].(map[string]any)["created"].(float64)
}

// settled asks for the desk until nothing of it is on its way, as the page does.
func settled(t *testing.T, c client) map[string]any {
	t.Helper()
	for range 500 {
		desk := read(t, c, "/api/desk")
		if desk["computing"] == false {
			return desk
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the desk is never there")
	return nil
}

func read(t *testing.T, c client, path string) (out map[string]any) {
	t.Helper()
	rec := c.do("GET", path, "")
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || rec.Code != 200 {
		t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	return out
}
