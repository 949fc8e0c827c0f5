package database

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// journalChannel is where processes on one PostgreSQL tell each other whose journal moved.
const journalChannel = "yunchou_journal"

const (
	// tellAfter is how long what moved is collected before others are told: a busy process tells them
	// fifty times a second, whatever it writes.
	tellAfter = 20 * time.Millisecond
	// tellAtOnce is how many companies one notification names: PostgreSQL takes 8,000 bytes.
	tellAtOnce = 100
	// quiet is how long nothing is heard before the connection is asked whether it is alive.
	quiet = 30 * time.Second
	// askedWithin is how long a statement of the listener may take.
	askedWithin = 5 * time.Second
)

// listener is the one connection of a process on which it hears of other processes' commits, and
// tells them of its own. They are told after the commit, not by it: a transaction that notifies holds
// a lock of the whole server until its commit is durable, so that no two of them share one.
type listener struct {
	on atomic.Bool

	mu        sync.Mutex
	out       map[string]Seq
	ripening  bool
	interrupt func() // ends the waiting for notifications
}

// Listening tells whether other processes' commits are heard of as they happen.
func (db *DB) Listening() bool { return db.listener.on.Load() }

// Listen hears what other processes commit and tells them what this one does, until the context ends;
// failed is told each time the connection is lost. SQLite has one process.
func (db *DB) Listen(ctx context.Context, failed func(error)) {
	const shortest, longest = 100 * time.Millisecond, 10 * time.Second
	for pause := shortest; db.dialect == PostgreSQL && ctx.Err() == nil; pause = min(2*pause, longest) {
		began := time.Now()
		err := db.listen(ctx)
		db.listener.on.Store(false)
		if ctx.Err() != nil {
			return
		}
		failed(err)
		if time.Since(began) > longest {
			pause = shortest
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// listen listens on one connection as long as it lasts.
func (db *DB) listen(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(db.url)
	if err != nil {
		return err
	}
	cfg.RuntimeParams["synchronous_commit"] = "off" // what is told need not outlive a crash
	connecting, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	conn, err := pgx.ConnectConfig(connecting, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background()) //nolint:errcheck // nothing is lost with it
	if err := asked(ctx, conn, "LISTEN "+journalChannel); err != nil {
		return err
	}
	db.listener.on.Store(true)
	db.moved(nil, true) // whatever was committed until now, nobody told
	own := conn.PgConn().PID()
	for {
		heard, err := db.hear(ctx, conn)
		if err != nil {
			return err
		}
		if heard != nil && heard.PID != own {
			db.moved(movesOf(heard.Payload), false)
		}
		if told := db.listener.take(); len(told) > 0 {
			if err := asked(ctx, conn, "SELECT pg_notify($1, told) FROM unnest(CAST($2 AS text[])) AS told", journalChannel, told); err != nil {
				return err
			}
		}
	}
}

// hear waits for a notification, or for something to tell; it is nil for the latter, and where
// nothing was heard for a while and the connection is alive.
func (db *DB) hear(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	waiting, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	if !db.listener.wait(cancel) {
		return nil, nil
	}
	heard, err := conn.WaitForNotification(waiting)
	switch {
	case err == nil:
		return heard, nil
	case ctx.Err() != nil || waiting.Err() == nil || conn.IsClosed():
		return nil, err
	case errors.Is(waiting.Err(), context.DeadlineExceeded):
		return nil, asked(ctx, conn, "SELECT 1")
	}
	return nil, nil
}

// asked asks a statement whose answer is that it went well.
func asked(ctx context.Context, conn *pgx.Conn, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	_, err := conn.Exec(ctx, query, args...)
	return err
}

// tell has other processes told, a moment later and together with what else is committed meanwhile.
func (db *DB) tell(to map[string]Seq) {
	l := &db.listener
	if !l.on.Load() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out == nil {
		l.out = map[string]Seq{}
	}
	highest(l.out, to)
	if l.ripening {
		return
	}
	l.ripening = true
	time.AfterFunc(tellAfter, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ripening = false
		if l.interrupt != nil {
			l.interrupt()
		}
	})
}

// wait registers how a waiting is ended; it is false where there is something to tell already.
func (l *listener) wait(interrupt func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.interrupt = interrupt
	return len(l.out) == 0 || l.ripening
}

// take is what others are told now, nothing while more is collected.
func (l *listener) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ripening || len(l.out) == 0 {
		return nil
	}
	var lines, told []string
	for _, tenant := range slices.Sorted(maps.Keys(l.out)) {
		lines = append(lines, tenant+" "+strconv.FormatInt(int64(l.out[tenant]), 10))
	}
	for part := range slices.Chunk(lines, tellAtOnce) {
		told = append(told, strings.Join(part, "\n"))
	}
	l.out = nil
	return told
}

// movesOf reads what another process told; what it does not understand it leaves to the poll.
func movesOf(payload string) map[string]Seq {
	out := map[string]Seq{}
	for line := range strings.Lines(payload) {
		tenant, number, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if seq, err := strconv.ParseInt(number, 10, 64); err == nil {
			out[tenant] = Seq(seq)
		}
	}
	return out
}
