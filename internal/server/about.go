package server

import (
	"context"
	"io"
	"net/http"

	"yunchou/internal/httpapi"
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

// about tells members which program they use, for whom they ask for help.
func about(api *httpapi.API, version string) {
	type aboutBody struct {
		Version string `json:"version"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/about", ID: "getAbout", Permission: org.SignedIn, Summary: "Which version of the program this is",
	}, func(context.Context, org.Actor, *struct{}) (*httpapi.Body[aboutBody], error) {
		return httpapi.Answer(aboutBody{version}, nil)
	})
}
