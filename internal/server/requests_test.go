package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// noted are the questions that leave a note: who took a list out with him.
var noted = []string{"exportOpportunities", "exportAccounts", "exportContact", "reportTable", "exportAudit"}

// TestNoGETChangesAnything: a link, a picture or a browser that fetches ahead asks by GET.
func TestNoGETChangesAnything(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		x := targetsOf(t, w)
		asked := 0
		for _, op := range operations(server.API(w.App, "test")) {
			if op.Method != "GET" {
				continue
			}
			before := lastEntry(t, w)
			rec := c.do("GET", pathFor(x, op.Path)+"?measure=open&name=x&pipeline="+w.Bid.PipelineID, "")
			if asked++; lastEntry(t, w) != before && !slices.Contains(noted, op.OperationID) {
				t.Errorf("%s (%d) wrote to the journal", op.OperationID, rec.Code)
			}
		}
		if asked < 45 {
			t.Errorf("only %d questions asked", asked)
		}
	})
}

func lastEntry(t *testing.T, w *apptest.World) (seq int64) {
	t.Helper()
	noError(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		return tx.QueryRow(w.Ctx, `SELECT max(seq) FROM journal WHERE tenant_id = $1`, w.Admin.TenantID).Scan(&seq)
	}))
	return seq
}

// TestAFieldNobodyAskedForIsRefused: what a body names beside its fields is no way to write
// another column.
func TestAFieldNobodyAskedForIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		api, x, tried := server.API(w.App, "test"), targetsOf(t, w), 0
		for _, op := range operations(api) {
			if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
				continue
			}
			var body map[string]any
			if json.Unmarshal([]byte(bodyFor(t, api, op)), &body) != nil {
				continue // a list
			}
			for _, field := range []string{"tenantId", "isAdmin", "version"} {
				if at := resolved(api, op.RequestBody.Content["application/json"].Schema); at.Properties[field] != nil {
					continue
				}
				body[field] = "x"
				who := c
				if op.Extensions["x-permission"] == "" {
					who = client{t: t, h: c.h} // begins with a start token
				}
				rec := who.do(op.Method, pathFor(x, op.Path), text(body))
				delete(body, field)
				if tried++; rec.Code != 422 || !strings.Contains(rec.Body.String(), "input.unknown_field") {
					t.Errorf("%s took %s: %d %.200s", op.OperationID, field, rec.Code, rec.Body)
				}
			}
		}
		if tried < 150 {
			t.Errorf("only %d tried", tried)
		}
	})
}

// TestOneRequestIsNotTwo: where two headers differ about a body's end, nothing that follows is
// taken for a request of its own.
func TestOneRequestIsNotTwo(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	asked := make(chan string, 100)
	inner := server.New(w.App, "test", false)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		inner.ServeHTTP(rw, r)
	}))
	defer srv.Close()
	hidden := "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, head := range map[string]string{
		"two lengths":               "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + hidden,
		"chunked and a length":      fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 5+len(hidden)) + "",
		"an encoding nobody knows":  "Transfer-Encoding: xchunked\r\n\r\n" + hidden,
		"chunked said twice":        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunked among others":      "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a space before the colon":  "Content-Length : 5\r\n\r\nhello" + hidden,
		"a length that is negative": "Content-Length: -5\r\n\r\nhello" + hidden,
		"a line that goes on":       "X-A: b\r\n Content-Length: 500\r\n\r\n" + "",
		"a name with a line break":  "X\nY: b\r\n\r\n" + "",
	} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		noError(t, err)
		_, err = fmt.Fprintf(conn, "POST /api/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s", head)
		noError(t, err)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		if answer.StatusCode < 400 || answer.StatusCode >= 500 && answer.StatusCode != 501 {
			t.Errorf("%s: %s", name, answer.Status)
		}
		noError(t, conn.Close())
	}
	close(asked)
	for path := range asked {
		if path != "/api/session" {
			t.Errorf("%s was asked for", path)
		}
	}
}
