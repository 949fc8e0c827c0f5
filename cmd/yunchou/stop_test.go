package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/database"
)

// ended asks the program to stop and answers with its exit code. That it took ten seconds at most
// the code says: the program's own clock ends it with another one. The wait is a guard against
// hanging, 20 times as long.
func (v *victim) ended(t *testing.T, signals ...os.Signal) int {
	t.Helper()
	for i, s := range signals {
		if i > 0 {
			time.Sleep(300 * time.Millisecond) // the first is at work
		}
		if err := v.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error, 1)
	go func() { done <- v.cmd.Wait() }()
	select {
	case err := <-done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return v.cmd.ProcessState.ExitCode()
	case <-time.After(20 * stopsWithin):
		_ = v.cmd.Process.Kill()
		t.Fatal("the program did not end")
		return -1
	}
}

// TestAStopLosesNothingAndEndsWell stops a server under moves, while one sends a file and does
// not go on and another has connected and says nothing: it ends with 0 and what was acknowledged
// is there.
func TestAStopLosesNothingAndEndsWell(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		v := start(t, bin, args)
		defer func() { _ = v.cmd.Process.Kill() }()
		v.signIn(t, "/api/setup", setUp)
		m := newMovers(t, v, 4)
		stalled := v.stalled(t, m.opps[0])
		defer stalled.Close()
		at, err := url.Parse(v.base)
		if err != nil {
			t.Fatal(err)
		}
		silent, err := net.Dial("tcp", at.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		m.start()
		m.more(t, 20, 60*time.Second)
		if code := v.ended(t, syscall.SIGTERM); code != 0 {
			t.Errorf("it ended with %d", code)
		}
		close(m.done)
		m.wait.Wait()
		for _, s := range m.strange {
			if !strings.Contains(s, "refused") && !strings.Contains(s, "EOF") && !strings.Contains(s, "reset") {
				t.Errorf("answered %s", s)
			}
		}
		check(t, open, m.opps, m.acknowledged, m.attempted)
		db, err := open()
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		whole(t, db)
	})
}

// stalled sends half a file and waits.
func (v *victim) stalled(t *testing.T, opportunity string) net.Conn {
	t.Helper()
	c := &crowd{v: v}
	conn, err := c.send("/api/opportunities/"+opportunity+"/files?name=f.pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	at, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, k := range v.client.Jar.Cookies(at) {
		cookies = append(cookies, k.Name+"="+k.Value)
	}
	if conn, err = net.Dial("tcp", at.Host); err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "POST /api/opportunities/%s/files?name=half.pdf HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n"+
		"Content-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\nhalf", opportunity, strings.Join(cookies, "; "), v.csrf)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestASecondSignalEndsAtOnce: while the first still waits for a file that does not come.
func TestASecondSignalEndsAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		for _, s := range []struct {
			signal os.Signal
			code   int
		}{{syscall.SIGTERM, 143}, {os.Interrupt, 130}} {
			v := start(t, bin, args)
			if len(v.setup) > 1 {
				v.signIn(t, "/api/setup", setUp)
			} else {
				v.signIn(t, "/api/session", signIn)
			}
			m := newMovers(t, v, 2)
			stalled := v.stalled(t, m.opps[0])
			m.start()
			m.more(t, 5, 60*time.Second)
			if code := v.ended(t, s.signal, s.signal); code != s.code {
				t.Errorf("it ended with %d", code)
			}
			stalled.Close()
			close(m.done)
			m.wait.Wait()
			check(t, open, m.opps, m.acknowledged, m.attempted)
		}
	})
}

// carry sends a file's bytes.
func (v *victim) carry(path string, content io.Reader, into any) (int, error) {
	r, err := http.NewRequest("POST", v.base+path, content)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("X-CSRF-Token", v.csrf)
	res, err := v.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && into != nil && res.StatusCode < 300 {
		err = json.Unmarshal(raw, into)
	}
	return res.StatusCode, err
}

// TestAStopHandsLooksOn stops a server that looks through a table: the next one takes the look up
// and brings it to its end.
func TestAStopHandsLooksOn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, _ func() (*database.DB, error)) {
		v := start(t, bin, args)
		v.signIn(t, "/api/setup", setUp)
		var up struct {
			ID      string
			Preview struct{ Mapping json.RawMessage }
		}
		table := append([]byte("客户名称,行业\n"), bytes.Repeat([]byte("二期改造,华新机电\n"), 8<<20/26)...)
		if status, err := v.carry("/api/imports/files?name=a.csv", bytes.NewReader(table), &up); status != 201 {
			t.Fatalf("an upload: %d %v", status, err)
		}
		var b struct{ ID, Status string }
		body := fmt.Sprintf(`{"files":{"a.csv":%q},"mapping":%s,"dryRun":true}`, up.ID, up.Preview.Mapping)
		if a, err := v.ask("POST", "/api/imports", body, &b); a.status != 202 {
			t.Fatalf("a look: %v %v", a, err)
		}
		if code := v.ended(t, syscall.SIGTERM); code != 0 {
			t.Errorf("it ended with %d", code)
		}
		v = start(t, bin, args)
		defer func() { _ = v.cmd.Process.Kill() }()
		v.signIn(t, "/api/session", signIn)
		v.awaitAll(t, []string{b.ID})
		if a, err := v.ask("GET", "/api/imports/"+b.ID, "", &b); err != nil || b.Status != "dry_run" && b.Status != "done" {
			t.Errorf("the look is %q: %v %v", b.Status, a, err)
		}
	})
}

// TestAStopEndsABackup stops a server that makes its backup: there is a whole one or none, and
// no part of one.
func TestAStopEndsABackup(t *testing.T) {
	data, backups := t.TempDir(), t.TempDir()
	v := start(t, built(t), []string{"--data", data})
	v.signIn(t, "/api/setup", setUp)
	o := v.deal(t, "二期改造")
	for i := range 4 {
		file := bytes.NewReader(append([]byte("%PDF-1.7\n"), bytes.Repeat(fmt.Appendf(nil, "file %d ", i), 15<<20/8)...))
		if status, err := v.carry("/api/opportunities/"+o.ID+"/files?name=a.pdf", file, nil); status != 201 {
			t.Fatalf("a file: %d %v", status, err)
		}
	}
	if code := v.ended(t, syscall.SIGTERM); code != 0 {
		t.Fatalf("it ended with %d", code)
	}
	v = start(t, built(t), []string{"--data", data, "--backup-every", "24h", "--backup-dir", backups})
	defer func() { _ = v.cmd.Process.Kill() }()
	guard := time.Now().Add(60 * time.Second)
	for { // it is due at once
		if all, err := filepath.Glob(filepath.Join(backups, "yunchou-*")); err != nil || len(all) > 0 {
			break
		}
		if time.Now().After(guard) {
			t.Fatal("no backup was begun")
		}
		time.Sleep(time.Millisecond)
	}
	if code := v.ended(t, syscall.SIGTERM); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	all, err := filepath.Glob(filepath.Join(backups, "yunchou-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if strings.Contains(path, ".part") {
			t.Errorf("%s is left", path)
		} else if _, err := database.Inspect(t.Context(), path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	t.Logf("%d backups after the stop", len(all))
	db, err := database.OpenSQLite(data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	whole(t, db)
}
