package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Public is the address people reach the program at: https://crm.example.com/yunchou has the
// origin https://crm.example.com and the path /yunchou. Both are "" where nobody has said.
type Public struct{ Origin, Path string }

// String is the address without a slash at its end.
func (p Public) String() string { return p.Origin + p.Path }

// TLS tells whether people reach it by https.
func (p Public) TLS() bool { return strings.HasPrefix(p.Origin, "https:") }

// Host is the name people reach it by, without the port; "" where nobody has said.
func (p Public) Host() string {
	u, err := url.Parse(p.Origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// ours are the first parts of our own paths: below one of them nobody could tell whether a proxy
// has taken the path away.
var ours = []string{"api", "assets", "healthz", "readyz", "metrics"}

// plain is what a path may be made of, so that it means the same in a page, a header and a script.
var plain = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`)

// ParsePublic reads the address people reach the program at; "" is none.
func ParsePublic(text string) (Public, error) {
	if text == "" {
		return Public{}, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Public{}, errors.New("it is an address such as https://crm.example.com or https://example.com/crm, without a question or a name")
	}
	path := strings.TrimRight(u.Path, "/")
	if !plain.MatchString(path) {
		return Public{}, errors.New("its path is made of letters, digits, - . _ and ~")
	}
	if first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); slices.Contains(ours, first) {
		return Public{}, errors.New("its path may not begin with one of the program's own (" + strings.Join(ours, ", ") + ")")
	}
	return Public{Origin: u.Scheme + "://" + strings.ToLower(u.Host), Path: path}, nil
}

// Below serves the program under its public path too: some proxies take the path away before
// they pass a request on, others leave it, and on the machine itself one asks without. guarded
// puts on what Below answers itself what every answer carries.
func (p Public) Below(next http.Handler, guarded func(http.Handler) http.Handler) http.Handler {
	if p.Path == "" {
		return next
	}
	stripped := http.StripPrefix(p.Path, next)
	moved := guarded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := url.URL{Path: p.Path + "/", RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == p.Path && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			moved.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, p.Path+"/"):
			stripped.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// PublicOf is the address people reach the program at: what the operator said, or else what the
// request was sent to, which whoever sent it may have invented.
func PublicOf(ctx context.Context) Public {
	s, _ := ctx.Value(senderKey{}).(sender)
	return s.public
}
