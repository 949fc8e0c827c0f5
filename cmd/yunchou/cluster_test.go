package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// cluster is a PostgreSQL server of a test's own, which it may stop, start and promote.
type cluster struct {
	t        *testing.T
	dir, bin string
	port     int
}

// programs is where PostgreSQL's server programs lie.
func programs(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		t.Skip("PostgreSQL's server programs are not installed: apt-get install -y postgresql")
	}
	return filepath.Dir(path)
}

// run runs one of PostgreSQL's programs, as nobody where we are root: it refuses to run
// as root.
func (c *cluster) run(name string, args ...string) (string, error) {
	line := append([]string{filepath.Join(c.bin, name)}, args...)
	if os.Geteuid() == 0 {
		line = append([]string{"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=" + c.dir}, line...)
	}
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = c.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c *cluster) must(name string, args ...string) {
	c.t.Helper()
	if out, err := c.run(name, args...); err != nil {
		c.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func newDir(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t, bin: programs(t)}
	var err error
	if c.dir, err = os.MkdirTemp("", "yunchou-pg-"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(c.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	t.Cleanup(func() {
		c.stop()
		os.RemoveAll(c.dir)
	})
	return c
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// start starts the server; more are its settings.
func (c *cluster) start(more ...string) {
	c.t.Helper()
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_wal_senders=4 -c wal_level=replica", c.port)
	for _, m := range more {
		options += " -c " + m
	}
	// Its output goes to a file: a server that kept our pipe would keep us waiting.
	c.must("pg_ctl", "-D", c.data(), "-w", "-l", filepath.Join(c.dir, "log"), "-o", options, "start")
}

// stop ends the server at once, as a power cut would; it need not be running.
func (c *cluster) stop() {
	if out, err := c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "stop"); err != nil && !strings.Contains(out, "PID file") && !strings.Contains(out, "no server running") {
		c.t.Logf("pg_ctl stop: %v\n%s", err, out)
	}
}

// newPrimary makes and starts a server.
func newPrimary(t *testing.T, settings ...string) *cluster {
	t.Helper()
	c := newDir(t)
	c.must("initdb", "-D", c.data(), "-U", "yunchou", "-A", "trust", "-E", "UTF8")
	c.start(settings...)
	return c
}

// standby makes and starts a server that follows another.
func (c *cluster) standby() *cluster {
	c.t.Helper()
	s := newDir(c.t)
	s.must("pg_basebackup", "-D", s.data(), "-h", "127.0.0.1", "-p", fmt.Sprint(c.port), "-U", "yunchou", "-R", "-X", "stream", "-c", "fast")
	s.start("hot_standby=on")
	return s
}
