package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	pages "yunchou/internal/page"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

func TestNobodySetsUpWithoutTheTokenOfTheStart(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a := app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
		nobody := client{t: t, h: server.New(a, "test", false)}
		first, err := a.Identity.SetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second, err := a.Identity.SetupToken(t.Context()) // another process on the same database
		if err != nil {
			t.Fatal(err)
		}
		try := func(token string) string {
			rec := nobody.do("POST", "/api/setup", fmt.Sprintf(
				`{"token":%q,"company":"x","locale":"zh-CN","name":"x","login":"someone","password":"quite long enough 1"}`, token))
			return fmt.Sprint(rec.Code, strings.Contains(rec.Body.String(), "identity.setup_token_wrong"))
		}
		for _, token := range []string{"", "guessed", first[:len(first)-1]} {
			if got := try(token); got != "403 true" {
				t.Errorf("with %q: %s", token, got)
			}
		}
		if got := try(first); got != "200 false" {
			t.Errorf("with the token: %s", got)
		}
		for _, token := range []string{first, second} {
			if got := try(token); got != "409 false" {
				t.Errorf("a second time: %s", got)
			}
		}
		if token, err := a.Identity.SetupToken(t.Context()); token != "" || err != nil {
			t.Errorf("of what is set up there is a token: %v", err)
		}
		all, err := a.Org.Companies(t.Context())
		noError(t, err)
		boss, err := a.Org.System(t.Context(), all[0].ID, "", "job")
		noError(t, err)
		trail, err := a.Audit.List(t.Context(), boss, audit.Query{}, pages.Request{Limit: 100})
		noError(t, err)
		for _, act := range trail.Items {
			if act.Address != "192.0.2.1" {
				t.Errorf("the trail tells of %s from %q", act.Kind, act.Address)
			}
		}
	})
}

// early are the routes open to who has to choose another password first.
var early = map[string]bool{"getMe": true, "changePassword": true, "signOut": true}

func TestWhoMustChangeThePasswordDoesNothingElse(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		secret := identity.NewSecret()
		if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.Admin.MemberID, "admin", secret); err != nil {
			t.Fatal(err)
		}
		s, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "admin", Secret: secret})
		if err != nil {
			t.Fatal(err)
		}
		c := client{t, h, s.Token, s.Session.CSRF}
		api, refused := server.API(w.App, "test"), 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || early[op.OperationID] || op.Extensions["x-permission"] == "" {
					continue
				}
				rec := c.do(op.Method, placeholder.ReplaceAllString(path, "nothing"), bodyFor(t, api, op))
				if rec.Code != 403 || !strings.Contains(rec.Body.String(), "identity.must_change_password") {
					t.Errorf("%s: %d %.200s", op.OperationID, rec.Code, rec.Body)
				}
				refused++
			}
		}
		if refused < 60 {
			t.Errorf("only %d routes seen", refused)
		}
		if rec := c.do("GET", "/api/session", ""); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"mustChangePassword":true`) {
			t.Errorf("who am I: %d %s", rec.Code, rec.Body)
		}
		next := identity.NewSecret()
		if rec := c.do("POST", "/api/session/password", fmt.Sprintf(`{"current":%q,"next":%q}`, secret, next)); rec.Code != 204 {
			t.Errorf("changing it: %d %s", rec.Code, rec.Body)
		}
		if s, err = w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "admin", Secret: next}); err != nil {
			t.Fatal(err)
		}
		if rec := (client{t, h, s.Token, s.Session.CSRF}).do("GET", "/api/org", ""); rec.Code != 200 {
			t.Errorf("afterwards: %d %s", rec.Code, rec.Body)
		}
	})
}

// sent is a request of a browser: with its headers and cookies, and no help.
func sent(h http.Handler, method, path, body string, headers map[string]string, cookies []*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://crm.example"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:5000"
	r.Header.Set("Content-Type", "application/json")
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestAnotherSiteSignsNobodyIn(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.New(w.App, "test", false)
	secret := identity.NewSecret()
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret); err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"login":"chenlu","password":%q}`, secret)
	start := sent(h, "GET", "/api/session/start", "", nil, nil)
	cookies := start.Result().Cookies()
	token := start.Body.String()[strings.Index(start.Body.String(), `"csrfToken":"`)+13:]
	token = token[:strings.Index(token, `"`)]
	for _, x := range []struct {
		name    string
		headers map[string]string
		cookies []*http.Cookie
		want    int
	}{
		{"without a token", nil, nil, 403},
		{"with a cookie alone", nil, cookies, 403},
		{"with a token alone", map[string]string{"X-CSRF-Token": token}, nil, 403},
		{"from another site by what the browser says", map[string]string{"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}, cookies, 403},
		{"from a sister of ours", map[string]string{"X-CSRF-Token": token, "Sec-Fetch-Site": "same-site"}, cookies, 403},
		{"from another origin", map[string]string{"X-CSRF-Token": token, "Origin": "http://evil.example"}, cookies, 403},
		{"from our own page", map[string]string{"X-CSRF-Token": token, "Origin": "http://crm.example", "Sec-Fetch-Site": "same-origin"}, cookies, 200},
	} {
		if rec := sent(h, "POST", "/api/session", body, x.headers, x.cookies); rec.Code != x.want {
			t.Errorf("%s: %d %s", x.name, rec.Code, rec.Body)
		}
	}
}

func TestCookiesAreBoundToTheHostWhereThereIsTLS(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	proxies, err := httpapi.ParseProxies("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name  string
		front httpapi.Front
		proto string
		tls   bool
	}{
		{"plain", httpapi.Front{}, "", false},
		{"a stranger says it is TLS", httpapi.Front{}, "https", false},
		{"our proxy says so", httpapi.Front{Proxies: proxies}, "https", true},
		{"our proxy says it is not", httpapi.Front{Proxies: proxies}, "http", false},
		{"by setting", httpapi.Front{TLS: true}, "", true},
	} {
		h := server.Behind(w.App, "test", x.front)
		rec := sent(h, "GET", "/api/session/start", "", map[string]string{"X-Forwarded-Proto": x.proto}, nil)
		cookie, hsts := rec.Header().Get("Set-Cookie"), rec.Header().Get("Strict-Transport-Security")
		bound := strings.HasPrefix(cookie, "__Host-yunchou_start=") && strings.Contains(cookie, "; Secure") && strings.Contains(cookie, "Path=/;") &&
			!strings.Contains(cookie, "Domain")
		plain := strings.HasPrefix(cookie, "yunchou_start=") && !strings.Contains(cookie, "Secure")
		if x.tls && (!bound || hsts == "") || !x.tls && (!plain || hsts != "") || !strings.Contains(cookie, "HttpOnly") {
			t.Errorf("%s: %s, %q", x.name, cookie, hsts)
		}
	}
}
