package entrance

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME says for which names an authority is asked for certificates. Naming one accepts the
// authority's terms.
type ACME struct {
	Domains   []string
	Email     string // whom the authority writes to; "" is nobody
	Directory string // address of the authority's directory; "" is Let's Encrypt
	Cache     string // folder for account and certificates, made with mode 0700
}

// issued is certificates an authority issues, kept in a folder and renewed before they end.
type issued struct {
	*autocert.Manager
	domains []string
	log     *slog.Logger
	failed  atomic.Int64
	mu      sync.Mutex
	ends    map[string]time.Time // by name
	told    map[string]time.Time // when a failure of a name was last logged
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$`)

// ParseDomains reads names separated by commas.
func ParseDomains(text string) (out []string, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part == "" {
			continue
		}
		if !hostName.MatchString(part) {
			return nil, fmt.Errorf("%q is no host name such as crm.example.com (no address, no *, no https://)", part)
		}
		out = append(out, part)
	}
	return out, nil
}

// open prepares the folder; nothing is asked for before somebody connects.
func (a ACME) open(log *slog.Logger) (*issued, error) {
	if err := os.MkdirAll(a.Cache, 0o700); err != nil {
		return nil, fmt.Errorf("folder for certificates: %w", err)
	}
	if err := os.Chmod(a.Cache, 0o700); err != nil { // private keys lie in it
		return nil, fmt.Errorf("folder for certificates: %w", err)
	}
	if a.Directory != "" {
		if u, err := url.Parse(a.Directory); err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, errors.New("--acme-directory is an address such as https://ca.example.com/acme/directory")
		}
	}
	return &issued{
		Manager: &autocert.Manager{
			Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Cache), HostPolicy: autocert.HostWhitelist(a.Domains...), Email: a.Email,
			Client: &acme.Client{DirectoryURL: a.Directory, UserAgent: "yunchou"},
		},
		domains: a.Domains, log: log, ends: map[string]time.Time{}, told: map[string]time.Time{},
	}, nil
}

// get gives the certificate of the name a client asks for, issued on first use.
func (i *issued) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName == "" { // asked by its address, from this machine as a rule
		named := *hello
		named.ServerName = i.domains[0]
		hello = &named
	}
	c, err := i.GetCertificate(hello)
	challenge := len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acme.ALPNProto
	switch {
	case challenge:
	case err == nil && c.Leaf != nil:
		i.mu.Lock()
		i.ends[strings.ToLower(hello.ServerName)] = c.Leaf.NotAfter
		i.mu.Unlock()
	case err != nil && i.HostPolicy(hello.Context(), strings.ToLower(hello.ServerName)) == nil:
		i.tell(hello.ServerName, err)
	default: // a stranger asks for a name that is not ours
		i.log.Debug("no certificate", "name", hello.ServerName, "error", err)
	}
	return c, err
}

// first asks for each name's certificate once the program can answer the authority: what is
// wrong is said at the start and not to the first visitor.
func (i *issued) first() {
	for _, name := range i.domains {
		hello := &tls.ClientHelloInfo{ServerName: name, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}
		if c, err := i.get(hello); err == nil {
			i.log.Info("certificate ready", "name", name, "expires", c.Leaf.NotAfter)
		}
	}
}

// tell says once a minute why a name of ours has no certificate.
func (i *issued) tell(name string, err error) {
	i.failed.Add(1)
	i.mu.Lock()
	defer i.mu.Unlock()
	if time.Since(i.told[name]) < time.Minute {
		return
	}
	i.told[name] = time.Now()
	i.log.Error("no certificate was issued: does the name lead to this machine, and do ports 443 and 80 reach it?", "name", name, "error", err)
}

// expires is when the first of the certificates in use ends.
func (i *issued) expires() (first time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, at := range i.ends {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}
