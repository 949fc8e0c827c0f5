package outgoing

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timetable"
)

// Kinds of robot.
const (
	WeCom    = "wecom"    // 企业微信
	DingTalk = "dingtalk" // 钉钉
	Feishu   = "feishu"   // 飞书
)

// makers is what a kind of robot publishes: where it is reached, how many messages it takes in a minute (some fewer
// are sent, since clocks differ), and how many bytes a text has.
var makers = map[string]struct {
	host, path  string
	rate, bytes int
}{
	WeCom:    {"qyapi.weixin.qq.com", "/cgi-bin/webhook/send", 18, 2048},
	DingTalk: {"oapi.dingtalk.com", "/robot/send", 18, 16000},
	Feishu:   {"open.feishu.cn", "/open-apis/bot/v2/hook/", 90, 16000},
}

// Robot is the group robot of a team. Address and Secret are there only as it is spoken to.
type Robot struct {
	TeamID, Kind         string
	Sealed, SecretSealed string
	LastFour             string // of the address
	PausedUntil          *time.Time
	Version              int

	Address, Secret string
}

// Spoken is what a robot says, and whom it names by their phones.
type Spoken struct {
	Text    string
	Mobiles []string
	At      time.Time
}

// checkAddress takes the published addresses alone, unless the operator allows others. Faults: outgoing.robot_kind,
// outgoing.robot_address.
func checkAddress(kind, address string, any bool) error {
	m, known := makers[kind]
	if !known {
		return fault.Input("/kind", "input.not_one_of", "wecom, dingtalk or feishu")
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return errAddress
	}
	if any {
		if u.Scheme != "https" && u.Scheme != "http" {
			return errAddress
		}
		return nil
	}
	right := u.Scheme == "https" && strings.EqualFold(u.Host, m.host)
	switch q := u.Query(); kind {
	case WeCom:
		right = right && u.Path == m.path && q.Get("key") != ""
	case DingTalk:
		right = right && u.Path == m.path && q.Get("access_token") != ""
	case Feishu:
		right = right && strings.HasPrefix(u.Path, m.path) && len(u.Path) > len(m.path) && u.RawQuery == ""
	}
	if !right {
		return errAddress
	}
	return nil
}

var errAddress = fault.Input("/address", "outgoing.robot_address", "the address as the group shows it when the robot is added")

// Robots are the robots of teams, without their addresses.
func (s *Service) Robots(ctx context.Context, a org.Actor) ([]Robot, error) {
	return org.Setting(ctx, s.DB, a, org.SettingsEdit, s.Rows.Robots)
}

// SetRobot gives a team its robot in place of the one it has. Faults: org.team_unknown, outgoing.robot_address,
// outgoing.no_site.
func (s *Service) SetRobot(ctx context.Context, a org.Actor, team, kind, address, secret string) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	if t, known := a.Structure.Teams[team]; !known {
		return fault.New(fault.NotFound, "org.team_unknown", "no such team")
	} else if t.ClosedOn != "" && t.ClosedOn <= a.Today {
		return org.ErrTeamClosed(t)
	}
	address, secret = strings.TrimSpace(address), strings.TrimSpace(secret)
	if err := checkAddress(kind, address, s.AnyHost); err != nil {
		return err
	}
	r := Robot{TeamID: team, Kind: kind, LastFour: address[max(0, len(address)-4):]}
	var err error
	if r.Sealed, err = s.Seals.Seal(address, sealOf(a.TenantID, team)); err != nil {
		return err
	}
	if secret != "" {
		if r.SecretSealed, err = s.Seals.Seal(secret, sealOf(a.TenantID, team)); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := record.Take(ctx, tx, a.TenantID, "robot "+team); err != nil {
			return err
		}
		set, err := s.Rows.Setting(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		if s.siteOf(set) == "" {
			return errNoSite("/address")
		}
		is, was := r, Robot{}
		all, err := s.Rows.Robots(ctx, tx, a.TenantID)
		if i := slices.IndexFunc(all, func(r Robot) bool { return r.TeamID == team }); i >= 0 {
			was = all[i]
		}
		if err != nil {
			return err
		}
		is.Version = was.Version + 1
		journal.Append(tx, a.By(), robotSet(a, was, is))
		return s.Rows.SaveRobot(ctx, tx, a.TenantID, is)
	})
}

// RemoveRobot takes a team's robot away; what waits for it is withdrawn. Fault: outgoing.robot_unknown.
func (s *Service) RemoveRobot(ctx context.Context, a org.Actor, team string) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := record.Take(ctx, tx, a.TenantID, "robot "+team); err != nil {
			return err
		}
		all, err := s.Rows.Robots(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(r Robot) bool { return r.TeamID == team })
		if i < 0 {
			return errNoRobot
		}
		journal.Append(tx, a.By(), robotRemoved(a, all[i]))
		if err := s.Rows.Withdraw(ctx, tx, a.TenantID, team, IsOff, a.Now); err != nil {
			return err
		}
		return s.Rows.DeleteRobot(ctx, tx, a.TenantID, team)
	})
}

var errNoRobot = fault.New(fault.NotFound, "outgoing.robot_unknown", "the team has no robot")

// TestRobot has a team's robot say that it works. Faults: outgoing.robot_unknown, and the reason where it does not.
func (s *Service) TestRobot(ctx context.Context, a org.Actor, team string) error {
	all, err := s.Robots(ctx, a)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(r Robot) bool { return r.TeamID == team })
	if i < 0 {
		return errNoRobot
	}
	r, err := s.opened(a.TenantID, all[i])
	if err != nil {
		return err
	}
	if out := s.Hooks.Say(ctx, r, Spoken{Text: wordsOf(a.Company.Locale).Label["test"], At: s.Now()}); out.Outcome != Taken {
		return fault.New(fault.Rule, out.Code, "the robot did not take it: %s", out.Answer).With("answer", out.Answer)
	}
	return nil
}

// opened is a robot with its address and secret. Fault: outgoing.other_key.
func (s *Service) opened(tenant string, r Robot) (Robot, error) {
	var err error
	if r.Address, err = s.Seals.Unseal(r.Sealed, sealOf(tenant, r.TeamID)); err != nil || r.SecretSealed == "" {
		return r, otherKey(err)
	}
	r.Secret, err = s.Seals.Unseal(r.SecretSealed, sealOf(tenant, r.TeamID))
	return r, otherKey(err)
}

// says has a robot say what is due, together in one message; more tells that there is more that may be said now.
func (s *Service) says(ctx context.Context, j *timetable.Job, set Setting, r Robot) (more bool, err error) {
	if r.PausedUntil != nil && s.Now().Before(*r.PausedUntil) {
		return false, nil
	}
	due, more, err := s.due(ctx, j.TenantID, r.TeamID, makers[r.Kind].rate)
	if err != nil || len(due) == 0 {
		return false, err
	}
	said, list, rest, err := s.spoken(ctx, j.TenantID, set, r, due)
	if err != nil || len(list) == 0 {
		return more, err
	}
	open, err := s.opened(j.TenantID, r)
	if err != nil {
		return false, s.postpone(ctx, j.TenantID, list, failure(err))
	}
	began, err := s.begin(ctx, j, list...)
	if err != nil {
		return false, err
	}
	if len(began) < len(list) { // somebody withdrew one meanwhile: what is said is put together anew
		return false, s.end(ctx, j.TenantID, began, Result{Outcome: Later})
	}
	out := s.Hooks.Say(ctx, open, said)
	if err := s.end(ctx, j.TenantID, began, out); err != nil {
		return false, err
	}
	if out.Pause > 0 {
		until := s.Now().Add(out.Pause)
		return false, s.DB.Write(context.WithoutCancel(ctx), func(tx database.Tx) error { return s.Rows.Pause(ctx, tx, j.TenantID, r.TeamID, until) })
	}
	return out.Outcome == Taken && (more || rest), nil
}

// spoken puts what is due together: for each its addressee, its kind and a link, and nothing else. rest tells that
// some did not fit.
func (s *Service) spoken(ctx context.Context, tenant string, set Setting, r Robot, due []Message) (out Spoken, list []Message, rest bool, err error) {
	site := s.siteOf(set)
	var lines []string
	bytes := 100 // the heading
	var w words
	for _, m := range due {
		v, ready, err := s.ready(ctx, tenant, m)
		if err != nil {
			return out, nil, false, err
		}
		if !ready {
			continue
		}
		w = wordsOf(v.reader.Company.Locale)
		me := v.reader.Structure.Members[m.MemberID]
		l := me.Name + w.Label["colon"] + w.Label[m.Kind] + " " + linkTo(site, m.Seq)
		if bytes += len(l) + 1; bytes > makers[r.Kind].bytes {
			rest = true
			break
		}
		lines, list = append(lines, l), append(list, m)
		if mobile := mobileOf(me.Phone); mobile != "" && !slices.Contains(out.Mobiles, mobile) {
			out.Mobiles = append(out.Mobiles, mobile)
		}
	}
	if len(lines) > 1 {
		lines = append([]string{fill(w.Label["count"], "count", len(lines))}, lines...)
	}
	out.Text, out.At = strings.Join(lines, "\n"), s.Now()
	return out, list, rest, nil
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// mobileOf is a mainland mobile number as the makers take it, "" where a phone is none.
func mobileOf(phone string) string {
	p := strings.NewReplacer(" ", "", "-", "").Replace(phone)
	p = strings.TrimPrefix(strings.TrimPrefix(p, "+86"), "0086")
	if !mobile.MatchString(p) {
		return ""
	}
	return p
}
