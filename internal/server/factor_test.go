package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/identity/passkeytest"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
	"github.com/pquerna/otp/totp"
)

// enrolling are the routes open to who has to set a second factor up first.
var enrolling = map[string]bool{"getFactors": true, "startTotp": true, "confirmTotp": true, "startPasskey": true, "addPasskey": true,
	"confirmSession": true, "getMe": true, "changePassword": true, "signOut": true}

func TestWhoseRoleNeedsAFactorDoesNothingElse(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		b := newBrowser(t, h, "http://localhost:8420")
		secret := chosen(t, w, "管理员", "admin")
		b.says("POST", "/session", fmt.Sprintf(`{"login":"admin","password":%q}`, secret), 200)
		if err := w.Identity.SaveFactorPolicy(w.Ctx, w.As("管理员"), []org.RoleKey{org.Admin}); err != nil {
			t.Fatal(err)
		}
		api, refused := server.API(w.App, "test"), 0
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || enrolling[op.OperationID] || op.Extensions["x-permission"] == "" {
					continue
				}
				got := b.sends(op.Method, placeholder.ReplaceAllString(path, "nothing"), bodyFor(t, api, op))
				if got.Code != 403 || !strings.Contains(got.Body.String(), "identity.must_add_factor") {
					t.Errorf("%s: %d %.200s", op.OperationID, got.Code, got.Body)
				}
				refused++
			}
		}
		if refused < 60 {
			t.Errorf("only %d routes seen", refused)
		}
		if me := b.says("GET", "/session", "", 200); !strings.Contains(me, `"mustAddFactor":true`) {
			t.Errorf("who am I: %s", me)
		}
		b.says("POST", "/session/confirm", fmt.Sprintf(`{"current":%q}`, secret), 204)
		k := passkeytest.New(t, "http://localhost:8420", "localhost")
		b.says("POST", "/session/passkeys", withPasskey("手机", k.Make(b.options("/session/passkeys/start"))), 200)
		b.says("GET", "/org", "", 200)
	})
}

func TestASignInGoesOnWithACookieThatIsNoSession(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", true) // by TLS
		b := newBrowser(t, h, "https://crm.example")
		secret := chosen(t, w, "陈露", "chenlu")
		said := fmt.Sprintf(`{"login":"chenlu","password":%q}`, secret)
		b.says("POST", "/session", said, 200)
		b.says("POST", "/session/totp", "{}", 422)
		b.says("POST", "/session/confirm", fmt.Sprintf(`{"current":%q}`, secret), 204)
		var made struct{ Key string }
		b.reads(b.says("POST", "/session/totp", "{}", 200), &made)
		code := func() string {
			w.Clock.Move(30 * time.Second)
			c, err := totp.GenerateCode(made.Key, w.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		b.says("POST", "/session/totp/confirm", fmt.Sprintf(`{"code":%q}`, code()), 200)

		fresh := newBrowser(t, h, "https://crm.example")
		if got := fresh.says("POST", "/session", said, 401); !strings.Contains(got, `"identity.second_factor_due"`) || !strings.Contains(got, `"totp"`) {
			t.Errorf("after the password: %s", got)
		}
		ticket := fresh.cookies["__Host-yunchou_ticket"]
		if ticket == nil || !ticket.HttpOnly || !ticket.Secure || fresh.cookies["__Host-yunchou_session"] != nil {
			t.Fatalf("cookies after the password: %v", fresh.cookies)
		}
		fresh.says("GET", "/session", "", 401) // it is no session
		thief := newBrowser(t, h, "https://crm.example")
		thief.says("GET", "/session/start", "", 200)
		thief.cookies["__Host-yunchou_ticket"] = ticket
		if got := thief.says("POST", "/session/second", fmt.Sprintf(`{"code":%q}`, code()), 401); !strings.Contains(got, "identity.ticket_over") {
			t.Errorf("from another device: %s", got)
		}
		fresh.says("POST", "/session/second", `{"code":"000000"}`, 422)
		fresh.says("POST", "/session/second", fmt.Sprintf(`{"code":%q}`, code()), 200)
		if fresh.cookies["__Host-yunchou_ticket"] != nil {
			t.Error("the ticket stays in the browser")
		}
		fresh.says("GET", "/org", "", 200)
	})
}

func TestAPasskeySignsInWhoNamesNobody(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", true)
		b := newBrowser(t, h, "https://crm.example")
		secret := chosen(t, w, "陈露", "chenlu")
		b.says("POST", "/session", fmt.Sprintf(`{"login":"chenlu","password":%q}`, secret), 200)
		b.says("POST", "/session/confirm", fmt.Sprintf(`{"current":%q}`, secret), 204)
		k := passkeytest.New(t, "https://crm.example", "crm.example")
		b.says("POST", "/session/passkeys", withPasskey("手机", k.Make(b.options("/session/passkeys/start"))), 200)
		fresh := newBrowser(t, h, "https://crm.example")
		got := fresh.says("POST", "/session/passkey", withPasskey("", k.Sign(fresh.options("/session/passkey/start"))), 200)
		if !strings.Contains(got, w.ID["陈露"]) {
			t.Errorf("signed in: %s", got)
		}
		fresh.says("GET", "/org", "", 200)
		plain := newBrowser(t, server.New(w.App, "test", false), "http://crm.example")
		if got := plain.says("POST", "/session/passkey/start", "{}", 422); !strings.Contains(got, "identity.passkeys_need_https") {
			t.Errorf("over plain HTTP: %s", got)
		}
	})
}

func withPasskey(name, credential string) string {
	body := map[string]string{"credential": credential}
	if name != "" {
		body["name"] = name
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// chosen gives somebody a sign-in whose password need not be changed.
func chosen(t *testing.T, w *apptest.World, name, login string) string {
	t.Helper()
	given, next := identity.NewSecret(), identity.NewSecret()
	a := w.As(name)
	if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), a.MemberID, login, given); err != nil {
		t.Fatal(err)
	}
	if err := w.Identity.ChangePassword(w.Ctx, w.As(name), given, next); err != nil {
		t.Fatal(err)
	}
	return next
}

// browsing is a browser with its cookies on one origin.
type browsing struct {
	t       *testing.T
	h       http.Handler
	origin  string
	cookies map[string]*http.Cookie
	csrf    string
}

func newBrowser(t *testing.T, h http.Handler, origin string) *browsing {
	return &browsing{t: t, h: h, origin: origin, cookies: map[string]*http.Cookie{}}
}

func (b *browsing) sends(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, b.origin+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", `"1"`)
	r.Header.Set("X-CSRF-Token", b.csrf)
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.h.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	var said struct{ CSRFToken string }
	if json.Unmarshal(rec.Body.Bytes(), &said) == nil && said.CSRFToken != "" {
		b.csrf = said.CSRFToken
	}
	return rec
}

// says sends and expects a status.
func (b *browsing) says(method, path, body string, want int) string {
	b.t.Helper()
	if b.csrf == "" && path != "/session/start" {
		b.says("GET", "/session/start", "", 200)
	}
	rec := b.sends(method, "/api"+path, body)
	if rec.Code != want {
		b.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

func (b *browsing) reads(body string, into any) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(body), into); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browsing) options(path string) string {
	b.t.Helper()
	var told struct{ Options string }
	b.reads(b.says("POST", path, "{}", 200), &told)
	return told.Options
}
