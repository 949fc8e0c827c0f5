package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestWhatACheckupCountsIsTheListItOpens: of each person, on a company's first day every check, and much later what stood
// still for too long; a deal that is not for now leaves with a task for the day to come back.
func TestWhatACheckupCountsIsTheListItOpens(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for i, owner := range []string{"陈露", "陈露", "周涛", "小李"} { // the first two are twins
			w.Opportunity(owner, fmt.Sprint("改造", i/2))
		}
		h := server.New(w.App, "test", false)
		for n, at := range []struct {
			day  calendar.Date
			late bool
		}{{"2026-03-02", false}, {"2026-12-01", true}} {
			w.Clock.Set(at.day)
			for i, who := range []string{"总监", "蒋跃", "何峰", "陈露", "周涛"} {
				c := signIn(t, w, h, who, fmt.Sprint("person", 10*n+i))
				b := read(t, c, "/api/cleanup")
				checks := b["checks"].([]any)
				if b["running"] == at.late || (len(checks) == 5) == at.late {
					t.Errorf("%s, %s: %v", at.day, who, b)
				}
				for _, x := range checks {
					check := x.(map[string]any)
					if n := listCount(t, c, fmt.Sprint(check["check"], "=true")); n != check["count"] {
						t.Errorf("%s: %v are %s, %v in the list", who, check["count"], check["check"], n)
					}
				}
				n := listCount(t, c, "longStalled=true")
				if n != b["longStalled"] || who == "总监" && (n == 4) != at.late {
					t.Errorf("%s, %s: %v stood still too long, %v in the list", at.day, who, b["longStalled"], n)
				}
			}
		}
	})
}

// TestNotForNow: it needs a reason and a day to come; refused, nothing is written; done, the deal is lost without a
// decision, and its owner has the task.
func TestNotForNow(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		for i, owner := range []string{"陈露", "周涛"} { // with a customer, and without
			id := w.Opportunity(owner, "改造").ID
			c := signIn(t, w, h, owner, fmt.Sprint("person", i))
			path := "/api/opportunities/" + id + "/nurture"
			for body, code := range map[string]string{
				`{"what":"再联系","dueOn":"2026-01-05","reason":"没有预算"}`: "task.due_past",
				`{"what":"再联系","dueOn":"一月","reason":"没有预算"}`:         "calendar.bad_date",
				`{"what":"再联系","dueOn":"2027-01-05","reason":" "}`:    "opportunity.loss_reason_required",
			} {
				if r := c.do("POST", path, body); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), `"code":"`+code+`"`) {
					t.Errorf("%s: %d %s", body, r.Code, r.Body)
				}
			}
			if o := read(t, c, "/api/opportunities/"+id); o["state"] != "open" {
				t.Errorf("%s: %v after it was refused", owner, o["state"])
			}
			if r := c.do("POST", path, `{"what":"再联系","dueOn":"2027-01-05","reason":"没有预算"}`); r.Code != http.StatusOK {
				t.Fatalf("%d %s", r.Code, r.Body)
			}
			if o := read(t, c, "/api/opportunities/"+id); o["state"] != "lost" || o["lossKind"] != "no_decision" {
				t.Errorf("%s: %v %v", owner, o["state"], o["lossKind"])
			}
			tasks, err := w.Tasks.List(w.Ctx, w.As(owner), false, false)
			if err != nil || len(tasks) != 1 || tasks[0].DueOn != "2027-01-05" || len(tasks[0].On) != 1-i {
				t.Errorf("%s: %+v %v", owner, tasks, err)
			}
		}
	})
}

func listCount(t *testing.T, c client, query string) (n float64) {
	t.Helper()
	for _, x := range read(t, c, "/api/opportunities?limit=1&"+query)["totals"].([]any) {
		n += x.(map[string]any)["count"].(float64)
	}
	return n
}
