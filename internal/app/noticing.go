package app

import (
	"time"

	"yunchou/internal/notice"
	"yunchou/internal/notice/noticedb"
)

// noticed wires notices: the one list of who tells people what concerns them.
func (a *App) noticed() {
	a.Notices = &notice.Service{DB: a.DB, Rows: noticedb.Rows{}, Org: a.Org, Kinds: a.Conversations.Kinds,
		Sources: []notice.Source{a.Conversations.Notices(), a.Tasks.Notices(), a.Handovers.Notices(), a.Guidance.Notices()}}
	a.Live = &notice.Hub{Notices: a.Notices, Rows: a.Notices.Rows, Log: a.Log, Beat: 45 * time.Second}
	a.Feed.Follow(a.Live.Moved)
}
