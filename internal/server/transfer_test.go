package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/server"
)

// sends makes a request whose body is read as it comes, of a length nobody is told.
func (c client) sends(method, path, contentType string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	if c.token == "" {
		c.starts(r)
	} else {
		r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
		r.Header.Set("X-CSRF-Token", c.csrf)
	}
	r.Header.Set("Content-Type", contentType)
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	return rec
}

func code(rec *httptest.ResponseRecorder) string {
	var p struct{ Code string }
	_ = json.Unmarshal(rec.Body.Bytes(), &p)
	return p.Code
}

// table is a CSV of so many bytes, made as it is read.
func table(size int64) io.Reader {
	return io.LimitReader(io.MultiReader(strings.NewReader("商机名称,客户\n"), &repeated{line: []byte("二期改造,华新机电\n")}), size)
}

type repeated struct {
	line []byte
	at   int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], r.line[r.at:])
		n, r.at = n+k, (r.at+k)%len(r.line)
	}
	return n, nil
}

// TestAnUploadIsNeverHeldInMemory: bytes allocated over all of a file's way to the disk, held or not,
// are a small part of it. Its rows are looked at once they are there, one by one; what that takes is
// asked for apart.
func TestAnUploadIsNeverHeldInMemory(t *testing.T) {
	w, c, _ := sender(t)
	const size = 48 << 20
	var before, sent, looked runtime.MemStats
	runtime.ReadMemStats(&before)
	rec := c.sends("POST", "/api/imports/files?name=a.csv", "application/octet-stream", table(size))
	runtime.ReadMemStats(&sent)
	if rec.Code != 201 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	var made struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	rec = c.sends("POST", "/api/imports/files/"+made.ID+"/preview", "application/json", strings.NewReader(`{"name":"a.csv"}`))
	runtime.ReadMemStats(&looked)
	if rec.Code != 200 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	sending, looking := int64(sent.TotalAlloc-before.TotalAlloc), int64(looked.TotalAlloc-sent.TotalAlloc)
	if took := sending - looking; took > size/3 {
		t.Errorf("%d MiB were allocated for a file of %d, beyond the %d of looking at it", took>>20, size>>20, looking>>20)
	}
	if grown := int64(looked.HeapSys) - int64(before.HeapSys); grown > size {
		t.Errorf("the heap grew by %d MiB for a file of %d", grown>>20, size>>20)
	}
	_ = w
}

// TestManyAtOnceKeepToTheBudget: attachments and uploads sent at once are all taken, or told
// to come again, and what they hold together is never more than the budget.
func TestManyAtOnceKeepToTheBudget(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, c, api := senderOn(t, db)
		var wait sync.WaitGroup
		var mu sync.Mutex
		status := map[int]int{}
		for n := range 12 {
			wait.Go(func() {
				content := append([]byte("%PDF-1.7"), bytes.Repeat([]byte{byte(n)}, 3<<20+n)...)
				rec := c.sends("POST", fmt.Sprint("/api/files?kind=account&name=a.pdf&id=", w.Account), "application/octet-stream", bytes.NewReader(content))
				var made struct{ ID string }
				_ = json.Unmarshal(rec.Body.Bytes(), &made)
				if rec.Code == 201 {
					if got := c.with("GET", "/api/files/"+made.ID, nil); !bytes.Equal(got.Body.Bytes(), content) || got.Header().Get("Content-Length") != fmt.Sprint(len(content)) {
						t.Errorf("file %d came back as %d bytes, %d", n, got.Body.Len(), got.Code)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				status[rec.Code]++
			})
		}
		wait.Wait()
		held, peak := api.Budget.Held()
		if held != 0 || peak == 0 || peak > 64<<20 {
			t.Errorf("%d bytes held after, %d at most", held, peak)
		}
		if status[201]+status[503] != 12 || status[201] == 0 {
			t.Errorf("answers: %v", status)
		}
	})
}

// TestBeyondTheBudgetOneComesAgain: large bodies are refused with a time to come again, the
// forms of everyday are not, and nothing stays taken.
func TestBeyondTheBudgetOneComesAgain(t *testing.T) {
	_, c, api := sender(t)
	large := `{"name":"` + strings.Repeat("x", 100<<10) + `"}`
	giveBack, err := api.Budget.Take(64<<20 - 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ path, kind string }{
		{"/api/accounts", "application/json"}, {"/api/imports/files?name=a.csv", "application/octet-stream"},
	} {
		rec := c.sends("POST", x.path, x.kind, strings.NewReader(large))
		if rec.Code != 503 || code(rec) != "request.busy" || rec.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", x.path, rec.Code, rec.Body)
		}
	}
	if rec := c.do("POST", "/api/accounts", `{"name":"华新"}`); rec.Code != 201 {
		t.Errorf("a small form: %d %s", rec.Code, rec.Body)
	}
	giveBack()
	if rec := c.sends("POST", "/api/accounts", "application/json", strings.NewReader(large)); rec.Code == 503 {
		t.Errorf("after it: %d %s", rec.Code, rec.Body)
	}
	if held, _ := api.Budget.Held(); held != 0 {
		t.Errorf("%d bytes stay taken", held)
	}
}

// TestEachKindOfRouteHasItsLargestBody: a stranger may send what a sign-in takes, a member a
// form, and a file no more than a file may be.
func TestEachKindOfRouteHasItsLargestBody(t *testing.T) {
	w, c, _ := sender(t)
	pad := func(n int) io.Reader { return strings.NewReader(`{"x":"` + strings.Repeat("x", n) + `"}`) }
	for _, x := range []struct {
		path, kind, code string
		body             io.Reader
		who              client
	}{
		{"/api/session", "application/json", "request.too_large", pad(17 << 10), client{h: c.h}},
		{"/api/accounts", "application/json", "request.too_large", pad(1 << 20), c},
		{"/api/files?kind=account&name=a.pdf&id=" + w.Account, "application/octet-stream", "file.too_large", table(20<<20 + 1), c},
	} {
		if rec := x.who.sends("POST", x.path, x.kind, x.body); rec.Code != 413 || code(rec) != x.code {
			t.Errorf("%s: %d %s", x.path, rec.Code, rec.Body)
		}
	}
}

func sender(t *testing.T) (*apptest.World, client, *httpapi.API) {
	t.Helper()
	return senderOn(t, databasetest.SQLite(t))
}

func senderOn(t *testing.T, db *database.DB) (*apptest.World, client, *httpapi.API) {
	t.Helper()
	w := apptest.New(t, db)
	w.AddMember("运营", w.ID["公司"], false, org.Operations)
	api := server.API(w.App, "test")
	return w, signIn(t, w, api.Mux, "运营", "operations"), api
}
