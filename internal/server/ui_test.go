package server

import (
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"yunchou/internal/httpapi"
)

// TestOnlyFilesOfTheBuildAreServed: by their names, as what they are. The rest is the page, or
// is not there; nothing lists what there is.
func TestOnlyFilesOfTheBuildAreServed(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	h := httpapi.Headers(ui(fstest.MapFS{
		"dist/index.html": file("page"), "dist/index.html.gz": file("packed"), "dist/icon.svg": file("<svg/>"), "dist/.gitkeep": file(""),
		"dist/assets/a-1.js": file("js"), "dist/assets/a-1.js.map": file("map"), "dist/assets/a-1.css": file("css"), "dist/notes.txt": file("notes"),
	}, ""))
	for path, want := range map[string]struct {
		code             int
		body, kind, keep string
	}{
		"/":                   {200, "page", "text/html; charset=utf-8", "no-cache"},
		"/desk":               {200, "page", "text/html; charset=utf-8", "no-cache"},
		"/accounts/1":         {200, "page", "text/html; charset=utf-8", "no-cache"},
		"/icon.svg":           {200, "<svg/>", "image/svg+xml; charset=utf-8", "no-cache"},
		"/assets/a-1.js":      {200, "js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/a-1.css":     {200, "css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets":             {404, "", "text/plain; charset=utf-8", "no-store"},
		"/assets/":            {404, "", "text/plain; charset=utf-8", "no-store"},
		"/assets/b.js":        {404, "", "text/plain; charset=utf-8", "no-store"},
		"/assets/a-1.js.map":  {404, "", "text/plain; charset=utf-8", "no-store"},
		"/index.html.gz":      {404, "", "text/plain; charset=utf-8", "no-store"},
		"/notes.txt":          {404, "", "text/plain; charset=utf-8", "no-store"},
		"/.gitkeep":           {404, "", "text/plain; charset=utf-8", "no-store"},
		"/.git/HEAD":          {404, "", "text/plain; charset=utf-8", "no-store"},
		"/.env":               {404, "", "text/plain; charset=utf-8", "no-store"},
		"/desk/x.css":         {404, "", "text/plain; charset=utf-8", "no-store"},
		"/../../etc/passwd":   {200, "page", "text/html; charset=utf-8", "no-cache"},
		"/%2e%2e/%2e%2e/x.go": {404, "", "text/plain; charset=utf-8", "no-store"},
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if rec.Code != want.code || want.code == 200 && rec.Body.String() != want.body || rec.Header().Get("Content-Type") != want.kind ||
			rec.Header().Get("Cache-Control") != want.keep {
			t.Errorf("%s: %d %q %v", path, rec.Code, rec.Body, rec.Header())
		}
	}
}
