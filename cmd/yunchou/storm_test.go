package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/grid/gridtest"
)

// storm is how much of everything: enough to see a leak here, all of it in make soak.
type storm struct {
	requests, slow, uploads, workbooks, looks, sessions int
	attachment, table, imported                         int64 // bytes
}

func stormOf() storm {
	if soaking() {
		return storm{requests: 200_000, slow: 200, uploads: 50, workbooks: 500, looks: 10, sessions: 2000,
			attachment: 20 << 20, table: 200 << 20, imported: 200 << 20}
	}
	return storm{requests: 3000, slow: 20, uploads: 16, workbooks: 20, looks: 2, sessions: 40,
		attachment: 4 << 20, table: 8 << 20, imported: 1 << 20}
}

// mostResident is what the program may take, in KiB.
const mostResident = 300 << 10

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// TestAStormTakesNoMemory sends what strangers and careless members can: invented requests of
// every kind, slow clients, guesses at passwords, attachments at once, workbooks no program would
// write, looks at large tables two at a time, and a large import. The program stays below its
// memory, fails nobody but by design, and four others sign in, write and read all the while, and
// are answered right.
func TestAStormTakesNoMemory(t *testing.T) {
	eachDatabase(t, storming)
}

// stormy is a server in a storm.
type stormy struct {
	*victim
	t    *testing.T
	mu   sync.Mutex
	seen map[int]int // answers by status; 0 is none
}

func storming(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
	size := stormOf()
	// Strangers come from addresses of their own: the proxy they are said by is us.
	v := start(t, bin, append(args, "--trusted-proxies", "127.0.0.1"))
	defer func() { _ = v.cmd.Process.Kill(); _ = v.cmd.Wait() }()
	v.client.Timeout = 10 * time.Minute // a hang guard: fifty large files follow one another to the disk
	v.signIn(t, "/api/setup", setUp)
	s := &stormy{victim: v, t: t, seen: map[int]int{}}
	var account struct{ ID string }
	if status := s.send("POST", "/api/accounts", "application/json", strings.NewReader(`{"name":"华新"}`), &account); status != 201 {
		t.Fatalf("an account: %d", status)
	}
	over := make(chan struct{})
	others := s.others(size.sessions, over)
	slow := s.slowClients(size.slow, over)

	inStrands(8, size.requests, s.hostile)
	s.report(fmt.Sprint(size.requests, " hostile requests"))
	inStrands(size.uploads, size.uploads, func(n int) {
		content := io.MultiReader(strings.NewReader("%PDF-1.7"), &countedReader{left: size.attachment - 8, b: byte(n)})
		status := s.send("POST", "/api/files?kind=account&name=a.pdf&id="+account.ID, "application/octet-stream", content, nil)
		if status != 201 && status != 503 && status != 429 { // 429: more than one member's share
			t.Errorf("attachment %d: %d", n, status)
		}
	})
	s.report(fmt.Sprint(size.uploads, " attachments at once"))
	rng := rand.New(rand.NewPCG(9, 1))
	var books [][]byte
	for range size.workbooks {
		books = append(books, gridtest.Mutated(t, rng))
	}
	inStrands(3, size.workbooks, func(n int) {
		status := s.send("POST", "/api/imports/files?name=a.xlsx", "application/octet-stream", bytes.NewReader(books[n]), nil)
		if status != 201 && status != 422 {
			t.Errorf("workbook %d: %d", n, status)
		}
	})
	s.report(fmt.Sprint(size.workbooks, " mutated workbooks"))
	s.look(size.table, 400, size.looks, true)
	s.report(fmt.Sprint(size.looks, " looks at ", size.table>>20, " MB"))
	s.look(size.imported, 4000, 1, false)
	s.report(fmt.Sprint("an import of ", size.imported>>20, " MB"))

	close(over)
	others.Wait()
	dialled := slow()
	s.report("all of it")
	sessions := count(t, open, `SELECT count(*) FROM session`)
	t.Logf("answers by status: %v; %d sessions, %d slow connections", s.seen, sessions, dialled)
	if sessions < size.sessions {
		t.Errorf("only %d sessions", sessions)
	}
	if s.seen[0] > 0 {
		t.Errorf("%d requests had no answer", s.seen[0])
	}
	if len(s.seen) < 6 || dialled == 0 {
		t.Error("it was no storm")
	}
}

// send sends a request of the administrator's. Nobody is left without an answer, and none is a
// failure but by design.
func (s *stormy) send(method, path, kind string, body io.Reader, into any) int {
	r, err := http.NewRequest(method, s.base+path, body)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-CSRF-Token", s.csrf)
	return s.do(s.client, r, into)
}

func (s *stormy) do(client *http.Client, r *http.Request, into any) int {
	status := 0
	res, err := client.Do(r)
	if err == nil {
		var raw []byte
		raw, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		status = res.StatusCode
		if err == nil && into != nil && status < 300 {
			err = json.Unmarshal(raw, into)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[status]++
	switch {
	case err != nil:
		s.t.Errorf("%s %.100s: %d %v", r.Method, r.URL.Path, status, err)
	case status >= 500 && status != 503 && status != 507:
		s.t.Errorf("%s %.100s: %d", r.Method, r.URL.Path, status)
	}
	return status
}

// report tells how much the program has held until now.
func (s *stormy) report(what string) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Logf("after %s: this system does not say what is resident", what)
		return
	}
	n, _ := strconv.ParseInt(string(highWater.FindSubmatch(raw)[1]), 10, 64)
	if s.t.Logf("after %s: at most %d MB resident", what, n>>10); n > mostResident {
		s.t.Errorf("after %s: %d MB", what, n>>10)
	}
}

// look uploads a table of customers with ids of their own, whose rows are so long, and looks at
// it, or imports it, so many times.
func (s *stormy) look(size int64, row, times int, dry bool) {
	s.t.Helper()
	table := &tableReader{left: size, filler: strings.Repeat("备注", row/6)}
	var up struct{ ID string }
	if status := s.send("POST", "/api/imports/files?name=a.csv", "application/octet-stream", table, &up); status != 201 {
		s.t.Fatalf("an upload: %d", status)
	}
	const yaml = "version: 1\nsource: crm\nfiles: [{match: a.csv, kind: account, columns: {externalId: 编号, name: 客户名称, industry: 行业}}]\n"
	began := time.Now()
	var batches []string
	for range times {
		var b struct{ ID string }
		body := fmt.Sprintf(`{"files":{"a.csv":%q},"yaml":%q,"dryRun":%v}`, up.ID, yaml, dry)
		if status := s.send("POST", "/api/imports", "application/json", strings.NewReader(body), &b); status != 202 {
			s.t.Fatalf("a look: %d", status)
		}
		batches = append(batches, b.ID)
	}
	created := s.awaitAll(s.t, batches)
	if want := table.rows * times; created != want {
		s.t.Errorf("%d of %d rows were taken in", created, want)
	}
	s.t.Logf("%d times %d rows, %v", times, table.rows, time.Since(began).Round(time.Second))
}

// tableReader is a CSV of about so many bytes, made as it is read.
type tableReader struct {
	left   int64
	rows   int
	filler string
	now    []byte
}

func (r *tableReader) Read(p []byte) (int, error) {
	if len(r.now) == 0 {
		switch {
		case r.left <= 0:
			return 0, io.EOF
		case r.rows == 0 && r.now == nil:
			r.now = []byte("编号,客户名称,行业,备注\n")
		default:
			r.now = fmt.Appendf(r.now[:0], "C%d,华新机电有限公司%d,机电,%s\n", r.rows, r.rows, r.filler)
			r.rows++
		}
		r.left -= int64(len(r.now))
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}

// countedReader is so many bytes, made as they are read, of a length nobody is told.
type countedReader struct {
	left int64
	b    byte
}

func (r *countedReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), r.left)
	for i := range p[:n] {
		p[i] = r.b
	}
	r.left -= n
	return int(n), nil
}

// inStrands does something so many times, some of them at once.
func inStrands(strands, times int, do func(n int)) {
	var wait sync.WaitGroup
	for s := range strands {
		wait.Go(func() {
			for n := s; n < times; n += strands {
				do(n)
			}
		})
	}
	wait.Wait()
}

// awaitAll waits until imports have ended, an hour at most, and tells how many customers they
// made, or would have.
func (v *victim) awaitAll(t *testing.T, batches []string) (created int) {
	t.Helper()
	for end := time.Now().Add(time.Hour); len(batches) > 0; {
		var b struct {
			Status, Error string
			Summary       struct{ Created map[string]int }
		}
		if status, err := v.call("GET", "/api/imports/"+batches[0], "", &b); err != nil || status != 200 {
			t.Fatalf("%d %v", status, err)
		}
		switch {
		case b.Status == "done":
			batches, created = batches[1:], created+b.Summary.Created["account"]
		case b.Status != "running" || time.Now().After(end):
			t.Fatalf("a look ended as %s %s", b.Status, b.Error)
		default:
			time.Sleep(200 * time.Millisecond)
		}
	}
	return created
}
