package outgoing

import (
	"cmp"
	"context"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// How a connection to a mail server is secured.
const (
	StartTLS = "starttls" // demanded
	Implicit = "tls"      // from the first byte on
	Plain    = "none"     // to this machine alone
)

// Setting is where a company's mail goes out. Sealed is its password.
type Setting struct {
	Site     string // the address people reach the program at, "" where the operator says it
	Mail     bool   // mail goes out
	Host     string
	Port     int
	Security string
	Login    string
	Sealed   string
	Sender   string // an address, with a name or without
	Version  int
}

// Server is a mail server as it is spoken to.
type Server struct {
	Host            string
	Port            int
	Security        string
	Login, Password string
}

// usualPorts are those of mail servers: others are an operator's to allow, so that nobody feels his way around a network.
var usualPorts = []int{25, 465, 587, 2525}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// check refuses what no mail can go out by. Faults: input.missing, outgoing.site, outgoing.host, outgoing.port,
// outgoing.plain, outgoing.sender, input.not_one_of.
func (x Setting) check(any bool) error {
	if x.Site != "" {
		u, err := url.Parse(x.Site)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return fault.Input("/site", "outgoing.site", "an address such as https://crm.example.com")
		}
	}
	if !x.Mail && x.Host == "" {
		return nil
	}
	if x.Host == "" {
		return fault.Missing("/host")
	}
	if strings.ContainsAny(x.Host, "/:@ \t") && net.ParseIP(x.Host) == nil {
		return fault.Input("/host", "outgoing.host", "the name of a mail server such as smtp.example.com, without a port")
	}
	if !any && !slices.Contains(usualPorts, x.Port) {
		return fault.Input("/port", "outgoing.port", "25, 465, 587 or 2525")
	}
	switch {
	case x.Security != StartTLS && x.Security != Implicit && x.Security != Plain:
		return fault.Input("/security", "input.not_one_of", "starttls, tls or none")
	case x.Security == Plain && !any && !local(x.Host):
		return fault.Input("/security", "outgoing.plain", "without encryption only to this machine")
	}
	if _, err := mail.ParseAddress(x.Sender); err != nil {
		return fault.Input("/sender", "outgoing.sender", "an address such as crm@example.com, or 运筹 <crm@example.com>")
	}
	return nil
}

// sealOf is whom a company's secret is sealed for.
func sealOf(tenant, what string) string { return "outgoing " + tenant + " " + what }

// Setting is how a company's mail goes out; version 1 is that of a company that has said nothing.
func (s *Service) Setting(ctx context.Context, a org.Actor) (Setting, error) {
	x, err := org.Setting(ctx, s.DB, a, org.SettingsEdit, s.Rows.Setting)
	x.Version++
	return x, err
}

// SaveSetting says how a company's mail goes out. A password of "" leaves the one there is, where server and name
// stay the same: none is sent to a server it was not entered for. Faults: record.stale, outgoing.password_again,
// outgoing.no_site and those of Setting.check.
func (s *Service) SaveSetting(ctx context.Context, a org.Actor, x Setting, password string) (Setting, error) {
	if err := a.Need(org.SettingsEdit); err != nil {
		return x, err
	}
	x.Site, x.Host = strings.TrimRight(strings.TrimSpace(x.Site), "/"), strings.TrimSpace(x.Host)
	sealed := ""
	if password != "" {
		var err error
		if sealed, err = s.Seals.Seal(password, sealOf(a.TenantID, "mail")); err != nil {
			return x, err
		}
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Setting, error) {
		if err := record.Take(ctx, tx, a.TenantID, "mail setting"); err != nil {
			return Setting{}, err
		}
		was, err := s.Rows.Setting(ctx, tx, a.TenantID)
		if err != nil {
			return Setting{}, err
		}
		if err := a.HasRead(was.Version + 1); err != nil {
			return Setting{}, err
		}
		if err := x.check(s.AnyHost); err != nil {
			return Setting{}, err
		}
		if x.Mail && s.siteOf(x) == "" {
			return Setting{}, errNoSite("/site")
		}
		is := x
		is.Sealed, is.Version = sealed, was.Version+1
		same := is.Host == was.Host && is.Port == was.Port && is.Login == was.Login && is.Security == was.Security
		switch {
		case is.Login == "":
			is.Sealed = ""
		case sealed == "" && was.Sealed != "" && same:
			is.Sealed = was.Sealed
		case sealed == "" && is.Mail:
			return Setting{}, fault.Input("/password", "outgoing.password_again", "the password is entered again for another server or name")
		}
		journal.Append(tx, a.By(), mailSet(a, was, is))
		if err := s.Rows.SaveSetting(ctx, tx, a.TenantID, is); err != nil {
			return Setting{}, err
		}
		is.Version++
		return is, nil
	})
}

func errNoSite(pointer string) error {
	return fault.Input(pointer, "outgoing.no_site", "say at which address people reach the program: links lead there")
}

// siteOf is the address links lead to: what the operator says counts more.
func (s *Service) siteOf(x Setting) string {
	if s.Site != "" {
		return s.Site
	}
	return x.Site
}

// server is the mail server with its password. Fault: outgoing.other_key.
func (s *Service) server(tenant string, x Setting) (Server, error) {
	to := Server{Host: x.Host, Port: x.Port, Security: x.Security, Login: x.Login}
	if x.Sealed == "" {
		return to, nil
	}
	var err error
	to.Password, err = s.Seals.Unseal(x.Sealed, sealOf(tenant, "mail"))
	return to, otherKey(err)
}

// otherKey says of a secret that was sealed under another key what to do.
func otherKey(err error) error {
	if fault.As(err) != nil {
		return fault.New(fault.Rule, "outgoing.other_key", "it was sealed under another key: enter it again")
	}
	return err
}

// failure is an error of our own as the end of a try.
func failure(err error) Result {
	if f := fault.As(err); f != nil {
		return Result{Outcome: Later, Code: f.Code}
	}
	return Result{Outcome: Later, Code: "outgoing.not_reached"}
}

// TestMail sends a mail to an address by what is saved; left out, to the actor's own. Faults: outgoing.no_mail,
// input.required, outgoing.mail_address, and the reason where it does not go.
func (s *Service) TestMail(ctx context.Context, a org.Actor, to string) error {
	x, err := s.Setting(ctx, a)
	if err != nil {
		return err
	}
	to = cmp.Or(strings.TrimSpace(to), a.Structure.Members[a.MemberID].Email)
	if x.Host == "" {
		return fault.New(fault.Rule, "outgoing.no_mail", "say first by which server mail goes out")
	}
	if to == "" {
		return fault.Missing("/to")
	}
	if addr, err := mail.ParseAddress(to); err != nil || addr.Address != to {
		return fault.Input("/to", "outgoing.mail_address", "an address, without a name")
	}
	by, r := s.open(ctx, a.TenantID, x)
	if r.Outcome == Taken {
		defer by.Close()
		r = by.Send(ctx, s.testMail(a, x, to))
	}
	if r.Outcome != Taken {
		return fault.New(fault.Rule, r.Code, "the mail did not go: %s", r.Answer).With("answer", r.Answer)
	}
	return nil
}
