package main

import (
	"debug/elf"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// sources is the top of the sources.
const sources = "../.."

// TestTheImageHoldsWhatTheProgramNeeds runs the program in a root that holds what the Containerfile
// copies and nothing else, as the user it names: no libraries, no certificates, no time zones,
// no shell.
func TestTheImageHoldsWhatTheProgramNeeds(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("who may change roots is root")
	}
	program := must(elf.Open(built(t)))
	defer program.Close()
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program wants a dynamic loader")
		}
	}
	root := must(os.MkdirTemp("", "yunchou-root-")) // t.TempDir's parents are root's alone
	defer os.RemoveAll(root)
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	file := string(must(os.ReadFile(filepath.Join(sources, "deploy/Containerfile"))))
	if !strings.Contains(file, "\nFROM scratch\n") || !strings.Contains(file, "\nUSER 65532:65532\n") {
		t.Error("the image is another one")
	}
	copied := regexp.MustCompile(`(?m)^COPY (--chown=65532:65532 )?(\S+) (\S+)$`).FindAllStringSubmatch(file, -1)
	for _, c := range copied {
		from := filepath.Join(sources, c[2])
		if c[2] == "bin/yunchou" {
			from = built(t)
		}
		if strings.HasSuffix(c[2], "/") {
			from += "/."
		}
		execute(t, "cp", "-r", from, filepath.Join(root, c[3]))
		if c[1] != "" {
			execute(t, "chown", "-R", "65532:65532", filepath.Join(root, "data"), filepath.Join(root, "tmp"))
		}
	}
	if len(copied) != 2 {
		t.Fatalf("%d things are copied", len(copied))
	}
	inside := func(args ...string) *exec.Cmd {
		cmd := exec.Command("/yunchou", args...)
		cmd.Dir = "/data"
		cmd.Env = []string{"YUNCHOU_DATA=/data"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		return cmd
	}
	v := begin(t, inside("serve", "--listen", "127.0.0.1:0"))
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", strings.Replace(setUp, `{`, `{"timeZone":"Asia/Shanghai",`, 1))
	v.deal(t, "二期改造")
	res := must(v.client.Get(v.base + "/api/exports/opportunities?format=xlsx&locale=zh-CN"))
	defer res.Body.Close()
	if raw, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK || !strings.HasPrefix(string(raw), "PK") {
		t.Errorf("a workbook: %d %v", res.StatusCode, err)
	}
	if out, err := inside("health", "--listen", strings.TrimPrefix(v.base, "http://")).CombinedOutput(); err != nil || !strings.Contains(string(out), "ready") {
		t.Errorf("health: %v %s", err, out)
	}
	if code := v.ended(t, syscall.SIGTERM); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if out, err := inside("check").CombinedOutput(); err != nil {
		t.Errorf("check: %v %s", err, out)
	}
	if out, err := inside("health", "--listen", strings.TrimPrefix(v.base, "http://")).CombinedOutput(); err == nil {
		t.Errorf("a server that is gone is healthy: %s", out)
	}
}

func execute(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v %s", name, args, err, out)
	}
}
