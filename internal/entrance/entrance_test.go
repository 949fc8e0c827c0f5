package entrance

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// write makes a certificate for this machine, self-signed, with its key.
func write(t *testing.T, dir string, serial int64, from, until time.Time) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: from, NotAfter: until}
	raw, err := x509.CreateCertificate(rand.Reader, about, about, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	put(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
	put(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	for _, file := range []string{cert, key} { // clocks of file systems are coarse
		if err := os.Chtimes(file, time.Now(), time.Now().Add(time.Duration(serial)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func put(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func valid(t *testing.T, dir string, serial int64) (cert, key string) {
	return write(t, dir, serial, time.Now().Add(-time.Hour), time.Now().Add(time.Duration(serial)*24*time.Hour))
}

// serving is an entrance that answers "hello".
func serving(t *testing.T, c Config) *Entrance {
	t.Helper()
	e, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- e.Serve(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("hello\n")) }))
	}()
	t.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		<-done
	})
	return e
}

// talk keeps one connection and tells by which certificate it is spoken over.
type talk struct {
	conn *tls.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, e *Entrance) *talk {
	t.Helper()
	conn, err := tls.Dial("tcp", e.main.Addr().String(), &tls.Config{InsecureSkipVerify: true}) // self-signed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &talk{conn, bufio.NewReader(conn)}
}

func (c *talk) serial() int64 {
	return c.conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func (c *talk) ask(t *testing.T) {
	t.Helper()
	if _, err := c.conn.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
}

func TestACertificateIsReplacedUnderOpenConnections(t *testing.T) {
	dir := t.TempDir()
	cert, key := valid(t, dir, 1)
	var said bytes.Buffer
	e := serving(t, Config{Listen: "127.0.0.1:0", Cert: cert, Key: key, Log: slog.New(slog.NewTextHandler(&said, nil))})
	first := dial(t, e)
	first.ask(t)
	before, _ := e.Expires()

	valid(t, dir, 2)
	e.Reload() // SIGHUP; the watch does the same once a file has changed
	second := dial(t, e)
	if first.serial() != 1 || second.serial() != 2 {
		t.Errorf("the certificates are %d and %d", first.serial(), second.serial())
	}
	first.ask(t) // still open
	after, failed := e.Expires()
	if failed != 0 || after.Sub(before).Round(time.Hour) != 24*time.Hour {
		t.Errorf("it expires %s later, %d failed", after.Sub(before), failed)
	}

	for i, broken := range map[string][]byte{
		"no PEM": []byte("x"), "empty": nil, "another key's": func() []byte {
			other, _ := valid(t, t.TempDir(), 3)
			raw, err := os.ReadFile(other)
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}(),
	} {
		put(t, cert, broken)
		_, was := e.Expires()
		e.Reload()
		if at, failed := e.Expires(); failed != was+1 || !at.Equal(after) || dial(t, e).serial() != 2 {
			t.Errorf("%s: %d failures, expires %s", i, failed, at)
		}
	}
	if !strings.Contains(said.String(), "the one before stays") {
		t.Errorf("the log says %s", &said)
	}
	first.ask(t)
}

func TestChangedFilesAreSeenWithoutASignal(t *testing.T) {
	dir := t.TempDir()
	cert, key := valid(t, dir, 1)
	p, err := LoadPair(cert, key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	valid(t, dir, 2)
	p.look()
	if got := p.current.Load().Leaf.SerialNumber.Int64(); got != 2 {
		t.Errorf("certificate %d is in use", got)
	}
	// The certificate is replaced before its key: the pair fits again with the second file.
	other := t.TempDir()
	cert3, key3 := valid(t, other, 3)
	for i, files := range [][2]string{{cert3, cert}, {key3, key}} {
		if err := os.Rename(files[0], files[1]); err != nil {
			t.Fatal(err)
		}
		p.look()
		if got, want := p.current.Load().Leaf.SerialNumber.Int64(), int64(2+i); got != want {
			t.Errorf("after %d files certificate %d is in use", i+1, got)
		}
	}
	p.look() // nothing has changed: a file that is no good is said once
	if failed := p.failed.Load(); failed != 1 {
		t.Errorf("%d failures", failed)
	}
}

func TestWhatIsWrongWithACertificateIsSaid(t *testing.T) {
	dir := t.TempDir()
	cert, key := valid(t, dir, 1)
	other, _ := valid(t, t.TempDir(), 2)
	for want, files := range map[string][2]string{
		"--tls-cert":                      {filepath.Join(dir, "none.pem"), key},
		"--tls-key":                       {cert, filepath.Join(dir, "none.pem")},
		"no certificate with its key":     {other, key},
		"are no certificate with its key": {key, cert},
	} {
		if _, err := LoadPair(files[0], files[1], slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", files, err)
		}
	}
	for want, span := range map[string][2]time.Duration{"has expired": {-2 * time.Hour, -time.Hour}, "clock": {time.Hour, 2 * time.Hour}} {
		cert, key := write(t, t.TempDir(), 3, time.Now().Add(span[0]), time.Now().Add(span[1]))
		var said bytes.Buffer
		if _, err := LoadPair(cert, key, slog.New(slog.NewTextHandler(&said, nil))); err != nil || !strings.Contains(said.String(), want) {
			t.Errorf("%s: %v, the log says %s", want, err, &said)
		}
	}
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	cert, key := valid(t, t.TempDir(), 1)
	e := serving(t, Config{Listen: "127.0.0.1:0", Cert: cert, Key: key, Log: slog.New(slog.DiscardHandler)})
	for version, ok := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		conn, err := tls.Dial("tcp", e.main.Addr().String(), &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
		if (err == nil) != ok {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			conn.Close()
		}
	}
}

func TestPlainHTTPOnlyPointsToHTTPS(t *testing.T) {
	cert, key := valid(t, t.TempDir(), 1)
	c := Config{Listen: "127.0.0.1:0", Redirect: "127.0.0.1:0", Cert: cert, Key: key, Log: slog.New(slog.DiscardHandler)}
	e := serving(t, c)
	port := fmt.Sprint(e.main.Addr().(*net.TCPAddr).Port)
	c.Public = "https://crm.example.com"
	named := serving(t, c)
	for _, x := range []struct {
		at           *Entrance
		method, host string
		want         int
		to           string
	}{
		{e, "GET", "localhost:80", 301, "https://localhost:" + port + "/a?b=c"},
		{e, "HEAD", "127.0.0.1", 301, "https://127.0.0.1:" + port + "/a?b=c"},
		{e, "GET", "[::1]:80", 301, "https://[::1]:" + port + "/a?b=c"},
		{e, "GET", "evil.example/x?", 403, ""},
		{e, "POST", "localhost", 403, ""},
		{e, "PUT", "localhost", 403, ""},
		{named, "GET", "localhost", 301, "https://crm.example.com/a?b=c"},
		{named, "DELETE", "localhost", 403, ""},
	} {
		r := httptest.NewRequest(x.method, "/a?b=c", nil)
		r.Host = x.host
		rec := httptest.NewRecorder()
		x.at.pointing().ServeHTTP(rec, r)
		if got := rec.Header().Get("Location"); rec.Code != x.want || got != x.to {
			t.Errorf("%s of %s: %d to %q", x.method, x.host, rec.Code, got)
		}
	}
	for _, path := range []string{"/api/session", "/crm/api/session", "/metrics", "/readyz", "/healthz"} {
		rec := httptest.NewRecorder()
		if e.pointing().ServeHTTP(rec, httptest.NewRequest("GET", path, nil)); rec.Code != 403 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get("http://" + e.redirect.Addr().String() + "/")
	if err != nil || res.StatusCode != 301 {
		t.Fatalf("%v %v", res, err)
	}
	res.Body.Close()
}

func TestAPortThatIsTakenIsSaidSo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for want, addr := range map[string]string{"another program has this port": l.Addr().String(), "does not have that address": "192.0.2.1:0"} {
		if _, err := Open(Config{Listen: addr, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--listen") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestNamesForCertificates(t *testing.T) {
	got, err := ParseDomains("crm.example.com, CRM2.example.com,")
	if err != nil || fmt.Sprint(got) != "[crm.example.com crm2.example.com]" {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{"localhost", "*.example.com", "https://crm.example.com", "crm.example.com:443", "a b.example.com"} {
		if _, err := ParseDomains(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if got, err := ParseDomains("192.0.2.1"); err == nil {
		t.Errorf("an address is taken: %v", got)
	}
}
