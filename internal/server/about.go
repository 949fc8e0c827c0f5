package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/intake"
	"yunchou/internal/notices"
	"yunchou/internal/org"
	"yunchou/internal/safekeep"
)

// noticesPath is where the licences of what the program contains can be read, by anybody: they name
// no versions.
const noticesPath = "/third-party-notices"

func thirdParties(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = io.WriteString(w, notices.Text)
}

// backupsBody is what the operator set the program to; where they lie is his alone.
type backupsBody struct {
	EveryMinutes int  `json:"everyMinutes" doc:"0: the program makes none"`
	Keep         int  `json:"keep"`
	Encrypted    bool `json:"encrypted"`
	Outside      bool `json:"outside" doc:"the database is a server's, which is backed up with its own tools"`
	KeptBody
	NextAt *time.Time `json:"nextAt" doc:"when the next is made or tried again; null where none is planned"`
	Late   bool       `json:"late" doc:"the last good one is older than it should be"`
	// Store is the second place, away from the machine.
	Store *storeBody `json:"store,omitempty"`
}

// KeptBody is how backups fare in one place.
type KeptBody struct {
	LastAt    *time.Time `json:"lastAt" doc:"when the last good one was made; null where none is there"`
	LastBytes int64      `json:"lastBytes"`
	Failed    int        `json:"failed" doc:"tries that failed since the program started"`
}

type storeBody struct {
	Keep int `json:"keep" doc:"0: as many as the store's own rules keep"`
	KeptBody
}

func keptOf(b safekeep.Backups) KeptBody {
	return KeptBody{LastAt: instant(b.Good), LastBytes: b.Bytes, Failed: b.Failed}
}

// instant is nil for a time that is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// backupsOf is what the settings show of backups.
func backupsOf(a *app.App) *backupsBody {
	body := &backupsBody{Outside: a.DB.Dialect() != database.SQLite}
	b := a.Backups
	if b == nil {
		return body
	}
	last := b.Last()
	body.EveryMinutes, body.Keep, body.Encrypted = int(b.Every.Minutes()), b.Keep, len(b.Recipients) > 0
	body.KeptBody, body.NextAt, body.Late = keptOf(last), instant(last.Next), b.Late()
	if b.Offsite != nil {
		body.Store = &storeBody{Keep: b.Offsite.Keep, KeptBody: keptOf(b.Offsite.Last())}
	}
	return body
}

type aboutBody struct {
	Version string `json:"version"`
	// What a browser may know before it sends.
	MaxFile    int64        `json:"maxFileBytes" doc:"of one attached file"`
	MaxImport  int64        `json:"maxImportBytes" doc:"of one file that is imported"`
	UploadDays int          `json:"uploadDays" doc:"so long a file that was sent to be imported is kept"`
	Backups    *backupsBody `json:"backups,omitempty" doc:"for who may change the settings"`
}

// about tells members which program they use, for whom they ask for help, and what it takes.
func about(api *httpapi.API, app *app.App, version string) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/about", ID: "getAbout", Permission: org.SignedIn, Summary: "Which version of the program this is, and what it takes",
	}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[aboutBody], error) {
		body := aboutBody{Version: version, MaxFile: file.MaxSize, MaxImport: intake.MaxUpload, UploadDays: app.Intake.KeptDays()}
		if actor.Can(org.SettingsEdit) {
			body.Backups = backupsOf(app)
		}
		return httpapi.Answer(body, nil)
	})
}
