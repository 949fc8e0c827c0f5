package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shipped is a file of deploy/ with what an operator changes changed; each change must be one.
func shipped(t *testing.T, name string, changes ...string) string {
	t.Helper()
	text := string(must(os.ReadFile(filepath.Join(sources, "deploy", name))))
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("deploy/%s has no %q to change", name, changes[i])
		}
		text = strings.ReplaceAll(text, changes[i], changes[i+1])
	}
	return text
}

// before is what stands before the program in a test: its ports, and its certificate.
type before struct {
	dir            string
	tls, plain, to int // ports: https, http, the program's
	cert, key      string
	trust          *x509.CertPool
}

func proxyOf(t *testing.T) before {
	p := before{dir: must(os.MkdirTemp("", "yunchou-proxy-")), tls: freePort(t), plain: freePort(t), to: freePort(t)}
	t.Cleanup(func() { os.RemoveAll(p.dir) })
	p.cert, p.key, p.trust = certificate(t, p.dir)
	return p
}

// nginx starts it with the shipped file, below path.
func (p before) nginx(t *testing.T, path string) {
	t.Helper()
	needed(t, "nginx")
	site := shipped(t, "nginx.conf", "server 127.0.0.1:8420", fmt.Sprint("server 127.0.0.1:", p.to),
		"    listen [::]:80;\n", "", "    listen [::]:443 ssl http2;\n", "",
		"listen 80;", fmt.Sprintf("listen 127.0.0.1:%d;", p.plain), "listen 443 ssl", fmt.Sprintf("listen 127.0.0.1:%d ssl", p.tls),
		"/etc/ssl/yunchou/fullchain.pem", p.cert, "/etc/ssl/yunchou/key.pem", p.key, "crm.example.com", "localhost",
		"location / {", "location "+path+"/ {", "https://$host$request_uri", fmt.Sprintf("https://$host:%d$request_uri", p.tls))
	all := fmt.Sprintf("daemon off; worker_processes 1; pid %[1]s/nginx.pid; error_log stderr warn;\nevents { worker_connections 256; }\n"+
		"http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; "+
		"scgi_temp_path %[1]s/e;\n%[2]s}\n", p.dir, site)
	if os.Geteuid() == 0 {
		all = "user root;\n" + all
	}
	config := filepath.Join(p.dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(all), 0o600); err != nil {
		t.Fatal(err)
	}
	background(t, exec.Command("nginx", "-c", config, "-e", "stderr"), p.tls, p.plain)
}

// caddy starts it with the shipped file, below path; as shipped it leaves the path, and strips it
// where a test wants the other kind of proxy.
func (p before) caddy(t *testing.T, path string, strips bool) {
	t.Helper()
	needed(t, "caddy")
	handle := "handle " + path + "/* {"
	if strips {
		handle = "handle_path " + path + "/* {"
	}
	site := shipped(t, "Caddyfile", "127.0.0.1:8420", fmt.Sprint("127.0.0.1:", p.to), "\ncrm.example.com {",
		fmt.Sprintf("\nhttps://localhost:%d {\n\ttls %s %s", p.tls, p.cert, p.key), "handle /* {", handle)
	all := fmt.Sprintf("{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port %d\n\thttps_port %d\n\tstorage file_system %s\n\tdefault_bind 127.0.0.1\n}\n%s",
		p.plain, p.tls, p.dir, site)
	config := filepath.Join(p.dir, "Caddyfile")
	if err := os.WriteFile(config, []byte(all), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", config)
	cmd.Env = append(os.Environ(), "HOME="+p.dir, "XDG_DATA_HOME="+p.dir, "XDG_CONFIG_HOME="+p.dir)
	background(t, cmd, p.tls)
}

// TestBehindTheProxiesWeShip: what an operator finds behind nginx and Caddy with the files of
// deploy/, with a host of its own and below a path, left or taken away by the proxy.
func TestBehindTheProxiesWeShip(t *testing.T) {
	for name, x := range map[string]struct {
		path  string
		start func(before, *testing.T, string)
	}{
		"nginx":                {"", func(p before, t *testing.T, path string) { p.nginx(t, path) }},
		"nginx below a path":   {"/yunchou", func(p before, t *testing.T, path string) { p.nginx(t, path) }},
		"caddy":                {"", func(p before, t *testing.T, path string) { p.caddy(t, path, false) }},
		"caddy below a path":   {"/yunchou", func(p before, t *testing.T, path string) { p.caddy(t, path, false) }},
		"caddy takes the path": {"/yunchou", func(p before, t *testing.T, path string) { p.caddy(t, path, true) }},
	} {
		t.Run(name, func(t *testing.T) {
			p := proxyOf(t)
			x.start(p, t, x.path)
			public := fmt.Sprintf("https://localhost:%d%s", p.tls, x.path)
			v := start(t, built(t), []string{"--data", t.TempDir(), "--listen", fmt.Sprint("127.0.0.1:", p.to),
				"--public-url", public, "--trusted-proxies", "127.0.0.1"})
			defer func() { _ = v.cmd.Process.Kill() }()
			v.over(p.trust, public, fmt.Sprint("127.0.0.1:", p.tls))
			p.found(t, v)
		})
	}
}

// found is what must hold behind any proxy.
func (p before) found(t *testing.T, v *victim) {
	t.Helper()
	v.signIn(t, "/api/setup", setUp)
	v.secure(t)
	v.pageIsWhole(t)
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		if res := must(v.client.Get(v.base + path)); res.StatusCode != 404 {
			t.Errorf("%s is everybody's: %d", path, res.StatusCode)
		}
	}
	v.oneAddress(t, fmt.Sprint("127.0.0.1:", p.tls))
	// A file passes as it comes, up and down; what is too large the program refuses in its own words.
	o := v.deal(t, "二期改造")
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("客户资料 "), 12<<20/13)...)
	var f struct{ ID string }
	if status, err := v.carry("/api/opportunities/"+o.ID+"/files?name=f.pdf", bytes.NewReader(content), &f); status != 201 {
		t.Fatalf("an upload: %d %v", status, err)
	}
	res := must(v.client.Get(v.base + "/api/opportunities/" + o.ID + "/files/" + f.ID))
	if raw, err := io.ReadAll(res.Body); err != nil || !bytes.Equal(raw, content) {
		t.Errorf("a download: %d, %d bytes, %v", res.StatusCode, len(raw), err)
	}
	res.Body.Close()
	status, err := v.carry("/api/opportunities/"+o.ID+"/files?name=g.pdf", bytes.NewReader(append([]byte("%PDF-1.7\n"), make([]byte, 21<<20)...)), nil)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("a file that is too large: %d %v", status, err)
	}
}

var below = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// pageIsWhole opens the page at some depth, and every file it names.
func (v *victim) pageIsWhole(t *testing.T) {
	t.Helper()
	res := must(v.client.Get(v.base + "/opportunities/01J?tab=x"))
	defer res.Body.Close()
	page := string(must(io.ReadAll(res.Body)))
	if !strings.Contains(page, `<div id="root">`) {
		if os.Getenv("CI") != "" {
			t.Fatal("the interface is not built, and here it must be")
		}
		t.Skip("the interface is not built; run `make web`")
	}
	origin := v.base[:strings.Index(v.base[8:]+"/", "/")+8]
	for _, m := range below.FindAllStringSubmatch(page, -1) {
		res := must(v.client.Get(origin + m[1]))
		res.Body.Close()
		if res.StatusCode != 200 || !strings.HasPrefix(origin+m[1], v.base) || strings.Contains(res.Header.Get("Content-Type"), "html") {
			t.Errorf("%s: %d %s", m[1], res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

// oneAddress checks that limits hold by the address a connection to the proxy comes from, whatever
// its sender says: who guesses and calls himself another each time is stopped, others are not.
func (v *victim) oneAddress(t *testing.T, to string) {
	t.Helper()
	trust := v.client.Transport.(*http.Transport).TLSClientConfig
	from := func(address string) *victim {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		return &victim{base: v.base, client: &http.Client{Jar: must(cookiejar.New(nil)), Transport: &http.Transport{TLSClientConfig: trust,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, to)
			}}}}
	}
	guesser, tries := from("127.0.0.2"), 0
	for ; tries < 60; tries++ {
		if guesser.guess(t, tries) == http.StatusTooManyRequests {
			break
		}
	}
	if tries < 10 || tries == 60 {
		t.Errorf("who guesses was stopped after %d tries", tries)
	}
	from("127.0.0.3").signIn(t, "/api/session", signIn)
}

// guess tries a name under an address of its own making, and answers with the status.
func (v *victim) guess(t *testing.T, n int) int {
	t.Helper()
	var start struct {
		CSRF string `json:"csrfToken"`
	}
	for _, x := range []struct{ method, path, body string }{
		{"GET", "/api/session/start", ""},
		{"POST", "/api/session", fmt.Sprintf(`{"login":"nobody%d","password":"guessed guessed guessed"}`, n)},
	} {
		r := must(http.NewRequest(x.method, v.base+x.path, strings.NewReader(x.body)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-CSRF-Token", start.CSRF)
		r.Header.Set("X-Forwarded-For", fmt.Sprint("203.0.113.", n))
		r.Header.Set("Forwarded", fmt.Sprintf("for=203.0.113.%d;proto=http", n))
		r.Header.Set("X-Forwarded-Proto", "http")
		r.Header.Set("X-Forwarded-Host", "evil.example")
		res := must(v.client.Do(r))
		if x.method == "GET" {
			if err := json.NewDecoder(res.Body).Decode(&start); err != nil {
				t.Fatal(err)
			}
			if cookie := res.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-") { // TLS is not denied by a header
				t.Errorf("the cookie is %s", cookie)
			}
		}
		res.Body.Close()
		if x.method == "POST" {
			return res.StatusCode
		}
	}
	return 0
}

// TestTheUnitIsHardened by systemd's own reading of it.
func TestTheUnitIsHardened(t *testing.T) {
	needed(t, "systemd-analyze")
	unit := filepath.Join(t.TempDir(), "yunchou.service")
	text := shipped(t, "yunchou.service", "/usr/local/bin/yunchou serve", built(t)+" serve")
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("verify: %v %s", err, out)
	}
	out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", unit).CombinedOutput()
	m := regexp.MustCompile(`exposure level for \S+: ([0-9.]+)`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("security: %v %s", err, out)
	}
	if level := must(strconv.ParseFloat(string(m[1]), 64)); level > 2 {
		t.Errorf("the unit is exposed %.1f of 10:\n%s", level, out)
	}
}

// TestSystemdIsTold when the program serves, that it runs, and that it stops.
func TestSystemdIsTold(t *testing.T) {
	socket := filepath.Join(must(os.MkdirTemp("", "n")), "s") // a socket's path is short
	defer os.RemoveAll(filepath.Dir(socket))
	states := listenTo(t, socket)
	cmd := exec.Command(built(t), "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=200000")
	v := begin(t, cmd)
	for _, want := range []string{"READY=1", "WATCHDOG=1"} {
		expect(t, states, want)
	}
	if err := v.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	expect(t, states, "STOPPING=1")
	if err := v.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func expect(t *testing.T, states <-chan string, want string) {
	t.Helper()
	guard := time.After(60 * time.Second)
	for {
		select {
		case got := <-states:
			if got == want {
				return
			}
		case <-guard:
			t.Fatalf("systemd was not told %s", want)
		}
	}
}

// TestComposeHasTheFlagsTheProgramKnows: its variables are flags of serve, and those of the
// service's file too.
func TestTheFilesSayWhatTheProgramKnows(t *testing.T) {
	known := map[string]bool{}
	for _, g := range groups {
		for _, f := range g.flags {
			known[variable(f)] = true
		}
	}
	for _, name := range []string{"compose.yaml", "yunchou.env", "yunchou.service", "Containerfile"} {
		in := bufio.NewScanner(strings.NewReader(shipped(t, name)))
		n := 0
		for in.Scan() {
			for _, v := range regexp.MustCompile(`YUNCHOU_[A-Z_]+`).FindAllString(in.Text(), -1) {
				if n++; !known[v] {
					t.Errorf("deploy/%s says %s, which is no flag", name, v)
				}
			}
		}
		if n == 0 {
			t.Errorf("deploy/%s sets nothing", name)
		}
	}
}

// TestTheCommandsOfTheGuideInstall: those of docs/deploy.md, as they are written there, on a machine
// that has what every Linux has, and no folder more.
func TestTheCommandsOfTheGuideInstall(t *testing.T) {
	guide := string(must(os.ReadFile(filepath.Join(sources, "docs/deploy.md"))))
	_, block, _ := strings.Cut(guide, "\n```\ninstall ")
	block, _, ok := strings.Cut(block, "\n```")
	if !ok {
		t.Fatal("the guide has no such commands")
	}
	root := t.TempDir()
	for _, dir := range []string{"etc/systemd/system", "usr/local/bin"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	here := strings.NewReplacer(" /", " "+root+"/", " -g yunchou", fmt.Sprint(" -g ", os.Getgid()), " bin/yunchou", " "+built(t))
	for _, line := range strings.Split("install "+block, "\n") {
		line, users, _ := strings.Cut(line, " && ")
		if users != "" && users != "systemd-sysusers" {
			t.Errorf("%s is not tested", users)
		}
		line = here.Replace(line)
		cmd := exec.Command("sh", "-ec", line)
		cmd.Dir = sources
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", line, err, out)
		}
	}
	for name, mode := range map[string]os.FileMode{"usr/local/bin/yunchou": 0o755, "etc/sysusers.d/yunchou.conf": 0o644, "etc/yunchou/yunchou.env": 0o640,
		"etc/yunchou": 0o750, "etc/systemd/system/yunchou.service": 0o644} {
		if about, err := os.Stat(filepath.Join(root, name)); err != nil || about.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", name, about, err)
		}
	}
}

// listenTo receives what systemd would be told.
func listenTo(t *testing.T, socket string) <-chan string {
	t.Helper()
	conn := must(net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"}))
	t.Cleanup(func() { conn.Close() })
	states := make(chan string, 100)
	go func() {
		buf := make([]byte, 200)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				return
			}
			select {
			case states <- string(buf[:n]):
			default:
			}
		}
	}()
	return states
}

// TestPrometheusTakesTheRules by its own reading of them: each alert is raised of a server that is ill
// in its way, and none of one that is well. One expression it cannot read, and it loads none of the file.
func TestPrometheusTakesTheRules(t *testing.T) {
	needed(t, "promtool")
	rules := must(filepath.Abs(filepath.Join(sources, "deploy/prometheus-rules.yaml")))
	if out, err := exec.Command("promtool", "check", "rules", "--lint=all", "--lint-fatal", rules).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cases := string(must(os.ReadFile("testdata/alerts.yaml")))
	file := filepath.Join(t.TempDir(), "alerts.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(cases, "RULES]", rules+"]", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("promtool", "test", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
