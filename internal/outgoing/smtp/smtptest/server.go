// Package smtptest is a mail server for tests: it takes what it is given and answers as it is told.
package smtptest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is one that was taken.
type Mail struct{ From, To, Data string }

// ID is a mail's Message-ID.
func (m Mail) ID() string {
	_, rest, _ := strings.Cut(m.Data, "Message-ID: <")
	id, _, _ := strings.Cut(rest, "@")
	return id
}

// Server is a mail server on this machine.
type Server struct {
	Port int
	// Delay is how long it thinks before it says that it has a mail.
	Delay time.Duration

	mu      sync.Mutex
	answers map[string]string // by command
	taken   []Mail
	heard   strings.Builder
	tls     *tls.Config // nil offers no encryption
	secret  string
}

// New begins one, which ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	return begin(t, nil, false)
}

// NewTLS is New of a server with a certificate: it is spoken to encrypted from the first byte, or else offers STARTTLS.
func NewTLS(t testing.TB, cfg *tls.Config, atOnce bool) *Server {
	t.Helper()
	return begin(t, cfg, atOnce)
}

func begin(t testing.TB, cfg *tls.Config, atOnce bool) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &Server{Port: l.Addr().(*net.TCPAddr).Port, answers: map[string]string{}, tls: cfg}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if atOnce {
				conn = tls.Server(conn, cfg)
			}
			go s.serve(conn)
		}
	}()
	return s
}

// Answer has a command ("RCPT 550 unknown", "." is the end of a mail, "hang up" no answer at all) answered so.
func (s *Server) Answer(how string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	command, answer, _ := strings.Cut(how, " ")
	s.answers[command] = answer
}

// Taken are the mails that came whole, those it hung up on among them.
func (s *Server) Taken() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.taken...)
}

// Heard is every command.
func (s *Server) Heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

// Secret is what a client signed in with, over an encrypted connection: "\x00name\x00password".
func (s *Server) Secret() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secret
}

// greets says what there is: signing in over an encrypted connection alone.
func (s *Server) greets(conn net.Conn) string {
	const plain = "250-test\r\n250-8BITMIME\r\n"
	switch _, encrypted := conn.(*tls.Conn); {
	case encrypted:
		return plain + "250-AUTH PLAIN\r\n250 SMTPUTF8"
	case s.tls != nil:
		return plain + "250-STARTTLS\r\n250 SMTPUTF8"
	}
	return plain + "250 SMTPUTF8"
}

// signedIn keeps what was said with AUTH PLAIN.
func (s *Server) signedIn(line string) {
	words := strings.Fields(line)
	said, err := base64.StdEncoding.DecodeString(words[len(words)-1])
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.secret = string(said)
	}
}

// serve speaks to one client.
func (s *Server) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	in := bufio.NewReader(conn)
	say := func(line string) bool {
		_, err := conn.Write([]byte(line + "\r\n"))
		return err == nil
	}
	var m Mail
	if !say("220 test") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command := strings.ToUpper(strings.Fields(line + " x")[0])
		s.mu.Lock()
		s.heard.WriteString(line)
		answer, told := s.answers[command]
		s.mu.Unlock()
		switch {
		case told && answer == "hang up":
			return
		case told:
			say(answer)
			continue
		}
		switch command {
		case "EHLO":
			say(s.greets(conn))
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.tls)
			in = bufio.NewReader(conn)
		case "AUTH":
			s.signedIn(line)
			say("235 welcome")
		case "MAIL":
			m = Mail{From: inside(line)}
			say("250 ok")
		case "RCPT":
			m.To = inside(line)
			say("250 ok")
		case "DATA":
			say("354 go on")
			if !s.take(in, m, say) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// take reads a mail and answers; false hangs up.
func (s *Server) take(in *bufio.Reader, m Mail, say func(string) bool) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		m.Data += strings.TrimPrefix(line, ".")
	}
	s.mu.Lock()
	answer, told := s.answers["."]
	if !told || answer == "hang up" {
		s.taken = append(s.taken, m)
	}
	s.mu.Unlock()
	time.Sleep(s.Delay)
	if told {
		return answer != "hang up" && say(answer)
	}
	return say("250 taken")
}

func inside(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}
