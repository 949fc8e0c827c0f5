// Package server is the program as a web server: the API, the user interface,
// health and metrics.
package server

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/app"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/file/filehttp"
	"yunchou/internal/followup/followuphttp"
	"yunchou/internal/funnel/funnelhttp"
	"yunchou/internal/handover/handoverhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity/identityhttp"
	"yunchou/internal/intake/intakehttp"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org/orghttp"
	"yunchou/internal/pipeline/pipelinehttp"
	"yunchou/internal/savedview/savedviewhttp"
	"yunchou/internal/task/taskhttp"
	"yunchou/web"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// API registers every route; the tests and the OpenAPI document use it too.
func API(a *app.App, version string) *httpapi.API {
	api := httpapi.New(a.Identity, a.Log, version)
	api.Dir = a.Dir
	deals := opportunityhttp.Deps{
		Opportunities: a.Opportunities, Accounts: a.Accounts, Pipelines: a.Pipelines, Fields: a.Fields, Files: a.Files, Tasks: a.Tasks, FollowUps: a.FollowUps, Handovers: a.Handovers,
		Measures: a.Funnel, Calendar: a.Org.Calendar,
	}
	identityhttp.Register(api, identityhttp.Deps{Identity: a.Identity, Org: a.Org, NewCompany: a.NewCompany})
	orghttp.Register(api, orghttp.Deps{Org: a.Org})
	fieldhttp.Register(api, fieldhttp.Deps{Fields: a.Fields})
	accounthttp.Register(api, accounthttp.Deps{Accounts: a.Accounts, Fields: a.Fields})
	pipelinehttp.Register(api, pipelinehttp.Deps{Pipelines: a.Pipelines})
	opportunityhttp.Register(api, deals)
	funnelhttp.Register(api, funnelhttp.Deps{Funnel: a.Funnel, Progress: a.Engine.Progress, Deals: deals.Bodies})
	intakehttp.Register(api, intakehttp.Deps{Intake: a.Intake})
	followuphttp.Register(api, followuphttp.Deps{FollowUps: a.FollowUps, Accounts: a.Accounts})
	handoverhttp.Register(api, handoverhttp.Deps{Handovers: a.Handovers})
	filehttp.Register(api, filehttp.Deps{Files: a.Files})
	taskhttp.Register(api, taskhttp.Deps{Tasks: a.Tasks})
	savedviewhttp.Register(api, savedviewhttp.Deps{Views: a.Views})
	return api
}

// New is the whole handler.
func New(a *app.App, version string, secure bool) http.Handler {
	return Behind(a, version, httpapi.Front{TLS: secure})
}

// Behind is the whole handler behind what stands before it.
func Behind(a *app.App, version string, front httpapi.Front) http.Handler {
	api := API(a, version)
	told := newMetrics()
	told.gauge("yunchou_transfer_bytes", "Bytes held for bodies and files on their way.", func() float64 {
		now, _ := api.Budget.Held()
		return float64(now)
	})
	if a.Backups != nil {
		told.backups(a.Backups.Last)
	}
	api.Trouble = func(code string) { told.trouble.WithLabelValues(code).Inc() }
	mux := api.Mux
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.Handle("GET /readyz", &readiness{db: a.DB})
	mux.Handle("GET /metrics", promhttp.HandlerFor(told.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"title":"Not Found","status":404,"code":"request.not_found"}`))
	})
	mux.Handle("/", ui(web.Dist))
	return told.measured(a.Log, httpapi.Recover(a.Log, httpapi.Headers(front.Known(httpapi.SameOrigin(mux)))))
}

// ui serves the built files, precompressed, and the page itself for every other
// path: the browser's router knows what they mean. A path that names a file (it has a dot, or
// lies with the built ones) and is none is not there: nobody shall keep a page under its name.
func ui(files fs.FS) http.Handler {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // embedded
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if !served(dist, name) {
			if strings.HasPrefix(name+"/", "assets/") || strings.Contains(name, ".") {
				http.NotFound(w, r)
				return
			}
			name = "index.html"
		}
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // the name holds the hash
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		if name == "index.html" {
			httpapi.Page(w.Header())
		}
		w.Header().Set("Content-Type", types[path.Ext(name)])
		for _, enc := range []struct{ suffix, name string }{{".br", "br"}, {".gz", "gzip"}} {
			if raw, err := fs.ReadFile(dist, name+enc.suffix); err == nil && strings.Contains(r.Header.Get("Accept-Encoding"), enc.name) {
				w.Header().Set("Content-Encoding", enc.name)
				_, _ = w.Write(raw)
				return
			}
		}
		raw, err := fs.ReadFile(dist, name)
		if err != nil {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte("The web interface is not in this build. Run `make build`.\n"))
			return
		}
		_, _ = w.Write(raw)
	})
}

// types are the kinds of files that are served; no other is.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8", ".png": "image/png", ".json": "application/json",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}

// served tells a file of the build that may be asked for by its name.
func served(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && info.Mode().IsRegular() && types[path.Ext(name)] != ""
}
