// Package server is the program as a web server: the API, the user interface,
// health and metrics.
package server

import (
	"log/slog"
	"net/http"
	"yunchou/internal/change/changehttp"
	"yunchou/internal/confirm/confirmhttp"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/app"
	"yunchou/internal/audit"
	"yunchou/internal/audit/audithttp"
	"yunchou/internal/competitor/competitorhttp"
	"yunchou/internal/conversation/conversationhttp"
	"yunchou/internal/desk/deskhttp"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/file/filehttp"
	"yunchou/internal/followup/followuphttp"
	"yunchou/internal/funnel/funnelhttp"
	"yunchou/internal/guidance/guidancehttp"
	"yunchou/internal/handover/handoverhttp"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity/identityhttp"
	"yunchou/internal/intake/intakehttp"
	"yunchou/internal/mention/mentionhttp"
	"yunchou/internal/notice/noticehttp"
	"yunchou/internal/opportunity/opportunityhttp"
	"yunchou/internal/org/orghttp"
	"yunchou/internal/outgoing/outgoinghttp"
	"yunchou/internal/pipeline/pipelinehttp"
	"yunchou/internal/savedview/savedviewhttp"
	"yunchou/internal/search/searchhttp"
	"yunchou/internal/task/taskhttp"
	"yunchou/internal/tie/tiehttp"
	"yunchou/internal/timeline/timelinehttp"
	"yunchou/internal/worktime/worktimehttp"
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
	funnelhttp.Register(api, funnelhttp.Deps{
		Funnel: a.Funnel, Progress: a.Engine.Progress, Deals: deals.Bodies,
	})
	deskhttp.Register(api, deskhttp.Deps{Desk: a.Desk, Deals: deals, Funnel: a.Funnel, Ties: a.Ties, Confirms: a.Confirms, Soon: a.Engine.Soon})
	intakehttp.Register(api, intakehttp.Deps{Intake: a.Intake})
	followuphttp.Register(api, followuphttp.Deps{FollowUps: a.FollowUps, Accounts: a.Accounts, Talks: a.Conversations})
	handoverhttp.Register(api, handoverhttp.Deps{Handovers: a.Handovers})
	filehttp.Register(api, filehttp.Deps{Files: a.Files})
	mentionhttp.Register(api, mentionhttp.Deps{Mentions: a.Mentions})
	conversationhttp.Register(api, conversationhttp.Deps{Conversations: a.Conversations})
	guidancehttp.Register(api, guidancehttp.Deps{Guidance: a.Guidance})
	noticehttp.Register(api, noticehttp.Deps{Notices: a.Notices, Live: a.Live})
	outgoinghttp.Register(api, outgoinghttp.Deps{Outgoing: a.Outgoing})
	changehttp.Register(api, changehttp.Deps{Changes: a.Changes})
	tiehttp.Register(api, tiehttp.Deps{Ties: a.Ties})
	confirmhttp.Register(api, confirmhttp.Deps{Confirms: a.Confirms})
	competitorhttp.Register(api, competitorhttp.Deps{Competitors: a.Competitors, Accounts: a.Accounts})
	taskhttp.Register(api, taskhttp.Deps{Tasks: a.Tasks})
	timelinehttp.Register(api, timelinehttp.Deps{Timeline: a.Timeline})
	audithttp.Register(api, audithttp.Deps{Audit: a.Audit, Words: words})
	searchhttp.Register(api, searchhttp.Deps{Opportunities: a.Opportunities, Accounts: a.Accounts, Org: a.Org})
	savedviewhttp.Register(api, savedviewhttp.Deps{Views: a.Views})
	worktimehttp.Register(api, worktimehttp.Deps{Times: a.Times})
	about(api, a, version)
	return api
}

// New is the whole handler.
func New(a *app.App, version string, secure bool) http.Handler {
	return Behind(a, version, httpapi.Front{TLS: secure})
}

// Behind is the whole handler behind what stands before it.
func Behind(a *app.App, version string, front httpapi.Front) http.Handler {
	whole, _ := Watched(a, version, front)
	return whole
}

// Watched is the whole handler, and the one an operator's tools ask at an address of their own:
// /metrics, /healthz and /readyz, without a token.
func Watched(a *app.App, version string, front httpapi.Front) (whole, operators http.Handler) {
	api := API(a, version)
	told := newMetrics()
	told.registry.MustRegister(&standing{app: a, version: version, budget: api.Budget})
	metrics := promhttp.HandlerFor(told.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelError)})
	if front.Expires != nil {
		told.certificate(front.Expires)
	}
	api.Trouble = func(code string) { told.trouble.WithLabelValues(code).Inc() }
	mux := api.Mux
	ready, own := &readiness{db: a.DB}, http.NewServeMux()
	for _, m := range []*http.ServeMux{mux, own} {
		m.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
		m.Handle("GET /readyz", ready)
	}
	mux.Handle("GET /metrics", guarded(a.Watch.Token, metrics))
	own.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET "+noticesPath, thirdParties)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"title":"Not Found","status":404,"code":"request.not_found"}`))
	})
	mux.Handle("/", ui(web.Dist, front.Public.Path))
	headed := func(h http.Handler) http.Handler { return httpapi.Headers(front.Known(h)) }
	hear := func(r httpapi.Refused) { a.Audit.Refused(audit.Refusal(r)) }
	whole = front.Public.Below(httpapi.Logged(a.Log, hear, told.measured(httpapi.Recover(a.Log, headed(front.SameOrigin(mux))))), headed)
	return whole, httpapi.Recover(a.Log, own)
}
