package outgoing

import (
	"context"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/worktime"
)

// How notices of a group go by mail. In the program they are always told.
const (
	AtOnce   = "at_once"
	InDigest = "digest"
	NotAtAll = "none"
)

// Choice is what a member wants to be told outside the program, and when not.
type Choice struct {
	Answers  string `json:"answers"` // guidance
	Tasks    string `json:"tasks"`
	Changes  string `json:"changes"` // what changed hands
	Talks    string `json:"talks"`   // what is said, and where one is named
	InGroup  bool   `json:"inGroup"` // the team's robot may name him
	Quiet    bool   `json:"quiet"`
	From     string `json:"from"` // of the quiet hours, 21:00 to 08:00 in the company's zone
	To       string `json:"to"`
	Rests    bool   `json:"rests"` // days on which he does not work are quiet
	Digest   bool   `json:"digest"`
	DigestAt string `json:"digestAt"` // on days on which he works
	Version  int    `json:"version"`
}

// Usual is the choice of who made none.
var Usual = Choice{Answers: AtOnce, Tasks: AtOnce, Changes: AtOnce, Talks: InDigest, InGroup: true,
	Quiet: true, From: "21:00", To: "08:00", Rests: true, Digest: true, DigestAt: "08:30"}

// GroupOf is the group a kind of notice is in.
func GroupOf(kind string) string {
	switch first, _, _ := strings.Cut(kind, "."); first {
	case "guidance":
		return "answers"
	case "task":
		return "tasks"
	case "message":
		return "talks"
	}
	return "changes"
}

// Of is how notices of a kind go by mail.
func (c Choice) Of(kind string) string {
	return map[string]string{"answers": c.Answers, "tasks": c.Tasks, "changes": c.Changes, "talks": c.Talks}[GroupOf(kind)]
}

// check refuses times that are none. Faults: worktime.bad_time, outgoing.quiet_empty, input.not_one_of.
func (c Choice) check() error {
	for pointer, way := range map[string]string{"/answers": c.Answers, "/tasks": c.Tasks, "/changes": c.Changes, "/talks": c.Talks} {
		if way != AtOnce && way != InDigest && way != NotAtAll {
			return fault.Input(pointer, "input.not_one_of", "at_once, digest or none")
		}
	}
	for pointer, at := range map[string]string{"/quietFrom": c.From, "/quietTo": c.To, "/digestAt": c.DigestAt} {
		if m, err := worktime.ParseMinute(at); err != nil {
			return fault.Input(pointer, fault.CodeOf(err), "times are written 08:30")
		} else if m >= 24*60 {
			return fault.Input(pointer, "outgoing.time_of_day", "00:00 to 23:59")
		}
	}
	if c.Quiet && c.From == c.To {
		return fault.Input("/quietTo", "outgoing.quiet_empty", "quiet hours end at another time than they begin")
	}
	return nil
}

// minuteOf is a time of the day that was checked.
func minuteOf(at string) int {
	m, err := worktime.ParseMinute(at)
	if err != nil {
		return 0
	}
	return int(m)
}

func at(day calendar.Date, minute int, zone *time.Location) time.Time {
	d := day.Time()
	return time.Date(d.Year(), d.Month(), d.Day(), minute/60, minute%60, 0, 0, zone)
}

// longest is how many quiet days in a row are looked through.
const longest = 400

// Until is the end of the quiet time an instant lies in, or the instant itself where it is not quiet. works tells
// whether the member works on a day.
func (c Choice) Until(t time.Time, zone *time.Location, works func(calendar.Date) bool) time.Time {
	from, to := minuteOf(c.From), minuteOf(c.To)
	for range 2 * longest {
		day, local := calendar.DateOf(t, zone), t.In(zone)
		minute := local.Hour()*60 + local.Minute()
		switch {
		case c.Rests && !works(day):
			t = day.Add(1).In(zone)
		case c.Quiet && from < to && minute >= from && minute < to, c.Quiet && from > to && minute < to:
			t = at(day, to, zone)
		case c.Quiet && from > to && minute >= from:
			t = at(day.Add(1), to, zone)
		default:
			return t
		}
	}
	return t
}

// works tells on which days a member works, his leave not.
func (s *Service) works(ctx context.Context, tx database.Tx, a org.Actor, member string) (func(calendar.Date) bool, error) {
	schedule, err := s.Times.Of(ctx, tx, a, member)
	zone := a.Company.Zone()
	return func(d calendar.Date) bool { return schedule.Worked(d.In(zone), d.Add(1).In(zone)) > 0 }, err
}

func (s *Service) choiceOf(ctx context.Context, tx database.Tx, tenant, member string) (Choice, error) {
	chosen, err := s.Rows.Choices(ctx, tx, tenant, []string{member})
	c, has := chosen[member]
	if !has {
		c = Usual
	}
	return c, err
}

// Choice is what the actor wants; version 1 is what is usual.
func (s *Service) Choice(ctx context.Context, a org.Actor) (c Choice, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) (err error) {
		c, err = s.choiceOf(ctx, tx, a.TenantID, a.Effective())
		return err
	})
	c.Version++
	return c, err
}

// Choose says what the actor wants. Faults: record.stale and those of Choice.check.
func (s *Service) Choose(ctx context.Context, a org.Actor, c Choice) (Choice, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Choice, error) {
		if err := record.Take(ctx, tx, a.TenantID, "notice choice "+a.Effective()); err != nil {
			return Choice{}, err
		}
		was, err := s.choiceOf(ctx, tx, a.TenantID, a.Effective())
		if err != nil {
			return Choice{}, err
		}
		if err := a.HasRead(was.Version + 1); err != nil { // what nobody has said yet has the first version
			return Choice{}, err
		}
		if err := c.check(); err != nil {
			return Choice{}, err
		}
		is := c
		is.Version = was.Version + 1
		journal.Append(tx, a.By(), chosen(a, was, is))
		if err := s.Rows.SaveChoice(ctx, tx, a.TenantID, a.Effective(), is); err != nil {
			return Choice{}, err
		}
		is.Version++
		return is, nil
	})
}

// Ways are the ways by which a member is reached.
type Ways struct {
	Email, Phone string
	Mail, Robot  bool // the company's mail goes out; his team has a robot
	Mentions     bool // which names one by his phone
}

// WaysOf are the actor's.
func (s *Service) WaysOf(ctx context.Context, a org.Actor) (w Ways, err error) {
	me := a.Structure.Members[a.Effective()]
	team, _ := a.Structure.TeamOf(me.ID, a.Today)
	w = Ways{Email: me.Email, Phone: me.Phone}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		set, err := s.Rows.Setting(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		robots, err := s.Rows.Robots(ctx, tx, a.TenantID)
		w.Mail = set.Mail
		for _, r := range robots {
			if r.TeamID == team {
				w.Robot, w.Mentions = true, r.Kind != Feishu
			}
		}
		return err
	})
	return w, err
}
