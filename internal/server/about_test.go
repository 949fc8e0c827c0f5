package server_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/safekeep"
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

// TestABrowserKnowsWhatIsTaken: sizes for everybody, what the operator set for who may change the
// settings.
func TestABrowserKnowsWhatIsTaken(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	w.Backups = &safekeep.Schedule{Every: 24 * time.Hour, Keep: 14, Dir: t.TempDir(), DB: w.DB, Now: w.Clock.Now, Log: w.Log,
		Erased: func(context.Context) ([]safekeep.Erasure, error) { return nil, nil }}
	if err := w.Backups.Once(w.Ctx); err != nil {
		t.Fatal(err)
	}
	last := w.Clock.Now().UTC().Format("2006-01-02T15:04:05Z")
	w.Intake.UploadDays = 3
	w.AddMember("运营", w.ID["一组"], false, org.Operations)
	h := server.New(w.App, "v9.8.7", false)
	for who, want := range map[string]string{"运营": `"everyMinutes":1440,"keep":14,"encrypted":false,"outside":false,"lastAt":"` + last + `"`, "陈露": `"uploadDays":3`} {
		body := signIn(t, w, h, who, map[bool]string{true: "seller", false: "operations"}[who == "陈露"]).do("GET", "/api/about", "").Body.String()
		for _, part := range []string{want, `"maxFileBytes":20971520`, `"maxImportBytes":268435456`} {
			if !strings.Contains(body, part) {
				t.Errorf("%s is told %s, want %s", who, body, part)
			}
		}
		if who == "陈露" && strings.Contains(body, "backups") {
			t.Errorf("who sells is told of backups: %s", body)
		}
	}
}

// TestALateBackupIsSaid: the last good one is too old, or none could be made.
func TestALateBackupIsSaid(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	w.Backups = &safekeep.Schedule{Every: 24 * time.Hour, Keep: 14, Dir: t.TempDir(), DB: w.DB, Now: w.Clock.Now, Log: w.Log,
		Erased: func(context.Context) ([]safekeep.Erasure, error) { return nil, nil }}
	if w.Backups.Late() {
		t.Error("before the first one is made")
	}
	good := w.Backups.Dir
	w.Backups.Dir = "/dev/null/backups"
	if err := w.Backups.Once(w.Ctx); err == nil || !w.Backups.Late() {
		t.Errorf("none could be made: %v, late %v", err, w.Backups.Late())
	}
	w.Backups.Dir = good
	if err := w.Backups.Once(w.Ctx); err != nil || w.Backups.Late() {
		t.Errorf("made again: %v, late %v", err, w.Backups.Late())
	}
	w.Clock.Move(37 * time.Hour)
	if !w.Backups.Late() {
		t.Error("a day and a half without one")
	}
	w.AddMember("运营", w.ID["一组"], false, org.Operations)
	body := signIn(t, w, server.New(w.App, "v9.8.7", false), "运营", "operations").do("GET", "/api/about", "").Body.String()
	if !strings.Contains(body, `"late":true`) || !strings.Contains(body, `"failed":1`) {
		t.Error(body)
	}
}
