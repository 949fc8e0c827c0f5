// Package outgoinghttp is the routes of what leaves the house: what a member wants of it, and for administrators by
// which ways it goes and what did not.
package outgoinghttp

import (
	"context"
	"time"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/page"
)

// Deps is what the routes need.
type Deps struct{ Outgoing *outgoing.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	choices(api, d)
	settings(api, d)
	robots(api, d)
	queue(api, d)
}

// Choice is what a member wants outside the program.
type Choice struct {
	Answers   string `json:"answers" enum:"at_once,digest,none" doc:"guidance: by mail at once, in the daily digest, or not"`
	Tasks     string `json:"tasks" enum:"at_once,digest,none"`
	Changes   string `json:"changes" enum:"at_once,digest,none" doc:"what changed hands"`
	Talks     string `json:"talks" enum:"at_once,digest,none" doc:"what is said, and where one is named"`
	InGroup   bool   `json:"inGroup" doc:"the team's group robot may say that something waits"`
	Quiet     bool   `json:"quiet"`
	QuietFrom string `json:"quietFrom" minLength:"5" maxLength:"5" doc:"21:00, in the company's zone"`
	QuietTo   string `json:"quietTo" minLength:"5" maxLength:"5"`
	Rests     bool   `json:"rests" doc:"days on which one does not work are quiet, too"`
	Digest    bool   `json:"digest"`
	DigestAt  string `json:"digestAt" minLength:"5" maxLength:"5" doc:"on days on which one works"`
}

type choiceAnswer struct {
	Choice
	Version int    `json:"version"`
	Email   string `json:"email" doc:"where mail goes; empty where nobody has said"`
	Phone   string `json:"phone" doc:"by which the group robot names one"`
	Mail    bool   `json:"mail" doc:"the company's mail goes out"`
	Robot   bool   `json:"robot" doc:"the team has a group robot"`
	// Feishu's take open_id alone.
	Mentions bool `json:"mentions" doc:"which names one by his phone"`
}

func (d Deps) answer(ctx context.Context, a org.Actor, c outgoing.Choice) (*httpapi.Body[choiceAnswer], error) {
	ways, err := d.Outgoing.WaysOf(ctx, a)
	return httpapi.Answer(choiceAnswer{Choice{c.Answers, c.Tasks, c.Changes, c.Talks, c.InGroup, c.Quiet, c.From, c.To, c.Rests, c.Digest, c.DigestAt},
		c.Version, ways.Email, ways.Phone, ways.Mail, ways.Robot, ways.Mentions}, err)
}

func choices(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/notices/choice", ID: "getNoticeChoice", Permission: org.SignedIn,
		Summary: "What of notices the reader wants outside the program, and when not"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[choiceAnswer], error) {
			c, err := d.Outgoing.Choice(ctx, a)
			if err != nil {
				return nil, err
			}
			return d.answer(ctx, a, c)
		})
	type chooseIn struct {
		httpapi.AtVersion
		Body Choice
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/notices/choice", ID: "setNoticeChoice", Permission: org.SignedIn,
		Summary: "Say what of notices the reader wants outside the program"},
		func(ctx context.Context, a org.Actor, in *chooseIn) (*httpapi.Body[choiceAnswer], error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			b := in.Body
			c, err := d.Outgoing.Choose(ctx, a, outgoing.Choice{Answers: b.Answers, Tasks: b.Tasks, Changes: b.Changes, Talks: b.Talks, InGroup: b.InGroup,
				Quiet: b.Quiet, From: b.QuietFrom, To: b.QuietTo, Rests: b.Rests, Digest: b.Digest, DigestAt: b.DigestAt})
			if err != nil {
				return nil, err
			}
			return d.answer(ctx, a, c)
		})
}

// Setting is by which server mail goes out.
type Setting struct {
	Site     string `json:"site" maxLength:"200" doc:"the address people reach the program at; links lead there"`
	Mail     bool   `json:"mail" doc:"mail goes out"`
	Host     string `json:"host" maxLength:"200"`
	Port     int    `json:"port" minimum:"0" maximum:"65535"`
	Security string `json:"security" enum:"starttls,tls,none" doc:"none to this machine alone"`
	Login    string `json:"login" maxLength:"200"`
	Sender   string `json:"sender" maxLength:"200" doc:"an address, with a name or without"`
}

type settingAnswer struct {
	Setting
	Version     int    `json:"version"`
	HasPassword bool   `json:"hasPassword"`
	OwnSite     string `json:"ownSite" doc:"the address the operator says, which counts more; empty where he does not"`
}

func (d Deps) setting(x outgoing.Setting, err error) (*httpapi.Body[settingAnswer], error) {
	if x.Security == "" {
		x.Security, x.Port = outgoing.StartTLS, 587
	}
	return httpapi.Answer(settingAnswer{Setting{x.Site, x.Mail, x.Host, x.Port, x.Security, x.Login, x.Sender}, x.Version, x.Sealed != "", d.Outgoing.Site}, err)
}

func settings(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/outgoing/mail", ID: "getMailSetting", Permission: org.SettingsEdit,
		Summary: "By which server mail goes out; the password is never told"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[settingAnswer], error) {
			return d.setting(d.Outgoing.Setting(ctx, a))
		})
	type setIn struct {
		httpapi.AtVersion
		Body struct {
			Setting
			Password string `json:"password,omitempty" maxLength:"500" doc:"left out the one there is stays"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/outgoing/mail", ID: "setMailSetting", Permission: org.SettingsEdit,
		Summary: "Say by which server mail goes out"},
		func(ctx context.Context, a org.Actor, in *setIn) (*httpapi.Body[settingAnswer], error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			b := in.Body
			return d.setting(d.Outgoing.SaveSetting(ctx, a, outgoing.Setting{Site: b.Site, Mail: b.Mail, Host: b.Host, Port: b.Port, Security: b.Security,
				Login: b.Login, Sender: b.Sender}, b.Password))
		})
	type testIn struct {
		Body *struct {
			To string `json:"to,omitempty" maxLength:"200" doc:"left out, one's own address"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/outgoing/mail/test", ID: "testMail", Permission: org.SettingsEdit, Status: 204,
		Summary: "Send a mail to oneself, or to an address, by what is saved"},
		func(ctx context.Context, a org.Actor, in *testIn) (*httpapi.Done, error) {
			to := ""
			if in.Body != nil {
				to = in.Body.To
			}
			return httpapi.Nothing(d.Outgoing.TestMail(ctx, a, to))
		})
}

type robotBody struct {
	TeamID      string     `json:"teamId"`
	Kind        string     `json:"kind" enum:"wecom,dingtalk,feishu"`
	LastFour    string     `json:"lastFour" doc:"of its address, which is never told again"`
	HasSecret   bool       `json:"hasSecret"`
	PausedUntil *time.Time `json:"pausedUntil" doc:"its maker wants to hear nothing before; null where he does"`
}

// TeamIn names a team.
type TeamIn struct {
	ID string `path:"id" maxLength:"60"`
}

func robots(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/outgoing/robots", ID: "listRobots", Permission: org.SettingsEdit, Summary: "The group robots of teams"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[[]robotBody], error) {
			list, err := d.Outgoing.Robots(ctx, a)
			out := []robotBody{}
			for _, r := range list {
				out = append(out, robotBody{r.TeamID, r.Kind, r.LastFour, r.SecretSealed != "", r.PausedUntil})
			}
			return httpapi.Answer(out, err)
		})
	type setIn struct {
		TeamIn
		Body struct {
			Kind    string `json:"kind" enum:"wecom,dingtalk,feishu"`
			Address string `json:"address" minLength:"1" maxLength:"500" doc:"as the group shows it"`
			Secret  string `json:"secret,omitempty" maxLength:"200" doc:"of the signature, where the robot asks for one"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/teams/{id}/robot", ID: "setRobot", Permission: org.SettingsEdit, Status: 204,
		Summary: "Give a team its group robot"},
		func(ctx context.Context, a org.Actor, in *setIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Outgoing.SetRobot(ctx, a, in.ID, in.Body.Kind, in.Body.Address, in.Body.Secret))
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/teams/{id}/robot", ID: "removeRobot", Permission: org.SettingsEdit, Status: 204,
		Summary: "Take a team's group robot away"},
		func(ctx context.Context, a org.Actor, in *TeamIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Outgoing.RemoveRobot(ctx, a, in.ID))
		})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/teams/{id}/robot/test", ID: "testRobot", Permission: org.SettingsEdit, Status: 204,
		Summary: "Have a team's group robot say that it works"},
		func(ctx context.Context, a org.Actor, in *TeamIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Outgoing.TestRobot(ctx, a, in.ID))
		})
}

type messageBody struct {
	ID        string         `json:"id" doc:"the Message-ID of a mail"`
	Way       string         `json:"way" enum:"mail,robot,digest"`
	MemberID  string         `json:"memberId"`
	TeamID    string         `json:"teamId" doc:"of the robot, empty of a mail"`
	Kind      string         `json:"kind" doc:"of the notice"`
	State     outgoing.State `json:"state" enum:"queued,sent,failed,given_up,withdrawn"`
	DueAt     time.Time      `json:"dueAt" doc:"of one that waits: not before"`
	CreatedAt time.Time      `json:"createdAt"`
	EndedAt   *time.Time     `json:"endedAt"`
	Attempts  int            `json:"attempts"`
	Code      string         `json:"code" doc:"why it did not go, yet or at all: outgoing.mail_refused"`
	Answer    string         `json:"answer" doc:"what the other side said"`
}

func queue(api *httpapi.API, d Deps) {
	type listIn struct {
		State  outgoing.State `query:"state" enum:"queued,sent,failed,withdrawn" doc:"failed are those given up, too; left out all"`
		Cursor string         `query:"cursor" maxLength:"2000"`
		Limit  int            `query:"limit" minimum:"0" maximum:"200"`
	}
	type listBody struct {
		page.Result[messageBody]
		Counts map[outgoing.State]int64 `json:"counts" doc:"how many there are in each state, of 90 days"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/outgoing", ID: "listOutgoing", Permission: org.SettingsEdit,
		Summary: "What leaves the house and what did not, the newest first"},
		func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[listBody], error) {
			list, counts, err := d.Outgoing.List(ctx, a, outgoing.Asked{State: in.State}, page.Request{Cursor: in.Cursor, Limit: in.Limit})
			out := listBody{page.Result[messageBody]{Items: []messageBody{}, Next: list.Next}, counts}
			for _, m := range list.Items {
				out.Items = append(out.Items, messageBody{m.ID, m.Way, m.MemberID, m.TeamID, m.Kind, m.State, m.DueAt, m.CreatedAt, m.EndedAt, m.Attempts, m.Code, m.Answer})
			}
			return httpapi.Answer(out, err)
		})
	type oneIn struct {
		ID string `path:"id" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/outgoing/{id}/again", ID: "sendAgain", Permission: org.SettingsEdit, Status: 204,
		Summary: "Send once more what failed"},
		func(ctx context.Context, a org.Actor, in *oneIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Outgoing.Again(ctx, a, in.ID))
		})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/outgoing/{id}/withdraw", ID: "withdrawOutgoing", Permission: org.SettingsEdit, Status: 204,
		Summary: "Do not send what waits or failed"},
		func(ctx context.Context, a org.Actor, in *oneIn) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Outgoing.Drop(ctx, a, in.ID))
		})
}
