package main

import (
	"bytes"
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// reads what a command line means for how the server is reached.
func reached(args ...string) (string, error) {
	fs := flag.NewFlagSet("yunchou serve", flag.ContinueOnError)
	fs.SetOutput(&bytes.Buffer{})
	r := reaching(fs)
	if err := parse(fs, args); err != nil {
		return "", err
	}
	_, c, err := r.read("data", slog.New(slog.DiscardHandler))
	return c.Listen + " " + c.Redirect, err
}

func TestWhereAServerListens(t *testing.T) {
	for want, args := range map[string][]string{
		"127.0.0.1:8420 ":      nil,
		":443 :80":             {"--acme-domain", "crm.example.com"},
		":8443 :8080":          {"--acme-domain", "crm.example.com", "--listen", ":8443", "--http-listen", ":8080"},
		":443 ":                {"--acme-domain", "crm.example.com", "--http-listen", "none"},
		"127.0.0.1:8443 ":      {"--tls-cert", "a", "--tls-key", "b", "--listen", "127.0.0.1:8443"},
		"127.0.0.1:8420 :8080": {"--tls-cert", "a", "--tls-key", "b", "--http-listen", ":8080"},
	} {
		if got, err := reached(args...); err != nil || got != want {
			t.Errorf("%v listens at %q, %v", args, got, err)
		}
	}
}

func TestWhatCannotBeMeantIsSaid(t *testing.T) {
	for _, x := range []struct {
		says string // the flag at fault, and something of what to do
		args []string
	}{
		{"--tls-cert and --tls-key go together", []string{"--tls-cert", "a"}},
		{"--tls-cert and --tls-key go together", []string{"--tls-key", "a"}},
		{"choose one", []string{"--tls-cert", "a", "--tls-key", "b", "--acme-domain", "crm.example.com"}},
		{"without --acme-domain", []string{"--acme-email", "it@example.com"}},
		{"--acme-domain: \"localhost\"", []string{"--acme-domain", "localhost"}},
		{"say https://", []string{"--acme-domain", "crm.example.com", "--public-url", "http://crm.example.com"}},
		{"--http-listen points to https", []string{"--http-listen", ":80"}},
		{"--listen: \"8420\"", []string{"--listen", "8420"}},
		{"--listen: \"99999\" is no port", []string{"--listen", ":99999"}},
		{"goes into --public-url", []string{"--listen", "crm.example.com:443"}},
		{"--public-url: ", []string{"--public-url", "crm.example.com"}},
		{"--trusted-proxies: ", []string{"--trusted-proxies", "nginx"}},
	} {
		if _, err := reached(x.args...); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%v: %v", x.args, err)
		}
	}
}

func TestTheEnvironmentStandsForFlags(t *testing.T) {
	t.Setenv("YUNCHOU_LISTEN", "127.0.0.1:9000")
	t.Setenv("YUNCHOU_ACME_DOMAIN", "crm.example.com")
	if got, err := reached(); err != nil || got != "127.0.0.1:9000 :80" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := reached("--listen", ":8443"); err != nil || got != ":8443 :80" { // the flag counts more
		t.Errorf("%q %v", got, err)
	}
	t.Setenv("YUNCHOU_SECURE_COOKIES", "perhaps")
	if _, err := reached(); err == nil || !strings.Contains(err.Error(), "YUNCHOU_SECURE_COOKIES") {
		t.Errorf("a variable that is wrong: %v", err)
	}
}

// TestNoVariableRestoresOrErases: of what is not the server's only where the data is.
func TestNoVariableRestoresOrErases(t *testing.T) {
	t.Setenv("YUNCHOU_FROM", "x")
	fs := flag.NewFlagSet("yunchou restore", flag.ContinueOnError)
	from, dir := fs.String("from", "", ""), fs.String("data", "", "")
	t.Setenv("YUNCHOU_DATA", "y")
	if err := parse(fs, nil); err != nil || *from != "" || *dir != "y" {
		t.Errorf("from %q, data %q, %v", *from, *dir, err)
	}
}

// TestEveryFlagOfServeIsInItsHelp, in a group, with its variable.
func TestEveryFlagOfServeIsInItsHelp(t *testing.T) {
	out, err := exec.Command(built(t), "serve", "-h").Output()
	if err != nil {
		t.Error(err)
	}
	text := string(out)
	_, loose, ok := strings.Cut(text, "--log-format")
	if !ok || strings.Contains(loose, "\n  --") {
		t.Errorf("a flag is in no group:\n%s", text)
	}
	for _, g := range groups {
		for _, name := range g.flags {
			if !strings.Contains(text, "--"+name) || !strings.Contains(text, variable(name)) {
				t.Errorf("--%s or its variable is missing", name)
			}
		}
	}
	if strings.Contains(text, "\n  -d") {
		t.Errorf("an older form of help:\n%s", text)
	}
}

// refusal is what the program says where it does not start.
func refusal(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 && code != 2 {
		t.Errorf("it did not end with 1, or 2 of what was mistyped: %v %s", err, out)
	}
	return string(out)
}

// TestWhatAnOperatorStumblesOverIsSaid before anything is written.
func TestWhatAnOperatorStumblesOverIsSaid(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	data := func() string { return filepath.Join(t.TempDir(), "data") }
	for want, args := range map[string][]string{
		"another program has this port":    {"--data", data(), "--listen", taken.Addr().String()},
		"--tls-cert: ":                     {"--data", data(), "--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"},
		"takes no \"8420\"":                {"--data", data(), "8420"},
		"debug, info, warn, error":         {"--data", data(), "--log-level", "loud"},
		"text, json":                       {"--data", data(), "--log-format", "xml"},
		"--database-password-file":         {"--data", data(), "--database-url", "postgres://127.0.0.1/x", "--database-password-file", "/nonexistent"},
		"--backup-keep, --upload-days and": {"--data", data(), "--backup-keep", "0"},
	} {
		got := refusal(t, exec.Command(built(t), append([]string{"serve"}, args...)...))
		if !strings.Contains(got, want) {
			t.Errorf("%v: %s", args, got)
		}
		if left, err := os.ReadDir(args[1]); err == nil && len(left) > 0 {
			t.Errorf("%v: %v was written", args, left)
		}
	}
}

// TestWithoutRights: as a user without any, a low port and somebody else's folder.
func TestWithoutRights(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("who may change users is root")
	}
	theirs := t.TempDir() // root's, 0700
	program := filepath.Join(os.TempDir(), "yunchou-anybody")
	raw, err := os.ReadFile(built(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, raw, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(program)
	own, err := os.MkdirTemp("", "yunchou-own-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(own)
	if err := os.Chown(own, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"below 1024":        {"--data", own, "--listen", "127.0.0.1:1"},
		"must be the owner": {"--data", theirs, "--listen", "127.0.0.1:0"},
	} {
		cmd := exec.CommandContext(context.Background(), program, append([]string{"serve"}, args...)...)
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if got := refusal(t, cmd); !strings.Contains(got, want) {
			t.Errorf("%v: %s", args, got)
		}
	}
}
