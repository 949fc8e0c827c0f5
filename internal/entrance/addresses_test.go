package entrance

import (
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAddressesAreSuchAsAPersonOpens: none is that of no machine in particular, and the port a
// browser takes by itself is not said.
func TestAddressesAreSuchAsAPersonOpens(t *testing.T) {
	var own []net.Addr
	for _, text := range []string{"127.0.0.1/8", "::1/128", "192.168.1.5/24", "fe80::1/64", "2001:db8::5/64", "169.254.1.1/16"} {
		ip, n, err := net.ParseCIDR(text)
		if err != nil {
			t.Fatal(err)
		}
		own = append(own, &net.IPNet{IP: ip, Mask: n.Mask})
	}
	for at, want := range map[string][]string{
		"::":          {"localhost", "192.168.1.5", "2001:db8::5"},
		"0.0.0.0":     {"localhost", "192.168.1.5"},
		"127.0.0.1":   {"127.0.0.1"},
		"192.168.1.5": {"192.168.1.5"},
		"::1":         {"::1"},
	} {
		if got := reachable(net.ParseIP(at), own); !cmp.Equal(got, want) {
			t.Errorf("%s: %s", at, cmp.Diff(want, got))
		}
	}
	for want, x := range map[string]struct {
		scheme, host string
		port         int
	}{
		"localhost:8420":  {"http", "localhost", 8420},
		"localhost":       {"http", "localhost", 80},
		"[2001:db8::5]":   {"https", "2001:db8::5", 443},
		"[::1]:8420":      {"http", "::1", 8420},
		"192.168.1.5:443": {"http", "192.168.1.5", 443},
	} {
		if got := hostPort(x.scheme, x.host, x.port); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestWhoListensEverywhereNamesThisMachine, and by ACME the names the certificate is for.
func TestWhoListensEverywhereNamesThisMachine(t *testing.T) {
	e, err := Open(Config{Listen: "0.0.0.0:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	all := strings.Join(e.Addresses(), " ")
	if !strings.HasPrefix(all, "http://localhost:") || strings.Contains(all, "[::]") || strings.Contains(all, "0.0.0.0") {
		t.Error(all)
	}
	e.cfg.ACME.Domains = []string{"crm.example.com"}
	if all := e.Addresses(); len(all) != 1 || !strings.HasPrefix(all[0], "https://crm.example.com:") {
		t.Error(all)
	}
}
