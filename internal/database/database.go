// Package database is the one small handle on SQLite and PostgreSQL: a
// transaction, its dialect, and the journal entries it collects. It is not an
// ORM: capabilities write their SQL out, once, in the common subset.
package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dialect names the engine, for the few places where the text must differ.
type Dialect int

const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

func (d Dialect) String() string {
	if d == SQLite {
		return "sqlite"
	}
	return "postgresql"
}

var (
	// ErrUnique: a unique or primary key already holds the value.
	ErrUnique = errors.New("database: unique key violated")
	// ErrReference: a foreign key points nowhere, or is pointed at.
	ErrReference = errors.New("database: foreign key violated")
)

// Entry is a journal entry before it has its number.
type Entry struct {
	TenantID, ID           string
	RecordedAt             time.Time
	HappenedOn             string
	ActorID, OnBehalfOf    string
	Path                   string
	SubjectKind, SubjectID string
	ScopeKind, ScopeID     string
	Kind                   string
	Version                int
	Payload                string
	// Audited entries are read by the audit trail, with the address they came from.
	Audited bool
	Address string
}

// runner is what *sql.Tx and *sql.Conn share.
type runner interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// Tx is a transaction. It is a small value to pass around; it is not for use
// after the function that received it has returned.
type Tx struct {
	run     runner
	dialect Dialect
	pending *pending
	began   time.Time
	conn    *sql.Conn       // of PostgreSQL: to copy rows through, and to put statements off
	bound   context.Context // of a write: its own end, not its caller's
	watched context.Context // what the connection itself watches, its statements' contexts need not
	again   Seq             // what stands for an entry that is in the journal already
}

// Began is when the transaction began: what was committed before, it sees.
func (tx Tx) Began() time.Time { return tx.began }

// MaxRecords is the most records one transaction may write: longer work is cut
// into chunks, so that the writer and the journal's counter are never held long.
const MaxRecords = 1000

// Dialect returns the engine.
func (tx Tx) Dialect() Dialect { return tx.dialect }

// Exec runs a statement and returns the rows it touched.
func (tx Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	query, args = tx.sent(ctx, query, args)
	res, err := tx.run.ExecContext(tx.within(ctx), query, args...)
	if err != nil {
		return 0, translate(err)
	}
	n, err := res.RowsAffected()
	tx.pending.wrote = tx.pending.wrote || n > 0 || err != nil
	return n, err
}

// reads tells a statement that writes nothing.
func reads(query string) bool { return strings.HasPrefix(strings.TrimSpace(query), "SELECT") }

// Query runs a query; scan the rows with Each or All.
func (tx Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	query, args = tx.sent(ctx, query, args)
	tx.pending.wrote = tx.pending.wrote || !reads(query)
	rows, err := tx.run.QueryContext(tx.within(ctx), query, args...)
	return rows, translate(err)
}

// QueryRow runs a query for one row; Scan returns sql.ErrNoRows where there is none.
func (tx Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	query, args = tx.sent(ctx, query, args)
	tx.pending.wrote = tx.pending.wrote || !reads(query)
	return tx.run.QueryRowContext(tx.within(ctx), query, args...)
}

// Seek has PostgreSQL find rows by indexes in the rest of the transaction, and what it asks by
// itself for each row deleted, whether another still refers to it: by its estimate, reading a whole
// table in which another company has nearly everything is less.
func (tx Tx) Seek(ctx context.Context) error {
	if tx.dialect == SQLite {
		return nil
	}
	return tx.Soon(ctx, "SET LOCAL enable_seqscan = off")
}

type observerKey struct{}

// Observed is a context whose statements are shown to see before they run: a test asks
// the database how it would answer each.
func Observed(ctx context.Context, see func(query string, args []any)) context.Context {
	return context.WithValue(ctx, observerKey{}, see)
}

// sent is a statement with its values as the engine gets them; who observes is shown both.
func (tx Tx) sent(ctx context.Context, query string, args []any) (string, []any) {
	query, args = listed(tx.dialect, query, args)
	args = bind(args)
	if see, ok := ctx.Value(observerKey{}).(func(string, []any)); ok {
		see(query, args)
	}
	return query, args
}

// bind keeps bare instants out of SQLite, which would store them as text in local
// form and compare them wrongly.
func bind(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case Seq:
			if v < 0 {
				panic("database: a statement that waits for its entry's number goes through Later or InsertMany")
			}
			args[i] = int64(v)
		case time.Time:
			args[i] = Time(v)
		case *time.Time:
			if v == nil {
				args[i] = nil
			} else {
				args[i] = Time(*v)
			}
		}
	}
	return args
}

// timeLayout is fixed-width, so that texts order as instants do.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time writes an instant the way it is stored: UTC, milliseconds.
func Time(t time.Time) string { return t.UTC().Format(timeLayout) }

// ParseTime reads a stored instant.
func ParseTime(s string) (time.Time, error) { return time.Parse(timeLayout, s) }

// Instant scans a stored instant; NULL is the zero time.
type Instant struct{ time.Time }

// Scan implements sql.Scanner.
func (i *Instant) Scan(v any) error {
	i.Time = time.Time{}
	if v == nil {
		return nil
	}
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("database: instant from %T", v)
	}
	t, err := ParseTime(s)
	i.Time = t
	return err
}

// Ptr returns nil for the zero time.
func (i Instant) Ptr() *time.Time {
	if i.IsZero() {
		return nil
	}
	t := i.Time
	return &t
}

// All scans every row with scan and closes the rows.
func All[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, translate(rows.Err())
}

// Args collects the arguments of a generated query.
type Args struct{ Values []any }

// Add binds a value and returns its placeholder, "$3".
func (a *Args) Add(v any) string {
	a.Values = append(a.Values, v)
	return "$" + strconv.Itoa(len(a.Values))
}

// few is how many values a list names one by one: for them PostgreSQL looks up how
// frequent each is.
const few = 4

// In returns "($1, $2)" for the values, to stand after IN; for none it returns a list that
// matches nothing. Many texts are bound as one value, so that there may be any number of
// them and a statement's text, which both engines remember with its plan, is the same for each.
func In[T any](a *Args, values []T) string {
	if len(values) == 0 {
		return "(NULL)"
	}
	if texts, ok := any(values).([]string); ok && len(texts) > few {
		return manyBegin + a.Add(many(texts)) + manyEnd
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = a.Add(v)
	}
	return "(" + strings.Join(marks, ", ") + ")"
}

// many is a list of texts bound as one value.
type many []string

// What stands around the placeholder of many. PostgreSQL is asked for = ANY($1) instead: what
// it takes for a join it may answer by reading the whole table beside it, but a list it seeks
// in an index, or looks a row up in.
const manyBegin, manyEnd = "(SELECT key FROM json_each(", "))"

// listed writes a statement's lists of many as the engine answers them best, and binds them.
func listed(dialect Dialect, query string, args []any) (string, []any) {
	if !slices.ContainsFunc(args, func(a any) bool { _, ok := a.(many); return ok }) {
		return query, args
	}
	args = slices.Clone(args) // the caller's may be bound again
	for i, a := range args {
		if texts, ok := a.(many); ok && dialect == SQLite {
			args[i] = keys(texts)
		} else if ok {
			args[i] = []string(texts)
		}
	}
	if dialect == SQLite {
		return query, args
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(query, "IN "+manyBegin)
		if !found {
			out.WriteString(query)
			return out.String(), args
		}
		mark, after, _ := strings.Cut(rest, manyEnd)
		if is, not := strings.CutSuffix(before, "NOT "); not {
			out.WriteString(is + "<> ALL (" + mark + ")")
		} else {
			out.WriteString(before + "= ANY (" + mark + ")")
		}
		query = after
	}
}

// keys writes texts as the keys of an object: both engines give them back with one
// expression, which they do not for the elements of an array.
func keys(texts []string) string {
	out := make([]byte, 0, 42*len(texts)+2)
	out = append(out, '{')
	for i, t := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		if plain(t) {
			out = append(append(append(out, '"'), t...), `":0`...)
			continue
		}
		name, err := json.Marshal(t)
		if err != nil {
			panic(err) // every text can be written
		}
		out = append(append(out, name...), ':', '0')
	}
	return string(append(out, '}'))
}

// plain tells a text JSON writes as it is: every id.
func plain(t string) bool {
	for i := range len(t) {
		if c := t[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// Null turns an empty text into NULL.
func Null[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// Text scans a nullable text; NULL is "".
type Text[S ~string] struct{ V *S }

// Into returns a scanner that leaves "" for NULL.
func Into[S ~string](v *S) *Text[S] { return &Text[S]{v} }

// Scan implements sql.Scanner.
func (t *Text[S]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t.V = ""
	case string:
		*t.V = S(v)
	case []byte:
		*t.V = S(v)
	default:
		return fmt.Errorf("database: text from %T", v)
	}
	return nil
}

// Containing is the pattern of texts that contain one, for LIKE $1 ESCAPE '!'.
func Containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
