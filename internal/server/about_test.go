package server_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestAnybodyReadsTheNotices: as text, and nothing that tells a stranger which version this is.
func TestAnybodyReadsTheNotices(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	c := client{t: t, h: server.New(w.App, "v9.8.7", false)}
	r := c.do("GET", "/third-party-notices", "")
	text := r.Body.String()
	if r.Code != 200 || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("%d %v", r.Code, r.Header())
	}
	for _, name := range []string{"modernc.org/sqlite", "react-dom", "holiday-cn", "Apache License"} {
		if !strings.Contains(text, name) {
			t.Errorf("%s is not in it", name)
		}
	}
	if strings.Contains(text, "v9.8.7") {
		t.Error("the version is told")
	}
	if code := c.do("GET", "/api/about", "").Code; code != 401 {
		t.Errorf("a stranger is told the version: %d", code)
	}
}
