package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
)

// What an operator does from the console beside a running server. On SQLite the server alone
// writes, so it is asked through a socket in the data directory, which its user alone can open; a
// directory nobody has is opened here. Either way the same function does it
// (docs/decisions/0022-console.md).

// socketName is the socket a running server takes console acts on.
const socketName = "yunchou.sock"

// acts are what may be asked of a running server; each writes what it did.
var acts = map[string]func(ctx context.Context, a *app.App, in json.RawMessage, out io.Writer) error{
	"user.add":                acting(userAdd),
	"user.reset-password":     acting(userResetPassword),
	"user.end-sessions":       acting(userEndSessions),
	"user.remove-factors":     acting(userRemoveFactors),
	"user.disable":            acting(userDisable),
	"user.make-administrator": acting(userMakeAdministrator),
	"company.add":             acting(companyAdd),
	"company.close":           acting(companyClose),
	"company.reopen":          acting(companyReopen),
	"company.delete":          acting(companyDelete),
	"audit.backed_up":         acting(tellBackup),
	"audit.checked":           acting(tellCheck),
}

func acting[T any](do func(context.Context, *app.App, T, io.Writer) error) func(context.Context, *app.App, json.RawMessage, io.Writer) error {
	return func(ctx context.Context, a *app.App, raw json.RawMessage, out io.Writer) error {
		var in T
		if err := json.Unmarshal(raw, &in); err != nil {
			return err
		}
		return do(ctx, a, in, out)
	}
}

// act does one act where the data is: here, or in the server that has it. create makes a new
// database where there is none.
func (t *target) act(ctx context.Context, name string, in any, create bool, out io.Writer) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if t.url == "" && anothers(t.dir) {
		return t.actAsGuest(ctx, asked{Version: version, Act: name, In: raw}, out)
	}
	a, err := t.open(ctx, create)
	if errors.Is(err, database.ErrHeld) {
		return askServer(ctx, t.dir, asked{Version: version, Act: name, In: raw}, out)
	}
	if err != nil {
		return err
	}
	return errors.Join(acts[name](ctx, a, raw, out), a.DB.Close())
}

// ask has a running server do an act. Fault: errNoConsole.
func (t *target) ask(ctx context.Context, name string, in any, out io.Writer) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return askServer(ctx, t.dir, asked{Version: version, Act: name, In: raw}, out)
}

// actAsGuest is act for root in a directory of another user: what it makes there would be root's,
// and the server could not open it. The server itself may be asked.
func (t *target) actAsGuest(ctx context.Context, r asked, out io.Writer) error {
	err := askServer(ctx, t.dir, r, out)
	if errors.Is(err, errNoConsole) {
		return fmt.Errorf("%s is another user's, and no server answers there: run this command as that user (runuser -u NAME -- yunchou …)", t.dir)
	}
	return err
}

// asked is what is asked of a running server.
type asked struct {
	Version string          `json:"version"`
	Act     string          `json:"act"`
	In      json.RawMessage `json:"in"`
}

// told is a line of what it answers: a text to print, and at last how it ended.
type told struct {
	Out   string `json:"out,omitempty"`
	Error string `json:"error,omitempty"`
	Done  bool   `json:"done,omitempty"`
}

// errNoConsole: the process that has the directory is no server, or one that cannot be asked.
var errNoConsole = fmt.Errorf("%w (it takes no console commands: it is no server, or an older one)", database.ErrHeld)

// askServer has the server that holds a directory do an act.
func askServer(ctx context.Context, dir string, r asked, out io.Writer) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(dir, socketName))
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://console/", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%s: the server runs as another user; run this command as that user", dir)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", dir, errors.Join(errNoConsole, ctx.Err()))
	}
	defer res.Body.Close()
	for lines := json.NewDecoder(res.Body); ; {
		var line told
		if err := lines.Decode(&line); err != nil {
			return errors.Join(errors.New("the server went away before it was done; look what it did, and run the command again"), ctx.Err())
		}
		if _, err := io.WriteString(out, line.Out); err != nil {
			return err
		}
		if line.Error != "" {
			return errors.New(line.Error)
		}
		if line.Done {
			return nil
		}
	}
}

// console takes acts on the socket until the context ends. Where there can be none (Windows, a
// path longer than a socket's may be) the server runs without, and says so.
func console(ctx context.Context, a *app.App) {
	if a.DB.Dialect() != database.SQLite { // any process may write to PostgreSQL
		return
	}
	l, err := listenLocal(filepath.Join(a.Dir, socketName))
	if err != nil {
		a.Log.Warn("no console beside the server: commands that write need it stopped", "error", err)
		return
	}
	go takeActs(ctx, a, l)
}

func takeActs(ctx context.Context, a *app.App, l net.Listener) {
	srv := &http.Server{Handler: answering(a), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn)}
	context.AfterFunc(ctx, func() { srv.Close() }) //nolint:errcheck // the process ends
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		a.Log.Warn("the console has ended", "error", err)
	}
}

// maxAsk bounds what is asked: names and ids.
const maxAsk = 64 << 10

func answering(a *app.App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := &teller{to: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
		var in asked
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAsk)).Decode(&in)
		do, known := acts[in.Act]
		switch {
		case err != nil:
		case in.Version != version:
			err = fmt.Errorf("the running server is version %s, this program %s: restart the server, then run the command again", version, in.Version)
		case !known:
			err = fmt.Errorf("no act %q", in.Act)
		default:
			a.Log.Info("done from the console", "act", in.Act)
			err = do(r.Context(), a, in.In, to)
		}
		last := told{Done: err == nil}
		if err != nil {
			last.Error = explain(err)
		}
		to.tell(last) //nolint:errcheck // who asked has gone
	})
}

// teller sends what an act writes as it writes it.
type teller struct {
	to    *json.Encoder
	flush func() error
}

func (t *teller) tell(line told) error { return errors.Join(t.to.Encode(line), t.flush()) }

func (t *teller) Write(p []byte) (int, error) { return len(p), t.tell(told{Out: string(p)}) }
