package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// hostile is the nth of many requests nobody should send.
func (s *stormy) hostile(n int) {
	made := func(method, path, body string) *http.Request {
		r, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
		if err != nil {
			s.t.Error(err)
			r, _ = http.NewRequest("GET", s.base, nil)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.%d.%d.%d", n>>16&255, n>>8&255, n&255))
		return r
	}
	stranger := &http.Client{Transport: s.client.Transport, Timeout: s.client.Timeout}
	id := fmt.Sprintf("01900000-0000-7000-8000-%012x", n)
	switch n % 10 {
	case 0: // an invented method and path
		s.do(stranger, made(fmt.Sprint("M", n), fmt.Sprint("/api/x", n, "?y=", n), `{"a":[[[[`), nil)
	case 1: // invented headers
		r := made("GET", "/api/org", "")
		for i := range 20 {
			r.Header.Set(fmt.Sprint("X-Invented-", n, "-", i), strings.Repeat("x", n%1000))
		}
		r.Header.Set("Forwarded", fmt.Sprint("for=", n, ";proto=", n))
		s.do(stranger, r, nil)
	case 2: // a guess at a password; the token before it is anybody's
		r := made("POST", "/api/session", fmt.Sprintf(`{"login":"admin%d","password":"guess %d"}`, n%7, n))
		r.Header.Set("Cookie", "yunchou_start=x; yunchou_device=x"+fmt.Sprint(n))
		r.Header.Set("X-CSRF-Token", "x")
		if status := s.do(stranger, r, nil); status == 200 {
			s.t.Errorf("a guess was right")
		}
	case 3: // a session nobody has
		r := made("GET", "/api/accounts/"+id, "")
		r.Header.Set("Cookie", fmt.Sprint("yunchou_session=", n))
		s.do(stranger, r, nil)
	case 4: // forged cursors, by who is signed in
		s.send("GET", fmt.Sprintf("/api/opportunities?sort=name&cursor=%x", fmt.Sprint(`["`, n, `","`, id, `"]`)), "", nil, nil)
	case 5: // invented fields, texts and depths
		body := fmt.Sprintf(`{"name%d":"x","name":%q,"custom":%s%s}`, n, strings.Repeat("名", n%5000), strings.Repeat(`{"a":`, n%200), strings.Repeat("}", n%200))
		s.send("POST", "/api/accounts", "application/json", strings.NewReader(body), nil)
	case 6: // ids of nothing, in places for other ids
		s.send([]string{"GET", "PATCH", "PUT", "DELETE"}[n/10%4], "/api/opportunities/"+id+"/tasks/"+id, "application/json", strings.NewReader(`{}`), nil)
	case 7: // files that are not there
		s.do(stranger, made("GET", fmt.Sprint("/assets/", n, "/..%2f..%2fyunchou.db"), ""), nil)
	case 8: // names in questions
		s.send("GET", fmt.Sprintf("/api/accounts?q=%d%%00%%ff&invented%d=1", n, n), "", nil, nil)
	case 9: // what is no HTTP
		s.raw(n)
	}
}

// raw writes what no client would write, and reads whatever comes back.
func (s *stormy) raw(n int) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		s.t.Error(err)
		return
	}
	defer conn.Close()
	const post = "POST /api/session HTTP/1.1\r\nHost: x\r\nCookie: yunchou_start=x\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\n"
	text := []string{
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", // TLS
		"GET / HTTP/9.9\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\n\r\nzzzz\r\n",
		post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
		post + "Content-Length: 1000\r\n\r\n{", // and goes
		"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 80<<10) + "\r\n\r\n",
		fmt.Sprintf("G\x00ET /%d HTTP/1.1\r\n\r\n", n),
	}[n/10%7]
	_, _ = io.WriteString(conn, text)
	_ = conn.(*net.TCPConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
		_ = res.Body.Close()
		if res.StatusCode >= 500 && res.StatusCode != 505 { // a version there is none of
			s.t.Errorf("%.60q: %d", text, res.StatusCode)
		}
	}
}

// slowClients hold connections until it is over: they send heads and bodies byte by byte, and
// read as slowly. Whoever is hung up on dials again. It tells how often they dialled.
func (s *stormy) slowClients(count int, over <-chan struct{}) (dialled func() int64) {
	var wait sync.WaitGroup
	var n atomic.Int64
	const head = "POST /api/session HTTP/1.1\r\nHost: x\r\nCookie: yunchou_start=x\r\nX-CSRF-Token: x\r\nContent-Type: application/json\r\nContent-Length: 16000\r\n\r\n"
	for c := range count {
		wait.Go(func() {
			for {
				conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
				if err != nil {
					s.t.Error(err)
					return
				}
				n.Add(1)
				text := []byte(head)
				switch c % 3 {
				case 1: // the body is slow
					_, _ = conn.Write(text)
					text = bytes.Repeat([]byte(" "), 16000)
				case 2: // the reader is
					_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					text = make([]byte, 16000)
				}
				if slowly(conn, text, c%3 == 2, over) {
					return
				}
			}
		})
	}
	return func() int64 { wait.Wait(); return n.Load() }
}

// slowly sends or reads a byte ten times a second until it is hung up on, or all is over.
func slowly(conn net.Conn, text []byte, reads bool, over <-chan struct{}) (ends bool) {
	defer conn.Close()
	for i := range text {
		select {
		case <-over:
			return true
		case <-time.After(100 * time.Millisecond):
		}
		var err error
		if reads {
			_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
			_, err = conn.Read(text[i : i+1])
		} else {
			_, err = conn.Write(text[i : i+1])
		}
		if err != nil {
			return false
		}
	}
	return false
}

// others are four colleagues who sign in from browsers they have signed in from before, again and
// again until it is over and all sessions are there. Each writes something and reads it.
func (s *stormy) others(sessions int, over <-chan struct{}) *sync.WaitGroup {
	var wait sync.WaitGroup
	var signedIn atomic.Int64
	for n := range 4 {
		c := s.colleague(n)
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-over:
					if signedIn.Load() >= int64(sessions) {
						if n == 0 {
							s.t.Logf("%d sign-ins of others, all answered right", signedIn.Load())
						}
						return
					}
				default:
				}
				if err := c.works(fmt.Sprint("商机 ", n, " ", i)); err != nil {
					s.t.Errorf("colleague %d, the %dth time: %v", n, i, err)
					return
				}
				signedIn.Add(1)
			}
		})
	}
	return &wait
}

// colleague is a member with a password of his own, at a browser that is known.
func (s *stormy) colleague(n int) *colleague {
	s.t.Helper()
	login, first := fmt.Sprint("colleague", n), "quite quite long enough 2"
	body := fmt.Sprintf(`{"name":"同事%d","login":%q,"password":%q,"role":"rep"}`, n, login, first)
	if status := s.send("POST", "/api/members", "application/json", strings.NewReader(body), nil); status != 201 {
		s.t.Fatalf("a colleague: %d", status)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &colleague{victim{base: s.base, client: &http.Client{Jar: jar, Timeout: 5 * time.Minute}}, login, first}
	err = c.signs()
	if err == nil {
		err = c.gets("POST", "/api/session/password", fmt.Sprintf(`{"current":%q,"next":%q}`, first, first+" "), 204, nil)
	}
	if c.secret += " "; err == nil {
		err = c.signs()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

type colleague struct {
	victim
	login, secret string
}

// gets asks for something and wants a status.
func (c *colleague) gets(method, path, body string, want int, into any) error {
	status, err := c.call(method, path, body, into)
	if err != nil || status != want {
		return fmt.Errorf("%s %s: %d %w", method, path, status, err)
	}
	return nil
}

// signs signs in, from a device that is known and has no session: one that is there would end.
func (c *colleague) signs() error {
	at, err := url.Parse(c.base)
	if err != nil {
		return err
	}
	c.client.Jar.SetCookies(at, []*http.Cookie{{Name: "yunchou_session", Path: "/", MaxAge: -1}})
	var me struct {
		CSRF string `json:"csrfToken"`
	}
	if err := c.gets("GET", "/api/session/start", "", 200, &me); err != nil {
		return err
	}
	c.csrf = me.CSRF
	err = c.gets("POST", "/api/session", fmt.Sprintf(`{"login":%q,"password":%q}`, c.login, c.secret), 200, &me)
	c.csrf = me.CSRF
	return err
}

// works signs in, makes a deal and reads it, and the desk's list.
func (c *colleague) works(name string) error {
	if err := c.signs(); err != nil {
		return err
	}
	var made, read struct{ ID, Name string }
	if err := c.gets("POST", "/api/opportunities", fmt.Sprintf(`{"name":%q,"amountMinor":100}`, name), 201, &made); err != nil {
		return err
	}
	if err := c.gets("GET", "/api/opportunities/"+made.ID, "", 200, &read); err != nil {
		return err
	}
	var me struct{ Login, Name string }
	if err := c.gets("GET", "/api/session", "", 200, &me); err != nil {
		return err
	}
	if read.Name != name {
		return fmt.Errorf("%s is called %q", made.ID, read.Name)
	}
	return nil
}
