package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/demo"
	"yunchou/internal/org"
	"yunchou/internal/server"
)

// counted are the counts of a desk, with the question of the list that opens each.
var counted = map[string]string{
	"open": "state=open", "stalled": "stalled=true", "overstayed": "overstayed=true", "passed": "passed=true",
	"noNextStep": "noNextStep=true", "waiting": "waiting=true",
}

// TestCountsOfTheDeskAreThoseOfTheLists: of a random company's six people, each count of the desk and
// of its table is how many records the list holds that it opens, and how many of the deals one sees
// say so of themselves.
func TestCountsOfTheDeskAreThoseOfTheLists(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Fill(1500)
		standDifferently(t, w)
		won := w.Opportunity("周涛", "三期改造")
		w.Move("周涛", won.ID, "中标", apptest.Exception)
		w.Opportunity("陈露", "二期改造")
		w.ID["管理员"] = w.Admin.MemberID
		h := server.New(w.App, "test", false)
		for i, who := range []string{"管理员", "总监", "蒋跃", "何峰", apptest.Seller(0), "周涛", "小李"} {
			c := signIn(t, w, h, who, fmt.Sprint("person", i))
			d := deskCounts{t, c, who, "2026-03-02"}
			if standing := d.compare(); who == "总监" {
				for key := range counted {
					if standing[key] == float64(0) {
						t.Errorf("nothing is %s", key)
					}
				}
				d.whole()
			}
		}
	})
}

// TestTheDesksTableOfOneTeamHasNobodyOfAnother: who sees everything and leads one team has its rows, and what is of no team.
func TestTheDesksTableOfOneTeamHasNobodyOfAnother(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Fill(300)
		standDifferently(t, w)
		noError(t, w.Org.SetRole(w.Ctx, w.Admin, w.ID["蒋跃"], org.Director, nil, nil))
		lead := w.As("蒋跃")
		own := lead.Structure.TeamsOf(lead.MemberID, lead.Today)[0]
		c := signIn(t, w, server.New(w.App, "test", false), "蒋跃", "lead")
		rows := settled(t, c)["deals"].(map[string]any)["team"].(map[string]any)["rows"].([]any)
		nobodys := false
		for _, r := range rows {
			row := r.(map[string]any)
			who := row["memberId"].(string)
			if teams := lead.Structure.TeamsOf(who, lead.Today); len(teams) > 0 && !slices.Contains(teams, own) {
				t.Errorf("a row of %v, who is in another team", who)
			}
			nobodys = nobodys || row["memberId"] == "" && row["teamId"] == ""
		}
		if !nobodys {
			t.Errorf("no row of what is nobody's among %v", rows)
		}
	})
}

// TestCountsOfTheDemosDesk is the same of everybody who may sign in to the demo company, which has two pipelines: the long form.
func TestCountsOfTheDemosDesk(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		if os.Getenv("YUNCHOU_SOAK") == "" {
			t.Skip("makes the demo: make soak")
		}
		now := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
		a := apptest.Reopen(t, db, func() time.Time { return now })
		a.Identity.HashCost = apptest.CheapHash
		people, err := demo.Make(t.Context(), a, 1, "zh-CN")
		noError(t, err)
		w := &apptest.World{App: a, T: t, Ctx: t.Context()}
		var mux http.Handler = server.API(a, "test").Mux
		for _, one := range people {
			token, s, err := w.SignIn(one.Login, one.Password)
			noError(t, err)
			d := deskCounts{t, client{t, mux, token, s.CSRF}, one.Role, "2026-11-25"}
			if d.compare()["open"] == float64(0) {
				t.Errorf("%s sees nothing", one.Role)
			}
		}
	})
}

// standDifferently lets some deals of a filled world have passed clocks, others wait, and some have next steps.
func standDifferently(t *testing.T, w *apptest.World) {
	t.Helper()
	for _, text := range []string{
		`UPDATE opportunity SET clock_on = CASE WHEN id LIKE '%1' THEN '2026-02-25' ELSE entered_on END WHERE tenant_id = $1 AND state = 'open'`,
		`UPDATE opportunity SET waiting_on = '2026-02-20' WHERE tenant_id = $1 AND state = 'open' AND id LIKE '%5'`,
		`UPDATE opportunity SET entered_on = '2026-02-26' WHERE tenant_id = $1 AND state = 'open' AND id LIKE '%3'`,
		`UPDATE opportunity SET expected_on = '2026-03-02' WHERE tenant_id = $1 AND id LIKE '%7'`,
		`UPDATE opportunity SET owner_id = NULL WHERE tenant_id = $1 AND id LIKE '%9f'`,
	} {
		noError(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			_, err := tx.Exec(w.Ctx, text, w.Admin.TenantID)
			return err
		}))
	}
}

// deskCounts compares one person's desk with what it opens.
type deskCounts struct {
	t     *testing.T
	c     client
	who   string
	today string
}

func (d deskCounts) compare() map[string]any {
	d.t.Helper()
	desk := settled(d.t, d.c)
	deals := desk["deals"].(map[string]any)
	standing := deals["standing"].(map[string]any)
	d.standing(standing, "")
	d.itself(standing)
	if n := len(d.all("exceptions=true")); float64(n) != desk["exceptionDeals"] {
		d.t.Errorf("%s: %v deals with exceptions, %d in the list", d.who, desk["exceptionDeals"], n)
	}
	if team, _ := deals["team"].(map[string]any); team != nil {
		d.rows(team["rows"].([]any), 0)
	}
	return standing
}

// standing compares counts with the lists they open.
func (d deskCounts) standing(s map[string]any, of string) {
	d.t.Helper()
	for key, question := range counted {
		if n := len(d.all(question + of)); float64(n) != s[key] {
			d.t.Errorf("%s: %s%s: %v on the desk, %d in the list", d.who, key, of, s[key], n)
		}
	}
}

// rows compares a table, and what each team in it opens to.
func (d deskCounts) rows(rows []any, depth int) {
	d.t.Helper()
	for _, r := range rows {
		row := r.(map[string]any)
		if member := row["memberId"].(string); member != "" {
			if depth == 0 || row["open"] != float64(0) {
				d.standing(row, "&owner="+url.QueryEscape(member))
			}
			continue
		}
		if row["teamId"] == "" { // what is nobody's
			d.standing(row, "&noOwner=true")
			continue
		}
		team := url.QueryEscape(row["teamId"].(string))
		d.standing(row, "&team="+team)
		d.rows(read(d.t, d.c, "/api/desk/team?team="+team)["rows"].([]any), depth+1)
	}
}

// whole adds the rows of the table of who sees everything: nothing on top of the desk is in none of them.
func (d deskCounts) whole() {
	d.t.Helper()
	deals := settled(d.t, d.c)["deals"].(map[string]any)
	for key := range counted {
		sum := 0.0
		for _, r := range deals["team"].(map[string]any)["rows"].([]any) {
			sum += r.(map[string]any)[key].(float64)
		}
		if on := deals["standing"].(map[string]any)[key]; sum != on {
			d.t.Errorf("%s: %s: %v on the desk, %v in the rows of its table", d.who, key, on, sum)
		}
	}
}

// itself counts what each open deal says of itself.
func (d deskCounts) itself(s map[string]any) {
	d.t.Helper()
	got := map[string]float64{}
	for _, o := range d.all("state=open") {
		clocks := o["clocks"].(map[string]any)
		for key, holds := range map[string]bool{
			"open": true, "stalled": o["stalled"] == true, "overstayed": o["overstayed"] == true,
			"noNextStep": o["nextStep"] == nil,
			"passed":     o["expectedOn"] != "" && o["expectedOn"].(string) < d.today,
			"waiting":    clocks["waitingDays"] != nil,
		} {
			if holds {
				got[key]++
			}
		}
	}
	for _, key := range []string{"open", "stalled", "overstayed", "passed", "noNextStep", "waiting"} {
		if got[key] != s[key] {
			d.t.Errorf("%s: %s: %v on the desk, %v deals say so", d.who, key, s[key], got[key])
		}
	}
}

// all turns the pages of a list.
func (d deskCounts) all(question string) (items []map[string]any) {
	d.t.Helper()
	for cursor := ""; ; {
		page := read(d.t, d.c, "/api/opportunities?limit=200&"+question+"&cursor="+url.QueryEscape(cursor))
		for _, o := range page["items"].([]any) {
			items = append(items, o.(map[string]any))
		}
		if cursor, _ = page["next"].(string); cursor == "" {
			return items
		}
	}
}
