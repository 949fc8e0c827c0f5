package httpapi

import (
	"context"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// bodyTime is for a form from a telephone with a poor connection.
	bodyTime = 30 * time.Second
	// heardOut is how much more is read of what nobody wants any more, of any body; of a file
	// as much as it may be.
	heardOut = 16 << 20
)

type deadlineKey struct{}

// hearOut reads on after a request was refused, or failed, before all of it had come. Browsers
// send to the end before they look for an answer: cut off, they tell of a broken connection and
// not of what was wrong. Who asks first whether to send (Expect) need not be heard.
func hearOut(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if op.RequestBody == nil {
		next(ctx)
		return
	}
	streamed, _ := op.Metadata["streamed"].(bool)
	inner := ctx
	if !streamed { // a file is read by its route, for as long as the server allows
		inner = huma.WithValue(ctx, deadlineKey{}, ctx.SetReadDeadline)
	}
	r, _ := humago.Unwrap(ctx)
	r.Body = unclosed{r.Body}
	next(inner)
	if r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, max(op.MaxBodyBytes, heardOut)) // gone or slow: there is nobody to tell
	}
}

// unclosed is a body that is read on after its reader had enough. The server closes it.
type unclosed struct{ io.ReadCloser }

func (unclosed) Close() error { return nil }

// bodyCame ends the time a body had to come. Else it would end while the request is worked on,
// and be taken for the client's going away.
func bodyCame(ctx context.Context) {
	if set, ok := ctx.Value(deadlineKey{}).(func(time.Time) error); ok {
		_ = set(time.Time{}) // a recorder in a test has none
	}
}
