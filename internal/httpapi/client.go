package httpapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Front is what stands before the program: proxies whose word counts for whom they speak for,
// whether everything comes by TLS anyway, and the address people reach it at.
type Front struct {
	Proxies []netip.Prefix
	TLS     bool
	Public  Public
	// Expires, where the program itself speaks TLS, is when its certificate ends, and how many new
	// ones could not be taken.
	Expires func() (at time.Time, failed int64)
}

// ParseProxies reads addresses and networks separated by commas.
func ParseProxies(text string) (out []netip.Prefix, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if addr, one := netip.ParseAddr(part); err != nil && one == nil {
			p, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", part)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// trusts tells whether an address is a proxy of ours.
func (f Front) trusts(a netip.Addr) bool {
	for _, p := range f.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// sender is who sent a request, whether it came by TLS, and where to.
type sender struct {
	address string
	tls     bool
	public  Public
}

type senderKey struct{}

// Known remembers whom each request comes from.
func (f Front) Known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := f.sender(r)
		if s.public = f.Public; s.public.Origin == "" {
			s.public.Origin = map[bool]string{true: "https://", false: "http://"}[s.tls] + r.Host
		}
		toldOf(r.Context()).address = s.address
		if s.tls { // once seen by TLS, never without again (ASVS asks for a year)
			w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), senderKey{}, s)))
	})
}

// sender believes the headers of our own proxies, and nobody else's.
func (f Front) sender(r *http.Request) sender {
	peer := parseAddress(r.RemoteAddr)
	s := sender{address: r.RemoteAddr, tls: f.TLS || f.Public.TLS() || r.TLS != nil}
	if !peer.IsValid() {
		return s
	}
	client := peer
	if f.trusts(peer) {
		said, forwarded := r.Header.Values("X-Forwarded-For"), r.Header.Values("Forwarded")
		byFor, byForwarded := f.rightmost(peer, list(said)), f.rightmost(peer, elements(forwarded, "for"))
		switch {
		case len(forwarded) == 0:
			client = byFor
		case len(said) == 0:
			client = byForwarded
		case byFor == byForwarded:
			client = byFor // a proxy writes one and passes the other on as it came: where they differ neither counts
		}
		// A proxy sets the scheme anew; of several the one next to us is ours.
		s.tls = s.tls || strings.EqualFold(last(list(r.Header.Values("X-Forwarded-Proto"))), "https") ||
			strings.EqualFold(last(elements(forwarded, "proto")), "https")
	}
	s.address = group(client)
	return s
}

// rightmost is the last address that is none of our proxies; each proxy appends whom it hears.
func (f Front) rightmost(peer netip.Addr, chain []string) netip.Addr {
	at := peer
	for i := len(chain) - 1; i >= 0; i-- {
		next := parseAddress(chain[i])
		if !next.IsValid() {
			return at // what is no address says nothing, nor does what stands before it
		}
		if at = next; !f.trusts(next) {
			return at
		}
	}
	return at
}

// group is an address as it is counted: of IPv6 the network one customer has.
func group(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// parseAddress reads an address with or without port, brackets and quotes.
func parseAddress(text string) netip.Addr {
	text = strings.Trim(strings.TrimSpace(text), `"`)
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// list splits headers at their commas.
func list(headers []string) (out []string) {
	for _, h := range headers {
		for part := range strings.SplitSeq(h, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	return out
}

// elements are the values of one parameter of RFC 7239's header, "" where an element has none.
func elements(headers []string, parameter string) (out []string) {
	for _, element := range list(headers) {
		value := ""
		for pair := range strings.SplitSeq(element, ";") {
			if k, v, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && strings.EqualFold(k, parameter) {
				value = strings.Trim(v, `"`)
			}
		}
		out = append(out, value)
	}
	return out
}

func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// ClientAddress is whom a request comes from, as it is counted and written down.
func ClientAddress(ctx context.Context) string {
	s, _ := ctx.Value(senderKey{}).(sender)
	return s.address
}

// ByTLS tells whether a request came by TLS, to us or to a proxy of ours.
func ByTLS(ctx context.Context) bool {
	s, _ := ctx.Value(senderKey{}).(sender)
	return s.tls
}
