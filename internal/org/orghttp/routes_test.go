package orghttp_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/server"
)

// browser is a signed-in administrator's.
type browser struct {
	t           *testing.T
	h           http.Handler
	token, csrf string
	contentType string
}

func (b browser) send(method, path, version, body string) (status int, code string, answer []byte) {
	b.t.Helper()
	r := httptest.NewRequest(method, "/api"+path, strings.NewReader(body))
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: b.token})
	r.Header.Set("X-CSRF-Token", b.csrf)
	r.Header.Set("Content-Type", cmp.Or(b.contentType, "application/json"))
	if version != "" {
		r.Header.Set("If-Match", `"`+version+`"`)
	}
	rec := httptest.NewRecorder()
	b.h.ServeHTTP(rec, r)
	var problem struct {
		Code string `json:"code"`
	}
	if rec.Code >= 400 {
		if err := json.Unmarshal(rec.Body.Bytes(), &problem); err != nil {
			b.t.Fatal(err)
		}
	}
	return rec.Code, problem.Code, rec.Body.Bytes()
}

func administrator(t *testing.T, w *apptest.World) browser {
	t.Helper()
	secret := identity.NewSecret()
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.Admin.MemberID, "admin", secret); err != nil {
		t.Fatal(err)
	}
	token, s, err := w.SignIn("admin", secret)
	if err != nil {
		t.Fatal(err)
	}
	return browser{t: t, h: server.New(w.App, "test", false), token: token, csrf: s.CSRF}
}

// TestWhatIsReplacedSaysWhichVersionItReplaces goes through every route that changes a
// member, a team, a role or the settings: without a version it is refused, with an older one
// too, and with the one there is it passes.
func TestWhatIsReplacedSaysWhichVersionItReplaces(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		b := administrator(t, w)
		w.AddMember("内勤", w.ID["一组"], false, org.Assistant)
		role, err := w.Org.AddRole(w.Ctx, w.As("管理员"), org.NewRole{Name: "大客户"})
		if err != nil {
			t.Fatal(err)
		}
		member, team := "/members/"+w.ID["陈露"], "/teams/"+w.ID["一组"]
		for _, tt := range []struct{ method, path, body, of string }{
			{"PUT", member, `{"name":"陈露"}`, "member"},
			{"POST", member + "/transfer", `{"teamId":"` + w.ID["二组"] + `"}`, "member"},
			{"POST", member + "/posts", `{"teamId":"` + w.ID["公司"] + `"}`, "member"},
			{"POST", member + "/role", `{"role":"manager"}`, "member"},
			{"POST", member + "/login", `{"login":"chenlu","password":"quite long enough 1"}`, "member"},
			{"POST", member + "/delegate", `{"assistantId":"` + w.ID["内勤"] + `"}`, "member"},
			{"POST", member + "/undelegate", `{"assistantId":"` + w.ID["内勤"] + `"}`, "member"},
			{"POST", member + "/leave", `{"on":"2026-04-01"}`, "member"},
			{"POST", member + "/comeback", `{"from":"2026-05-01","teamId":"` + w.ID["一组"] + `"}`, "member"},
			{"PUT", team, `{"name":"华东一组"}`, "team"},
			{"POST", team + "/move", `{"parentId":"` + w.ID["二组"] + `"}`, "team"},
			{"PUT", "/roles/" + string(role.Key), `{"name":"大客户","permissions":[],"reach":[{"kind":"account","read":"own","write":"own"}]}`, "role"},
			{"POST", "/roles/" + string(role.Key) + "/retire", `{}`, "role"},
			{"PUT", "/settings", `{"name":"新名","backdateDays":30,"workCalendar":"CN","sumsWithTax":true}`, "settings"},
			{"PUT", "/settings/meet-days", `{"early":5,"middle":3,"late":1}`, "settings"},
		} {
			st := w.As("管理员").Structure
			version := map[string]int{"member": st.Members[w.ID["陈露"]].Version, "team": st.Teams[w.ID["一组"]].Version,
				"role": st.Roles[role.Key].Version, "settings": w.As("管理员").Company.Version}[tt.of]
			if status, code, _ := b.send(tt.method, tt.path, "", tt.body); code != "request.if_match_required" {
				t.Errorf("%s %s without a version: %d %s", tt.method, tt.path, status, code)
			}
			if status, code, _ := b.send(tt.method, tt.path, fmt.Sprint(version+1), tt.body); status != 412 || code != "record.stale" {
				t.Errorf("%s %s of another version: %d %s", tt.method, tt.path, status, code)
			}
			if status, code, _ := b.send(tt.method, tt.path, fmt.Sprint(version), tt.body); status >= 300 {
				t.Errorf("%s %s: %d %s", tt.method, tt.path, status, code)
			}
		}
	})
}

func TestAMembersPageShowsPostsRolesAndDelegations(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-09")
		b := administrator(t, w)
		if err := w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, ""); err != nil {
			t.Fatal(err)
		}
		status, _, raw := b.send("GET", "/members/"+w.ID["陈露"], "", "")
		var page struct {
			Name    string
			Version int
			Posts   []struct {
				Team, From, To string
				Main           bool
			}
			Roles []struct{ Role, From string }
		}
		if err := json.Unmarshal(raw, &page); err != nil || status != 200 {
			t.Fatal(status, err)
		}
		if len(page.Posts) != 2 || page.Posts[0].Team != "一组" || page.Posts[0].To != "2026-03-09" || page.Posts[1].Team != "二组" || !page.Posts[1].Main {
			t.Errorf("%+v", page)
		}
		if page.Name != "陈露" || page.Version != 2 || len(page.Roles) != 1 || page.Roles[0].Role != "rep" {
			t.Errorf("%+v", page)
		}
		if status, code, _ := b.send("GET", "/members/none", "", ""); status != 404 {
			t.Errorf("a member nobody knows: %d %s", status, code)
		}
	})
}

func TestRolesAreATableByKind(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		b := administrator(t, w)
		_, _, raw := b.send("GET", "/roles", "", "")
		var out struct {
			Roles []struct {
				Key     string
				Members int
				Preset  bool
				Reach   []struct{ Kind, Read, Write string }
			}
			Permissions []string
		}
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		if len(out.Roles) != 8 || len(out.Permissions) < 15 {
			t.Fatalf("%d roles, %d permissions", len(out.Roles), len(out.Permissions))
		}
		rep := out.Roles[0]
		if rep.Key != "rep" || !rep.Preset || rep.Members != 3 || len(rep.Reach) != 5 || rep.Reach[0].Read != "deal_team" || rep.Reach[0].Write != "own" {
			t.Errorf("%+v", rep)
		}
	})
}

// TestAYearOfHolidaysIsLoaded sends a year's file as the browser does, and as JSON.
func TestAYearOfHolidaysIsLoaded(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		b := administrator(t, w)
		status := func(year int) string {
			_, _, raw := b.send("GET", "/settings", "", "")
			var s struct {
				CalendarYears []struct {
					Year   int
					Status string
				}
			}
			if err := json.Unmarshal(raw, &s); err != nil {
				t.Fatal(err)
			}
			for _, y := range s.CalendarYears {
				if y.Year == year {
					return y.Status
				}
			}
			return "not listed"
		}
		years := calendar.ShippedYears()
		next := years[len(years)-1].Year + 1
		if got := status(next); got != "missing" {
			t.Errorf("%d, which nobody loaded yet, is %s", next, got)
		}
		file := `{"$schema":"x","year":%d,"papers":[],"days":[{"name":"元旦","date":"%[1]d-01-01","isOffDay":true}]}`
		for i, kind := range []string{"application/octet-stream", "application/json"} {
			b.contentType = kind
			year := next + i
			if code, problem, _ := b.send("POST", "/settings/holidays", "", fmt.Sprintf(file, year)); code != 200 {
				t.Errorf("a year as %s: %d %s", kind, code, problem)
			}
			if got := status(year); got != "official" {
				t.Errorf("%d, loaded as %s, is %s", year, kind, got)
			}
			if code, problem, _ := b.send("POST", "/settings/holidays", "", `"text"`); problem != "calendar.bad_file" {
				t.Errorf("what is no year, as %s: %d %s", kind, code, problem)
			}
		}
	})
}

// Whose page is opened says whether he is out of reach, so that a screen offers nothing that would be refused, and
// asks nothing that would stand in the audit trail as an attempt.
func TestAMembersPageSaysWhoseDecisionsAreOutOfReach(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		boss := administrator(t, w)
		secret := identity.NewSecret()
		if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["运营"], "ops", secret); err != nil {
			t.Fatal(err)
		}
		token, s, err := w.SignIn("ops", secret)
		if err != nil {
			t.Fatal(err)
		}
		ops := browser{t: t, h: boss.h, token: token, csrf: s.CSRF}
		beyond := func(b browser, member string) bool {
			t.Helper()
			status, _, raw := b.send("GET", "/members/"+member, "", "")
			var page struct{ Beyond *bool }
			if err := json.Unmarshal(raw, &page); err != nil || status != 200 || page.Beyond == nil {
				t.Fatal(status, string(raw), err)
			}
			return *page.Beyond
		}
		if !beyond(ops, w.Admin.MemberID) {
			t.Error("who runs operations is told that he may decide on an administrator")
		}
		for _, member := range []string{w.ID["运营"], w.ID["陈露"]} {
			if beyond(ops, member) {
				t.Error("who runs operations is told that a rep, or he himself, is out of reach")
			}
		}
		if beyond(boss, w.ID["运营"]) || beyond(boss, w.Admin.MemberID) {
			t.Error("an administrator is told that somebody is out of reach")
		}
	})
}
