package server

import (
	"context"
	"io"
	"net/http"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/intake"
	"yunchou/internal/notices"
	"yunchou/internal/org"
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
			body.Backups = &backupsBody{Outside: app.DB.Dialect() != database.SQLite}
			if b := app.Backups; b != nil {
				body.Backups.EveryMinutes, body.Backups.Keep, body.Backups.Encrypted = int(b.Every.Minutes()), b.Keep, len(b.Recipients) > 0
			}
		}
		return httpapi.Answer(body, nil)
	})
}
