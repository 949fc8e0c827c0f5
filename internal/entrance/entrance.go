// Package entrance is how the program is reached: by plain HTTP, by TLS with a certificate kept in
// files, or with one an authority issues (ACME, RFC 8555). It knows listeners and certificates and
// nothing of what is served.
package entrance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/crypto/acme"
)

// Config says how the program is reached.
type Config struct {
	Listen    string // address of the program itself
	Redirect  string // address that only points to the other; "" is none
	Cert, Key string // PEM files of an own certificate
	ACME      ACME
	Public    string // origin people reach it at, where the operator said: https://crm.example.com
	Log       *slog.Logger
}

// TLS tells whether the program itself speaks TLS.
func (c Config) TLS() bool { return c.Cert != "" || len(c.ACME.Domains) > 0 }

// Entrance is open listeners. Its certificates are renewed while Serve runs.
type Entrance struct {
	cfg      Config
	main     net.Listener
	redirect net.Listener // nil is none
	pair     *Pair        // nil without an own certificate
	issued   *issued      // nil without ACME
	servers  []*http.Server
	connect  sync.Mutex
}

// Open takes the addresses and reads the certificate, so that what does not work is known before
// anything else is begun. Connections wait until Serve.
func Open(cfg Config) (*Entrance, error) {
	e := &Entrance{cfg: cfg}
	var err error
	if cfg.Cert != "" {
		if e.pair, err = LoadPair(cfg.Cert, cfg.Key, cfg.Log); err != nil {
			return nil, err
		}
	}
	if len(cfg.ACME.Domains) > 0 {
		if e.issued, err = cfg.ACME.open(cfg.Log); err != nil {
			return nil, err
		}
	}
	if e.main, err = listen("--listen", cfg.Listen); err != nil {
		return nil, err
	}
	if cfg.Redirect == "" {
		return e, nil
	}
	if e.redirect, err = listen("--http-listen", cfg.Redirect); err != nil {
		return nil, errors.Join(err, e.main.Close())
	}
	return e, nil
}

// listen takes an address, or says what the operator can do about it.
func listen(flag, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s %s: another program has this port (a second yunchou?); stop it, or choose another port", flag, addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s %s: this user may not take a port below 1024; start it by the systemd unit in deploy/, "+
			"give the program the right (setcap cap_net_bind_service=+ep), or choose a port from 1024 on", flag, addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("%s %s: this machine does not have that address; 0.0.0.0 stands for all it has", flag, addr)
	}
	return nil, fmt.Errorf("%s %s: %w", flag, addr, err)
}

// Address is where the program listens, as an address to open: http://127.0.0.1:8420.
func (e *Entrance) Address() string {
	if e.cfg.TLS() {
		return "https://" + e.main.Addr().String()
	}
	return "http://" + e.main.Addr().String()
}

// TLS tells whether the program itself speaks TLS.
func (e *Entrance) TLS() bool { return e.cfg.TLS() }

// Exposed tells whether others than this machine reach the program without TLS: whoever is on the
// way reads passwords.
func (e *Entrance) Exposed() bool {
	a, ok := e.main.Addr().(*net.TCPAddr)
	return ok && !a.IP.IsLoopback() && !e.cfg.TLS()
}

// Expires is when the certificate in use ends, zero where there is none, and how many new ones
// could not be taken since the start.
func (e *Entrance) Expires() (at time.Time, failed int64) {
	switch {
	case e.pair != nil:
		return e.pair.expires(), e.pair.failed.Load()
	case e.issued != nil:
		return e.issued.expires(), e.issued.failed.Load()
	}
	return time.Time{}, 0
}

// Reloads tells whether there are files to read again.
func (e *Entrance) Reloads() bool { return e.pair != nil }

// Reload reads the certificate's files again, where there are such.
func (e *Entrance) Reload() {
	if e.pair != nil {
		e.pair.Reload()
	}
}

// Serve answers until Close or Shutdown; the context ends the watch over certificates alone.
func (e *Entrance) Serve(ctx context.Context, h http.Handler) error {
	l := e.main
	if e.cfg.TLS() {
		l = tls.NewListener(l, e.tlsConfig())
	}
	if e.pair != nil {
		go e.pair.watch(ctx)
	}
	done := make(chan error, 2)
	main := e.add(h)
	if e.redirect != nil {
		second := e.add(e.pointing())
		go func() { done <- second.Serve(e.redirect) }()
	}
	go func() { done <- main.Serve(l) }()
	if e.issued != nil {
		go e.issued.first()
	}
	return <-done
}

// add makes a server; its limits keep one sender from holding what others need.
func (e *Entrance) add(h http.Handler) *http.Server {
	e.connect.Lock()
	defer e.connect.Unlock()
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Minute,
		WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		// Handshakes of strangers fail all the time.
		ErrorLog: slog.NewLogLogger(e.cfg.Log.Handler(), slog.LevelDebug)}
	e.servers = append(e.servers, s)
	return s
}

// tlsConfig takes Go's choice of suites and curves, from TLS 1.2 on.
func (e *Entrance) tlsConfig() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	if e.issued != nil {
		c.GetCertificate = e.issued.get
		c.NextProtos = append(c.NextProtos, acme.ALPNProto)
	} else {
		c.GetCertificate = e.pair.get
	}
	return c
}

// pointing answers a plain request with the same address by TLS, and an authority's challenge.
// Only a page that is opened is sent on. A program's request (to the API, for metrics), or one that
// writes, has come unprotected, and its sender shall notice.
func (e *Entrance) pointing() http.Handler {
	h := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		to := e.secure(r.Host)
		if r.Method != http.MethodGet && r.Method != http.MethodHead || to == "" || programs.MatchString(r.URL.Path) {
			http.Error(w, "use https", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
	if e.issued == nil {
		return h
	}
	challenged := e.issued.HTTPHandler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = name // an authority that was told another port than 80 says so; names are compared without
		}
		challenged.ServeHTTP(w, r)
	})
}

// programs are paths, below a public one too, that no person opens.
var programs = regexp.MustCompile(`(^|/)(api|metrics|healthz|readyz)(/|$)`)

// secure is the origin a request to a host by plain HTTP should have been sent to.
func (e *Entrance) secure(host string) string {
	if e.cfg.Public != "" {
		return e.cfg.Public
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if host == "" || strings.ContainsAny(host, "/\\@?# ") {
		return ""
	}
	if a, ok := e.main.Addr().(*net.TCPAddr); ok && a.Port != 443 {
		return "https://" + net.JoinHostPort(host, fmt.Sprint(a.Port))
	}
	if strings.Contains(host, ":") {
		return "https://[" + host + "]"
	}
	return "https://" + host
}

// Shutdown takes no more requests and waits for those that run, until the context ends; then it
// cuts them off.
func (e *Entrance) Shutdown(ctx context.Context) error {
	e.connect.Lock()
	defer e.connect.Unlock()
	var wait sync.WaitGroup
	errs := make([]error, len(e.servers))
	for i, s := range e.servers {
		wait.Go(func() {
			if errs[i] = s.Shutdown(ctx); errs[i] != nil {
				errs[i] = errors.Join(errs[i], s.Close())
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// Close lets go of addresses nobody was served at.
func (e *Entrance) Close() {
	for _, l := range []net.Listener{e.main, e.redirect} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrClosed) {
			e.cfg.Log.Debug("listener not closed", "error", err)
		}
	}
}
