package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/server"
)

// TestFirstPages prints how long the first page of a deal, the first list and the first desk take
// after an orderly stop, after a kill with 20,000 entries to catch up, and with no file of columns,
// and what of each was still being computed. It measures where YUNCHOU_BENCH is set (make bench).
func TestFirstPages(t *testing.T) {
	benched(t, firstPages)
}

func firstPages(t *testing.T, kind string, db *database.DB, n int) {
	w := apptest.Filled(t, db, benchFolder(kind), n, "2026-03-02")
	c := signIn(t, w, server.New(w.App, "test", false), "总监", "director")
	if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
		t.Fatal(err)
	}
	if _, known, err := w.Funnel.Limits(w.Ctx, w.Admin.TenantID); err != nil || !known {
		t.Fatal(known, err)
	}
	deal := "00000000-0000-7000-8000-000000000016" // an open one
	fmt.Printf("\n%s, %d deals: the first pages after a start\n| after | page | took | to come |\n|---|---|---:|---|\n", kind, n)
	for _, x := range []struct {
		after string
		make  func()
	}{
		{"an orderly stop", func() {
			if err := w.Engine.Keep(); err != nil {
				t.Fatal(err)
			}
		}},
		{"a kill, 20,000 entries later", func() { w.Touch(min(n, 19_900), n) }},
		{"without the file", func() {
			kept, _ := filepath.Glob(filepath.Join(w.Funnel.Dir, "*"))
			for _, path := range kept {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}},
	} {
		x.make()
		for _, page := range []string{"/api/opportunities/" + deal, "/api/opportunities?limit=50", "/api/desk"} {
			// Each is the first of its own start.
			again := app.New(db, w.Dir, slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
			h := server.New(again, "test", false)
			start := time.Now()
			r := httptest.NewRequestWithContext(t.Context(), "GET", page, nil)
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			took := time.Since(start)
			if rec.Code != 200 {
				t.Fatalf("%s: %d %.200s", page, rec.Code, rec.Body)
			}
			var said struct{ Computing, Counting bool }
			if err := json.Unmarshal(rec.Body.Bytes(), &said); err != nil {
				t.Fatal(err)
			}
			toCome := ""
			if said.Computing || said.Counting {
				toCome = "figures"
			}
			fmt.Printf("| %s | %s | %.0f ms | %s |\n", x.after, page, ms(took), toCome)
			again.Funnel.Settle() // what was begun ends before the next
			if err := again.Engine.Ready(t.Context(), w.Admin.TenantID); err != nil {
				t.Fatal(err)
			}
		}
	}
}
