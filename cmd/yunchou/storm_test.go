package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// storm is how much of everything: enough to see a leak here, all of it in make soak.
type storm struct {
	requests, uploads, looks int
	attachment, table        int64 // bytes
}

func stormOf() storm {
	if soaking() {
		return storm{requests: 200_000, uploads: 50, looks: 10, attachment: 20 << 20, table: 200 << 20}
	}
	return storm{requests: 3000, uploads: 16, looks: 2, attachment: 4 << 20, table: 8 << 20}
}

// mostResident is what the program may take on SQLite, in KiB.
const mostResident = 300 << 10

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// TestAStormTakesNoMemory sends what a stranger and a careless member can: invented methods
// and paths, files at once, looks at large tables. The program stays below its memory, fails
// nobody but by design, and a sign-in works in the middle of it.
func TestAStormTakesNoMemory(t *testing.T) {
	size := stormOf()
	v := start(t, built(t), []string{"--data", t.TempDir()})
	defer func() { _ = v.cmd.Process.Kill() }()
	v.signIn(t, "/api/setup", setUp)
	var mu sync.Mutex
	seen := map[int]int{}
	send := func(method, path, kind string, body io.Reader, into any) int {
		status, err := v.send(method, path, kind, body, into)
		mu.Lock()
		defer mu.Unlock()
		if seen[status]++; status == 0 {
			t.Logf("%s %s had no answer: %v", method, path, err)
		} else if status >= 500 && status != 503 && status != 507 {
			t.Errorf("%s %s: %d %v", method, path, status, err)
		}
		return status
	}
	inStrands(8, size.requests, func(n int) {
		send(fmt.Sprint("M", n), fmt.Sprint("/api/x", n, "?y=", n), "application/json", strings.NewReader(`{"a":[[[[`), nil)
	})
	report := func(what string) {
		if raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", v.cmd.Process.Pid)); err == nil {
			m := highWater.FindSubmatch(raw)
			n, _ := strconv.ParseInt(string(m[1]), 10, 64)
			if t.Logf("after %s: at most %d MB resident", what, n>>10); n > mostResident {
				t.Errorf("after %s: %d MB", what, n>>10)
			}
		}
	}
	report(fmt.Sprint(size.requests, " hostile requests"))
	var account struct{ ID string }
	if status := send("POST", "/api/accounts", "application/json", strings.NewReader(`{"name":"华新"}`), &account); status != 201 {
		t.Fatalf("an account: %d", status)
	}
	inStrands(size.uploads, size.uploads, func(n int) {
		content := &countedReader{left: size.attachment - 8, b: byte(n)}
		send("POST", "/api/files?kind=account&name=a.pdf&id="+account.ID, "application/octet-stream", content, nil)
	})
	report(fmt.Sprint(size.uploads, " attachments at once"))
	v.signIn(t, "/api/session", signIn) // it works, and stays so
	var up struct {
		ID      string
		Preview struct{ Mapping json.RawMessage }
	}
	line := []byte("二期改造,华新机电\n")
	table := io.MultiReader(strings.NewReader("客户名称,行业\n"), bytes.NewReader(bytes.Repeat(line, int(size.table)/len(line))))
	if status := send("POST", "/api/imports/files?name=a.csv", "application/octet-stream", table, &up); status != 201 {
		t.Fatalf("an upload: %d", status)
	}
	var batches []string
	for range size.looks {
		var b struct{ ID string }
		body := fmt.Sprintf(`{"files":{"a.csv":%q},"mapping":%s,"dryRun":true}`, up.ID, up.Preview.Mapping)
		if status := send("POST", "/api/imports", "application/json", strings.NewReader(body), &b); status != 202 {
			t.Fatalf("a look: %d", status)
		}
		batches = append(batches, b.ID)
	}
	v.awaitAll(t, batches)
	report(fmt.Sprint(size.looks, " looks at ", size.table>>20, " MB"))
	t.Logf("answers: %v", seen)
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

func (v *victim) send(method, path, kind string, body io.Reader, into any) (int, error) {
	r, err := http.NewRequest(method, v.base+path, body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", kind)
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

// awaitAll waits until imports have ended, an hour at most.
func (v *victim) awaitAll(t *testing.T, batches []string) {
	t.Helper()
	for end := time.Now().Add(time.Hour); len(batches) > 0; {
		var b struct{ Status, Error string }
		if status, err := v.call("GET", "/api/imports/"+batches[0], "", &b); err != nil || status != 200 {
			t.Fatalf("%d %v", status, err)
		}
		switch {
		case b.Status == "done":
			batches = batches[1:]
		case b.Status != "running" || time.Now().After(end):
			t.Fatalf("a look ended as %s %s", b.Status, b.Error)
		default:
			time.Sleep(200 * time.Millisecond)
		}
	}
}
