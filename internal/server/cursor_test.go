package server_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// TestAForgedCursorIsRefused: a cursor comes back from outside. Of every list and every order,
// one that holds another type, a number beyond all, or nothing at all is a named fault.
func TestAForgedCursorIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		api := server.API(w.App, "test")
		c := signIn(t, w, api.Mux, "运营", "operations")
		tried, at := 0, 0
		if db.Dialect() == database.PostgreSQL {
			at++ // others than on SQLite
		}
		for path, item := range api.OpenAPI().Paths {
			if item.Get == nil || !takesCursor(item.Get) || strings.Contains(path, "{") {
				continue
			}
			for _, sort := range []string{"", "name", "created", "amount", "expected", "entered", "closed", "progress", "contact", "due"} {
				for _, value := range []string{`"x"`, `1`, `1.5`, `1e300`, `99999999999999999999`, `null`, `true`, `[]`, `[1]`, `{}`, `{"a":1}`, `"\u0000"`, `"2026-02-30"`} {
					for _, id := range []string{`"x"`, `""`, `1`, `null`, `"\u0000"`} {
						if at++; at%databasetest.Rounds(3, 1) != 0 {
							continue // every third of them; in make soak all
						}
						mark := fmt.Sprintf(`{"s":%q,"v":%s,"i":%s}`, sort, value, id)
						cursor := base64.RawURLEncoding.EncodeToString([]byte(mark))
						rec := c.do("GET", path+"?sort="+sort+"&cursor="+url.QueryEscape(cursor), "")
						if tried++; rec.Code >= 500 || rec.Code >= 400 && !problem(rec) {
							t.Errorf("%s by %q after %s: %d %.200s", path, sort, mark, rec.Code, rec.Body)
						}
					}
				}
			}
		}
		if tried < 500 {
			t.Errorf("only %d cursors tried", tried)
		}
	})
}

func takesCursor(op *huma.Operation) bool {
	for _, p := range op.Parameters {
		if p.Name == "cursor" {
			return true
		}
	}
	return false
}
