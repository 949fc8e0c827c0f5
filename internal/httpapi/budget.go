package httpapi

import (
	"context"
	"errors"
	"io"
	"sync"

	"yunchou/internal/fault"
	"yunchou/internal/org"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Budget is how many bytes this process holds for what is sent to it and fetched from it. A
// body that would exceed it is refused before it is read, and may be sent again in a moment.
// Nobody has more than a share of it at once, so that he leaves the others room.
type Budget struct {
	mu               sync.Mutex
	held, peak, most int64
	by               map[string]int64 // who holds how much of it
}

const (
	// holds is what all requests together may hold.
	holds = 64 << 20
	// perByte is what a byte of JSON becomes: the text, what it is checked as, what it is.
	perByte = 8
	// perStream is what a body takes that goes to disk, or comes from it, piece by piece.
	perStream = 768 << 10
	// unweighed are bodies of everyday forms. They pass where large ones have taken the
	// whole budget, so that people go on working and signing in.
	unweighed = 16 << 10
	// publicBody bounds what somebody may send who has not signed in.
	publicBody = 16 << 10
	// jsonBody bounds any other, where the route says nothing.
	jsonBody = 1 << 20
	busyFor  = 2 // seconds
	// shares is how many there are, each of one member: 21 files on their way, or three tables, or
	// two forms of the largest.
	shares = 4
)

// NewBudget makes a budget of so many bytes.
func NewBudget(most int64) *Budget { return &Budget{most: most} }

// Take takes bytes until they are given back. Fault: request.busy.
func (b *Budget) Take(n int64) (giveBack func(), err error) { return b.TakeFor("", n) }

// TakeFor is Take for a member, who has no more than his share at once; "" is nobody, and the
// program itself. Faults: request.too_many_at_once, request.busy.
func (b *Budget) TakeFor(who string, n int64) (giveBack func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if mine := b.by[who]; who != "" && mine > 0 && mine+n > b.most/shares {
		return nil, tooMany()
	}
	if b.held+n > b.most {
		return nil, fault.New(fault.Busy, "request.busy", "too much is being sent at the moment; send it again").After(busyFor)
	}
	b.held += n
	b.peak = max(b.peak, b.held)
	if b.by == nil {
		b.by = map[string]int64{}
	}
	b.by[who] += n
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.held -= n
		if b.by[who] -= n; b.by[who] == 0 {
			delete(b.by, who)
		}
	}), nil
}

// sharer is whose share of the budget a request is paid from.
func sharer(ctx context.Context) string {
	a, _ := ctx.Value(actorKey{}).(org.Actor)
	return a.TenantID + a.MemberID
}

// Held tells how many bytes are held now, and how many were at most.
func (b *Budget) Held() (now, peak int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held, b.peak
}

// weigh takes what a request's body will hold from the budget until it is answered.
func (a *API) weigh(ctx huma.Context, next func(huma.Context)) {
	n := weightOf(ctx)
	if n == 0 {
		next(ctx)
		return
	}
	giveBack, err := a.Budget.TakeFor(sharer(ctx.Context()), n)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	defer giveBack()
	next(ctx)
}

func weightOf(ctx huma.Context) int64 {
	op := ctx.Operation()
	if streamed, _ := op.Metadata["streamed"].(bool); streamed {
		return perStream
	}
	if op.RequestBody == nil {
		return 0
	}
	r, _ := humago.Unwrap(ctx)
	n := r.ContentLength
	if n < 0 || n > op.MaxBodyBytes { // of unknown length, or refused once it is read so far
		n = op.MaxBodyBytes
	}
	if n <= unweighed {
		return 0
	}
	return n * perByte
}

// bodyLimit is how large a route's body may be.
func bodyLimit(r Route) int64 {
	switch {
	case r.MaxBody > 0:
		return r.MaxBody
	case r.Public:
		return publicBody
	}
	return jsonBody
}

// Upload is the body of a route that takes a file: it is read piece by piece, and never held
// as a whole. Its route names the largest (MaxBody).
type Upload struct{ body io.Reader }

// Resolve implements huma.Resolver.
func (u *Upload) Resolve(ctx huma.Context) []error {
	u.body = ctx.BodyReader()
	return nil
}

// Content is the file. Its reading fails with request.cut_off where the sender is gone: that is
// no trouble of the database's.
func (u *Upload) Content() io.Reader { return cut{u.body} }

type cut struct{ r io.Reader }

func (c cut) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fault.New(fault.Invalid, "request.cut_off", "the file did not come to its end; send it again")
	}
	return n, err
}

func (u *Upload) uploads() {}

// octets describes the body of an upload.
var octets = map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
