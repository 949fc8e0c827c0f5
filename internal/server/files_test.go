package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/server"
)

// with sends a GET or HEAD with headers.
func (c client) with(method, path string, headers map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	c.h.ServeHTTP(rec, r)
	return rec
}

// TestAFileIsFetchedWholeInPartsOrNotAgain: by its tag and by ranges, saved under its own name,
// and never shown as a page of ours. Of many ranges the whole is sent, and read once.
func TestAFileIsFetchedWholeInPartsOrNotAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, c, api := senderOn(t, db)
		c.h = httpapi.Headers(c.h)
		content := append([]byte("%PDF-1.7"), bytes.Repeat([]byte("0123456789"), 60_000)...)
		rec := c.sends("POST", "/api/files?kind=account&name="+url.QueryEscape("标书 二期.pdf")+"&id="+w.Account, "application/octet-stream", bytes.NewReader(content))
		if rec.Code != 201 {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		list, err := w.Files.Of(w.Ctx, w.Admin, account.Ref(w.Account))
		noError(t, err)
		at := "/api/files/" + list[0].ID
		whole := c.with("GET", at, nil)
		tag, size := whole.Header().Get("ETag"), len(content)
		for name, want := range map[string]string{
			"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Length": fmt.Sprint(size), "Accept-Ranges": "bytes",
			"Content-Security-Policy": httpapi.AnswerPolicy, "Cache-Control": "no-store",
			"Content-Disposition": `attachment; filename="__ __.pdf"; filename*=UTF-8''%E6%A0%87%E4%B9%A6%20%E4%BA%8C%E6%9C%9F.pdf`,
		} {
			if got := whole.Header().Get(name); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		many := "bytes=" + strings.Repeat("0-0,", 5000) + "1-1"
		for _, x := range []struct {
			method, header, value string
			code                  int
			body                  []byte
		}{
			{"GET", "", "", 200, content},
			{"HEAD", "", "", 200, nil},
			{"GET", "If-None-Match", tag, 304, nil},
			{"GET", "If-None-Match", `"another", ` + tag, 304, nil},
			{"GET", "If-None-Match", `"another"`, 200, content},
			{"GET", "If-Match", `"another"`, 412, nil},
			{"GET", "Range", "bytes=262140-262150", 206, content[262140:262151]},
			{"GET", "Range", "bytes=-3", 206, content[size-3:]},
			{"GET", "Range", fmt.Sprint("bytes=", size, "-"), 416, []byte("invalid range: failed to overlap\n")},
			{"GET", "Range", "bytes=9999999999999999999999-", 416, []byte("invalid range\n")},
			{"GET", "Range", many, 200, content},
			{"GET", "Range", "lines=1-2", 416, []byte("invalid range\n")},
		} {
			got := c.with(x.method, at, map[string]string{x.header: x.value})
			if got.Code != x.code || !bytes.Equal(got.Body.Bytes(), x.body) {
				t.Errorf("%s %s %.40s: %d, %d bytes, want %d, %d", x.method, x.header, x.value, got.Code, got.Body.Len(), x.code, len(x.body))
			}
		}
		if held, _ := api.Budget.Held(); held != 0 {
			t.Errorf("%d bytes stay taken", held)
		}
	})
}

// TestEveryTableIsPaidFor: of every route that answers with a table, none is made where there
// is no room, and what was made gives its room back.
func TestEveryTableIsPaidFor(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, c, api := senderOn(t, db)
		w.Opportunity("陈露", "=1+1")
		tables := 0
		for path, item := range api.OpenAPI().Paths {
			op := item.Get
			if op == nil || op.Metadata["streamed"] != true || strings.Contains(path, "/files/") {
				continue
			}
			tables++
			said := url.Values{}
			for _, p := range op.Parameters {
				if value := map[string]string{"format": "csv", "part": "stages", "pipeline": w.Bid.PipelineID}[p.Name]; value != "" && p.In == "query" {
					said.Set(p.Name, value)
				}
			}
			target := placeholder.ReplaceAllString(path, "nothing") + "?" + said.Encode()
			giveBack, err := api.Budget.Take(64<<20 - 2<<20)
			noError(t, err)
			if rec := c.do("GET", target, ""); rec.Code != 503 || code(rec) != "request.busy" {
				t.Errorf("%s without room: %d %s", path, rec.Code, rec.Body)
			}
			giveBack()
			rec := c.do("GET", target, "")
			if rec.Code != 200 && rec.Code != 404 {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
			if held, _ := api.Budget.Held(); held != 0 {
				t.Errorf("%s: %d bytes stay taken", path, held)
			}
			if path == "/api/exports/opportunities" && !strings.Contains(rec.Body.String(), "'=1+1") {
				t.Errorf("a name would run: %s", rec.Body)
			}
		}
		if tables < 4 {
			t.Errorf("only %d routes with tables", tables)
		}
	})
}

// TestTheServerSaysWhatIsFull: a body that finds no room is answered by name, and nothing of it
// is kept.
func TestTheServerSaysWhatIsFull(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		c := signIn(t, w, server.New(w.App, "test", false), "运营", "operations")
		w.Files.MemberRoom = 10
		rec := c.sends("POST", "/api/files?kind=account&name=a.txt&id="+w.Account, "application/octet-stream", strings.NewReader("longer than ten"))
		if rec.Code != 507 || code(rec) != "file.no_room" {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		list, err := w.Files.Of(w.Ctx, w.Admin, account.Ref(w.Account))
		if err != nil || len(list) != 0 {
			t.Errorf("%d files, %v", len(list), err)
		}
	})
}
