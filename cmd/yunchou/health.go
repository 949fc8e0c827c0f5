package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// runHealth asks a server on this machine whether it is ready: a container's image has no other
// program to ask with.
func runHealth(ctx context.Context, args []string, out io.Writer) error {
	fs := flag.NewFlagSet("yunchou health", flag.ContinueOnError)
	listen := fs.String("listen", "127.0.0.1:8420", "`ADDR` the server listens on")
	if err := parse(fs, args); err != nil {
		return err
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
	at := net.JoinHostPort(host, port) + "/readyz"
	status, said, err := ask(ctx, "http://"+at)
	if err == nil && status == http.StatusBadRequest { // what a server that speaks TLS answers to one that does not
		status, said, err = ask(ctx, "https://"+at)
	}
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	if status != http.StatusOK {
		return fmt.Errorf("not ready: %s", said)
	}
	_, err = fmt.Fprintln(out, said)
	return err
}

// ask reads a short answer. Whose certificate it is does not matter: it is this machine's own
// server, asked by its address, and told nothing.
func ask(ctx context.Context, url string) (status int, said string, err error) {
	client := &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
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
