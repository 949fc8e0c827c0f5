package outgoing

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Chosen is what a member wants told outside the program.
type Chosen struct {
	Was Choice `json:"was"`
	Is  Choice `json:"is"`
}

func chosen(a org.Actor, was, is Choice) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "notice_choice", ID: a.Effective()}, Kind: "notice.chosen", On: a.Today, Payload: Chosen{was, is}}
}

// MailSet is by which server mail goes out, without its password and names.
type MailSet struct {
	Was MailBy `json:"was"`
	Is  MailBy `json:"is"`
}

// MailBy is a setting as the journal has it.
type MailBy struct {
	Mail     bool   `json:"mail"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`
}

func by(x Setting) MailBy { return MailBy{x.Mail, x.Host, x.Port, x.Security} }

func mailSet(a org.Actor, was, is Setting) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: a.TenantID}, Kind: "mail.set", On: a.Today, Payload: MailSet{by(was), by(is)}}
}

// RobotSet is the robot a team has; how it is reached is in the row alone.
type RobotSet struct {
	Was string `json:"was"` // its kind, "" none
	Is  string `json:"is"`
}

func robotSet(a org.Actor, was, is Robot) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "team", ID: is.TeamID}, Kind: "robot.set", On: a.Today, Payload: RobotSet{was.Kind, is.Kind}}
}

func robotRemoved(a org.Actor, was Robot) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "team", ID: was.TeamID}, Kind: "robot.removed", On: a.Today, Payload: RobotSet{was.Kind, ""}}
}

// Replays plays what was chosen and set.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"notice.chosen": org.Play(s.playChosen), "mail.set": org.Play(s.playMail),
		"robot.set": org.Play(s.playRobot), "robot.removed": org.Play(s.playRemoved)}
}

func (s *Service) playChosen(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p Chosen) error {
	return s.Rows.SaveChoice(ctx, tx, a.TenantID, e.Subject.ID, p.Is)
}

func (s *Service) playMail(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p MailSet) error {
	x, err := s.Rows.Setting(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	x.Mail, x.Host, x.Port, x.Security, x.Version = p.Is.Mail, p.Is.Host, p.Is.Port, p.Is.Security, x.Version+1
	return s.Rows.SaveSetting(ctx, tx, a.TenantID, x)
}

func (s *Service) playRobot(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p RobotSet) error {
	r := Robot{TeamID: e.Subject.ID, Kind: p.Is}
	all, err := s.Rows.Robots(ctx, tx, a.TenantID)
	for _, was := range all {
		if was.TeamID == r.TeamID {
			r.Version = was.Version
		}
	}
	if err != nil {
		return err
	}
	r.Version++
	return s.Rows.SaveRobot(ctx, tx, a.TenantID, r)
}

func (s *Service) playRemoved(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, _ RobotSet) error {
	return s.Rows.DeleteRobot(ctx, tx, a.TenantID, e.Subject.ID)
}
