// Package smtp hands mails to a mail server.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"

	"yunchou/internal/outgoing"
	"yunchou/internal/text"

	"github.com/wneessen/go-mail"
)

// Post implements outgoing.Post.
type Post struct {
	// TLS is how servers are known; nil is by the system's authorities.
	TLS *tls.Config
}

// timeout is how long each step of a connection may take.
const timeout = 20 * time.Second

// Open connects and signs in. Nothing was handed over where it fails.
func (p Post) Open(ctx context.Context, to outgoing.Server) (outgoing.Carrier, outgoing.Result) {
	opts := []mail.Option{mail.WithPort(to.Port), mail.WithTimeout(timeout), mail.WithoutNoop()}
	switch to.Security {
	case outgoing.Implicit:
		opts = append(opts, mail.WithSSL())
	case outgoing.StartTLS:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	}
	if p.TLS != nil {
		cfg := p.TLS.Clone()
		cfg.ServerName = to.Host
		opts = append(opts, mail.WithTLSConfig(cfg))
	}
	if to.Login != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(to.Login), mail.WithPassword(to.Password))
	}
	c, err := mail.NewClient(to.Host, opts...)
	if err == nil {
		err = c.DialWithContext(ctx)
	}
	if err != nil {
		return nil, outgoing.Result{Outcome: outgoing.Later, Code: codeOf(err, to), Answer: answerOf(err)}
	}
	return carrier{c}, outgoing.Result{Outcome: outgoing.Taken}
}

// codeOf is why there is no way to a server.
func codeOf(err error, to outgoing.Server) string {
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	said := err.Error()
	switch {
	case errors.As(err, &name):
		return "outgoing.mail_host"
	case errors.As(err, &cert), errors.As(err, &record), strings.Contains(said, "STARTTLS"), strings.Contains(said, "tls:"):
		return "outgoing.mail_tls"
	case strings.Contains(said, "535"), strings.Contains(said, "534"), strings.Contains(said, "530"), strings.Contains(strings.ToLower(said), "auth"):
		return "outgoing.mail_login"
	}
	return "outgoing.not_reached"
}

// answerOf is what the other side said, cut: it may be long.
func answerOf(err error) string { return text.Cut(strings.Join(strings.Fields(err.Error()), " "), 200) }

type carrier struct{ c *mail.Client }

func (c carrier) Close() {
	_ = c.c.Close() // what was handed over is
}

// Send hands a mail over.
func (c carrier) Send(_ context.Context, m outgoing.Mail) outgoing.Result {
	msg, err := message(m)
	if err != nil {
		return outgoing.Result{Outcome: outgoing.Refused, Code: "outgoing.mail_address", Answer: answerOf(err)}
	}
	err = c.c.Send(msg)
	if msg.IsDelivered() {
		return outgoing.Result{Outcome: outgoing.Taken}
	}
	return resultOf(err)
}

// resultOf tells a refusal for good from one for now, and from an answer that did not come.
func resultOf(err error) outgoing.Result {
	r := outgoing.Result{Outcome: outgoing.Later, Code: "outgoing.mail_later", Answer: answerOf(err)}
	var s *mail.SendError
	if !errors.As(err, &s) {
		return r
	}
	switch code := s.ErrorCode(); {
	case code >= 500:
		r.Outcome, r.Code = outgoing.Refused, "outgoing.mail_refused"
	case code >= 400:
	case s.Reason == mail.ErrWriteContent, s.Reason == mail.ErrSMTPDataClose:
		r.Outcome, r.Code = outgoing.Unsure, outgoing.NotSure
	}
	return r
}

// message is a mail in both forms, with the headers of one a program writes.
func message(m outgoing.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.FromFormat(m.From.Name, m.From.Address), msg.AddToFormat(m.To.Name, m.To.Address)); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(m.From.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + host)
	msg.SetDateWithValue(m.At)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", m.Language)
	msg.SetGenHeaderPreformatted("List-Unsubscribe", "<"+m.Unsubscribe+">")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	return msg, nil
}
