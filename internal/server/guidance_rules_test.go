package server_test

import (
	"encoding/json"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/guidance"
	"yunchou/internal/server"
	"yunchou/internal/timetable"
)

// TestTwentyHoursFromTheEveOfTheHoliday: asked on 2026-09-30 at 17:50 with 20 hours of work to answer in, a question
// falls due on Saturday 2026-10-10 at 13:50, a make-up day, and not a minute before.
func TestTwentyHoursFromTheEveOfTheHoliday(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		on := w.Opportunity("陈露", "二期改造").ID
		h := server.New(w.App, "test", false)
		to(t, w, "2026-09-30 17:50")
		if got := boss(t, w, h).at(`"1"`, "PUT", "/api/guidance-rules", `{"limitHours":20,"cadences":[]}`); got.Code != 200 {
			t.Fatalf("the rule: %d %s", got.Code, got.Body)
		}
		rep := signIn(t, w, h, "陈露", "chenlu")
		got := rep.do("POST", "/api/guidance", `{"kind":"question","on":{"kind":"opportunity","id":"`+on+`"},"toId":"`+w.ID["蒋跃"]+`","text":"降不降？"}`)
		var note struct{ ID, HolderID, State string }
		if err := json.Unmarshal(got.Body.Bytes(), &note); err != nil || got.Code != 201 {
			t.Fatalf("asked: %d %s", got.Code, got.Body)
		}
		for _, x := range []struct{ at, holder string }{{"2026-09-30 18:00", "蒋跃"}, {"2026-10-08 09:00", "蒋跃"}, {"2026-10-10 13:49", "蒋跃"}, {"2026-10-10 13:50", "总监"}} {
			to(t, w, x.at)
			falls(t, w)
			signedIn := signIn(t, w, h, "陈露", "chenlu")
			if err := json.Unmarshal(signedIn.do("GET", "/api/guidance/"+note.ID, "").Body.Bytes(), &note); err != nil || note.HolderID != w.ID[x.holder] {
				t.Errorf("at %s %s has it, want %s", x.at, note.HolderID, w.ID[x.holder])
			}
		}
	})
}

// TestTheRulesOfGuidanceHaveBounds and are the administrator's to say.
func TestTheRulesOfGuidanceHaveBounds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		admin, team := boss(t, w, h), w.ID["一组"]
		for body, code := range map[string]int{
			`{"limitHours":0,"cadences":[]}`:                                                                            422,
			`{"limitHours":41,"cadences":[]}`:                                                                           422,
			`{"limitHours":8,"cadences":[{"teamId":"` + team + `","perWeek":3}]}`:                                       422,
			`{"limitHours":8,"cadences":[{"teamId":"none","perWeek":1}]}`:                                               422,
			`{"limitHours":8,"cadences":[{"teamId":"` + team + `","perWeek":1},{"teamId":"` + team + `","perWeek":2}]}`: 422,
			`{"limitHours":40,"cadences":[{"teamId":"` + team + `","perWeek":5}]}`:                                      200,
		} {
			if got := admin.at(`"1"`, "PUT", "/api/guidance-rules", body); got.Code != code {
				t.Errorf("%s: %d %s, want %d", body, got.Code, got.Body, code)
			}
		}
		rep := signIn(t, w, h, "陈露", "chenlu")
		if got := rep.at(`"2"`, "PUT", "/api/guidance-rules", `{"limitHours":8,"cadences":[]}`); got.Code != 403 {
			t.Errorf("a rep: %d %s", got.Code, got.Body)
		}
		var said guidance.Rules
		if err := json.Unmarshal(rep.do("GET", "/api/guidance-rules", "").Body.Bytes(), &said); err != nil || said.LimitHours != 40 || len(said.Cadences) != 1 {
			t.Errorf("a rep reads %+v, %v", said, err)
		}
	})
}

var shanghai = time.FixedZone("CST", 8*3600)

// to puts the clock on an instant in Shanghai.
func to(t *testing.T, w *apptest.World, when string) {
	t.Helper()
	is, err := time.ParseInLocation("2006-01-02 15:04", when, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(is.Sub(w.Clock.Now()))
}

// falls has what is due of guidance fire, as the timetable does.
func falls(t *testing.T, w *apptest.World) {
	t.Helper()
	err := w.DB.Write(w.Ctx, func(tx database.Tx) error {
		due, err := w.Timetable.Rows.Due(w.Ctx, tx, []string{guidance.Due}, timetable.Lease{By: "test", For: time.Minute, Now: w.Now()}, 100)
		for _, r := range due {
			if there, gone := w.Timetable.Rows.Fire(w.Ctx, tx, r, w.Now()); gone != nil || !there {
				return gone
			}
			if err := w.Guidance.Fires()[guidance.Due].Fire(w.Ctx, tx, r); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
