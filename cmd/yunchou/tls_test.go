package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// certificates counts those that were made.
var certificates atomic.Int64

// certificate makes one for this machine, self-signed, with its key, and who trusts it.
// Each ends an hour later than the one before, so that they are told apart by their day too.
func certificate(t *testing.T, dir string) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	k := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	about := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "localhost"},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Duration(24+certificates.Add(1)) * time.Hour)}
	raw := must(x509.CreateCertificate(rand.Reader, about, about, k.Public(), k))
	trust = x509.NewCertPool()
	trust.AddCert(must(x509.ParseCertificate(raw)))
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(k))},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, trust
}

// over lets a client speak TLS, to dial's address whatever the name.
func (v *victim) over(trust *x509.CertPool, base, dial string) *victim {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}}
	if dial != "" {
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, dial)
		}
	}
	v.client.Transport, v.base = transport, base
	return v
}

// freePort is a port nobody has now.
func freePort(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := 12_000 + mathrand.IntN(20_000)
		if _, taken := ports.LoadOrStore(port, true); taken {
			continue
		}
		if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			l.Close() //nolint:errcheck // it was only tried
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// ports are those a test was given. They are below those a system gives to who dials or listens
// wherever it likes: of these, one can be somebody else's before the server has it.
var ports sync.Map

// metric reads one figure of /metrics.
func metric(t *testing.T, watch, name string) string {
	t.Helper()
	res, err := http.Get("http://" + watch + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	m := regexp.MustCompile(`(?m)^` + name + ` (\S+)`).FindSubmatch(must(io.ReadAll(res.Body)))
	if m == nil {
		t.Fatalf("/metrics (%d) has no %s", res.StatusCode, name)
	}
	return string(m[1])
}

// secure checks what the session's cookies are over TLS.
func (v *victim) secure(t *testing.T) {
	t.Helper()
	res, err := v.client.Get(v.base + "/api/session/start")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	cookie := res.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-") || !strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "Path=/;") {
		t.Errorf("the cookie is %s", cookie)
	}
	if got := res.Header.Values("Strict-Transport-Security"); len(got) != 1 || !strings.Contains(got[0], "max-age=31536000") {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

func TestAnOwnCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key, trust := certificate(t, dir)
	second, watch := fmt.Sprint("127.0.0.1:", freePort(t)), fmt.Sprint("127.0.0.1:", freePort(t))
	v := start(t, built(t), []string{"--data", t.TempDir(), "--tls-cert", cert, "--tls-key", key, "--http-listen", second, "--metrics-listen", watch})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.over(trust, v.base, "")
	if !strings.HasPrefix(v.base, "https://") {
		t.Fatalf("it says it is at %s", v.base)
	}
	v.signIn(t, "/api/setup", setUp)
	v.secure(t)
	if res := must(v.client.Get("http://" + second + "/desk")); res.Request.URL.Scheme != "https" || res.StatusCode != 200 {
		t.Errorf("plain HTTP leads to %s, %d", res.Request.URL, res.StatusCode)
	} else if _, err := io.Copy(io.Discard, res.Body); err != nil || res.Body.Close() != nil {
		t.Error("the page does not end")
	}
	if out, err := exec.Command(built(t), "health", "--listen", must(url.Parse(v.base)).Host, "--tls-cert", cert).CombinedOutput(); err != nil {
		t.Errorf("health: %v %s", err, out)
	}
	expires := metric(t, watch, "yunchou_tls_certificate_expiry_timestamp_seconds")

	// Renewed by a signal, while a connection stays.
	_, _, trust2 := certificate(t, dir)
	if err := v.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	fresh := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust2}, DisableKeepAlives: true}}
	guard := time.Now().Add(100 * time.Second)
	for {
		res, err := fresh.Get(v.base + "/healthz")
		if err == nil {
			res.Body.Close()
			break
		}
		if time.Now().After(guard) {
			t.Fatalf("the new certificate is not in use: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if a, err := v.ask("GET", "/api/session", "", nil); err != nil || a.status != 200 { // trusts the old one alone
		t.Errorf("the open connection: %v %v", a, err)
	}
	if metric(t, watch, "yunchou_tls_certificate_expiry_timestamp_seconds") == expires {
		t.Error("the metric tells of the old certificate")
	}

	// Broken: the one before stays.
	if err := os.WriteFile(cert, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for metric(t, watch, "yunchou_tls_certificate_failures_total") == "0" {
		if time.Now().After(guard) {
			t.Fatal("a broken certificate is not counted")
		}
		time.Sleep(20 * time.Millisecond)
	}
	res, err := fresh.Get(v.base + "/healthz")
	if err != nil {
		t.Fatalf("after a broken certificate: %v", err)
	}
	res.Body.Close()
	if code := v.ended(t, syscall.SIGTERM); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}

// needed is a program a test stands on: where tests claim to be whole it must be there.
func needed(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed; scripts/install-test-tools.sh does it", name)
			}
			t.Skipf("%s is not installed; scripts/install-test-tools.sh does it", name)
		}
	}
}

// background runs a program of others until the test ends, and waits until its ports answer.
func background(t *testing.T, cmd *exec.Cmd, ports ...int) {
	t.Helper()
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-done
	})
	guard := time.Now().Add(60 * time.Second)
	for _, port := range ports {
		for {
			conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
			if err == nil {
				conn.Close()
				break
			}
			select {
			case <-done:
				t.Fatalf("%s ended: %s", cmd.Path, said.String())
			case <-time.After(20 * time.Millisecond):
			}
			if time.Now().After(guard) {
				t.Fatalf("%s does not answer", cmd.Path)
			}
		}
	}
}

// TestCertificatesAreIssued by an authority of the test (Pebble, the ACME project's own), over
// TLS-ALPN-01 and, where that cannot pass, over HTTP-01; and kept for the next start.
func TestCertificatesAreIssued(t *testing.T) {
	needed(t, "pebble", "pebble-challtestsrv")
	for _, by := range []string{"tls-alpn-01", "http-01"} {
		t.Run(by, func(t *testing.T) {
			const name = "crm.example.com"
			dir := t.TempDir()
			cert, key, _ := certificate(t, dir)
			tlsPort, httpPort, api, manage, dns, control := freePort(t), freePort(t), freePort(t), freePort(t), freePort(t), freePort(t)
			reaches := tlsPort
			if by == "http-01" {
				reaches = freePort(t) // where nobody answers
			}
			config := filepath.Join(dir, "pebble.json")
			raw := must(json.Marshal(map[string]any{"pebble": map[string]any{
				"listenAddress": fmt.Sprint("127.0.0.1:", api), "managementListenAddress": fmt.Sprint("127.0.0.1:", manage),
				"certificate": cert, "privateKey": key, "httpPort": httpPort, "tlsPort": reaches}}))
			if err := os.WriteFile(config, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			background(t, exec.Command("pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
				"-dns01", fmt.Sprint("127.0.0.1:", dns), "-management", fmt.Sprint("127.0.0.1:", control)), control)
			pebble := exec.Command("pebble", "-config", config, "-dnsserver", fmt.Sprint("127.0.0.1:", dns))
			pebble.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
			background(t, pebble, api, manage)

			data := t.TempDir()
			t.Setenv("SSL_CERT_FILE", cert) // whom the program trusts: the authority's own server
			args := []string{"--data", data, "--listen", fmt.Sprint("127.0.0.1:", tlsPort), "--http-listen", fmt.Sprint("127.0.0.1:", httpPort),
				"--acme-domain", name, "--acme-email", "it@example.com", "--acme-directory", fmt.Sprintf("https://127.0.0.1:%d/dir", api)}
			v := start(t, built(t), args)
			at := fmt.Sprint("127.0.0.1:", tlsPort)
			issued := v.issued(t, name, at, authority(t, manage, cert))
			v.signIn(t, "/api/setup", setUp)
			v.secure(t)
			v.keptSecret(t, filepath.Join(data, "acme"))
			if code := v.ended(t, syscall.SIGTERM); code != 0 {
				t.Errorf("it ended with %d", code)
			}
			v = start(t, built(t), args)
			defer func() { _ = v.cmd.Process.Kill() }()
			if again := v.issued(t, name, at, authority(t, manage, cert)); again.SerialNumber.Cmp(issued.SerialNumber) != 0 {
				t.Error("the next start had another certificate issued")
			}
			// A name that is not ours is not asked for.
			v.over(authority(t, manage, cert), "https://other.example.com", at)
			if _, err := v.client.Get(v.base); err == nil {
				t.Error("another name has a certificate")
			}
		})
	}
}

// authority is who trusts what the test's authority issues.
func authority(t *testing.T, manage int, cert string) *x509.CertPool {
	t.Helper()
	own := x509.NewCertPool()
	own.AppendCertsFromPEM(must(os.ReadFile(cert)))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own}}}
	res := must(client.Get(fmt.Sprintf("https://127.0.0.1:%d/roots/0", manage)))
	defer res.Body.Close()
	trust := x509.NewCertPool()
	if !trust.AppendCertsFromPEM(must(io.ReadAll(res.Body))) {
		t.Fatal("the authority has no root")
	}
	return trust
}

// issued waits until the program has a certificate for a name.
func (v *victim) issued(t *testing.T, name, at string, trust *x509.CertPool) *x509.Certificate {
	t.Helper()
	v.over(trust, "https://"+name, at) // it tells people its name, which is nobody's here
	guard := time.Now().Add(200 * time.Second)
	for {
		res, err := v.client.Get(v.base + "/healthz")
		if err == nil {
			res.Body.Close()
			return res.TLS.PeerCertificates[0]
		}
		if time.Now().After(guard) {
			t.Fatalf("no certificate: %v", err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// keptSecret checks that nobody else reads the keys.
func (v *victim) keptSecret(t *testing.T, dir string) {
	t.Helper()
	files := must(os.ReadDir(dir))
	if about := must(os.Stat(dir)); about.Mode().Perm() != 0o700 || len(files) < 2 {
		t.Errorf("%s has mode %v and %d files", dir, about.Mode(), len(files))
	}
	for _, f := range files {
		if about := must(f.Info()); about.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f.Name(), about.Mode())
		}
	}
}
