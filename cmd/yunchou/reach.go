package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"yunchou/internal/entrance"
	"yunchou/internal/httpapi"
)

// reach is the flags that say how a server is reached.
type reach struct {
	listen, second                   string
	public, trusted                  string
	secure                           bool
	cert, key, domains, email, atACM string
}

func reaching(fs *flag.FlagSet) *reach {
	r := &reach{}
	fs.StringVar(&r.listen, "listen", "", "`ADDR` to listen on (127.0.0.1:8420; with --acme-domain :443)")
	fs.StringVar(&r.second, "http-listen", "", "second `ADDR` by plain HTTP that only points to https (with --acme-domain :80; none is no such address)")
	fs.StringVar(&r.public, "public-url", "", "`URL` people reach the server at, with its path if it has one: https://example.com/crm")
	fs.StringVar(&r.trusted, "trusted-proxies", "", "`CIDR,…` of the proxies whose X-Forwarded-For, Forwarded and X-Forwarded-Proto count")
	fs.BoolVar(&r.secure, "secure-cookies", false, "the server is reached by HTTPS though the proxy does not say so: mark cookies for it")
	fs.StringVar(&r.cert, "tls-cert", "", "PEM `FILE` of an own certificate with its chain; read again when it changes and on SIGHUP")
	fs.StringVar(&r.key, "tls-key", "", "PEM `FILE` of the certificate's key")
	fs.StringVar(&r.domains, "acme-domain", "", "host `NAME,…` to get certificates for by ACME; accepts the authority's terms")
	fs.StringVar(&r.email, "acme-email", "", "`ADDRESS` the authority writes to")
	fs.StringVar(&r.atACM, "acme-directory", "", "`URL` of another authority's directory than Let's Encrypt's")
	return r
}

// read checks what the flags say and puts it together; dir is the data directory.
func (r *reach) read(dir string, log *slog.Logger) (front httpapi.Front, c entrance.Config, err error) {
	front.TLS = r.secure
	if front.Proxies, err = httpapi.ParseProxies(r.trusted); err != nil {
		return front, c, fmt.Errorf("--trusted-proxies: %w", err)
	}
	if front.Public, err = httpapi.ParsePublic(r.public); err != nil {
		return front, c, fmt.Errorf("--public-url: %w", err)
	}
	c = entrance.Config{Cert: r.cert, Key: r.key, Log: log,
		ACME: entrance.ACME{Email: r.email, Directory: r.atACM, Cache: filepath.Join(dir, "acme")}}
	if c.ACME.Domains, err = entrance.ParseDomains(r.domains); err != nil {
		return front, c, fmt.Errorf("--acme-domain: %w", err)
	}
	byACME := len(c.ACME.Domains) > 0
	switch {
	case (r.cert == "") != (r.key == ""):
		return front, c, errors.New("--tls-cert and --tls-key go together: the certificate with its chain, and its key")
	case r.cert != "" && byACME:
		return front, c, errors.New("--tls-cert is an own certificate, --acme-domain has one issued: choose one of them")
	case !byACME && (r.email != "" || r.atACM != ""):
		return front, c, errors.New("--acme-email and --acme-directory say nothing without --acme-domain: the host name to get a certificate for")
	case c.TLS() && front.Public.Origin != "" && !front.Public.TLS():
		return front, c, errors.New("--public-url begins with http://, but the server speaks TLS: say https://")
	}
	c.Listen, c.Redirect = r.listen, r.second
	if c.Listen == "" {
		c.Listen = map[bool]string{true: ":443", false: "127.0.0.1:8420"}[byACME]
	}
	if c.Redirect == "" && byACME {
		c.Redirect = ":80"
	}
	if c.Redirect == "none" {
		c.Redirect = ""
	}
	if c.Redirect != "" && !c.TLS() {
		return front, c, errors.New("--http-listen points to https, which this server does not speak: give it --tls-cert or --acme-domain, or leave it out")
	}
	if front.Public.TLS() {
		c.Public = front.Public.Origin
	}
	return front, c, errors.Join(address("--listen", c.Listen), address("--http-listen", c.Redirect))
}

// address checks an address to listen on.
func address(flag, text string) error {
	if text == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return fmt.Errorf("%s: %q is no address with a port; 127.0.0.1:8420 is this machine alone, 0.0.0.0:8420 every network it is in", flag, text)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%s: %q is no port; ports are 1 to 65535", flag, port)
	}
	if host != "" && net.ParseIP(host) == nil && host != "localhost" {
		return fmt.Errorf("%s: %q is no address of this machine; people's name for it goes into --public-url", flag, host)
	}
	return nil
}

// released is before any clock this program runs by.
var released = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// warn says what an operator would not have wanted.
func (r *reach) warn(e *entrance.Entrance, front httpapi.Front, log *slog.Logger) {
	if now := time.Now(); now.Before(released) {
		log.Warn("this machine's clock is wrong: certificates, sessions and the dates of records follow it; set it (NTP)", "clock", now.UTC())
	}
	proxied := front.TLS || front.Public.TLS()
	switch {
	case e.Exposed() && len(front.Proxies) == 0:
		log.Warn("the server is open to the network by plain HTTP: passwords and records can be read on the way. "+
			"Give it a certificate (--tls-cert or --acme-domain), or put a proxy with TLS before it, listen on 127.0.0.1 and name the proxy "+
			"(--trusted-proxies); docs/deploy.md shows each", "listen", e.Address())
	case proxied && !e.TLS() && len(front.Proxies) == 0:
		log.Warn("a proxy stands before the server and is not named: everybody seems to come from its address, and limits hold for all together. " +
			"Name it, --trusted-proxies 127.0.0.1 for one on this machine")
	}
}
