package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/demo"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/intake"
	"yunchou/internal/server"
)

func serve(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("serve")
	listen := fs.String("listen", "127.0.0.1:8420", "`ADDR` to listen on")
	keep, watch := keeping(fs), watching(fs)
	secure := fs.Bool("secure-cookies", false, "the server is reached by HTTPS: mark cookies for it")
	trusted := fs.String("trusted-proxies", "", "`CIDR,…` of the proxies whose X-Forwarded-For, Forwarded and X-Forwarded-Proto count")
	public := fs.String("public-url", "", "`URL` people reach the server at, with its path if it has one: https://example.com/crm")
	keyFile := fs.String("key-file", "",
		"`FILE` of the key that seals authenticator apps; DIR/"+identity.KeyFileName+" without it. Several servers on one PostgreSQL share one")
	if err := parse(fs, args); err != nil {
		return err
	}
	proxies, err := httpapi.ParseProxies(*trusted)
	if err != nil {
		return fmt.Errorf("--trusted-proxies: %w", err)
	}
	site, err := httpapi.ParsePublic(*public)
	if err != nil {
		return fmt.Errorf("--public-url: %w", err)
	}
	if t.dir == "" { // beside PostgreSQL too: what is uploaded must live longer than a temporary folder
		t.dir = "data"
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	a, err := t.open(ctx, true)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	if err := errors.Join(keep.apply(a), watch.apply(a)); err != nil {
		return err
	}
	if *keyFile != "" {
		a.Identity.Key = &identity.Key{Path: *keyFile}
	}
	if err := a.Identity.CheckKey(ctx, a.Log); err != nil {
		return err
	}
	token, err := setupToken(ctx, a, t.dir)
	if err != nil {
		return err
	}
	return listenAndServe(ctx, a, *listen, httpapi.Front{Proxies: proxies, TLS: *secure, Public: site}, func(addr string) {
		fmt.Fprint(out, greeting("http://"+addr, site, token))
	})
}

// greeting says where the program listens and where people find it; token is "" once it is set up.
func greeting(local string, site httpapi.Public, token string) string {
	text, at := fmt.Sprintf("Yunchou is at %s\n", local), local
	if site.Origin != "" {
		at = site.String()
		text += fmt.Sprintf("People find it at %s/\n", at)
	}
	if token != "" {
		text += fmt.Sprintf("Set it up at  %s/#setup=%s\n", at, token)
	}
	return text
}

// setupToken makes the token of a new installation, and keeps it where only who runs the
// program can read it; of one that is set up there is none.
func setupToken(ctx context.Context, a *app.App, dir string) (string, error) {
	token, err := a.Identity.SetupToken(ctx)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "setup-token")
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if token == "" {
		return "", nil
	}
	return token, os.WriteFile(file, []byte(token+"\n"), 0o600)
}

// everyHour renews the planner's statistics, and lets columns go that nobody asks for.
func everyHour(ctx context.Context, a *app.App) {
	if err := a.DB.Optimize(ctx); err != nil {
		a.Log.Warn("statistics not renewed", "error", err)
	}
	if n, err := a.Engine.Evict(time.Hour); n > 0 || err != nil {
		a.Log.Info("funnel columns let go", "companies", n, "error", err)
	}
	if err := a.Engine.Keep(); err != nil {
		a.Log.Warn("funnel columns not kept", "error", err)
	}
}

// servers are the program's own, which does not listen yet, and the operators', which does where
// it has an address.
func servers(a *app.App, front httpapi.Front) (srv *http.Server, unwatch func(), err error) {
	whole, operators := server.Watched(a, version, front)
	srv = &http.Server{Handler: whole, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Minute, WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	unwatch, err = listenForOperators(a, operators)
	return srv, unwatch, err
}

// listenAndServe runs until the context ends, then lets running requests finish.
func listenAndServe(ctx context.Context, a *app.App, addr string, front httpapi.Front, ready func(addr string)) error {
	a.Intake.Load = intake.NewLoad(intake.MostRows)
	if os.Getenv("GOGC") == "" { // what a password's check or a file took is given back sooner
		debug.SetGCPercent(50)
	}
	if err := a.Prepare(ctx); err != nil {
		return err
	}
	if err := a.Intake.Recover(ctx); err != nil {
		return err
	}
	if err := a.EraseListed(ctx); err != nil {
		return err
	}
	srv, unwatch, err := servers(a, front)
	if err != nil {
		return err
	}
	defer unwatch()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	ready(l.Addr().String())
	working, rest := context.WithCancel(ctx)
	rested := make(chan struct{})
	go func() {
		defer close(rested)
		a.Work(working)
	}()
	defer func() { // before the database is closed
		rest()
		<-rested
	}()
	go lookThrough(working, a)
	if a.Backups != nil {
		go a.Backups.Run(working)
	}
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for running := true; running; {
		select {
		case err := <-done:
			return err
		case <-hourly.C:
			everyHour(ctx, a)
		case <-ctx.Done():
			running = false
		}
	}
	stop, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	rest() // jobs hand on what they do while requests are finished
	err = srv.Shutdown(stop)
	rest()
	<-rested
	if err := a.Engine.Keep(); err != nil {
		a.Log.Warn("funnel columns not kept", "error", err)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func runDemo(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("demo")
	listen := fs.String("listen", "127.0.0.1:8420", "`ADDR` to listen on; a port that is taken is replaced by a free one")
	seed := fs.Uint64("seed", 1, "seed of the simulated company")
	locale := fs.String("locale", "zh-CN", "zh-CN or en-US")
	prepare := fs.Bool("prepare", false, "make the company and stop")
	if err := parse(fs, args); err != nil {
		return err
	}
	if t.dir == "" {
		t.dir = ".demo"
	}
	a, err := t.open(ctx, true)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	file := filepath.Join(t.dir, "sign-ins.json")
	var people []demo.SignIn
	if raw, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(raw, &people); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	} else {
		start := time.Now()
		fmt.Fprintln(out, "Making a demo company (three years of selling) …")
		if people, err = demo.Make(ctx, a, *seed, *locale); err != nil {
			return err
		}
		raw, err := json.MarshalIndent(people, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			return err
		}
		fmt.Fprintf(out, "made in %s\n", time.Since(start).Round(time.Second))
	}
	if *prepare {
		return nil
	}
	if l, err := net.Listen("tcp", *listen); err != nil {
		*listen = "127.0.0.1:0"
	} else {
		l.Close()
	}
	return listenAndServe(ctx, a, *listen, httpapi.Front{}, func(addr string) {
		fmt.Fprintf(out, "\nYunchou is at  http://%s\n\n", addr)
		for _, p := range people {
			fmt.Fprintf(out, "  %-9s %-12s %-18s %s\n", p.Role, p.Login, p.Password, p.Name)
		}
		fmt.Fprintln(out, "\nStop with Ctrl C.")
	})
}
