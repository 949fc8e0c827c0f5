package server_test

import (
	"fmt"
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
	"yunchou/internal/identity"
	"yunchou/internal/org"
	paging "yunchou/internal/page"
	"yunchou/internal/server"
)

// refusals are what the trail tells of a kind, as lines.
func refusals(t *testing.T, w *apptest.World, kind string) (out []string) {
	t.Helper()
	list, err := w.Audit.List(w.Ctx, w.As("管理员"), audit.Query{Kind: kind}, paging.Request{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list.Items {
		line := fmt.Sprintf("%s|%s|%s|%d|", i.Person, i.Outcome, i.Address, i.Times)
		for _, d := range i.Details {
			line += d.Key + "=" + d.New
		}
		out = append(out, line)
	}
	return out
}

// TestEveryRefusalIsInTheTrail sends what each kind of refusal answers, and finds it in the trail:
// by whom, from where, at which route.
func TestEveryRefusalIsInTheTrail(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		seller := signIn(t, w, h, "陈露", "chenlu")
		nobody := client{t: t, h: h}
		raw := func(method, path, body string, header ...string) int {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec.Code
		}
		forged := seller
		forged.csrf = "forged"
		acts := []struct {
			kind, want string
			status     int
			do         func() int
		}{
			{audit.PermissionRefused, "陈露|refused|192.0.2.1|1|route=GET /api/audit", 403, func() int { return seller.do("GET", "/api/audit", "").Code }},
			{audit.OriginRefused, "陈露|refused|192.0.2.1|1|route=POST /api/session/confirm", 403,
				func() int { return forged.do("POST", "/api/session/confirm", `{"current":"x"}`).Code }},
			{audit.OriginRefused, "|refused|192.0.2.1|1|", 403,
				func() int { return raw("POST", "/api/session", `{}`, "Sec-Fetch-Site", "cross-site") }},
			{audit.OriginRefused, "|refused|192.0.2.1|1|route=POST /api/session", 403, func() int { return raw("POST", "/api/session", `{}`) }},
			{audit.PasswordFailed, "陈露|failed|192.0.2.1|1|", 422, func() int { return seller.do("POST", "/api/session/confirm", `{"current":"guessed"}`).Code }},
			{audit.SizeRefused, "陈露|refused|192.0.2.1|1|route=POST /api/accounts", 413,
				func() int {
					return seller.do("POST", "/api/accounts", `{"name":"`+strings.Repeat("x", 2<<20)+`"}`).Code
				}},
			{audit.FactorFailed, "|failed|192.0.2.1|1|", 401, func() int {
				r := httptest.NewRequest("POST", "http://localhost/api/session/passkey", strings.NewReader(`{"credential":"{}"}`))
				r.Header.Set("Content-Type", "application/json")
				nobody.starts(r)
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				return rec.Code
			}},
			{audit.SignInFailed, "|failed|192.0.2.1|1|", 401, func() int { return nobody.do("POST", "/api/session", `{"login":"chenlu","password":"guessed"}`).Code }},
		}
		for _, a := range acts {
			if got := a.do(); got != a.status {
				t.Errorf("%s: answered %d, want %d", a.kind, got, a.status)
			}
			found := false
			for _, line := range refusals(t, w, a.kind) {
				found = found || line == a.want
			}
			if !found {
				t.Errorf("%s: %q, want %q", a.kind, refusals(t, w, a.kind), a.want)
			}
		}
		if list := refusals(t, w, audit.SignInFailed); len(list) != 1 {
			t.Errorf("one guess is told more than once: %q", list)
		}
	})
}

// TestASetUpTokenThatIsForgedIsTold: nobody is anybody yet, and whoever sets the installation up
// finds it.
func TestASetUpTokenThatIsForgedIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		empty := app.New(db, t.TempDir(), slog.New(slog.DiscardHandler), time.Now)
		h := server.New(empty, "test", false)
		rec := (client{t: t, h: h}).do("POST", "/api/setup", `{"token":"forged","company":"x","locale":"zh-CN","name":"x","login":"someone","password":"`+identity.NewSecret()+`"}`)
		if rec.Code != http.StatusForbidden {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		actor, err := empty.NewCompany(t.Context(), org.Setup{Company: "x", AdminName: "y"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := empty.Audit.List(t.Context(), actor, audit.Query{Kind: audit.SetUpFailed}, paging.Request{})
		if err != nil || len(list.Items) != 1 {
			t.Errorf("%+v %v", list.Items, err)
		}
	})
}

// TestAStormOfRefusalsIsSomeRows: strangers from everywhere, and a member at every route, make no
// more rows than an hour may have, and nothing is written while they are refused.
func TestAStormOfRefusalsIsSomeRows(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		seller := signIn(t, w, h, "陈露", "chenlu")
		count := func(table string) (rows, times int) {
			t.Helper()
			err := w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT count(*), COALESCE(sum(times), 0) FROM `+table).Scan(&rows, &times)
			})
			if err != nil {
				t.Fatal(err)
			}
			return rows, times
		}
		const storm = 5000
		for i := range storm {
			r := httptest.NewRequest("POST", "/api/session", strings.NewReader("{}"))
			r.RemoteAddr = fmt.Sprintf("198.%d.%d.%d:1", 18+i/62500, i/250%250, i%250)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
		for range 300 {
			seller.do("GET", "/api/audit", "")
		}
		if rows, _ := count("stranger_act"); rows != 0 {
			t.Errorf("%d rows are written while strangers are refused", rows)
		}
		if err := w.Audit.Write(w.Ctx); err != nil {
			t.Fatal(err)
		}
		if rows, times := count("stranger_act"); rows > 101 || times != storm {
			t.Errorf("strangers: %d rows of %d refusals", rows, times)
		}
		if rows, times := count("failed_act"); rows != 1 || times != 300 {
			t.Errorf("a member: %d rows of %d refusals", rows, times)
		}
	})
}

// BenchmarkRefused is what a refusal costs beside an answer: each is noted for the trail.
func BenchmarkRefused(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *database.DB{"sqlite": databasetest.SQLite, "postgresql": databasetest.PostgreSQL} {
		w := apptest.New(b, open(b))
		w.Log = slog.New(slog.DiscardHandler)
		h := server.New(w.App, "test", false)
		secret := identity.NewSecret()
		if err := w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", secret); err != nil {
			b.Fatal(err)
		}
		token, _, err := w.SignIn("chenlu", secret)
		if err != nil {
			b.Fatal(err)
		}
		ask := func(path string, status int, foreign bool) func(*testing.B) {
			return func(b *testing.B) {
				n := 0
				for b.Loop() {
					r := httptest.NewRequest("GET", path, nil)
					r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: token})
					if foreign {
						n++
						r = httptest.NewRequest("POST", path, nil)
						r.RemoteAddr = fmt.Sprintf("198.%d.%d.%d:1", 18+n/62500%2, n/250%250, n%250)
						r.Header.Set("Sec-Fetch-Site", "cross-site")
					}
					rec := httptest.NewRecorder()
					if h.ServeHTTP(rec, r); rec.Code != status {
						b.Fatal(rec.Code, rec.Body)
					}
				}
			}
		}
		b.Run(name+"/answered", ask("/api/session", 200, false))
		b.Run(name+"/refused", ask("/api/audit", 403, false))
		b.Run(name+"/a stranger refused", ask("/api/session", 403, true))
	}
}
