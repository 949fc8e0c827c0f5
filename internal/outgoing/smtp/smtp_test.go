package smtp_test

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"yunchou/internal/outgoing"
	"yunchou/internal/outgoing/smtp"
	"yunchou/internal/outgoing/smtp/smtptest"
)

func letter() outgoing.Mail {
	return outgoing.Mail{ID: "0123456789abcdef", From: mail.Address{Name: "运筹（测试公司）", Address: "crm@example.com"}, To: mail.Address{Name: "陈露", Address: "chenlu@example.com"},
		Subject: "【运筹】蒋跃等您答复", Text: "陈露，您好：\n\n二期改造\n", HTML: "<p>二期改造</p>", Language: "zh-CN", Unsubscribe: "https://crm.example.com/notices/choices",
		At: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)}
}

func send(t *testing.T, s *smtptest.Server, m outgoing.Mail) outgoing.Result {
	t.Helper()
	c, r := smtp.Post{}.Open(context.Background(), outgoing.Server{Host: "127.0.0.1", Port: s.Port, Security: outgoing.Plain})
	if r.Outcome != outgoing.Taken {
		return r
	}
	defer c.Close()
	return c.Send(context.Background(), m)
}

// TestAMailAsItArrives: both forms, its names in UTF-8, and the headers of a mail a program writes.
func TestAMailAsItArrives(t *testing.T) {
	s := smtptest.New(t)
	if r := send(t, s, letter()); r.Outcome != outgoing.Taken {
		t.Fatalf("%+v", r)
	}
	got := s.Taken()
	if len(got) != 1 || got[0].To != "chenlu@example.com" || got[0].From != "crm@example.com" {
		t.Fatalf("%+v", got)
	}
	m, err := mail.ReadMessage(strings.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "【运筹】蒋跃等您答复" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for _, x := range [][2]string{{"Message-ID", "<0123456789abcdef@example.com>"}, {"Auto-Submitted", "auto-generated"}, {"List-Unsubscribe", "<https://crm.example.com/notices/choices>"},
		{"Date", "Mon, 02 Mar 2026 02:00:00 +0000"}, {"Content-Language", "zh-CN"}, {"Mime-Version", "1.0"}} {
		if m.Header.Get(x[0]) != x[1] {
			t.Errorf("%s is %q, want %q", x[0], m.Header.Get(x[0]), x[1])
		}
	}
	for header, want := range map[string]string{"From": "运筹（测试公司）", "To": "陈露"} {
		list, err := m.Header.AddressList(header)
		if err != nil || len(list) != 1 || list[0].Name != want {
			t.Errorf("%s is %v, %v", header, list, err)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range [][2]string{{"text/plain; charset=UTF-8", "陈露，您好：\r\n\r\n二期改造\r\n"}, {"text/html; charset=UTF-8", "<p>二期改造</p>"}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil || p.Header.Get("Content-Type") != want[0] || strings.TrimRight(string(body), "\r\n") != strings.TrimRight(want[1], "\r\n") {
			t.Errorf("%s: %q, %v", p.Header.Get("Content-Type"), body, err)
		}
	}
}

// TestWhatTheServerSays: refused for good, for now, and a connection that is lost once the mail was handed over.
func TestWhatTheServerSays(t *testing.T) {
	for answer, want := range map[string]outgoing.Outcome{
		"RCPT 550 no such user": outgoing.Refused, "RCPT 451 greylisted": outgoing.Later, "MAIL 553 not allowed": outgoing.Refused,
		"DATA 421 closing": outgoing.Later, ". 554 spam": outgoing.Refused, ". 452 full": outgoing.Later, ". hang up": outgoing.Unsure, "RCPT hang up": outgoing.Later,
	} {
		s := smtptest.New(t)
		s.Answer(answer)
		if r := send(t, s, letter()); r.Outcome != want {
			t.Errorf("%s: %+v, want %v", answer, r, want)
		}
	}
}

// TestNoPasswordGoesInTheClear: where encryption is asked for and not offered, nothing is sent.
func TestNoPasswordGoesInTheClear(t *testing.T) {
	s := smtptest.New(t)
	_, r := smtp.Post{}.Open(context.Background(), outgoing.Server{Host: "127.0.0.1", Port: s.Port, Security: outgoing.StartTLS, Login: "crm", Password: "hush"})
	if r.Outcome != outgoing.Later || r.Code != "outgoing.mail_tls" || strings.Contains(s.Heard(), "AUTH") {
		t.Errorf("%+v, heard %s", r, s.Heard())
	}
	_, r = smtp.Post{}.Open(context.Background(), outgoing.Server{Host: "nowhere.invalid", Port: 25, Security: outgoing.Plain})
	if r.Code != "outgoing.mail_host" {
		t.Errorf("%+v", r)
	}
	_, r = smtp.Post{}.Open(context.Background(), outgoing.Server{Host: "127.0.0.1", Port: 1, Security: outgoing.Plain})
	if r.Code != "outgoing.not_reached" {
		t.Errorf("%+v", r)
	}
}
