package smtp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"testing"

	"yunchou/internal/outgoing"
	"yunchou/internal/outgoing/smtp"
	"yunchou/internal/outgoing/smtp/smtptest"
)

// TestMailGoesEncrypted: to a server whose certificate is known, at once or after STARTTLS, the password too; to one
// whose certificate nobody vouches for, nothing.
func TestMailGoesEncrypted(t *testing.T) {
	web := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1, and of its own making
	defer web.Close()
	known := x509.NewCertPool()
	known.AddCert(web.Certificate())
	for _, security := range []string{outgoing.Implicit, outgoing.StartTLS} {
		s := smtptest.NewTLS(t, &tls.Config{Certificates: web.TLS.Certificates}, security == outgoing.Implicit)
		to := outgoing.Server{Host: "127.0.0.1", Port: s.Port, Security: security, Login: "crm", Password: "hush"}
		_, r := smtp.Post{}.Open(context.Background(), to)
		if r.Code != "outgoing.mail_tls" || s.Secret() != "" {
			t.Errorf("%s, a certificate nobody vouches for: %+v, heard %q", security, r, s.Secret())
		}
		c, r := smtp.Post{TLS: &tls.Config{RootCAs: known}}.Open(context.Background(), to)
		if r.Outcome != outgoing.Taken {
			t.Fatalf("%s: %+v, heard %s", security, r, s.Heard())
		}
		r = c.Send(context.Background(), letter())
		c.Close()
		if got := s.Taken(); r.Outcome != outgoing.Taken || len(got) != 1 || got[0].To != "chenlu@example.com" || s.Secret() != "\x00crm\x00hush" {
			t.Errorf("%s: %+v, taken %+v, password %q", security, r, got, s.Secret())
		}
	}
}
