package noticehttp

import (
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"time"

	"yunchou/internal/httpapi"
	"yunchou/internal/notice"
	"yunchou/internal/org"
)

// helloBody is the first event of a line.
type helloBody struct {
	Missed int   `json:"missed"` // what follows at once, of a page that came back
	Unread int64 `json:"unread"` // as of the notices' count (countNotices), so that nobody asks for it too
	Do     int64 `json:"do"`
}

// eventBody is every other: ids and codes only.
type eventBody struct {
	Seq  int64  `json:"seq,omitempty"`
	Kind string `json:"kind"`
}

func events(api *httpapi.API, d Deps) {
	type in struct {
		LastID string `header:"Last-Event-ID" maxLength:"20" doc:"the last event a page had that comes back"`
		After  int64  `query:"after" minimum:"-1" default:"-1" doc:"the same, of a page that opens the line anew"`
		Age    int64  `query:"age" minimum:"0" maximum:"600000" doc:"of a page that opens its first line: for how long it has been there, in milliseconds"`
		For    string `query:"for" maxLength:"60" doc:"the member one acts for"`
	}
	httpapi.HandleLive(api, httpapi.Route{Method: "GET", Path: "/events", ID: "openEvents", Permission: org.SignedIn,
		Summary: "What concerns the reader, as it happens: server-sent events of kinds and numbers"},
		func(ctx context.Context, actor org.Actor, in *in) (func(context.Context, *httpapi.Line), error) {
			actor, err := actor.For(in.For)
			if err != nil {
				return nil, err
			}
			s, told, err := d.Live.Open(ctx, actor)
			if err != nil {
				return nil, err
			}
			after := in.After
			if n, err := strconv.ParseInt(in.LastID, 10, 64); err == nil && n > after {
				after = n
			}
			l := line{stream: s, beat: d.Live.Beat, on: cmp.Or(in.For, actor.OnBehalfOf), sent: told}
			switch {
			case after >= 0:
				l.missed, err = d.Live.Missed(ctx, actor, after, told)
			case in.Age > 0:
				l.missed, err = d.Live.Since(ctx, actor, actor.Now.Add(-time.Duration(in.Age)*time.Millisecond-reading), told)
			}
			if err == nil {
				l.unread, l.do, err = d.Notices.Waiting(ctx, actor)
			}
			if err != nil {
				s.Close()
				return nil, err
			}
			return l.run, nil
		})
}

// reading is for how long before a page was there what it shows may have been read, and an entry written that is told later.
const reading = 10 * time.Second

// holds is how many beats there are to a look whose the line is: nothing is sent without one, so that what is found
// is only that nobody will be told anything.
const holds = 4

// turns is in how many turns of a beat open lines say that they stand. Each turn wakes the process once, for all lines of
// it: thousands of lines that beat at instants of their own cost it more to wake than what they say costs to send.
const turns = 15

// began is what turns are counted from.
var began = time.Now()

// untilTurn is how long it is, some time after turns began, until a turn comes: never nothing, and at most a beat.
func untilTurn(now, beat time.Duration, turn int) time.Duration {
	past := (now - beat*time.Duration(turn)/turns) % beat
	if past < 0 {
		past += beat
	}
	return beat - past
}

// line is one open page.
type line struct {
	stream *notice.Stream
	beat   time.Duration
	on     string // whom its reader acts for
	sent   int64  // the last notice that was sent, or was there before
	missed []notice.Event

	unread, do int64
}

func (l line) run(ctx context.Context, to *httpapi.Line) {
	defer l.stream.Close()
	if l.hello(to) != nil {
		return
	}
	turn := rand.N(turns) // not all that opened at once
	beat := time.NewTimer(untilTurn(time.Since(began), l.beat, turn))
	defer beat.Stop()
	for n := 0; ; n++ {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			beat.Reset(untilTurn(time.Since(began), l.beat, turn))
			if err = to.Beat(); err == nil && n%holds == holds-1 {
				err = l.still(ctx, to)
			}
		case <-l.stream.Ready:
			list, open := l.stream.Take()
			if !open {
				return
			}
			if err = l.still(ctx, to); err == nil {
				err = l.send(to, list)
			}
		}
		if err != nil {
			return
		}
	}
}

// still asks whether who opened the line may still read it.
func (l line) still(ctx context.Context, to *httpapi.Line) error {
	actor, err := to.Still(ctx)
	if err == nil {
		_, err = actor.For(l.on)
	}
	return err
}

// hello tells a page what it missed, or where it is.
func (l *line) hello(to *httpapi.Line) error {
	hello, at := helloBody{len(l.missed), l.unread, l.do}, l.sent
	if len(l.missed) > 0 {
		at = none // the last of them says where it is
	}
	if err := sendBody(to, at, "hello", hello); err != nil {
		return err
	}
	told := l.sent
	l.sent = 0
	err := l.send(to, l.missed)
	l.sent = max(l.sent, told)
	return err
}

// none is the number of an event that has none.
const none = -1

func (l *line) send(to *httpapi.Line, list []notice.Event) error {
	for _, e := range list {
		what, id := "stale", int64(none)
		switch {
		case e.Kind == notice.Everything:
			l.sent, id = e.Seq, e.Seq
		case e.Seq > 0 && e.Seq <= l.sent:
			continue
		case e.Seq > 0:
			l.sent, what, id = e.Seq, "notice", e.Seq
		}
		if err := sendBody(to, id, what, eventBody{e.Seq, e.Kind}); err != nil {
			return err
		}
	}
	return nil
}

func sendBody(to *httpapi.Line, id int64, event string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return to.Send(id, event, string(raw))
}
