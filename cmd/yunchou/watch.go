package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"yunchou/internal/app"
)

// watcher is the flags of how an operator's tools reach the metrics.
type watcher struct{ listen, tokenFile string }

func watching(fs *flag.FlagSet) *watcher {
	w := &watcher{}
	fs.StringVar(&w.listen, "metrics-listen", "", "`ADDR` of its own for /metrics, /healthz and /readyz, asked without a token: loopback, or a network of the operator's")
	fs.StringVar(&w.tokenFile, "metrics-token-file", "", "`FILE` with the token (16 characters or more) /metrics is asked for with at --listen; YUNCHOU_METRICS_TOKEN without it")
	return w
}

// shortestToken keeps out what can be guessed over the network.
const shortestToken = 16

// apply gives the program what the flags say.
func (w *watcher) apply(a *app.App) error {
	token := os.Getenv("YUNCHOU_METRICS_TOKEN")
	if w.tokenFile != "" {
		raw, err := os.ReadFile(w.tokenFile)
		if err != nil {
			return fmt.Errorf("--metrics-token-file: %w", err)
		}
		token = strings.TrimSpace(string(raw))
		if token == "" {
			return errors.New("--metrics-token-file: the file is empty")
		}
	}
	if token != "" && len(token) < shortestToken {
		return fmt.Errorf("the token of the metrics has fewer than %d characters; make one: openssl rand -hex 24", shortestToken)
	}
	a.Watch = app.Watch{Listen: w.listen, Token: token}
	return nil
}

// listenForOperators serves the metrics at an address of their own, where one is named. They are
// served as long as the program runs, also while it stops.
func listenForOperators(a *app.App, h http.Handler) (stop func(), err error) {
	if a.Watch.Listen == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", a.Watch.Listen)
	if err != nil {
		return nil, fmt.Errorf("--metrics-listen: %w", err)
	}
	srv := &http.Server{Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.Log.Error("the metrics are not served any more", "error", err)
		}
	}()
	a.Log.Info("metrics are served", "address", l.Addr().String())
	return func() {
		if err := srv.Close(); err != nil {
			a.Log.Warn("the metrics' address was not closed", "error", err)
		}
	}, nil
}
