package server_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// always is what every answer says to a browser, whatever it is an answer to.
var always = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
}

// guarded holds an answer against what every one must say, and, of what is no page, that it is
// kept by nobody and is none wherever it is opened.
func guarded(t *testing.T, what string, rec *httptest.ResponseRecorder, page bool) {
	t.Helper()
	h := rec.Header()
	for name, want := range always {
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	csp := h.Get("Content-Security-Policy")
	for _, must := range []string{"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src "} {
		if !strings.Contains(csp, must) {
			t.Errorf("%s: the policy %q does not say %s", what, csp, must)
		}
	}
	if script := directive(csp, "script-src"); strings.Contains(script, "unsafe") || strings.Contains(csp, "unsafe-eval") {
		t.Errorf("%s: scripts may be anything: %s", what, csp)
	}
	if h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s: another site may read it", what)
	}
	if kind := h.Get("Content-Type"); rec.Body.Len() > 0 && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=")) {
		t.Errorf("%s: its type is %q", what, kind)
	}
	if page {
		return
	}
	if h.Get("Cache-Control") != "no-store" || !strings.Contains(csp, "sandbox") || directive(csp, "default-src") != "default-src 'none'" {
		t.Errorf("%s: kept %q, as a page %q", what, h.Get("Cache-Control"), csp)
	}
}

func directive(policy, name string) string {
	for part := range strings.SplitSeq(policy, ";") {
		if part = strings.TrimSpace(part); strings.HasPrefix(part, name+" ") {
			return part
		}
	}
	return ""
}

// TestEveryAnswerIsGuarded walks the OpenAPI document, and what is served beside it.
func TestEveryAnswerIsGuarded(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.Behind(w.App, "test", httpapi.Front{TLS: true})
	api := server.API(w.App, "test")
	seller := signIn(t, w, server.New(w.App, "test", false), "陈露", "chenlu")
	cookies := []string{"__Host-yunchou_session=" + seller.token, ""}
	asked := 0
	for path, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || op.OperationID == "signOut" {
				continue
			}
			for _, cookie := range cookies {
				at := placeholder.ReplaceAllString(path, "nothing")
				rec := sent(h, op.Method, at+"?name=x&measure=open", bodyFor(t, api, op), map[string]string{"Cookie": cookie, "X-CSRF-Token": seller.csrf}, nil)
				guarded(t, op.OperationID, rec, false)
				asked++
			}
		}
	}
	if asked < 200 {
		t.Errorf("only %d answers seen", asked)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/api/", "/api/nothing", "/api/openapi.json", "/api/openapi.yaml", "/assets/", "/assets/none.js", "/.git/HEAD",
		"/index.html.br", "/.gitkeep", "/nothing.php", "/../go.mod"} {
		guarded(t, path, sent(h, "GET", path, "", nil, nil), false)
	}
	for _, path := range []string{"/", "/desk", "/opportunities/1", "/debug/pprof/", "/debug/vars", "/server-status"} {
		rec := sent(h, "GET", path, "", nil, nil)
		guarded(t, path, rec, true)
		if strings.Contains(rec.Body.String(), "goroutine") || strings.Contains(rec.Body.String(), "memstats") {
			t.Errorf("%s tells of the inside", path)
		}
	}
	below := server.Behind(w.App, "test", httpapi.Front{TLS: true, Public: httpapi.Public{Origin: "https://crm.example", Path: "/crm"}})
	for path, page := range map[string]bool{"/crm": false, "/crm/": true, "/crm/api/session": false, "/crm/x.php": false} {
		guarded(t, path+" under a path", sent(below, "GET", path, "", nil, nil), page)
	}
	for _, method := range []string{"TRACE", "TRACK", "CONNECT", "OPTIONS", "PROPFIND"} {
		for _, path := range []string{"/", "/api/session", "/healthz", "/metrics"} {
			rec := sent(h, method, path, "", map[string]string{"X-Told": "secret"}, nil)
			if rec.Code < 400 || strings.Contains(rec.Body.String(), "secret") {
				t.Errorf("%s %s: %d %s", method, path, rec.Code, rec.Body)
			}
			guarded(t, method+" "+path, rec, false)
		}
	}
}

func TestSigningOutLeavesNothingInTheBrowser(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.New(w.App, "test", false)
	c := signIn(t, w, h, "陈露", "chenlu")
	rec := c.do("DELETE", "/api/session", "")
	if rec.Code != 204 || rec.Header().Get("Clear-Site-Data") != `"cache"` || !strings.Contains(rec.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if rec = c.do("GET", "/api/session", ""); rec.Code != 401 {
		t.Errorf("afterwards: %d", rec.Code)
	}
}
