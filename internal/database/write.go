package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// longestWrite bounds the work of one write: beyond it, it is taken back and refused.
const longestWrite = 30 * time.Second

// Bound sets how long one write may take, and returns how long it might: what fills a database by
// few statements needs longer. It is called while nobody writes.
func (db *DB) Bound(longest time.Duration) (was time.Duration) {
	was, db.bound = db.bound, longest
	return was
}

// Rehearse has each write from now on run, taken back and run again, as any may be: a test finds what
// does not bear it. It is called while nobody writes.
func (db *DB) Rehearse() { db.twice = true }

var (
	// ErrTooLong: a write exceeded its bound; nothing of it is there.
	ErrTooLong = errors.New("database: the write took too long and was taken back")
	// ErrUnknown: the database was told to commit and did not answer; what was written may
	// or may not be there.
	ErrUnknown = errors.New("database: no answer to a commit")
)

// taken is what was named where a key was taken.
type taken struct{ named, cause error }

func (t *taken) Error() string   { return t.named.Error() }
func (t *taken) Unwrap() []error { return []error{t.named, t.cause} }

// Taken names what it means that an insert met a key that is there: the fault the caller is
// to see. Other errors, and none, are returned as they are. On PostgreSQL the other may
// have written at the same time, unseen: the write is then run once more, sees it, and may
// answer better, as with the row that is there.
func Taken(err, named error) error {
	if errors.Is(err, ErrUnique) {
		return &taken{named, err}
	}
	return err
}

// write is a function that writes, and what it is known by: its code.
type write struct {
	fn   func(Tx) error
	code uintptr
}

// codeOf tells functions apart by where they stand in the program.
func codeOf(fn any) uintptr { return reflect.ValueOf(fn).Pointer() }

// run runs the function and what it left for the end. A panic is an error of this write
// alone, and so is the end of its bound, whatever the function made of it.
func (w write) run(ctx context.Context, tx Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
		if tx.bound.Err() != nil {
			err = errors.Join(ErrTooLong, err)
		}
	}()
	if err := w.fn(tx); err != nil {
		return err
	}
	return tx.leave(ctx)
}

// Write runs fn in a transaction and returns once it is durable. fn may share its
// transaction with others behind a savepoint and may run twice: it uses only tx,
// does no I/O, and sets nothing outside. Once it runs, it is no longer its caller's to
// cancel: its statements end by its own bound of 30 s. On SQLite a caller that gives up
// stops waiting while the write goes on; on PostgreSQL it waits for the answer.
func (db *DB) Write(ctx context.Context, fn func(Tx) error) error {
	return db.do(ctx, write{fn, codeOf(fn)})
}

// Write is DB.Write for a function with an answer. The answer is the function's of the run
// that was committed: it sets nothing outside, so a run that is taken back, or whose
// caller has gone, leaves nothing behind.
func Write[T any](ctx context.Context, db *DB, fn func(Tx) (T, error)) (T, error) {
	var out T // written by the writer, read only once it has answered
	err := db.do(ctx, write{code: codeOf(fn), fn: func(tx Tx) (err error) {
		out, err = fn(tx)
		return err
	}})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

func (db *DB) do(ctx context.Context, fn write) error {
	if tx, together := db.sharing(ctx); together {
		if readsOnly(ctx) {
			return errReads
		}
		if err := fn.fn(tx); err != nil {
			return err
		}
		return tx.flush(ctx)
	}
	if db.group != nil {
		return db.group.do(ctx, fn)
	}
	moved, err := db.writePostgreSQL(ctx, fn)
	if err = db.noted(err); err == nil || errors.Is(err, ErrUnknown) {
		db.wrote(moved)
	}
	return err
}

type longKey struct{}

// Long is a context whose writes are known to be long: they go alone, so that nobody
// waits in one transaction with them or is lost with them.
func Long(ctx context.Context) context.Context { return context.WithValue(ctx, longKey{}, true) }

func isLong(ctx context.Context) bool {
	long, _ := ctx.Value(longKey{}).(bool)
	return long
}

// detached is what a statement of a write runs in: the values of the caller's context, the
// end of the write's own bound.
type detached struct {
	context.Context
	caller context.Context
}

// Value asks the bound first: what it holds is its own end, by which contexts made from this
// one hang on it without a goroutine each.
func (d detached) Value(key any) any {
	if v := d.Context.Value(key); v != nil {
		return v
	}
	return d.caller.Value(key)
}

// within is the context of a statement; that of a read ends with its caller. One that never ends is
// the cheapest: the connection watches what the transaction ends with.
func (tx Tx) within(ctx context.Context) context.Context {
	if tx.watched != nil && (tx.bound != nil || ctx.Done() == tx.watched.Done()) {
		return context.Background()
	}
	if tx.bound == nil {
		return ctx
	}
	return detached{tx.bound, ctx}
}

// again tells whether a write that failed is worth another go: it lost against others, or
// met a key that another had just written.
func again(err error, try int) bool {
	const tries = 6
	var pg *pgconn.PgError
	var key *taken
	switch {
	case errors.As(err, &key):
		return try == 1
	case errors.As(err, &pg):
		return try < tries && (pg.Code == "40001" || pg.Code == "40P01")
	}
	return false
}

// errRehearsed takes back a write that was run to be run again.
var errRehearsed = errors.New("database: rehearsed")

// writePostgreSQL runs fn, again where that may help, after a pause that is not everybody's.
func (db *DB) writePostgreSQL(ctx context.Context, fn write) (moved map[string]Seq, err error) {
	bound, end := context.WithCancel(context.Background())
	defer end()
	limit := time.AfterFunc(db.bound, end)
	defer limit.Stop()
	if db.twice {
		rehearsal := write{code: fn.code, fn: func(tx Tx) error { return errors.Join(errRehearsed, fn.run(ctx, tx)) }}
		db.once(ctx, bound, limit, rehearsal) //nolint:errcheck // what it comes to is told by the other
	}
	for try, pause := 1, 10*time.Millisecond; ; try, pause = try+1, 2*pause {
		moved, err = db.once(ctx, bound, limit, fn)
		if !again(err, try) {
			return moved, err
		}
		db.Failed.Add("again", 1)
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done(): // nothing is written between two tries
			return nil, ctx.Err()
		}
	}
}

// once runs fn in one transaction. Until it begins the caller may cancel; then only its
// bound ends it. A commit on its way is given a whole bound again: cut off halfway,
// nobody would know what came of it. moved is what it added to journals.
func (db *DB) once(ctx, bound context.Context, limit *time.Timer, fn write) (moved map[string]Seq, err error) {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // gives the connection back
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h, err := holdPostgres(bound, conn, driver.TxOptions{})
	if err != nil && bound.Err() != nil {
		return nil, errors.Join(ErrTooLong, err)
	}
	if err != nil {
		return nil, err
	}
	defer h.Close()
	p := &pending{}
	if err := fn.run(ctx, Tx{run: conn, dialect: db.dialect, pending: p, conn: conn, bound: bound, watched: bound}); err != nil {
		return nil, err
	}
	if !limit.Stop() {
		return nil, ErrTooLong
	}
	limit.Reset(db.bound)
	err = translate(h.Commit())
	if err != nil && bound.Err() != nil {
		return p.moved, errors.Join(ErrUnknown, err)
	}
	return p.moved, err
}
