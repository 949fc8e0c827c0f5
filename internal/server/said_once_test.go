package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/pipeline"
	"yunchou/internal/server"
)

// unseen are texts of which nobody sees anything.
var unseen = []string{"", " ", `　\t`, `\u200b`, `\ufeff\u2060 \u00ad`, `\u202e\u200d`}

// TestAReasonNobodySeesIsNone: where a reason is asked, blanks and marks that are not shown give none, and open no gate.
func TestAReasonNobodySeesIsNone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		open, lost := w.Opportunity("陈露", "二期改造").ID, w.Opportunity("陈露", "三期改造").ID
		w.Move("陈露", open, "入围", apptest.Exception)
		w.Clock.Set("2026-06-01")
		boss := signIn(t, w, h, "蒋跃", "manager")
		if r := boss.do("POST", "/api/opportunities/"+lost+"/move", `{"to":"withdrawn","lossKind":"invalid"}`); r.Code != 200 {
			t.Fatal(r.Body)
		}
		for _, x := range []struct{ path, body, code string }{
			{"opportunities/" + open + "/move", `{"to":"` + w.Stage("方案制定") + `","exception":"%s"}`, "pipeline.milestones_missing"},
			{"opportunities/" + open + "/move", `{"to":"` + w.Bid.First().ID + `","reason":"%s"}`, "pipeline.reason_required"},
			{"opportunities/" + open + "/move", `{"to":"` + w.Bid.OfKind(pipeline.Lost).ID + `","lossKind":"no_decision","reason":"%s"}`, "opportunity.loss_reason_required"},
			{"opportunities/" + open + "/move", `{"to":"withdrawn","lossKind":"invalid","on":"2026-03-02","reason":"%s"}`, "org.backdated"},
			{"opportunities/" + lost + "/move", `{"to":"reopen","reason":"%s"}`, "pipeline.reason_required"},
			{"opportunities/" + open + "/correct-stay", `{"never":true,"reason":"%s"}`, "pipeline.reason_required"},
			{"opportunities/" + open + "/nurture", `{"what":"再联系","dueOn":"2027-01-05","reason":"%s"}`, "opportunity.loss_reason_required"},
			{"opportunities/" + open + "/follow-ups", `{"channel":"phone","twoWay":false,"words":"再谈","happenedOn":"2026-03-02","reason":"%s"}`, "org.backdated"},
			{"handovers", `{"kind":"opportunity","ids":["` + open + `"],"toId":"` + w.ID["小李"] + `","reason":"%s"}`, "handover.reason_required"},
		} {
			for _, reason := range unseen {
				r := boss.do("POST", "/api/"+x.path, fmt.Sprintf(x.body, reason))
				short := reason == "" && strings.Contains(r.Body.String(), `"code":"input.`)
				if r.Code/100 != 4 || !strings.Contains(r.Body.String(), `"code":"`+x.code+`"`) && !short {
					t.Errorf("%s, reason %q: %d %s", x.path, reason, r.Code, r.Body)
				}
			}
		}
	})
}

// TestABlankExceptionIsNone: a move whose evidence is there is none by exception because a blank was sent along.
func TestABlankExceptionIsNone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := signIn(t, w, server.New(w.App, "test", false), "陈露", "seller")
		for i, reason := range unseen {
			o := w.Opportunity("陈露", fmt.Sprint("改造", i))
			w.Supply("陈露", o.ID)
			if r := c.do("POST", "/api/opportunities/"+o.ID+"/move", `{"to":"`+w.Stage("入围")+`","exception":"`+reason+`"}`); r.Code != 200 {
				t.Fatalf("%q: %d %s", reason, r.Code, r.Body)
			}
		}
		w.ID["管理员"] = w.Admin.MemberID
		if n := read(t, signIn(t, w, c.h, "蒋跃", "manager"), "/api/desk")["allExceptions"]; n != float64(0) {
			t.Errorf("%v exceptions to look at", n)
		}
	})
}

// TestOneKeyIsOneRequest: sent again with all its words it is answered as it was; with any other it is another request,
// which the key of the first does not swallow.
func TestOneKeyIsOneRequest(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := signIn(t, w, server.New(w.App, "test", false), "陈露", "seller")
		send := func(path, key, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
			for name, value := range map[string]string{"X-CSRF-Token": c.csrf, "Content-Type": "application/json", "Idempotency-Key": key} {
				r.Header.Set(name, value)
			}
			rec := httptest.NewRecorder()
			c.h.ServeHTTP(rec, r)
			return rec
		}
		bodies := map[string]string{
			"moveOpportunity":    `{"to":"withdrawn","lossKind":"invalid","on":"2026-03-02","reason":"重复","exception":"没有","signedOn":"","competitor":"甲"}`,
			"nurtureOpportunity": `{"what":"再联系","dueOn":"2027-01-05","reason":"没有预算"}`,
		}
		others := map[string][]string{
			"moveOpportunity":    {`"invalid"`, `"duplicate"`, `"reason":"重复"`, `"reason":"不是"`, `"甲"`, `"乙"`},
			"nurtureOpportunity": {"再联系", "不联系", "2027-01-05", "2027-02-05", "没有预算", "没有人"},
		}
		keyed := 0
		for path, item := range server.API(w.App, "test").OpenAPI().Paths {
			op := item.Post
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				if p.Name != "Idempotency-Key" {
					continue
				}
				keyed++
				body := bodies[op.OperationID]
				if body == "" {
					t.Errorf("%s takes a key: say what it is asked", op.OperationID)
				}
				at := "/api" + strings.Replace(strings.TrimPrefix(path, "/api"), "{id}", w.Opportunity("陈露", op.OperationID).ID, 1)
				for range 2 {
					if r := send(at, op.OperationID, body); r.Code != 200 {
						t.Fatalf("%s: %d %s", at, r.Code, r.Body)
					}
				}
				for i := 0; i < len(others[op.OperationID]); i += 2 {
					other := strings.Replace(body, others[op.OperationID][i], others[op.OperationID][i+1], 1)
					if r := send(at, op.OperationID, other); r.Code != 409 || !strings.Contains(r.Body.String(), "request.key_reused") {
						t.Errorf("%s, %s: %d %.300s", op.OperationID, other, r.Code, r.Body)
					}
				}
			}
		}
		if keyed != len(bodies) {
			t.Errorf("%d routes take a key", keyed)
		}
	})
}

// TestAChangeIsThereWithItsReasonOrNotAtAll: what is refused with the reason leaves the record as it was.
func TestAChangeIsThereWithItsReasonOrNotAtAll(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		c := signIn(t, w, h, "陈露", "seller")
		o := w.Opportunity("陈露", "二期改造")
		patch := func(body string) (string, int) {
			r := httptest.NewRequest("PATCH", "/api/opportunities/"+o.ID, strings.NewReader(body))
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
			r.Header.Set("X-CSRF-Token", c.csrf)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("If-Match", c.do("GET", "/api/opportunities/"+o.ID, "").Header().Get("ETag"))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec.Body.String(), rec.Code
		}
		for _, reason := range unseen { // nobody says why: that is no fault
			if body, code := patch(`{"expectedOn":"2026-07-01","reason":"` + reason + `"}`); code != 200 {
				t.Errorf("%q: %d %s", reason, code, body)
			}
		}
		if n := len(read(t, c, "/api/opportunities/"+o.ID)["followUps"].([]any)); n != 0 {
			t.Errorf("%d follow-ups without words", n)
		}
		before := read(t, c, "/api/opportunities/"+o.ID)
		w.FollowUps.Rows = refusing{w.FollowUps.Rows}
		if _, code := patch(`{"expectedOn":"2026-08-01","reason":"客户推迟"}`); code/100 == 2 {
			t.Fatal("nothing refuses it")
		}
		after := read(t, c, "/api/opportunities/"+o.ID)
		if after["expectedOn"] != before["expectedOn"] || after["version"] != before["version"] {
			t.Errorf("expected on %v after the reason could not be written", after["expectedOn"])
		}
	})
}

// refusing writes no follow-up.
type refusing struct{ followup.Rows }

func (refusing) Insert(context.Context, database.Tx, string, []followup.FollowUp) error {
	return errors.New("the disk is full")
}
