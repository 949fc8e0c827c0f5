package server_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// alsoOpen are routes without a session that let nobody in, and why.
var alsoOpen = map[string]string{"getNotices": "licences of what the program is made of", "getAbout": "as the notices"}

// TestNothingSignsInButWhatIsListed: docs/security.md names every route that needs no session,
// and no other gives a session's cookie.
func TestNothingSignsInButWhatIsListed(t *testing.T) {
	raw, err := os.ReadFile("../../docs/security.md")
	noError(t, err)
	_, section, found := strings.Cut(string(raw), "\n## Ways in\n")
	section, _, _ = strings.Cut(section, "\n## ")
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(section, -1) {
		listed[m[1]] = true
	}
	if !found || len(listed) < 8 {
		t.Fatalf("%d routes are listed", len(listed))
	}
	w := apptest.New(t, databasetest.SQLite(t))
	h := server.New(w.App, "test", false)
	api, open := server.API(w.App, "test"), map[string]bool{}
	for _, op := range operations(api) {
		if op.Extensions["x-permission"] == "" {
			if open[op.OperationID] = true; !listed[op.OperationID] && alsoOpen[op.OperationID] == "" {
				t.Errorf("%s is open to everybody and not among the ways in", op.OperationID)
			}
			continue
		}
		rec := (client{t: t, h: h}).do(op.Method, placeholder.ReplaceAllString(op.Path, "nothing"), bodyFor(t, api, op))
		if rec.Code != 401 || len(rec.Header().Values("Set-Cookie")) > 0 {
			t.Errorf("%s without a session: %d %v", op.OperationID, rec.Code, rec.Header().Values("Set-Cookie"))
		}
	}
	for id := range listed {
		if !open[id] {
			t.Errorf("%s is among the ways in and is none", id)
		}
	}
}
