package server_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/notice"
	"yunchou/internal/server"
	"yunchou/internal/task"
)

// heard is an event as a page hears it.
type heard struct{ id, event, data string }

// openPage is an open line of somebody's.
type openPage struct {
	*http.Response
	events chan heard
	close  func()
}

// line opens a line over the network, so that a server's limits hold.
func line(t *testing.T, at *httptest.Server, c client, query, lastID string) openPage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", at.URL+"/api/events"+query, nil)
	noError(t, err)
	r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r)
	noError(t, err)
	p := openPage{answer, make(chan heard, 1000), func() { cancel(); answer.Body.Close() }}
	t.Cleanup(p.close)
	go func() {
		defer close(p.events)
		var next heard
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case field == "id":
				next.id = value
			case field == "event":
				next.event = value
			case field == "data":
				next.data = value
			case lines.Text() == "" && next.event != "":
				p.events <- next
				next = heard{}
			}
		}
	}()
	return p
}

// hear waits for the next event of a kind, over others.
func (p openPage) hear(t *testing.T, event string) heard {
	t.Helper()
	for {
		select {
		case e, open := <-p.events:
			if !open {
				t.Fatalf("the line ended, %s was awaited", event)
			}
			if e.event == event {
				return e
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("in 20 s no %s", event)
		}
	}
}

// ends waits until a line ends.
func (p openPage) ends(t *testing.T, why string) {
	t.Helper()
	for end := time.After(20 * time.Second); ; {
		select {
		case _, open := <-p.events:
			if !open {
				return
			}
		case <-end:
			t.Fatalf("%s, and the line is open", why)
		}
	}
}

// silent fails where anything but stale pages is told.
func (p openPage) silent(t *testing.T, who string) {
	t.Helper()
	select {
	case e := <-p.events:
		t.Errorf("%s heard %v", who, e)
	case <-time.After(300 * time.Millisecond):
	}
}

// give has 蒋跃 give somebody a task.
func give(t *testing.T, w *apptest.World, who, what string) {
	t.Helper()
	_, err := w.Tasks.Add(w.Ctx, w.As("蒋跃"), task.Task{MemberID: w.ID[who], What: what, DueOn: "2026-03-20"})
	noError(t, err)
}

// TestWhoHearsWhatLive: whom it concerns hears of it in all his pages, with nothing in it but a kind and a number;
// others hear nothing; and what a page missed it hears when it comes back.
func TestWhoHearsWhatLive(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		stop := w.Follows(w.App)
		defer stop()
		h := server.New(w.App, "test", false)
		at := httptest.NewServer(h)
		t.Cleanup(at.Close) // after the pages
		chen, zhou := signIn(t, w, h, "陈露", "chenlu"), signIn(t, w, h, "周涛", "zhoutao")
		one, two, other := line(t, at, chen, "", ""), line(t, at, chen, "", ""), line(t, at, zhou, "", "")
		for _, p := range []openPage{one, two, other} {
			if e := p.hear(t, "hello"); e.data != `{"missed":0,"unread":0,"do":0}` {
				t.Errorf("a page is greeted with %v", e)
			}
		}
		give(t, w, "陈露", "送样给恒锐")
		said := one.hear(t, "notice")
		if want := `{"seq":` + said.id + `,"kind":"task.given"}`; said.data != want || two.hear(t, "notice") != said {
			t.Errorf("heard %v, want %s", said, want)
		}
		list := read(t, chen, "/api/notices")["items"].([]any)
		if len(list) != 1 || fmt.Sprint(list[0].(map[string]any)["seq"]) != said.id {
			t.Errorf("who is woken finds %v", list)
		}
		other.silent(t, "周涛")

		one.close()
		for i := range 20 {
			give(t, w, "陈露", fmt.Sprint("事", i))
		}
		w.CaughtUp(notice.Name)
		back := line(t, at, chen, "", said.id)
		if e := back.hear(t, "hello"); e.data != `{"missed":20,"unread":21,"do":21}` || e.id != "" {
			t.Errorf("a page that comes back is greeted with %v", e)
		}
		for i := range 20 {
			a, b := back.hear(t, "notice"), two.hear(t, "notice")
			if a != b {
				t.Errorf("missed %d: %v, and who did not miss it heard %v", i, a, b)
			}
			said = a
		}
		again := line(t, at, chen, "?after="+said.id, "")
		if e := again.hear(t, "hello"); e.data != `{"missed":0,"unread":21,"do":21}` || e.id != said.id {
			t.Errorf("who missed nothing is greeted with %v", e)
		}
		// A new page hears what was told while it had no line yet.
		w.Clock.Move(5 * time.Minute)
		give(t, w, "陈露", "页面打开时")
		w.CaughtUp(notice.Name)
		if a, b := again.hear(t, "notice"), back.hear(t, "notice"); a != b {
			t.Errorf("%v and %v", a, b)
		}
		for age, missed := range map[int]int{60_000: 1, 600_000: 22} {
			fresh := line(t, at, chen, fmt.Sprint("?age=", age), "")
			if e := fresh.hear(t, "hello"); !strings.HasPrefix(e.data, fmt.Sprintf(`{"missed":%d,`, missed)) {
				t.Errorf("a page of %d ms is greeted with %v", age, e)
			}
			for range missed {
				said = fresh.hear(t, "notice")
			}
			fresh.close()
		}
		if last := read(t, chen, "/api/notices")["items"].([]any)[0].(map[string]any)["seq"]; fmt.Sprint(last) != said.id {
			t.Errorf("the last it hears is %v, not %v", said, last)
		}
		give(t, w, "陈露", "最后一件")
		if a, b := again.hear(t, "notice"), back.hear(t, "notice"); a != b {
			t.Errorf("%v and %v", a, b)
		}
		stop()
		for _, p := range []openPage{two, back, again, other} {
			p.ends(t, "the program ends")
		}
		if n := w.Live.Streams(); n != 0 {
			w.Eventually("all pages are closed", func() bool { return w.Live.Streams() == 0 })
		}
	})
}

// TestALineEndsWithWhatItStandsOn: a session that is revoked, a member who leaves, a delegation that ends hear no more;
// nobody opens lines without end, and an open one is no use of the session.
func TestALineEndsWithWhatItStandsOn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Live.Beat = 100 * time.Millisecond
		defer w.Follows(w.App)()
		h := server.New(w.App, "test", false)
		at := httptest.NewServer(h)
		t.Cleanup(at.Close) // after the pages
		chen, li := signIn(t, w, h, "陈露", "chenlu"), signIn(t, w, h, "小李", "xiaoli")
		out, leaves := line(t, at, chen, "", ""), line(t, at, li, "", "")
		out.hear(t, "hello")
		leaves.hear(t, "hello")
		if answer := chen.do("DELETE", "/api/session", ""); answer.Code != 204 {
			t.Fatalf("signing out: %d %s", answer.Code, answer.Body)
		}
		give(t, w, "陈露", "事")
		out.ends(t, "she signed out")
		give(t, w, "小李", "事")
		leaves.hear(t, "notice")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], w.As("管理员").Today)
		noError(t, err)
		w.Clock.Set("2026-03-03")
		leaves.ends(t, "he has left")
		if s := line(t, at, li, "", "").StatusCode; s != http.StatusUnauthorized {
			t.Errorf("who has left opens a line: %d", s)
		}

		he := signIn(t, w, h, "何峰", "hefeng")
		if s := line(t, at, he, "?for="+w.ID["陈露"], "").StatusCode; s != http.StatusForbidden {
			t.Errorf("for somebody who gave no power: %d", s)
		}
		seen := func() (at string) {
			noError(t, db.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT max(seen_at) FROM session WHERE member_id = $1`, w.ID["何峰"]).Scan(&at)
			}))
			return at
		}
		was := seen()
		w.Clock.Move(2 * time.Hour)
		var pages []openPage
		for range 8 {
			pages = append(pages, line(t, at, he, "", ""))
			pages[len(pages)-1].hear(t, "hello")
		}
		if now := seen(); now != was {
			t.Errorf("an open line was use of the session: %s, before %s", now, was)
		}
		refused := line(t, at, he, "", "")
		if refused.StatusCode != http.StatusTooManyRequests {
			t.Errorf("a ninth line: %d", refused.StatusCode)
		}
		pages[0].close()
		w.Eventually("a line is free again", func() bool {
			p := line(t, at, he, "", "")
			defer p.close()
			return p.StatusCode == http.StatusOK
		})
	})
}
