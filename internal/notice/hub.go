package notice

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/reader"
)

// Hub wakes the open pages of those an entry concerns, in one process. It follows the journal with the others
// (reader.Feed), asks once for a company whom new entries concern, and passes a notice on when its row is there:
// so whoever looks when he is woken finds it. What is lost on a broken line is in the table (Missed).
type Hub struct {
	Notices *Service
	Rows    Rows
	Log     *slog.Logger
	// Beat is how often a line says that it stands; every few times, and before each event, whose it is is asked anew.
	Beat time.Duration
	// Batch is how many entries and notices are looked at at once; 0 is 500.
	Batch int

	mu        sync.Mutex
	companies map[string]*company
	streams   int
	closed    bool
	wake      chan struct{}
}

// company is what a hub knows of one with open pages.
type company struct {
	tenant  string
	members map[string]map[*Stream]bool
	moved   bool
	at      int64 // the last entry looked at
	told    Mark  // the last notice passed on
	awaited int64 // the last entry known to tell somebody, whose row may not be there yet
	since   time.Time
	next    time.Time // when to look for rows again
	pause   time.Duration
}

// Event is what an open page is told: a notice, by its kind and number, or that what it shows has changed, by the
// kind of entry. It holds nothing of what it is about.
type Event struct {
	Seq  int64 // of a notice, 0 of a change
	Kind string
}

// Stream is one open page.
type Stream struct {
	// Ready says that there is something to take.
	Ready chan struct{}

	hub            *Hub
	tenant, member string
	mu             sync.Mutex
	waiting        []Event
	closed         bool
}

const (
	// mostStreams is how many pages of a member are open at once; more look now and then.
	mostStreams = 8
	// mostWaiting is how much a slow page is behind before it is told that everything changed.
	mostWaiting = 100
	// awaits is how long rows are looked for; the reader is ten seconds late where a process was killed.
	awaits   = 2 * time.Minute
	firstGap = 10 * time.Millisecond
	longGap  = 2 * time.Second
)

// ErrTooMany: a member has so many pages open that a further one looks now and then.
var ErrTooMany = fault.New(fault.Limited, "notice.too_many_streams", "so many pages of yours are open that this one looks now and then").
	With("max", mostStreams)

// Everything is an event's kind that says that anything may have changed.
const Everything = "*"

// Moved has the hub look at a company's journal (reader.Feed).
func (h *Hub) Moved(tenant string, _ int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.companies[tenant]; c != nil {
		c.moved = true
		h.rouse()
	}
}

// rouse has Run look; the hub is locked.
func (h *Hub) rouse() {
	select {
	case h.waking() <- struct{}{}:
	default:
	}
}

func (h *Hub) waking() chan struct{} {
	if h.wake == nil {
		h.wake = make(chan struct{}, 1)
	}
	return h.wake
}

// Open opens a page of the actor's, and tells the number of the last notice that is not told any more. Fault:
// notice.too_many_streams.
func (h *Hub) Open(ctx context.Context, a org.Actor) (*Stream, int64, error) {
	at, told, err := h.ends(ctx, a.TenantID)
	if err != nil {
		return nil, 0, err
	}
	s := &Stream{Ready: make(chan struct{}, 1), hub: h, tenant: a.TenantID, member: a.Effective()}
	if err := h.enter(s, at, told); err != nil {
		return nil, 0, err
	}
	if _, told, err = h.ends(ctx, a.TenantID); err != nil { // what comes after is told, what came before is there
		s.Close()
	}
	return s, told, err
}

// ends are the last entry of a company's journal and the last that told somebody.
func (h *Hub) ends(ctx context.Context, tenant string) (at, told int64, err error) {
	err = h.Notices.DB.Read(ctx, func(tx database.Tx) error {
		if at, err = journal.Head(ctx, tx, tenant); err == nil {
			told, err = h.Rows.Last(ctx, tx, tenant)
		}
		return err
	})
	return at, told, err
}

// enter takes a page in; of a company that had none it begins at an entry.
func (h *Hub) enter(s *Stream, at, told int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.companies == nil {
		h.companies = map[string]*company{}
	}
	c := h.companies[s.tenant]
	if c == nil {
		c = &company{tenant: s.tenant, members: map[string]map[*Stream]bool{}, at: at, told: Mark{Seq: told}, moved: true}
		c.await(at) // of an entry before it may tell somebody yet
		h.companies[s.tenant] = c
		h.rouse()
	}
	if len(c.members[s.member]) >= mostStreams {
		return ErrTooMany
	}
	if c.members[s.member] == nil {
		c.members[s.member] = map[*Stream]bool{}
	}
	c.members[s.member][s] = true
	h.streams++
	if h.closed {
		s.end()
	}
	return nil
}

// await notes that rows are looked for up to an entry.
func (c *company) await(seq int64) {
	c.awaited, c.since, c.pause, c.next = max(c.awaited, seq), time.Now(), firstGap, time.Now()
}

// Close takes a page out.
func (s *Stream) Close() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.companies[s.tenant]
	if c == nil || !c.members[s.member][s] {
		return
	}
	h.streams--
	delete(c.members[s.member], s)
	if len(c.members[s.member]) == 0 {
		delete(c.members, s.member)
	}
	if len(c.members) == 0 {
		delete(h.companies, s.tenant)
	}
}

// Streams tells how many pages are open.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streams
}

// Take takes what is waiting; it is false once the program ends.
func (s *Stream) Take() ([]Event, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.waiting
	s.waiting = nil
	return out, !s.closed
}

func (s *Stream) put(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= mostWaiting {
		s.waiting = append(s.waiting[:0], Event{Seq: max(e.Seq, last(s.waiting)), Kind: Everything})
	} else {
		s.waiting = append(s.waiting, e)
	}
	s.ready()
}

func last(list []Event) (seq int64) {
	for _, e := range list {
		seq = max(seq, e.Seq)
	}
	return seq
}

func (s *Stream) ready() {
	select {
	case s.Ready <- struct{}{}:
	default:
	}
}

func (s *Stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.ready()
}

// Missed are the actor's notices after a number, the oldest first; where they are more than a page holds, it is one
// event that says so.
func (h *Hub) Missed(ctx context.Context, a org.Actor, after, told int64) (out []Event, err error) {
	if after > told { // of another history
		return []Event{{told, Everything}}, nil
	}
	err = h.Notices.DB.Read(ctx, func(tx database.Tx) error {
		list, err := h.Rows.List(ctx, tx, a.TenantID, a.Effective(), Asked{After: after}, page.Request{Sort: "seq", Limit: mostWaiting})
		out = nil
		for _, n := range list {
			out = append(out, Event{n.Seq, n.Kind})
		}
		if len(out) > mostWaiting {
			out = []Event{{told, Everything}}
		}
		return err
	})
	return out, err
}

// Since are the actor's notices that were told from an instant on, the oldest first: of a page that was there before its
// line. Too many are one event, as in Missed.
func (h *Hub) Since(ctx context.Context, a org.Actor, from time.Time, told int64) (out []Event, err error) {
	err = h.Notices.DB.Read(ctx, func(tx database.Tx) error {
		list, err := h.Rows.List(ctx, tx, a.TenantID, a.Effective(), Asked{}, page.Request{Sort: "seq", Desc: true, Limit: mostWaiting})
		out = nil
		for _, n := range slices.Backward(list) {
			if !n.At.Before(from) {
				out = append(out, Event{n.Seq, n.Kind})
			}
		}
		if len(out) > mostWaiting {
			out = []Event{{told, Everything}}
		}
		return err
	})
	return out, err
}

// Run passes on until the context ends, and then has all pages end.
func (h *Hub) Run(ctx context.Context) {
	h.mu.Lock()
	wake := h.waking()
	h.mu.Unlock()
	defer h.end()
	for ctx.Err() == nil { // what is due is due still where a read was cut short
		due, wait := h.due()
		for _, c := range due {
			if err := h.look(ctx, c); err != nil && ctx.Err() == nil {
				h.Log.Warn("open pages were not woken", "company", c.tenant, "error", err)
				h.again(c)
			}
		}
		if len(due) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(wait):
		}
	}
}

// due are the companies to look at now, and how long it is until there is one.
func (h *Hub) due() (out []*company, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	wait = time.Hour
	for _, c := range h.companies {
		left := time.Until(c.next)
		switch {
		case c.moved || c.awaited > c.told.Seq && left <= 0:
			c.moved = false
			out = append(out, c)
		case c.awaited > c.told.Seq:
			wait = min(wait, left)
		}
	}
	return out, wait
}

// again has a company be looked at after a rest.
func (h *Hub) again(c *company) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.awaited, c.next = max(c.awaited, c.told.Seq+1), time.Now().Add(longGap)
}

// look asks whom new entries of a company concern, and which notices are written.
func (h *Hub) look(ctx context.Context, c *company) error {
	h.mu.Lock()
	at, told, batch := c.at, c.told, cmp.Or(h.Batch, 500)
	h.mu.Unlock()
	var entries []journal.Entry
	var fresh []Notice
	var head int64
	var concerned [][]To
	err := h.Notices.DB.Read(ctx, func(tx database.Tx) (err error) {
		concerned = nil
		if head, err = journal.Head(ctx, tx, c.tenant); err != nil || head < at {
			return err
		}
		if entries, err = journal.SinceOf(ctx, tx, c.tenant, at, h.Notices.entries(), batch); err != nil {
			return err
		}
		for _, e := range entries {
			to, err := h.Notices.concerns(ctx, tx, reader.Entry{Entry: e, TenantID: c.tenant, Reader: Name})
			if err != nil {
				return err
			}
			concerned = append(concerned, to)
		}
		fresh, err = h.Rows.Since(ctx, tx, c.tenant, told, batch)
		return err
	})
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if head < at { // another history, which ends earlier: its numbers come again
		c.at, c.told, c.awaited, c.moved = head, Mark{Seq: min(told.Seq, head)}, 0, true
		c.all(Event{c.told.Seq, Everything})
		return nil
	}
	for i, e := range entries {
		for _, to := range concerned[i] {
			if to.Kind != "" {
				c.await(e.Seq)
				continue
			}
			c.pass(to.MemberID, Event{Kind: e.Kind})
		}
	}
	if c.at = head; len(entries) == batch {
		c.at = entries[batch-1].Seq // between it and the head there may be more
	}
	for _, n := range fresh {
		c.told = Mark{n.Seq, n.MemberID}
		c.pass(n.MemberID, Event{n.Seq, n.Kind})
	}
	c.moved = c.moved || len(entries) == batch || len(fresh) == batch
	c.rest()
	return nil
}

// rest has rows be looked for after a while, each time a longer one, and no more once they will not come: the
// entry told nobody after all, or its notice is found by whoever comes back.
func (c *company) rest() {
	if c.awaited <= c.told.Seq || time.Since(c.since) > awaits {
		c.awaited = c.told.Seq
		return
	}
	c.next = time.Now().Add(c.pause)
	c.pause = min(2*c.pause, longGap)
}

// pass passes an event on to a member's pages; the hub is locked.
func (c *company) pass(member string, e Event) {
	for s := range c.members[member] {
		s.put(e)
	}
}

// all passes an event on to all pages of a company; the hub is locked.
func (c *company) all(e Event) {
	for member := range c.members {
		c.pass(member, e)
	}
}

func (h *Hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, c := range h.companies {
		for _, of := range c.members {
			for s := range of {
				s.end()
			}
		}
	}
}
