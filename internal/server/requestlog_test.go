package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// lines is a log a test reads.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

// TestTheLogHoldsNothingSomebodySent sends a marked secret wherever a request can hold a text, to
// every route, signed in and not: no line of the log has it, and each says what an operator asks.
func TestTheLogHoldsNothingSomebodySent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		log := &lines{}
		w.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		h := server.New(w.App, "test", false)
		api := server.API(w.App, "test")
		c := signIn(t, w, h, "运营", "ops")
		const secret = "mark-ed_secret"
		hostile := []string{secret, secret + "%0a%0dlevel=ERROR%20msg=forged"}
		for path, item := range api.OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op == nil || op.OperationID == "signOut" {
					continue
				}
				for _, who := range []client{c, {t: t, h: h}} {
					for _, at := range hostile {
						r := httptest.NewRequest(op.Method, placeholder.ReplaceAllString(path, at)+"?q="+at+"&name="+at+"&person="+at,
							strings.NewReader(strings.ReplaceAll(bodyFor(t, api, op), "x", secret)))
						r.Header.Set("Content-Type", "application/json")
						r.Header.Set("User-Agent", secret)
						r.Header.Set("X-Request-Id", secret+"\nforged")
						r.Header.Set("X-CSRF-Token", who.csrf)
						r.AddCookie(&http.Cookie{Name: "yunchou_device", Value: secret})
						if who.token != "" {
							r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: who.token})
						}
						h.ServeHTTP(httptest.NewRecorder(), r)
					}
				}
			}
		}
		out := log.take()
		for _, bad := range []string{secret, "forged", c.token, c.csrf, "运营", "argon2"} {
			if i := strings.Index(out, bad); i >= 0 {
				from := max(0, i-300)
				t.Errorf("the log holds %q: %s", bad, out[from:min(len(out), i+200)])
			}
		}
		for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
			if !strings.Contains(line, "msg=request ") {
				continue
			}
			for _, field := range []string{" id=", " method=", " route=", " status=", " bytes=", " ms=", " company=", " member=", " address="} {
				if !strings.Contains(line, field) {
					t.Fatalf("a line says no %s: %s", field, line)
				}
			}
		}
	})
}

func TestARequestHasAnIdThatAPersonCanQuote(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	log := &lines{}
	w.Log = slog.New(slog.NewTextHandler(log, nil))
	h := server.New(w.App, "test", false)
	ask := func(given string) (*httptest.ResponseRecorder, string) {
		r := httptest.NewRequest("GET", "/api/session", nil)
		r.Header.Set("X-Request-Id", given)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		var p struct{ RequestID string }
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return rec, p.RequestID
	}
	for given, kept := range map[string]bool{"proxy-gave-1234": true, "": false, "short": false, strings.Repeat("x", 65): false, "with space 1": false} {
		rec, id := ask(given)
		if got := rec.Header().Get("X-Request-Id"); id == "" || got != id || (got == given) != kept || !strings.Contains(log.take(), "id="+id+" ") {
			t.Errorf("%q: header %q, problem %q", given, got, id)
		}
	}
}
