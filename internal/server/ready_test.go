package server_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/safekeep"
	"yunchou/internal/server"
)

// TestTheOperatorIsToldWhetherTheDatabaseWorks, and when the last good backup was made.
func TestTheOperatorIsToldWhetherTheDatabaseWorks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		if db.Path() != "" {
			w.Backups = &safekeep.Schedule{DB: db, Dir: t.TempDir(), Every: time.Hour, Keep: 1, Erased: w.Erased, Log: w.Log, Now: w.Now}
			if err := w.Backups.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(path string) (int, string) {
			r := httptest.NewRecorder()
			server.New(w.App, "test", false).ServeHTTP(r, httptest.NewRequest("GET", path, nil))
			return r.Code, r.Body.String()
		}
		if code, body := ask("/readyz"); code != 200 {
			t.Errorf("ready: %d %s", code, body)
		}
		_, operators := server.Watched(w.App, "test", httpapi.Front{})
		told := scraped(t, operators)
		if has := strings.Contains(told, "yunchou_backup_last_good_timestamp_seconds 1.7"); has != (db.Path() != "") {
			t.Errorf("the last good backup is told: %v", has)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if code, body := ask("/readyz"); code != 503 || !strings.Contains(body, "database") {
			t.Errorf("without a database: %d %s", code, body)
		}
	})
}
