package server_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/server"

	"github.com/danielgtaylor/huma/v2"
)

// TestManyReportsOfOneMemberLeaveTheOthersRoom: six of his are computed at once, others wait for
// their turn, and beyond thirty he is told; his lists and everybody else's reports are answered all
// the while.
func TestManyReportsOfOneMemberLeaveTheOthersRoom(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		api := server.API(w.App, "test")
		started, release := make(chan bool, 100), make(chan bool)
		var now, most atomic.Int64
		httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reports/slow", ID: "getSlow", Permission: org.ReportRead, Report: true},
			func(context.Context, org.Actor, *struct{}) (*httpapi.Done, error) {
				most.Store(max(most.Load(), now.Add(1)))
				started <- true
				<-release
				now.Add(-1)
				return &httpapi.Done{}, nil
			})
		hers, his := signIn(t, w, api.Mux, "陈露", "chenlu"), signIn(t, w, api.Mux, "何峰", "hefeng")
		var all sync.WaitGroup
		var told, served atomic.Int64
		for range 40 {
			all.Go(func() {
				got := hers.do("GET", "/api/reports/slow", "")
				switch {
				case got.Code == 204:
					served.Add(1)
				case got.Code == 429 && strings.Contains(got.Body.String(), "request.too_many_at_once") && got.Header().Get("Retry-After") != "":
					if told.Add(1) == 10 {
						close(release) // thirty are on their way, and nobody waits for more
					}
				default:
					t.Errorf("%d %s", got.Code, got.Body)
				}
			})
		}
		for range 6 {
			<-started
		}
		of := "?pipeline=" + w.Bid.PipelineID
		for path, c := range map[string]client{"/api/opportunities": hers, "/api/reports/funnel" + of: his, "/api/reports/trend" + of: his} {
			if got := c.do("GET", path, ""); got.Code != 200 {
				t.Errorf("%s: %d %s", path, got.Code, got.Body)
			}
		}
		all.Wait()
		if served.Load() != 30 || told.Load() != 10 || most.Load() > 6 {
			t.Errorf("%d served, %d refused, %d at once", served.Load(), told.Load(), most.Load())
		}
		if got := hers.do("GET", "/api/reports/funnel"+of, ""); got.Code != 200 {
			t.Errorf("afterwards: %d %s", got.Code, got.Body)
		}
	})
}

// TestEveryReportWaitsItsTurn: whatever reads all records to be answered; how far the columns are
// loaded is known without.
func TestEveryReportWaitsItsTurn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		seen := 0
		for path, item := range server.API(apptest.New(t, db).App, "test").OpenAPI().Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post} {
				if op == nil || !strings.HasPrefix(path, "/api/reports/") {
					continue
				}
				seen++
				if report, _ := op.Metadata["report"].(bool); report == (op.OperationID == "getReportProgress") {
					t.Errorf("%s: %v", op.OperationID, report)
				}
			}
		}
		if seen < 8 {
			t.Errorf("only %d reports", seen)
		}
	})
}
