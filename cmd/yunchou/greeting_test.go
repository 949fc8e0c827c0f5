package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"yunchou/internal/httpapi"
)

// TestTheGreetingNamesAddressesThatOpen: who listens on every network is told addresses a browser
// takes, the one to set the company up at among them, and that all of it can be read on the way.
func TestTheGreetingNamesAddressesThatOpen(t *testing.T) {
	for address, unsafe := range map[string]bool{"0.0.0.0:0": true, "[::]:0": true, "127.0.0.1:0": false} {
		var told bytes.Buffer
		v, err := startedAt(t, &told, "--listen", address, "--data", t.TempDir())
		if err != nil {
			t.Fatal(address, err)
		}
		urls := regexp.MustCompile(`http://[^\s#]+`).FindAllString(told.String(), -1)
		if len(urls) < 2 {
			t.Errorf("%s: it says %s", address, &told)
		}
		for _, u := range urls {
			res, err := http.Get(strings.TrimSuffix(u, "/") + "/healthz")
			if err != nil || res.StatusCode != 200 || strings.Contains(u, "[::]") || strings.Contains(u, "0.0.0.0") {
				t.Errorf("%s: %s does not open: %v", address, u, err)
			}
			if err == nil {
				res.Body.Close()
			}
		}
		if strings.Contains(told.String(), "Unsafe: plain HTTP") != unsafe {
			t.Errorf("%s: of its safety it says %s", address, &told)
		}
		if code := v.ended(t, syscall.SIGTERM); code != 0 {
			t.Errorf("%s: it ended with %d", address, code)
		}
	}
}

// startedAt starts a server and keeps what it says to the end of its greeting.
func startedAt(t *testing.T, told *bytes.Buffer, args ...string) (*victim, error) {
	t.Helper()
	cmd := exec.Command(built(t), append([]string{"serve"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	buf := make([]byte, 4096) // it is written in one
	n, err := out.Read(buf)
	told.Write(buf[:n])
	return &victim{cmd: cmd}, err
}

func TestWhatAGreetingSays(t *testing.T) {
	site, err := httpapi.ParsePublic("https://crm.example.com/x")
	if err != nil {
		t.Fatal(err)
	}
	got := greeting([]string{"http://localhost:8420", "http://192.168.1.5:8420"}, site, "abc", false)
	want := "Yunchou is at http://localhost:8420\n              http://192.168.1.5:8420\n" +
		"People find it at https://crm.example.com/x/\nSet it up at  https://crm.example.com/x/#setup=abc\n"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestADatabaseOthersCouldReadIsTakenFromThem as a server starts, and the log says so; what only
// looks, and what is well already, changes and says nothing.
func TestADatabaseOthersCouldReadIsTakenFromThem(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are no business of Windows")
	}
	dir := t.TempDir()
	o := operator{t, []string{"--data", dir}}
	o.must("company", "add", "--name", "测试", "--login", "admin")
	file := filepath.Join(dir, "yunchou.db")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	o.must("company", "list")
	if mode := must(os.Stat(file)).Mode().Perm(); mode != 0o644 {
		t.Errorf("who only looked changed it to %v", mode)
	}
	for _, says := range []bool{true, false} {
		var said bytes.Buffer
		cmd := exec.Command(built(t), "serve", "--listen", "127.0.0.1:0", "--data", dir)
		cmd.Stderr = &said
		v := begin(t, cmd)
		for _, name := range []string{"", "-wal", "-shm"} {
			if mode := must(os.Stat(file + name)).Mode().Perm(); mode != 0o600 {
				t.Errorf("the database%s is %v", name, mode)
			}
		}
		if code := v.ended(t, syscall.SIGTERM); code != 0 {
			t.Errorf("it ended with %d: %s", code, &said)
		}
		if strings.Contains(said.String(), "others on this machine could read") != says {
			t.Errorf("the log: %s", &said)
		}
	}
}
