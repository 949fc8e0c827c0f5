package server_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/record"
	"yunchou/internal/server"
)

// A file and the start of its import, sent several times because the answer was lost, are one file
// and one import, also when they meet; under the same id with other content each is a conflict.
func TestAnImportSentTwiceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Intake.Dir = t.TempDir()
		c := boss(t, w, server.New(w.App, "test", false))
		file, batch := record.NewID(apptest.Start.Time()), record.NewID(apptest.Start.Time())
		mapping := `"mapping":{"version":1,"source":"crm","files":[{"match":"a.csv","kind":"account","columns":{"name":{"column":"客户"}}}]}`
		start := func(dry string) string {
			return `{"id":"` + batch + `","files":{"a.csv":"` + file + `"},` + mapping + `,"dryRun":` + dry + `}`
		}
		for _, x := range []struct {
			path, body, other string
			made              int
		}{
			{"/api/imports/files?name=a.csv&id=" + file, "客户\n恒信\n", "客户\n别家\n", 201},
			{"/api/imports", start("false"), start("true"), 202},
		} {
			answers := make([]*httptest.ResponseRecorder, 4)
			apptest.AtOnce(len(answers), func(k int) error {
				answers[k] = c.do("POST", x.path, x.body)
				return nil
			})
			for _, a := range answers {
				if a.Code != x.made || a.Body.String() != answers[0].Body.String() {
					t.Fatalf("%s: %d %s\nfirst %d %s", x.path, a.Code, a.Body, answers[0].Code, answers[0].Body)
				}
			}
			if a := c.do("POST", x.path, x.other); a.Code != 409 || !strings.Contains(a.Body.String(), "record.id_taken") {
				t.Errorf("%s with other content: %d %s", x.path, a.Code, a.Body)
			}
		}
		list, err := w.Intake.List(w.Ctx, w.As("管理员"))
		if err != nil || len(list) != 1 || list[0].ID != batch {
			t.Errorf("imports %+v %v", list, err)
		}
	})
}
