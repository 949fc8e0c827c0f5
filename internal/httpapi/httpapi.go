// Package httpapi is the HTTP side shared by all capabilities: the mux, sessions
// and CSRF, problem documents, OpenAPI from Go types. Routes live in the …http
// packages; rules and SQL live elsewhere.
package httpapi

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/money"
	"yunchou/internal/org"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// API is the mux being filled.
type API struct {
	huma.API
	Mux      *http.ServeMux
	Identity *identity.Service
	Log      *slog.Logger
	// Trouble, where set, hears of every request the database failed, by the answer's code.
	Trouble func(code string)
	// Budget is what all requests together may hold.
	Budget *Budget
	// Dir is where tables lie while they are made and sent, "" the system's folder for such.
	Dir string
	// BodyTime is how long a body may take to come that is read as a whole.
	BodyTime time.Duration
	// reports are the reports on their way.
	reports turns
	// registering is the operation whose types are being named.
	registering string
}

// Route names an operation and what it needs. The tests enumerate routes against
// every role, so a route without a permission must say Public.
type Route struct {
	Method, Path, ID string
	Summary          string
	Permission       org.Permission
	Public           bool
	// Early is open to who has to choose another password first, or to set a second factor up;
	// Enrols to the latter alone.
	Early, Enrols bool
	// Report reads all records somebody may see: a member's are computed a few at a time.
	Report bool
	// Live is an answer that stays open (HandleLive).
	Live    bool
	MaxBody int64
	Status  int
}

// New makes the API on a mux.
func New(svc *identity.Service, log *slog.Logger, version string) *API {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { return problemOf(status, msg, errs) }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := problemOf(status, msg, errs)
		if ctx != nil {
			p.RequestID = RequestID(ctx.Context())
			toldOf(ctx.Context()).code = p.Code
		}
		return p
	}
	mux := http.NewServeMux()
	a := &API{Mux: mux, Identity: svc, Log: log, Budget: NewBudget(holds), BodyTime: bodyTime}
	cfg := huma.DefaultConfig("Yunchou", version)
	cfg.CreateHooks = nil
	cfg.Info.Extensions = map[string]any{"x-currency-digits": money.UnlikeDigits()}
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath = "", "/api/openapi", ""
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string { return schemaName(a.registering, t, hint) })
	cfg.Formats = map[string]huma.Format{"application/json": strict, "json": strict}
	a.API = humago.New(mux, cfg)
	a.UseMiddleware(a.authenticate, a.plainQuery, hearOut, a.weigh, a.inTurn)
	return a
}

// schemaName puts the package before a type's name, several have a Field, and
// names a body without a type after its operation.
func schemaName(operation string, t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	operation = strings.ToUpper(operation[:1]) + operation[1:]
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Name() == "" {
		if i := strings.Index(name, "InBody"); i >= 0 {
			name = "Request" + name[i+len("InBody"):]
		}
		return operation + name
	}
	pkg := strings.TrimSuffix(path.Base(t.PkgPath()), "http")
	if pkg == "" || pkg == "." {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}

type actorKey struct{}
type sessionKey struct{}

// authenticate finds the session of a request, checks the CSRF token of a write,
// and puts the actor into the context. Routes that are not public refuse without.
func (a *API) authenticate(ctx huma.Context, next func(huma.Context)) {
	about := toldOf(ctx.Context())
	about.route = ctx.Operation().Path
	if public, _ := ctx.Operation().Metadata["public"].(bool); public {
		a.admit(ctx, next)
		return
	}
	cookie, err := huma.ReadCookie(ctx, cookieName(ctx.Context(), sessionCookie))
	if err != nil {
		a.refuse(ctx, fault.New(fault.Unauthenticated, "org.session_missing", "sign in first"))
		return
	}
	via := "api"
	switch p := ctx.Header("Yunchou-Path"); p {
	case "form", "board", "bulk":
		via = p
	}
	hold := a.Identity.Authenticate
	if ctx.Method() == http.MethodGet && ctx.Header("Yunchou-Unattended") != "" { // a page asks by itself
		hold = a.Identity.Holds
	}
	if live(ctx.Operation()) {
		hold = a.Identity.Holds
		ctx = huma.WithValue(ctx, tokenKey{}, cookie.Value)
	}
	session, actor, err := hold(ctx.Context(), cookie.Value, via)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	about.tenant, about.member = actor.TenantID, actor.MemberID
	if m := ctx.Method(); m != http.MethodGet && m != http.MethodHead &&
		subtle.ConstantTimeCompare([]byte(ctx.Header("X-CSRF-Token")), []byte(session.CSRF)) != 1 {
		a.refuse(ctx, fault.New(fault.Forbidden, "org.csrf", "the X-CSRF-Token header does not belong to this session"))
		return
	}
	if due := session.Due(); due != "" && !opensTo(ctx.Operation(), due) {
		a.refuse(ctx, due.Refusal())
		return
	}
	if actor, err = actor.For(ctx.Header("On-Behalf-Of")); err != nil {
		a.refuse(ctx, err)
		return
	}
	if p, _ := ctx.Operation().Metadata["permission"].(org.Permission); p != "" {
		if err := actor.Need(p); err != nil {
			a.refuse(ctx, err)
			return
		}
	}
	actor.Address = ClientAddress(ctx.Context())
	ctx = huma.WithValue(ctx, actorKey{}, actor)
	next(huma.WithValue(ctx, sessionKey{}, session))
}

// opensTo tells whether an operation is open to who has something to do first.
func opensTo(op *huma.Operation, due identity.Due) bool {
	early, _ := op.Metadata["early"].(bool)
	enrols, _ := op.Metadata["enrols"].(bool)
	return early || enrols && due == identity.DueFactor
}

// admit lets somebody without a session through, who writes only from a page of ours.
func (a *API) admit(ctx huma.Context, next func(huma.Context)) {
	if m := ctx.Method(); m != http.MethodGet && m != http.MethodHead {
		if err := started(ctx); err != nil {
			a.refuse(ctx, err)
			return
		}
	}
	for _, name := range []string{sessionCookie, deviceCookie, startCookie, ticketCookie} {
		if c, err := huma.ReadCookie(ctx, cookieName(ctx.Context(), name)); err == nil {
			ctx = huma.WithValue(ctx, saidKey(name), c.Value)
		}
	}
	next(ctx)
}

func (a *API) refuse(ctx huma.Context, err error) {
	p := a.problem(ctx.Context(), ctx.Operation().OperationID, err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	for k, v := range p.GetHeaders() {
		for _, one := range v {
			ctx.AppendHeader(k, one)
		}
	}
	ctx.SetStatus(p.Status)
	if e := json.NewEncoder(ctx.BodyWriter()).Encode(p); e != nil {
		a.Log.Debug("answer not sent", "error", e)
	}
}

// Session returns the session of the request.
func Session(ctx context.Context) identity.Session {
	s, _ := ctx.Value(sessionKey{}).(identity.Session)
	return s
}

// Handle registers an operation. fn gets the actor; a fault it returns becomes a
// problem document, any other error a 500 without details.
func Handle[I, O any](a *API, r Route, fn func(ctx context.Context, actor org.Actor, in *I) (*O, error)) {
	op := huma.Operation{OperationID: r.ID, Method: r.Method, Path: "/api" + r.Path, Summary: r.Summary, DefaultStatus: r.Status, MaxBodyBytes: bodyLimit(r), BodyReadTimeout: a.BodyTime,
		Tags:     []string{strings.Split(strings.Trim(r.Path, "/"), "/")[0]},
		Metadata: map[string]any{"permission": r.Permission, "public": r.Public, "early": r.Early, "enrols": r.Enrols, "report": r.Report, "live": r.Live}, Extensions: map[string]any{"x-permission": string(r.Permission)}}
	if r.Permission == "" && !r.Public {
		panic("httpapi: " + r.ID + " names no permission")
	}
	var in I
	if _, uploads := any(&in).(interface{ uploads() }); uploads {
		op.RequestBody = &huma.RequestBody{Required: true, Content: octets}
		op.Metadata["streamed"] = true
	}
	var out O
	if _, sends := any(out).(Sent); sends && !r.Live {
		op.Metadata["streamed"] = true
	}
	a.registering = r.ID
	huma.Register(a.API, op, func(ctx context.Context, in *I) (*O, error) {
		actor, _ := ctx.Value(actorKey{}).(org.Actor)
		bodyCame(ctx)
		out, err := fn(ctx, actor, in)
		if err != nil {
			return nil, a.problem(ctx, r.ID, err)
		}
		return out, nil
	})
}

// Body is an answer with a body.
type Body[T any] struct{ Body T }

// Answer wraps a body.
func Answer[T any](v T, err error) (*Body[T], error) {
	if err != nil {
		return nil, err
	}
	return &Body[T]{v}, nil
}

// Done is an empty answer.
type Done struct{}

// Nothing answers with no body.
func Nothing(err error) (*Done, error) { return &Done{}, err }

// Problem is an RFC 9457 problem document with a stable code.
type Problem struct {
	Type   string         `json:"type,omitempty"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	Errors []fault.Field  `json:"errors,omitempty"`
	// RequestID is what to quote to an operator.
	RequestID string `json:"requestId,omitempty"`

	retryAfter int      // seconds
	cookies    []string // Set-Cookie
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter != 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	for _, c := range p.cookies {
		h.Add("Set-Cookie", c)
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[fault.Kind]int{fault.Invalid: 422, fault.Rule: 422, fault.NotFound: 404, fault.Forbidden: 403, fault.Conflict: 409, fault.Stale: 412, fault.Unauthenticated: 401, fault.Limited: 429,
	fault.TooLarge: 413, fault.Busy: 503, fault.Full: 507}

func (a *API) problem(ctx context.Context, operation string, err error) *Problem {
	p := a.problemFor(ctx, operation, err)
	p.RequestID = RequestID(ctx)
	about := toldOf(ctx)
	about.code = p.Code
	if of := identity.Attempted(err); about.member == "" {
		about.tenant, about.member = of.TenantID, of.MemberID
	}
	return p
}

func (a *API) problemFor(ctx context.Context, operation string, err error) *Problem {
	if f := fault.As(err); f != nil {
		status := statusOf[f.Kind]
		var with withCookies
		errors.As(err, &with)
		return &Problem{cookies: with.cookies, Title: http.StatusText(status), Status: status, Detail: f.Detail, Code: f.Code, Params: f.Params, Errors: f.Fields, retryAfter: f.RetryAfter}
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return &Problem{Title: "client gone", Status: 499, Code: "request.cancelled"}
	}
	if errors.Is(err, database.ErrUnique) { // nobody named it: still two who wrote the same, and no outage
		a.Log.ErrorContext(ctx, "a taken key without a name", "request", RequestID(ctx), "operation", operation, "error", err)
		return &Problem{Title: http.StatusText(409), Status: 409, Code: "record.collided", Detail: "somebody else wrote the same at the same time; read again"}
	}
	if p := troubled[database.TroubleOf(err)]; p != nil {
		a.Log.WarnContext(ctx, "database trouble", "request", RequestID(ctx), "operation", operation, "code", p.Code, "error", err)
		if a.Trouble != nil {
			a.Trouble(p.Code)
		}
		answer := *p
		return &answer
	}
	a.Log.ErrorContext(ctx, "internal error", "request", RequestID(ctx), "operation", operation, "error", err)
	return &Problem{Title: http.StatusText(500), Status: 500, Code: "internal", Detail: "internal error"}
}

// troubled are the answers where the database is at fault, or a text is none.
var troubled = map[database.Trouble]*Problem{
	database.BadText:  {Title: http.StatusText(422), Status: 422, Code: "input.text_malformed", Detail: "a text holds a zero byte or is not UTF-8"},
	database.Away:     {Title: http.StatusText(503), Status: 503, Code: "unavailable", Detail: "the database does not answer; try again in a moment"},
	database.Full:     {Title: http.StatusText(507), Status: 507, Code: "storage.full", Detail: "the disk is full; nothing was written"},
	database.Damaged:  {Title: http.StatusText(503), Status: 503, Code: "storage.damaged", Detail: "the database is damaged; the operator restores a backup"},
	database.ReadOnly: {Title: http.StatusText(503), Status: 503, Code: "storage.read_only", Detail: "the database can be read and not written"},
	database.Slow:     {Title: http.StatusText(503), Status: 503, Code: "request.too_slow", Detail: "it took too long; nothing was written"},
}

// patterns translate huma's English validation messages into codes.
var patterns = []struct {
	re   *regexp.Regexp
	code string
}{
	{regexp.MustCompile(`^expected required property (\S+)|^required`), "input.required"},
	{regexp.MustCompile(`^expected length >= (\d+)|^expected array length >= (\d+)|^expected object with at least (\d+)`), "input.too_short"},
	{regexp.MustCompile(`^expected length <= (\d+)|^expected array length <= (\d+)|^expected object with at most (\d+)`), "input.too_long"},
	{regexp.MustCompile(`^expected number`), "input.out_of_range"},
	{regexp.MustCompile(`^expected value to be one of`), "input.not_one_of"},
	{regexp.MustCompile(`^unexpected property`), "input.unknown_field"},
	{regexp.MustCompile(`^invalid integer|^invalid`), "input.wrong_type"},
	{regexp.MustCompile(`^expected`), "input.wrong_type"},
}

// problemOf replaces huma's own errors: they echo the rejected value, passwords
// included, and carry no code.
func problemOf(status int, msg string, errs []error) *Problem {
	p := &Problem{Title: http.StatusText(status), Status: status, Code: "request." + strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")}
	for _, err := range errs {
		if x, ok := err.(*Problem); ok {
			return x
		}
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		f := fault.Field{Pointer: pointer(d.Location), Code: "input.invalid"}
		if code, found := ambiguous(d.Message); found {
			return &Problem{Title: http.StatusText(422), Status: 422, Code: code, Detail: d.Message, Errors: []fault.Field{{Pointer: "/", Code: code}}}
		}
		for _, pt := range patterns {
			if m := pt.re.FindStringSubmatch(d.Message); m != nil {
				f.Code = pt.code
				if pt.code == "input.required" && len(m) > 1 && m[1] != "" {
					f.Pointer = strings.TrimSuffix(f.Pointer, "/") + "/" + m[1]
				}
				for _, g := range m[1:] {
					if n, err := strconv.Atoi(g); err == nil {
						f.Params = map[string]any{"limit": n}
					}
				}
				break
			}
		}
		p.Errors = append(p.Errors, f)
	}
	switch {
	case status == 422 && len(p.Errors) > 0:
		p.Code = p.Errors[0].Code
	case status == 400 || strings.Contains(msg, "unmarshal"):
		p.Code, p.Status, p.Title = "request.malformed", 400, http.StatusText(400)
	case status == 413:
		p.Code = "request.too_large"
	case status == 408: // it came too slowly
		p.Code = "request.cut_off"
	case msg == "cannot read request body": // it ended in the middle, or its pieces are none
		p.Code, p.Status, p.Title = "request.cut_off", 400, http.StatusText(400)
	case status == 422:
		p.Code = "request.malformed"
	}
	return p
}

func pointer(location string) string {
	location = strings.TrimPrefix(strings.TrimPrefix(location, "body"), ".")
	location = strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(location)
	return "/" + strings.TrimPrefix(location, "/")
}

// ETag is a record's version as a header.
func ETag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// AtVersion is the version a record was read at, of a write that replaces something.
type AtVersion struct {
	IfMatch string `header:"If-Match" doc:"the record's ETag as it was read"`
}

// By is the actor with the version he has read.
func (v AtVersion) By(a org.Actor) (org.Actor, error) {
	version, err := Version(v.IfMatch)
	a.IfMatch = version
	return a, err
}

// Version reads If-Match; a write without it is refused, so that nobody overwrites
// what they have not seen.
func Version(ifMatch string) (int, error) {
	v, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(ifMatch, "W/"), `"`))
	if err != nil || v <= 0 {
		return 0, fault.New(fault.Invalid, "request.if_match_required", "send the record's ETag as If-Match")
	}
	return v, nil
}

const (
	// AnswerPolicy is for every answer that is no page (data, a file, a metric): it is none
	// wherever it is opened, and nothing in it runs, loads or is sent.
	AnswerPolicy = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
	// pagePolicy lets the page run its own scripts and no others; its styles are inline in
	// Ant Design.
	pagePolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
		"connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

// Headers are what every answer carries: it is kept by nobody, shown in no frame, read by no
// other site, and what it is called is what it is. What a build holds may be kept (server.ui).
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", AnswerPolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// Page says that an answer is the program's own page.
func Page(h http.Header) { h.Set("Content-Security-Policy", pagePolicy) }

// Recover turns a panic into a 500 and a log line, so that one bad request does
// not take the others along.
func Recover(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				log.Error("panic", "request", RequestID(r.Context()), "route", toldOf(r.Context()).route, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(500)
				_, _ = fmt.Fprintf(w, `{"title":"Internal Server Error","status":500,"code":"internal","requestId":%q}`, RequestID(r.Context()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
