package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/demo"
	"yunchou/internal/entrance"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
)

func serve(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("serve")
	way, keep, watch := reaching(fs), keeping(fs), watching(fs)
	keyFile := fs.String("key-file", "",
		"`FILE` of the key that seals authenticator apps; DIR/"+identity.KeyFileName+" without it. Several servers on one PostgreSQL share one")
	anyHost := fs.Bool("outgoing-any-host", false,
		"administrators may name any mail server and port, without encryption too, and any address of a group robot")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if t.dir == "" { // beside PostgreSQL too: what is uploaded must live longer than a temporary folder
		t.dir = "data"
	}
	log := t.log.logger()
	front, cfg, err := way.read(t.dir, log)
	if err := errors.Join(err, keep.check(), t.password()); err != nil {
		return err
	}
	e, err := entrance.Open(cfg) // first: what does not work here is known before anything is written
	if err != nil {
		return err
	}
	defer e.Close()
	way.warn(e, front, log)
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
	a.Reach(front.Public.String(), *anyHost)
	token, err := setupToken(ctx, a, t.dir)
	if err != nil {
		return err
	}
	if e.TLS() {
		front.Expires = e.Expires
	}
	open := e.Exposed() && len(front.Proxies) == 0
	return run(ctx, a, e, front, func(at []string) {
		fmt.Fprint(out, greeting(at, front.Public, token, open))
	})
}

// greeting says where the program is, where people find it and what is unsafe there; token is ""
// once it is set up, and open is the network reading along.
func greeting(at []string, site httpapi.Public, token string, open bool) string {
	text := fmt.Sprintf("Yunchou is at %s\n", strings.Join(at, "\n              "))
	to := at[0]
	if site.Origin != "" {
		to = site.String()
		text += fmt.Sprintf("People find it at %s/\n", to)
	}
	if token != "" {
		text += fmt.Sprintf("Set it up at  %s/#setup=%s\n", to, token)
	}
	if open {
		text += "Unsafe: plain HTTP, open to the network. Whoever is between reads passwords and records; docs/deploy.md shows how to encrypt it.\n"
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

func runDemo(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("demo")
	listen := fs.String("listen", "127.0.0.1:8420", "`ADDR` to listen on; a port that is taken is replaced by a free one")
	seed := fs.Uint64("seed", 1, "seed of the simulated company")
	locale := fs.String("locale", "zh-CN", "zh-CN or en-US")
	prepare := fs.Bool("prepare", false, "make the company and stop")
	if err := flagsAlone(fs, args); err != nil {
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
	e, err := entrance.Open(entrance.Config{Listen: *listen, Log: a.Log})
	if err != nil {
		return err
	}
	defer e.Close()
	return run(ctx, a, e, httpapi.Front{}, func(at []string) {
		fmt.Fprintf(out, "\nYunchou is at  %s\n\n", strings.Join(at, "\n               "))
		for _, p := range people {
			fmt.Fprintf(out, "  %-9s %-12s %-18s %s\n", p.Role, p.Login, p.Password, p.Name)
		}
		if e.Exposed() {
			fmt.Fprintln(out, "\nUnsafe: plain HTTP, open to the network, and the passwords above are in this program for all to read.")
		}
		fmt.Fprintln(out, "\nStop with Ctrl C.")
	})
}
