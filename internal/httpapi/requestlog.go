package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// A line a request: who asked for what, and what he got. Nothing a sender writes is in it but his
// own request id, which is bounded: of the address the pattern of its route, no values and no
// names.

// told is what is known of a request once it is answered.
type told struct{ id, tenant, member, address, route, code string }

// Refused is a request that was answered with a fault: who asked, from where, for what ("GET
// /api/accounts/{id}", "" for no route), and the answer's code and status.
type Refused struct {
	TenantID, MemberID, Address, Route, Code string
	Status                                   int
}

type toldKey struct{}

// toldOf is the request's, or one nobody reads.
func toldOf(ctx context.Context) *told {
	if t, ok := ctx.Value(toldKey{}).(*told); ok {
		return t
	}
	return &told{}
}

// RequestID is what a person can quote and an operator finds in the log; it is in the answer's
// X-Request-Id and in every problem.
func RequestID(ctx context.Context) string { return toldOf(ctx).id }

var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// requestID is the one a proxy gave, where it is one, or a new one.
func requestID(given string) string {
	if requestIDs.MatchString(given) {
		return given
	}
	b := make([]byte, 12)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	return base32.StdEncoding.EncodeToString(b[:10])
}

// Logged gives each request its id, and writes a line about it once it is answered. Every fault
// comes by here, whoever answered it, and is told to who wants to hear of them.
func Logged(log *slog.Logger, hear func(Refused), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, t := time.Now(), &told{id: requestID(r.Header.Get("X-Request-Id")), route: noRoute}
		w.Header().Set("X-Request-Id", t.id)
		cw := &counting{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(cw, r.WithContext(context.WithValue(r.Context(), toldKey{}, t)))
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			return
		}
		if t.code != "" {
			hear(t.refused(MethodOf(r), cw.status))
		}
		log.Info("request", "id", t.id, "method", MethodOf(r), "route", t.route, "status", cw.status, "code", t.code, "bytes", cw.bytes,
			"ms", time.Since(start).Milliseconds(), "company", t.tenant, "member", t.member, "address", t.address)
	})
}

func (t *told) refused(method string, status int) Refused {
	r := Refused{t.tenant, t.member, t.address, "", t.code, status}
	if t.route != noRoute {
		r.Route = method + " " + t.route
	}
	return r
}

// noRoute is the route in the log of what has none.
const noRoute = "none"

// counting notes the status and size of an answer.
type counting struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *counting) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *counting) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *counting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// methods are the ones this server and its clients speak.
var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

// MethodOf is the method as a label and in the log; what is none is "other".
func MethodOf(r *http.Request) string {
	if methods[r.Method] {
		return r.Method
	}
	return "other"
}
