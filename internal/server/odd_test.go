package server_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	paging "yunchou/internal/page"
	"yunchou/internal/server"
)

// odd is a request no form sends, and how it is answered.
type odd struct {
	name, method, path, kind, body string
	code                           int
	fault                          string
}

// TestWhatMayBeReadInTwoWaysIsRefused: names that stand twice, texts that are none, numbers
// beyond all, other content, more after the end; each by name, and nothing of it is kept.
func TestWhatMayBeReadInTwoWaysIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		const json = "application/json"
		deep := strings.Repeat(`{"custom":`, 40) + "{}" + strings.Repeat("}", 40)
		for _, x := range []odd{
			{"a name twice", "POST", "/api/accounts", json, `{"name":"甲","name":"乙"}`, 422, "input.twice"},
			{"a name twice, one escaped", "POST", "/api/accounts", json, `{"name":"甲","n\u0061me":"乙"}`, 422, "input.twice"},
			{"a name twice, deep", "POST", "/api/accounts", json, `{"name":"甲","custom":{"a":"1","a":"2"}}`, 422, "input.twice"},
			{"half a character", "POST", "/api/accounts", json, `{"name":"\ud800甲"}`, 422, "input.text_malformed"},
			{"the other half first", "POST", "/api/accounts", json, `{"name":"\udc00\ud800"}`, 422, "input.text_malformed"},
			{"no UTF-8", "POST", "/api/accounts", json, "{\"name\":\"\xff\xfe\"}", 422, "input.text_malformed"},
			{"nested", "POST", "/api/accounts", json, deep, 422, "input.too_deep"},
			{"a field nobody knows", "POST", "/api/accounts", json, `{"name":"甲","admin":true}`, 422, "input.unknown_field"},
			{"more after the end", "POST", "/api/accounts", json, `{"name":"甲"}{"name":"乙"}`, 400, "request.malformed"},
			{"not a number", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":NaN}`, 400, "request.malformed"},
			{"beyond all numbers", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":1e999}`, 400, "request.malformed"},
			{"beyond 64 bits", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":9223372036854775808}`, 422, ""},
			{"a number of a thousand digits", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":` + strings.Repeat("9", 1000) + `}`, 400, ""},
			{"less than nothing", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":-1}`, 422, ""},
			{"beyond money", "POST", "/api/opportunities", json, `{"name":"甲","amountMinor":1000000000000001}`, 422, ""},
			{"other content", "POST", "/api/accounts", "text/xml", `<name>甲</name>`, 415, "request.unsupported_media_type"},
			{"a form", "POST", "/api/accounts", "application/x-www-form-urlencoded", "name=x", 415, "request.unsupported_media_type"},
			{"parts", "POST", "/api/accounts", "multipart/form-data; boundary=x", "--x--", 415, "request.unsupported_media_type"},
			{"a name of marks alone", "POST", "/api/accounts", json, `{"name":"\u202e\u200b\u2066"}`, 422, ""},
			{"a name of nothing", "POST", "/api/accounts", json, `{"name":"\u0000"}`, 422, ""},
			{"a name too long", "POST", "/api/accounts", json, `{"name":"` + strings.Repeat("长", 5000) + `"}`, 422, "input.too_long"},
			{"a parameter twice", "GET", "/api/opportunities?owner=a&owner=b", "", "", 422, "request.parameter_twice"},
			{"a parameter twice, the same", "GET", "/api/opportunities?limit=1&limit=1", "", "", 422, "request.parameter_twice"},
			{"a parameter nobody knows", "GET", "/api/opportunities?onwer=a", "", "", 422, "request.parameter_unknown"},
			{"a known one in capitals", "GET", "/api/opportunities?Owner=a", "", "", 422, "request.parameter_unknown"},
			{"a query that is none", "GET", "/api/opportunities?owner=%zz", "", "", 422, "request.query_malformed"},
			{"a search of no UTF-8", "GET", "/api/opportunities?q=%ff", "", "", 422, "input.text_malformed"},
			{"a report of no UTF-8", "GET", "/api/reports/funnel?region=a%fe", "", "", 422, "input.text_malformed"},
			{"one of several of no UTF-8", "GET", "/api/opportunities?state=open&state=%c3", "", "", 422, "input.text_malformed"},
			{"a zero byte", "GET", "/api/accounts?q=a%00b", "", "", 422, "input.text_malformed"},
			{"a semicolon", "GET", "/api/opportunities?owner=a;limit=1", "", "", 422, "request.query_malformed"},
		} {
			rec := c.sends(x.method, x.path, x.kind, strings.NewReader(x.body))
			if rec.Code != x.code || !problem(rec) || x.fault != "" && code(rec) != x.fault {
				t.Errorf("%s: %d %.300s, want %d %s", x.name, rec.Code, rec.Body, x.code, x.fault)
			}
		}
		accounts, _, err := w.Accounts.List(w.Ctx, w.Admin, account.Filter{}, paging.Request{Sort: "name"})
		noError(t, err)
		deals, _, err := w.Opportunities.List(w.Ctx, w.Admin, opportunity.Filter{}, paging.Request{}, w.Funnel)
		noError(t, err)
		if len(accounts.Items) != 1 || len(deals.Items) != 0 {
			t.Errorf("%d accounts and %d deals are there", len(accounts.Items), len(deals.Items))
		}
	})
}

// TestAParameterThatIsAListIsSaidAsOftenAsItHas: every list a query may hold can be said once
// for each of what is in it, as the documents say.
func TestAParameterThatIsAListIsSaidAsOftenAsItHas(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	api := server.API(w.App, "test")
	c := signIn(t, w, api.Mux, "蒋跃", "manager")
	lists := 0
	for path, item := range api.OpenAPI().Paths {
		if item.Get == nil {
			continue
		}
		for _, p := range item.Get.Parameters {
			if p.In != "query" || p.Explode == nil || !*p.Explode {
				continue
			}
			lists++
			rec := c.sends("GET", placeholder.ReplaceAllString(path, w.ID["公司"])+"?"+p.Name+"=open&"+p.Name+"=won", "", strings.NewReader(""))
			if code(rec) == "request.parameter_twice" || code(rec) == "request.not_found" {
				t.Errorf("%s with two of %s: %d %.200s", path, p.Name, rec.Code, rec.Body)
			}
		}
	}
	if rec := c.sends("GET", "/api/opportunities?state=won&state=lost", "", strings.NewReader("")); rec.Code != 200 || lists < 10 {
		t.Errorf("won and lost: %d %.200s; %d lists", rec.Code, rec.Body, lists)
	}
}

// TestAParameterNoRouteKnowsIsRefused: a filter that is mistyped would be left out unseen. Every
// route says which name it does not know and which it does, and none that is documented is refused.
func TestAParameterNoRouteKnowsIsRefused(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	api := server.API(w.App, "test")
	c := boss(t, w, server.New(w.App, "test", false))
	seen, documented := 0, 0
	for _, op := range operations(api) {
		path := placeholder.ReplaceAllString(op.Path, w.ID["公司"])
		var known []string
		for _, p := range op.Parameters {
			if p.In == "query" {
				known = append(known, p.Name)
				documented++
				if rec := c.sends(op.Method, path+"?"+p.Name+"=", "application/json", strings.NewReader("{")); code(rec) == "request.parameter_unknown" {
					t.Errorf("%s with %s, which it takes: %d %.200s", op.OperationID, p.Name, rec.Code, rec.Body)
				}
			}
		}
		slices.Sort(known)
		rec := c.sends(op.Method, path+"?no-such-filter=x", "application/json", strings.NewReader("{"))
		if code(rec) == "request.not_started" && len(known) == 0 {
			continue // it says first that it is asked from another site
		}
		want := `"known":"` + strings.Join(known, ", ") + `"`
		if seen++; rec.Code != 422 || code(rec) != "request.parameter_unknown" || !strings.Contains(rec.Body.String(), want) ||
			!strings.Contains(rec.Body.String(), `"/no-such-filter"`) {
			t.Errorf("%s: %d %.300s, want %s", op.OperationID, rec.Code, rec.Body, want)
		}
	}
	if seen < 150 || documented < 150 {
		t.Errorf("only %d routes and %d parameters seen", seen, documented)
	}
}

// TestWhatIsSeenInANameIsWhatItHolds: marks that turn or hide what is read do not come into a
// name, and what looks the same is the same.
func TestWhatIsSeenInANameIsWhatItHolds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		for name, want := range map[string]string{
			`甲\u202e乙\u200b丙\ufeff`: "甲乙丙", `\uff21\uff22Ｃ`: "ABC", ` a\u3000\u00a0 b\t\n`: "a b", `丁\u0000\u001b[31m`: "丁[31m", `戊\ud83d\ude00`: "戊😀",
		} {
			rec := c.do("POST", "/api/accounts", `{"name":"`+name+`"}`)
			if rec.Code != 201 || !strings.Contains(rec.Body.String(), `"name":"`+want+`"`) {
				t.Errorf("%s: %d %s, want %s", name, rec.Code, rec.Body, want)
			}
		}
	})
}

// TestPathsAndMethodsNobodyAsksWith: no way round a route, no page of ours for an API's path, no
// fault of ours, and no other method than the one that was sent.
func TestPathsAndMethodsNobodyAsksWith(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.New(w.App, "test", false)
	c := boss(t, w, h)
	ask := func(method, target string, headers map[string]string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/", nil)
		r.URL.Path, r.URL.RawPath = target, ""
		if u, err := r.URL.Parse(target); err == nil {
			r.URL = u
		}
		r.RequestURI = target
		r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
		r.Header.Set("X-CSRF-Token", c.csrf)
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
	for _, method := range []string{"HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "M1", "DELETE", "PUT"} {
		for _, target := range []string{"/api/accounts", "/api//accounts", "/api/./accounts", "/api/x/../accounts", "/api/accounts/", "/api/%61ccounts", "/api%2faccounts", "/api/accounts%2f..%2fmembers",
			"/api/accounts/%2e%2e/members", "/api/accounts/..%2f..%2fmetrics", "//api/accounts", "/api/accounts;x=y", "/API/accounts", "/assets/..%2f..%2fetc/passwd", "/..%5c..%5cetc", "/%00", "/healthz/..", "/api"} {
			rec := ask(method, target, nil)
			if rec.Code >= 500 {
				t.Errorf("%s %s: %d %.200s", method, target, rec.Code, rec.Body)
			}
			if method == "TRACE" && rec.Code == 200 {
				t.Errorf("TRACE %s is answered", target)
			}
			if strings.Contains(rec.Body.String(), "root:") {
				t.Errorf("%s %s shows a file of the system", method, target)
			}
		}
	}
	if rec := ask("HEAD", "/api/accounts", nil); rec.Code != 200 {
		t.Errorf("HEAD: %d", rec.Code)
	}
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		rec := ask("GET", "/api/accounts/"+w.Account, map[string]string{header: "DELETE"})
		if rec.Code != 200 {
			t.Errorf("%s: %d %s", header, rec.Code, rec.Body)
		}
	}
	for _, header := range []string{"X-Original-URL", "X-Rewrite-URL"} {
		if rec := ask("GET", "/healthz", map[string]string{header: "/api/members"}); rec.Body.String() != "ok\n" {
			t.Errorf("%s leads elsewhere: %s", header, rec.Body)
		}
	}
}
