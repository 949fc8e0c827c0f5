package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"yunchou/internal/httpapi"
)

func TestThePublicAddressIsReadOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"https://crm.example.com":         "https://crm.example.com",
		"https://CRM.example.com/":        "https://crm.example.com",
		"http://10.0.0.7:8420/yunchou/":   "http://10.0.0.7:8420/yunchou",
		"https://example.com/sales/crm-2": "https://example.com/sales/crm-2",
	} {
		p, err := httpapi.ParsePublic(text)
		if err != nil || p.String() != want {
			t.Errorf("%q is read as %q, %v", text, p, err)
		}
	}
	for _, text := range []string{
		"crm.example.com", "/yunchou", "ftp://example.com", "https://example.com/?a=b", "https://example.com/#a", "https://me@example.com/",
		"https://example.com/api", "https://example.com/assets/x", `https://example.com/"><script>`, "https://example.com/a/../b",
		"https://example.com/a//b", "https://example.com/销售", "https://example.com/a b", "https:///x", "https://exa mple.com",
	} {
		if p, err := httpapi.ParsePublic(text); err == nil {
			t.Errorf("%q is read as %q", text, p)
		}
	}
}

func TestTheProgramIsServedBelowItsPathAndWithoutIt(t *testing.T) {
	p, err := httpapi.ParsePublic("https://example.com/yunchou")
	if err != nil {
		t.Fatal(err)
	}
	h := p.Below(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) }),
		httpapi.Headers)
	for path, want := range map[string]string{
		"/yunchou/":             "/",
		"/yunchou/api/session":  "/api/session",
		"/api/session":          "/api/session", // the proxy has taken the path away
		"/yunchouli/x":          "/yunchouli/x",
		"/yunchou/yunchou/desk": "/yunchou/desk",
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if got := rec.Body.String(); got != want {
			t.Errorf("%s is asked as %s", path, got)
		}
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/yunchou?x=1", nil))
	if rec.Code != http.StatusPermanentRedirect || rec.Header().Get("Location") != "/yunchou/?x=1" {
		t.Errorf("the path without its slash answers %d to %s", rec.Code, rec.Header().Get("Location"))
	}
}

func TestAPageOfThePublicAddressMayWriteBehindAProxyThatRenamesTheHost(t *testing.T) {
	p, err := httpapi.ParsePublic("https://example.com/yunchou")
	if err != nil {
		t.Fatal(err)
	}
	var to httpapi.Public
	f := httpapi.Front{Public: p}
	h := f.Known(f.SameOrigin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if to = httpapi.PublicOf(r.Context()); !httpapi.ByTLS(r.Context()) {
			t.Error("people reach it by https, and its cookies would not be Secure")
		}
	})))
	for origin, want := range map[string]int{"https://example.com": 200, "https://evil.example": 403, "http://example.com": 403} {
		r := httptest.NewRequest("POST", "http://backend:8420/api/x", nil)
		r.Header.Set("Origin", origin)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("a page of %s is answered %d", origin, rec.Code)
		}
	}
	if to != p {
		t.Errorf("the request was sent to %v", to)
	}
}
