package app

import (
	"time"

	"yunchou/internal/identity"
	"yunchou/internal/notice"
	"yunchou/internal/notice/noticedb"
	"yunchou/internal/outgoing"
	"yunchou/internal/outgoing/outgoingdb"
	"yunchou/internal/outgoing/robothttp"
	"yunchou/internal/outgoing/smtp"
)

// noticed wires notices: the one list of who tells people what concerns them.
func (a *App) noticed() {
	a.Notices = &notice.Service{DB: a.DB, Rows: noticedb.Rows{}, Org: a.Org, Kinds: a.Conversations.Kinds,
		Sources: []notice.Source{a.Conversations.Notices(), a.Tasks.Notices(), a.Handovers.Notices(), a.Guidance.Notices(), a.Changes.Notices(), a.Ties.Notices(), a.Confirms.Notices(),
			a.Competitors.Notices()}}
	a.Live = &notice.Hub{Notices: a.Notices, Rows: a.Notices.Rows, Log: a.Log, Beat: 45 * time.Second}
	a.Feed.Follow(a.Live.Moved)
	a.Outgoing = &outgoing.Service{DB: a.DB, Rows: outgoingdb.Rows{}, Notices: a.Notices, Org: a.Org, Times: a.Times, Timetable: a.Timetable,
		Seals: seals{a.Identity}, Post: smtp.Post{}, Hooks: robothttp.New(false), Now: a.Now}
	a.Notices.Onward = a.Outgoing
}

// seals seals secrets with the key of sign-ins, whichever it is by then.
type seals struct{ *identity.Service }

func (s seals) Seal(secret, whose string) (string, error)   { return s.Key.Seal(secret, whose) }
func (s seals) Unseal(sealed, whose string) (string, error) { return s.Key.Unseal(sealed, whose) }

// Reach says at which address people reach the program, and whether administrators may name any mail server and any
// address of a robot.
func (a *App) Reach(site string, any bool) {
	a.Outgoing.Site, a.Outgoing.AnyHost = site, any
	a.Outgoing.Hooks = robothttp.New(any)
}
