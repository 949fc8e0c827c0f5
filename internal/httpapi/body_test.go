package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yunchou/internal/fault"
	"yunchou/internal/org"
)

type form struct {
	Body struct {
		Name string `json:"name"`
	}
}

// served is an API with some routes, as a server has it.
func served(t *testing.T, register func(*API)) (host string) {
	t.Helper()
	a := New(nil, slog.New(slog.NewTextHandler(io.Discard, nil)), "test")
	register(a)
	s := httptest.NewServer(a.Mux)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// sentWhole writes a request to its end before it looks for an answer, as browsers do.
func sentWhole(t *testing.T, host, path, kind string, body []byte) (status int, code string) {
	t.Helper()
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nCookie: yunchou_start=x\r\nX-CSRF-Token: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		path, kind, len(body))
	return typed(t, host, head, body)
}

// typed writes a request's head and body onto a connection of its own.
func typed(t *testing.T, host, head string, body []byte) (status int, code string) {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	for len(body) > 0 { // piece by piece, as it comes from a disk
		n := min(len(body), 256<<10)
		if _, err := conn.Write(body[:n]); err != nil {
			t.Fatalf("cut off with %d bytes to send: %v\n%s", len(body), err, head)
		}
		body = body[n:]
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer res.Body.Close()
	var p struct{ Code string }
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, p.Code
}

// TestARequestMayTakeLongerThanItsBody: the time a body has to come is none of the time the
// request is worked on.
func TestARequestMayTakeLongerThanItsBody(t *testing.T) {
	host := served(t, func(a *API) {
		a.BodyTime = 50 * time.Millisecond
		Handle(a, Route{Method: "POST", Path: "/slow", ID: "slow", Public: true},
			func(ctx context.Context, _ org.Actor, _ *form) (*Body[struct{ Code string }], error) {
				select {
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-time.After(10 * a.BodyTime):
					return Answer(struct{ Code string }{"done"}, nil)
				}
			})
	})
	if status, code := sentWhole(t, host, "/api/slow", "application/json", []byte(`{"name":"x"}`)); status != 200 || code != "done" {
		t.Errorf("%d %s", status, code)
	}
}

// TestARefusalIsHeardByWhoSendsToTheEnd: however early a request is refused, its sender is told
// why, and does not find the connection closed.
func TestARefusalIsHeardByWhoSendsToTheEnd(t *testing.T) {
	type file struct{ Upload }
	host := served(t, func(a *API) {
		take := func(path string) {
			Handle(a, Route{Method: "POST", Path: path, ID: path[1:], Public: true, MaxBody: 64 << 20},
				func(_ context.Context, _ org.Actor, in *file) (*Done, error) {
					if path == "/half" {
						_, _ = io.CopyN(io.Discard, in.Content(), 1<<20)
					}
					return nil, fault.New(fault.Invalid, "file.type_refused", "no")
				})
		}
		take("/file")
		take("/half")
		Handle(a, Route{Method: "POST", Path: "/form", ID: "form", Public: true, MaxBody: 1 << 20},
			func(context.Context, org.Actor, *form) (*Done, error) { return &Done{}, nil })
	})
	busy := served(t, func(a *API) {
		a.Budget = NewBudget(0)
		Handle(a, Route{Method: "POST", Path: "/file", ID: "file", Public: true, MaxBody: 64 << 20},
			func(context.Context, org.Actor, *file) (*Done, error) { return &Done{}, nil })
	})
	large := bytes.Repeat([]byte(" "), 24<<20)
	for _, x := range []struct {
		host, path, kind string
		size, status     int
		code             string
	}{
		{host, "/api/file", "application/octet-stream", 24 << 20, 422, "file.type_refused"},
		{host, "/api/half", "application/octet-stream", 24 << 20, 422, "file.type_refused"},
		{host, "/api/form", "application/json", 8 << 20, 413, "request.too_large"},
		{busy, "/api/file", "application/octet-stream", 24 << 20, 503, "request.busy"},
	} {
		if status, code := sentWhole(t, x.host, x.path, x.kind, large[:x.size]); status != x.status || code != x.code {
			t.Errorf("%s: %d %s, want %d %s", x.path, status, code, x.status, x.code)
		}
	}
}

// TestABodyThatDoesNotComeIsItsSendersFault, and no error of ours: in pieces that are none, or too
// slowly.
func TestABodyThatDoesNotComeIsItsSendersFault(t *testing.T) {
	host := served(t, func(a *API) {
		a.BodyTime = 50 * time.Millisecond
		Handle(a, Route{Method: "POST", Path: "/form", ID: "form", Public: true},
			func(context.Context, org.Actor, *form) (*Done, error) { return &Done{}, nil })
	})
	const head = "POST /api/form HTTP/1.1\r\nHost: x\r\nCookie: yunchou_start=x\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\n"
	for _, x := range []struct {
		name, head, body string
		status           int
		code             string
	}{
		{"no pieces", "Transfer-Encoding: chunked", "zz\r\nxx\r\n", 400, "request.cut_off"},
		{"a piece without its end", "Transfer-Encoding: chunked", "5\r\n{\"nam7\r\n", 400, "request.cut_off"},
		{"slowly", "Content-Length: 100", `{"name":`, 408, "request.cut_off"},
	} {
		if status, code := typed(t, host, head+x.head+"\r\n\r\n", []byte(x.body)); status != x.status || code != x.code {
			t.Errorf("%s: %d %s, want %d %s", x.name, status, code, x.status, x.code)
		}
	}
}
