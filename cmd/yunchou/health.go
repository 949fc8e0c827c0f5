package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"yunchou/internal/entrance"
)

// runHealth asks a server on this machine whether it is ready: a container's image has no other
// program to ask with. It reads the server's own variables, so that it need not be told.
func runHealth(ctx context.Context, args []string, out io.Writer) error {
	fs := flag.NewFlagSet("yunchou health", flag.ContinueOnError)
	listen := fs.String("listen", "", "`ADDR` the server listens on (127.0.0.1:8420; with --acme-domain :443)")
	cert := fs.String("tls-cert", "", "PEM `FILE` of the server's own certificate")
	domains := fs.String("acme-domain", "", "host `NAME,…` the server has certificates issued for")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	trust, err := trusting(*cert, *domains)
	if err != nil {
		return err
	}
	if *listen == "" {
		*listen = map[bool]string{true: ":443", false: "127.0.0.1:8420"}[*domains != ""]
	}
	if err := address("--listen", *listen); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(*listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := map[bool]string{true: "https://", false: "http://"}[trust != nil]
	status, said, err := ask(ctx, scheme+net.JoinHostPort(host, port)+"/readyz", trust)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	if status != http.StatusOK {
		return fmt.Errorf("not ready: %s", said)
	}
	_, err = fmt.Fprintln(out, said)
	return err
}

// trusting is whom to believe that he is the server, nil where it speaks no TLS: who shows the
// certificate of the file, or one of the name that is known everywhere.
func trusting(cert, domains string) (*tls.Config, error) {
	names, err := entrance.ParseDomains(domains)
	if err != nil {
		return nil, fmt.Errorf("--acme-domain: %w", err)
	}
	if len(names) > 0 {
		return &tls.Config{ServerName: names[0]}, nil
	}
	if cert == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(cert)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert: %w", err)
	}
	leaf, err := entrance.Leaf(raw)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert: %w", err)
	}
	c := &tls.Config{RootCAs: x509.NewCertPool()}
	c.RootCAs.AddCert(leaf)
	switch {
	case len(leaf.DNSNames) > 0:
		c.ServerName = strings.Replace(leaf.DNSNames[0], "*", "any", 1)
	case len(leaf.IPAddresses) > 0:
		c.ServerName = leaf.IPAddresses[0].String()
	}
	return c, nil
}

// ask reads a short answer.
func ask(ctx context.Context, url string, trust *tls.Config) (status int, said string, err error) {
	client := &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 200))
	return res.StatusCode, strings.TrimSpace(string(raw)), err
}
