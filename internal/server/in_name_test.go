package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/server"
)

// TestWhoActsForSomebodyReachesNoSignInButHisOwn: whose name stands on a request does not say whose
// sessions, password and factors it is about.
func TestWhoActsForSomebodyReachesNoSignInButHisOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		hers, his := identity.NewSecret(), identity.NewSecret()
		noError(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", hers))
		noError(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["小李"], "xiaoli", his))
		noError(t, w.Org.Delegate(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["小李"]))
		token, principal, err := w.SignIn("chenlu", hers)
		noError(t, err)
		mine, own, err := w.SignIn("xiaoli", his)
		noError(t, err)
		inHerName := func(method, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: mine})
			r.Header.Set("X-CSRF-Token", own.CSRF)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("On-Behalf-Of", w.ID["陈露"])
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec
		}
		if rec := inHerName("GET", "/api/accounts", ""); rec.Code != 200 {
			t.Fatalf("he does not act for her: %d %s", rec.Code, rec.Body)
		}
		if rec := inHerName("GET", "/api/sessions", ""); rec.Code != 200 || strings.Contains(rec.Body.String(), principal.ID) || !strings.Contains(rec.Body.String(), own.ID) {
			t.Errorf("sessions: %d %s", rec.Code, rec.Body)
		}
		if rec := inHerName("POST", "/api/session/confirm", `{"current":"`+hers+`"}`); code(rec) != "org.password_wrong" {
			t.Errorf("her password proves him: %d %s", rec.Code, rec.Body)
		}
		if rec := inHerName("POST", "/api/session/confirm", `{"current":"`+his+`"}`); rec.Code > 299 {
			t.Errorf("his own does not: %d %s", rec.Code, rec.Body)
		}
		if rec := inHerName("DELETE", "/api/sessions/"+principal.ID, ""); rec.Code != 404 {
			t.Errorf("he ends her session: %d %s", rec.Code, rec.Body)
		}
		next := identity.NewSecret()
		if rec := inHerName("POST", "/api/session/password", `{"current":"`+his+`","next":"`+next+`"}`); rec.Code > 299 {
			t.Errorf("his password: %d %s", rec.Code, rec.Body)
		}
		if _, _, err := w.Identity.Authenticate(w.Ctx, token, "form"); err != nil {
			t.Errorf("her session ended: %v", err)
		}
		if _, _, err := w.SignIn("chenlu", hers); err != nil {
			t.Errorf("her password is another: %v", err)
		}
		if _, _, err := w.SignIn("xiaoli", next); err != nil {
			t.Errorf("his is not: %v", err)
		}
	})
}
