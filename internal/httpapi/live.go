package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"yunchou/internal/org"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type tokenKey struct{}

// live tells whether an operation's answer stays open.
func live(op *huma.Operation) bool {
	is, _ := op.Metadata["live"].(bool)
	return is
}

// Line is an answer that stays open: server-sent events.
type Line struct {
	w  http.ResponseWriter
	to *http.ResponseController
	// Still is who reads it now; it fails once his session has ended.
	Still func(ctx context.Context) (org.Actor, error)
}

const eventStream = "text/event-stream; charset=utf-8"

// StaysOpen tells an answer that stays open by its head.
func StaysOpen(h http.Header) bool { return h.Get("Content-Type") == eventStream }

// sendWithin is how long what is sent may take to go.
const sendWithin = 20 * time.Second

// Send sends an event; id is what a page that comes back says it has, below 0 none.
func (l *Line) Send(id int64, event, data string) error {
	text := "event: " + event + "\ndata: " + data + "\n\n"
	if id >= 0 {
		text = fmt.Sprintf("id: %d\n%s", id, text)
	}
	return l.write(text)
}

// Beat sends what is no event, so that the line is known to stand.
func (l *Line) Beat() error { return l.write(":\n\n") }

func (l *Line) write(text string) error {
	if err := l.to.SetWriteDeadline(time.Now().Add(sendWithin)); err != nil {
		return err
	}
	if _, err := l.w.Write([]byte(text)); err != nil {
		return err
	}
	return l.to.Flush()
}

// HandleLive registers an operation whose answer stays open as long as what fn returns runs. It counts as no use of
// the session, and its reader is asked for again and again (Line.Still).
func HandleLive[I any](a *API, r Route, fn func(ctx context.Context, actor org.Actor, in *I) (func(context.Context, *Line), error)) {
	r.Live = true
	Handle(a, r, func(ctx context.Context, actor org.Actor, in *I) (*Sent, error) {
		run, err := fn(ctx, actor, in)
		if err != nil {
			return nil, err
		}
		return &Sent{Body: func(hc huma.Context) {
			_, w := humago.Unwrap(hc)
			h := w.Header()
			h.Set("Content-Type", eventStream)
			h.Set("X-Accel-Buffering", "no") // nginx would keep it until there is much
			l := &Line{w: w, to: http.NewResponseController(w), Still: a.still(hc.Context())}
			if err := l.to.SetReadDeadline(time.Time{}); err != nil { // else it is cut once a request's time is over
				a.Log.DebugContext(ctx, "an open line keeps a request's time", "error", err)
			}
			run(hc.Context(), l)
		}}, nil
	})
}

// still asks anew who holds the session of a request.
func (a *API) still(ctx context.Context) func(context.Context) (org.Actor, error) {
	token, _ := ctx.Value(tokenKey{}).(string)
	return func(ctx context.Context) (org.Actor, error) {
		session, actor, err := a.Identity.Holds(ctx, token, "api")
		if due := session.Due(); err == nil && due != "" {
			err = due.Refusal()
		}
		return actor, err
	}
}
