package server_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestWhatASenderInventsIsNoLabel: a label is kept for ever, so methods, paths, names and
// headers nobody has heard of add nothing to what is measured after the first of them.
func TestWhatASenderInventsIsNoLabel(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := client{t: t, h: server.New(w.App, "test", false)}
		series := func() int {
			return strings.Count(c.do("GET", "/metrics", "").Body.String(), "yunchou_")
		}
		invent := func(n int) {
			for _, path := range []string{"/", "/api/x%d", "/api/session", "/api/opportunities/%d?x=%d"} {
				if strings.Contains(path, "%d") {
					path = fmt.Sprintf(strings.ReplaceAll(path, "%d", "%[1]d"), n)
				}
				c.do(fmt.Sprint("METHOD", n), path, "{}")
				c.do("GET", path, "{}")
			}
		}
		invent(0)
		before := series()
		for n := range 500 {
			invent(n)
		}
		if after := series(); after != before || before == 0 {
			t.Errorf("%d lines of measures became %d", before, after)
		}
	})
}
