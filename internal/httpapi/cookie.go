package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"time"

	"yunchou/internal/fault"

	"github.com/danielgtaylor/huma/v2"
)

// Cookies are called so over plain HTTP; over TLS "__Host-" stands before, with which a
// browser takes them from this host by TLS alone and sends them nowhere else.
const (
	sessionCookie = "yunchou_session"
	deviceCookie  = "yunchou_device" // by which a device is known again
	startCookie   = "yunchou_start"  // before there is a session
	ticketCookie  = "yunchou_ticket" // between the password and the second factor
)

func cookieName(ctx context.Context, name string) string {
	if ByTLS(ctx) {
		return "__Host-" + name
	}
	return name
}

func cookie(ctx context.Context, name, value string, age time.Duration) string {
	c := http.Cookie{Name: cookieName(ctx, name), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: ByTLS(ctx), MaxAge: int(age.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c.String()
}

// SessionCookie is the header that keeps a session in the browser; "" takes it away. How long
// it is good for the server knows.
func SessionCookie(ctx context.Context, token string) string {
	return cookie(ctx, sessionCookie, token, 30*24*time.Hour)
}

// DeviceCookie is the header by which the device is known again.
func DeviceCookie(ctx context.Context, token string) string {
	return cookie(ctx, deviceCookie, token, 180*24*time.Hour)
}

// TicketCookie is the header by which a sign-in that is half done goes on; "" takes it away.
func TicketCookie(ctx context.Context, token string) string {
	return cookie(ctx, ticketCookie, token, 5*time.Minute)
}

// withCookies is a fault whose answer sets cookies.
type withCookies struct {
	error
	cookies []string
}

func (w withCookies) Unwrap() error { return w.error }

// WithCookies has the answer of a fault set cookies.
func WithCookies(err error, cookies ...string) error { return withCookies{err, cookies} }

// saidKey is of a cookie by its name, of a request without a session.
type saidKey string

func said(ctx context.Context, name string) string {
	s, _ := ctx.Value(saidKey(name)).(string)
	return s
}

// DeviceToken is what the browser says of having signed in before.
func DeviceToken(ctx context.Context) string { return said(ctx, deviceCookie) }

// SessionToken is that of the session a browser has that signs in again.
func SessionToken(ctx context.Context) string { return said(ctx, sessionCookie) }

// StartToken is that of the page a request without a session comes from.
func StartToken(ctx context.Context) string { return said(ctx, startCookie) }

// TicketToken is that of a sign-in that is half done.
func TicketToken(ctx context.Context) string { return said(ctx, ticketCookie) }

// Start makes the token a page needs before anybody is signed in, and its cookie.
func Start(ctx context.Context) (token, header string) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	c := http.Cookie{Name: cookieName(ctx, startCookie), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: ByTLS(ctx)}
	return token, c.String()
}

// started refuses a write without a session that no page of ours sent: another site could
// sign its visitor in as somebody else.
func started(ctx huma.Context) error {
	c, err := huma.ReadCookie(ctx, cookieName(ctx.Context(), startCookie))
	if err != nil || c.Value == "" || subtle.ConstantTimeCompare([]byte(c.Value), []byte(ctx.Header("X-CSRF-Token"))) != 1 {
		return fault.New(fault.Forbidden, "request.not_started", "ask for a token first (GET /api/session/start) and send it as X-CSRF-Token")
	}
	return nil
}

// SameOrigin refuses what another site has a browser send. Our own pages are known by the
// public address where a proxy has put another name into Host.
func (f Front) SameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if f.Public.Origin != "" {
		if err := p.AddTrustedOrigin(f.Public.Origin); err != nil {
			panic(err) // ParsePublic has let nothing else through
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		toldOf(r.Context()).code = "request.cross_origin"
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"title":"Forbidden","status":403,"code":"request.cross_origin"}`))
	}))
	return p.Handler(next)
}
