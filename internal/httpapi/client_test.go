package httpapi

import (
	"net/http/httptest"
	"testing"
)

func TestOnlyOurProxiesSayWhomTheySpeakFor(t *testing.T) {
	proxies, err := ParseProxies("10.0.0.0/8, 127.0.0.1,fd00::/8")
	if err != nil {
		t.Fatal(err)
	}
	front := Front{Proxies: proxies}
	for _, x := range []struct {
		name, peer string
		headers    map[string]string
		want       string
		tls        bool
	}{
		{"nobody between", "192.0.2.1:4000", nil, "192.0.2.1", false},
		{"a stranger says so", "192.0.2.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}, "192.0.2.1", false},
		{"our proxy says so", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}, "198.51.100.1", true},
		{"what the sender put before is not believed", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "1.1.1.1, 198.51.100.1"}, "198.51.100.1", false},
		{"two of our proxies", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "1.1.1.1, 198.51.100.1, 10.2.2.2"}, "198.51.100.1", false},
		{"all are ours", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "10.3.3.3, 10.2.2.2"}, "10.3.3.3", false},
		{"no address", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1, unknown"}, "10.1.1.1", false},
		{"with a port", "127.0.0.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1:5000"}, "198.51.100.1", false},
		{"RFC 7239", "10.1.1.1:4000", map[string]string{"Forwarded": `for=1.1.1.1, for="198.51.100.1:99";proto=https;by=x`}, "198.51.100.1", true},
		{"RFC 7239, IPv6", "10.1.1.1:4000", map[string]string{"Forwarded": `For="[2001:db8:1:2::17]:4711"`}, "2001:db8:1:2::/64", false},
		{"both differ", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=1.1.1.1"}, "10.1.1.1", false},
		{"both agree", "10.1.1.1:4000", map[string]string{"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1"}, "198.51.100.1", false},
		{"an IPv6 network is one", "[2001:db8:1:2:aaaa::1]:4000", nil, "2001:db8:1:2::/64", false},
		{"IPv4 in IPv6", "[::ffff:10.1.1.1]:4000", map[string]string{"X-Forwarded-For": "198.51.100.1"}, "198.51.100.1", false},
		{"an outer hop by TLS is not ours", "10.1.1.1:4000", map[string]string{"X-Forwarded-Proto": "https, http"}, "10.1.1.1", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = x.peer
		for k, v := range x.headers {
			r.Header.Set(k, v)
		}
		if s := front.sender(r); s.address != x.want || s.tls != x.tls {
			t.Errorf("%s: %s, TLS %v; want %s, %v", x.name, s.address, s.tls, x.want, x.tls)
		}
	}
	for _, bad := range []string{"10.0.0.0/99", "proxy.local"} {
		if _, err := ParseProxies(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
