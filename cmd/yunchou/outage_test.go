package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/database"
)

// programDir is where the program is built; "" until it is.
var programDir string

// TestMain leaves nothing behind: a program has 60 MB.
func TestMain(m *testing.M) {
	code := m.Run()
	if programDir != "" {
		os.RemoveAll(programDir)
	}
	os.Exit(code)
}

// program builds the program once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "yunchou-bin-")
	if err != nil {
		return "", err
	}
	programDir = dir
	bin := filepath.Join(dir, "yunchou")
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return bin, nil
})

func built(t *testing.T) string {
	t.Helper()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

const (
	setUp  = `{"company":"测试","locale":"zh-CN","name":"管理员","login":"admin","password":"quite quite long enough 1"}`
	signIn = `{"login":"admin","password":"quite quite long enough 1"}`
)

// answer is a status with the code of its problem document.
type answer struct {
	status int
	code   string
}

func (v *victim) ask(method, path, body string, into any) (answer, error) {
	r, err := http.NewRequest(method, v.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", v.csrf)
	res, err := v.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	a := answer{status: res.StatusCode}
	if err == nil && res.StatusCode >= 400 {
		var p struct {
			Code string `json:"code"`
		}
		err = json.Unmarshal(raw, &p)
		a.code = p.Code
	} else if err == nil && into != nil {
		err = json.Unmarshal(raw, into)
	}
	return a, err
}

// dealt is what a create or a move answers with.
type dealt struct {
	ID       string `json:"id"`
	StageID  string `json:"stageId"`
	Pipeline struct {
		PipelineID string `json:"pipelineId"`
		Stages     []struct {
			ID string `json:"id"`
		} `json:"stages"`
	} `json:"pipeline"`
}

// movers walk records to and fro until told to stop, and count what was acknowledged.
type movers struct {
	v            *victim
	opps         []string
	stages       [2]string
	pipeline     string
	mu           sync.Mutex
	acknowledged map[string]int
	attempted    map[string]int
	answered     atomic.Int64 // moves acknowledged, all told
	strange      []string     // answers that are neither success nor "unavailable"
	done         chan struct{}
	wait         sync.WaitGroup
}

// deal creates a record and reads it, its pipeline included.
func (v *victim) deal(t *testing.T, name string) (o dealt) {
	t.Helper()
	if a, err := v.ask("POST", "/api/opportunities", `{"name":"`+name+`","amountMinor":100}`, &o); err != nil || a.status != 201 {
		t.Fatalf("create: %v %v", a, err)
	}
	if a, err := v.ask("GET", "/api/opportunities/"+o.ID, "", &o); err != nil || a.status != 200 {
		t.Fatalf("read: %v %v", a, err)
	}
	return o
}

func newMovers(t *testing.T, v *victim, n int) *movers {
	t.Helper()
	m := &movers{v: v, acknowledged: map[string]int{}, attempted: map[string]int{}, done: make(chan struct{})}
	for i := range n {
		o := v.deal(t, fmt.Sprintf("商机%d", i))
		m.opps, m.stages, m.pipeline = append(m.opps, o.ID), [2]string{o.Pipeline.Stages[0].ID, o.Pipeline.Stages[1].ID}, o.Pipeline.PipelineID
	}
	return m
}

func (m *movers) start() {
	for _, id := range m.opps {
		m.wait.Go(func() {
			for {
				select {
				case <-m.done:
					return
				default:
				}
				if !m.step(id) {
					time.Sleep(20 * time.Millisecond)
				}
			}
		})
	}
}

// step moves a record once; false where the server could not.
func (m *movers) step(id string) bool {
	var now dealt
	if a, err := m.v.ask("GET", "/api/opportunities/"+id, "", &now); err != nil || a.status != 200 {
		m.note("read", a, err)
		return false
	}
	to := m.stages[0]
	if now.StageID == m.stages[0] {
		to = m.stages[1]
	}
	m.mu.Lock()
	m.attempted[id]++
	m.mu.Unlock()
	a, err := m.v.ask("POST", "/api/opportunities/"+id+"/move", `{"to":"`+to+`","reason":"r","exception":"e"}`, nil)
	if err != nil || a.status != 200 {
		m.note("move", a, err)
		return false
	}
	m.mu.Lock()
	m.acknowledged[id]++
	m.mu.Unlock()
	m.answered.Add(1)
	return true
}

// note keeps what a client should never be told while a database is away.
func (m *movers) note(what string, a answer, err error) {
	if err == nil && (a.status == 503 && a.code == "unavailable" || a.status == 507 && a.code == "storage.full") {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.strange = append(m.strange, fmt.Sprint(what, a, err))
}

// more waits until so many more moves are acknowledged.
func (m *movers) more(t *testing.T, n int64, within time.Duration) {
	t.Helper()
	want, end := m.answered.Load()+n, time.Now().Add(within)
	for m.answered.Load() < want {
		if time.Now().After(end) {
			t.Fatalf("%d of %d moves in %s; strange answers: %v", m.answered.Load()-want+n, n, within, m.strange[:min(3, len(m.strange))])
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (m *movers) stop(t *testing.T) {
	t.Helper()
	close(m.done)
	m.wait.Wait()
	for i, s := range m.strange {
		if t.Errorf("answered %s", s); i > 5 {
			break
		}
	}
}

// TestAPostgreSQLThatGoesAwayComesBack stops the database under load and starts it
// again: meanwhile every request is told so, afterwards work goes on without a restart,
// and nothing acknowledged is lost.
func TestAPostgreSQLThatGoesAwayComesBack(t *testing.T) {
	t.Parallel()
	pg := newPrimary(t)
	url := fmt.Sprintf("postgres://yunchou@127.0.0.1:%d/postgres?sslmode=disable", pg.port)
	v := start(t, built(t), []string{"--data", t.TempDir(), "--database-url", url})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", setUp)
	m := newMovers(t, v, 6)
	m.start()
	for range 3 {
		m.more(t, 20, 30*time.Second)
		pg.stop()
		time.Sleep(300 * time.Millisecond)
		if a, err := v.ask("GET", "/api/opportunities", "", nil); err != nil || a != (answer{503, "unavailable"}) {
			t.Errorf("while the database is away a list answers %v, %v", a, err)
		}
		pg.start()
	}
	m.more(t, 20, 30*time.Second)
	m.stop(t)
	check(t, func() (*database.DB, error) { return database.OpenPostgreSQL(context.Background(), url) }, m.opps, m.acknowledged, m.attempted)
	t.Logf("%d moves acknowledged over three outages, none lost", m.answered.Load())
}

// TestAStandbyTakesOver kills the primary under load and promotes its standby, which
// replicates synchronously: the server finds it by itself, and every acknowledged move
// is there.
func TestAStandbyTakesOver(t *testing.T) {
	t.Parallel()
	primary := newPrimary(t)
	standby := primary.standby()
	// From here on a commit waits for the standby.
	primary.stop()
	primary.start("synchronous_standby_names='*'", "synchronous_commit=on")
	url := fmt.Sprintf("postgres://yunchou@127.0.0.1:%d,127.0.0.1:%d/postgres?sslmode=disable&target_session_attrs=read-write&connect_timeout=2", primary.port, standby.port)
	v := start(t, built(t), []string{"--data", t.TempDir(), "--database-url", url})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", setUp)
	m := newMovers(t, v, 6)
	m.start()
	m.more(t, 60, 30*time.Second)
	primary.stop()
	standby.must("pg_ctl", "-D", standby.data(), "-w", "promote")
	began := time.Now()
	m.more(t, 60, 60*time.Second)
	took := time.Since(began)
	m.stop(t)
	one := fmt.Sprintf("postgres://yunchou@127.0.0.1:%d/postgres?sslmode=disable", standby.port)
	check(t, func() (*database.DB, error) { return database.OpenPostgreSQL(context.Background(), one) }, m.opps, m.acknowledged, m.attempted)
	// The columns of the reports are those of the new primary.
	var report struct {
		Population struct{ Created int } `json:"population"`
	}
	if a, err := v.ask("GET", "/api/reports/funnel?pipeline="+m.pipeline, "", &report); err != nil || a.status != 200 || report.Population.Created != len(m.opps) {
		t.Errorf("the report after the take-over: %v %v %+v", a, err, report)
	}
	t.Logf("%d moves acknowledged, none lost; 60 moves more within %s of the promotion", m.answered.Load(), took.Round(time.Millisecond))
}

// TestAFullDiskTellsAndLosesNothing fills the disk under the server: what cannot be
// written is said to be, what can be read is read, and with room again work goes on.
func TestAFullDiskTellsAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here (%s); run as root", strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, bytes.Repeat([]byte{1}, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	v := start(t, built(t), []string{"--data", data})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", setUp)
	m := newMovers(t, v, 4)
	create := func(words string) (string, answer) {
		var o dealt
		a, err := v.ask("POST", "/api/opportunities", `{"name":"`+words+`","amountMinor":100}`, &o)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID, a
	}
	var kept []string
	full := false
	words := strings.Repeat("满", 50)
	for n := 0; n < 20_000 && !full; n++ {
		id, a := create(fmt.Sprint(n, words))
		switch {
		case a.status == 201:
			kept = append(kept, id)
		case a == (answer{507, "storage.full"}):
			full = true
		default:
			t.Fatalf("as the disk fills up a creation answers %v", a)
		}
	}
	if !full {
		t.Fatalf("%d records fitted: the disk never was full", len(kept))
	}
	if a, err := v.ask("GET", "/api/opportunities/"+kept[0], "", nil); err != nil || a.status != 200 {
		t.Errorf("with the disk full a record reads %v, %v", a, err)
	}
	if a, err := v.ask("GET", "/api/reports/funnel?pipeline="+m.pipeline, "", nil); err != nil || a.status != 200 {
		t.Errorf("with the disk full a report answers %v, %v", a, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	m.start()
	m.more(t, 20, 20*time.Second)
	m.stop(t)
	id, a := create("有空间了")
	if a.status != 201 {
		t.Errorf("with room again a creation answers %v", a)
	}
	if err := v.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = v.cmd.Wait()
	open := func() (*database.DB, error) { return database.OpenSQLite(data) }
	check(t, open, m.opps, m.acknowledged, m.attempted)
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Read(t.Context(), func(tx database.Tx) error {
		var sound string
		if err := tx.QueryRow(t.Context(), "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
			t.Errorf("the database is %q, %v", sound, err)
		}
		for _, id := range append(kept, id) {
			var n int
			if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM opportunity WHERE id = $1", id).Scan(&n); err != nil || n != 1 {
				t.Errorf("%s was acknowledged and is there %d times, %v", id, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d records acknowledged before the disk was full, all there", len(kept))
}

// TestCutAndSlowConnectionsLeaveNothingBehind cuts uploads in half, trickles headers, and
// goes away in the middle of requests: nothing half is kept, and others are served.
func TestCutAndSlowConnectionsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	v := start(t, built(t), []string{"--data", data})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", setUp)
	var cookie string
	for _, c := range v.client.Jar.Cookies(must(http.NewRequest("GET", v.base+"/api/", nil)).URL) {
		cookie += c.Name + "=" + c.Value + "; "
	}
	address := strings.TrimPrefix(v.base, "http://")
	dial := func(text string) net.Conn {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		return c
	}
	head := func(method, path string, length int) string {
		return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-CSRF-Token: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", method, path, cookie, v.csrf, length)
	}
	// Thirty connections that never finish their heading must not keep others out.
	for range 30 {
		defer dial("GET /api/opportunities HTTP/1.1\r\nHost: ").Close()
	}
	for i := range 10 {
		c := dial(head("POST", "/api/imports/files?name=a.csv", 1<<20) + strings.Repeat("a,b\n", 1000*(i+1)))
		time.Sleep(10 * time.Millisecond)
		c.Close()
	}
	m := newMovers(t, v, 2)
	for range 50 { // asks and goes away
		c := dial(strings.Replace(head("POST", "/api/opportunities/"+m.opps[0]+"/move", 20), "octet-stream", "json", 1) + `{"to":"x","reason":`)
		c.Close()
	}
	m.start()
	m.more(t, 20, 20*time.Second)
	m.stop(t)
	end := time.Now().Add(10 * time.Second)
	for {
		left, err := filepath.Glob(filepath.Join(data, "uploads", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("halves of uploads were kept: %v", left)
		}
		time.Sleep(50 * time.Millisecond)
	}
	check(t, func() (*database.DB, error) { return database.OpenSQLite(data) }, m.opps, m.acknowledged, m.attempted)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
