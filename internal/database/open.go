package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"yunchou/internal/tally"
)

// DB is a company database, or many companies' one. Reads run side by side;
// writes on SQLite go through one writer that commits them in groups.
type DB struct {
	dialect Dialect
	write   *sql.DB
	read    *sql.DB
	aside   *sql.DB // reads of what nobody waits for
	group   *groupWriter
	path    string // SQLite file, "" on PostgreSQL
	hold    *Hold  // on the directory, where this process may write
	bound   time.Duration
	twice   bool                  // each write is rehearsed
	damage  atomic.Pointer[error] // the first that was met
	// Failed counts the reads and writes that met trouble, by its name, and "again": tries
	// of a write that was run once more because it lost against another.
	Failed tally.Counts
	wakeMu sync.Mutex
	wake   map[int]chan struct{}
	moves  map[int]*Moves
	nextID int
	// url is how PostgreSQL is reached, and listener how its other processes are heard.
	url      string
	listener listener
}

const (
	// sqliteReaders is how many idle readers are kept.
	sqliteReaders = 4
	// sqliteAside and postgresAside are how many connections read aside.
	sqliteAside, postgresAside = 2, 4
	// sqliteCacheKB is what the writer keeps of pages, and what all readers keep together, however
	// many processors there are: behind both is the system's own cache.
	sqliteCacheKB = 32_000
)

// FileName is the SQLite database inside a data directory.
const FileName = "yunchou.db"

// SQLiteURI names a database file in a connection string: a path may hold what means
// something there (#, ?, %).
func SQLiteURI(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// OpenSQLite opens or creates the database in dir.
func OpenSQLite(dir string) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	path := filepath.Join(dir, FileName)
	if err := makeOwn(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	readers := max(sqliteReaders, runtime.NumCPU())
	dsn := func(cacheKB int, extra string) string {
		// In the DSN, so that every pooled connection has them.
		return SQLiteURI(path) + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
			"&_pragma=secure_delete(FAST)&_pragma=cache_size(-" + strconv.Itoa(cacheKB) + ")" + extra
	}
	// What a savepoint may have to take back is kept in memory: beyond 64 KB, which a move
	// reaches, each request would make a file of it.
	write := sql.OpenDB(&remembering{dsn: dsn(sqliteCacheKB, "&_pragma=temp_store(2)"), begins: "BEGIN IMMEDIATE"})
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	if err := write.Ping(); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	reader := &remembering{dsn: dsn(max(1000, sqliteCacheKB/(readers+sqliteAside)), "&_pragma=query_only(1)")}
	read, aside := sql.OpenDB(reader), sql.OpenDB(reader)
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(sqliteReaders)
	aside.SetMaxOpenConns(sqliteAside)
	aside.SetConnMaxIdleTime(asideIdle)
	db := &DB{dialect: SQLite, write: write, read: read, aside: aside, path: path, bound: longestWrite,
		wake: map[int]chan struct{}{}, moves: map[int]*Moves{}}
	db.group = newGroupWriter(db)
	return db, nil
}

// makeOwn makes a new database file that nobody but its owner reads, whatever its folder
// allows; SQLite gives its log the same mode. One that is there is left alone: to open and close
// it here would take the locks of whoever has it open in this process.
func makeOwn(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// OpenPostgreSQL connects by URL. A URL under which the driver would go on without TLS where it
// does not get it is refused.
func OpenPostgreSQL(ctx context.Context, dbURL string) (*DB, error) {
	open := func(params map[string]string, conns int) (*sql.DB, error) {
		cfg, err := pgx.ParseConfig(dbURL)
		if err == nil {
			err = saysHowEncrypted(cfg)
		}
		if err != nil {
			return nil, fmt.Errorf("database URL: %w", err)
		}
		for k, v := range params {
			cfg.RuntimeParams[k] = v
		}
		pool := sql.OpenDB(postgresConnector{stdlib.GetConnector(*cfg)})
		pool.SetMaxOpenConns(conns)
		pool.SetMaxIdleConns(conns) // a connection closed between two requests is made again for the next
		pool.SetConnMaxIdleTime(5 * time.Minute)
		if err := pool.PingContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("connect to PostgreSQL: %w", err), pool.Close())
		}
		return pool, nil
	}
	write, err := open(nil, 20)
	if err != nil {
		return nil, err
	}
	// Joins run in the order they are written: the sizes of intermediate relations are
	// known to the writer and not to the planner.
	reading := map[string]string{"jit": "off", "join_collapse_limit": "1"}
	read, err := open(reading, 20)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	aside, err := open(reading, postgresAside)
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	aside.SetConnMaxIdleTime(asideIdle)
	return &DB{dialect: PostgreSQL, write: write, read: read, aside: aside, bound: longestWrite, url: dbURL,
		wake: map[int]chan struct{}{}, moves: map[int]*Moves{}}, nil
}

// saysHowEncrypted refuses a connection to another machine that may be with TLS or without, as
// it happens (libpq's default, sslmode=prefer): whoever stands between chooses without.
func saysHowEncrypted(cfg *pgx.ConnConfig) error {
	type ways struct{ plain, sealed bool }
	seen := map[string]ways{}
	note := func(host string, sealed bool) {
		w := seen[host]
		w.plain, w.sealed = w.plain || !sealed, w.sealed || sealed
		seen[host] = w
	}
	note(cfg.Host, cfg.TLSConfig != nil)
	for _, f := range cfg.Fallbacks {
		note(f.Host, f.TLSConfig != nil)
	}
	for host, w := range seen {
		if w.plain && w.sealed && !onThisMachine(host) {
			return fmt.Errorf("say how the connection to %s is encrypted: add sslmode=verify-full, "+
				"or sslmode=disable where the network between is yours alone", host)
		}
	}
	return nil
}

// onThisMachine tells a socket's folder, a loopback address or its name.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" || ip != nil && ip.IsLoopback()
}

// Analyze tells the engine how full the tables are. PostgreSQL does so by itself
// after a minute or so, SQLite never; after a bulk load the plans made until then are
// far off, for reports and for the checking of references alike.
func (db *DB) Analyze(ctx context.Context) error {
	if db.dialect == SQLite {
		return db.sqliteStatistics(ctx, "ANALYZE")
	}
	_, err := db.write.ExecContext(ctx, "ANALYZE account, opportunity, stay, ownership, opportunity_line, opportunity_share, custom_value, external_ref, credit_line, journal, seat, seat_holder")
	return translate(err)
}

// Optimize renews statistics that are missing or have become stale; it is quick
// where none are.
func (db *DB) Optimize(ctx context.Context) error {
	if db.dialect == PostgreSQL {
		return nil // autovacuum does
	}
	return db.sqliteStatistics(ctx, "PRAGMA optimize = 0x10002") // tables never analysed too
}

// sqliteStatistics runs a statement that may renew statistics. Samples are enough;
// open readers would keep the old ones, so they are let go.
func (db *DB) sqliteStatistics(ctx context.Context, statement string) error {
	for _, q := range []string{"PRAGMA analysis_limit = 2000", statement} {
		if _, err := db.write.ExecContext(ctx, q); err != nil {
			return translate(err)
		}
	}
	db.read.SetMaxIdleConns(0)
	db.read.SetMaxIdleConns(sqliteReaders)
	db.aside.SetMaxIdleConns(0)
	db.aside.SetMaxIdleConns(sqliteAside)
	return nil
}

// Dialect returns the engine.
func (db *DB) Dialect() Dialect { return db.dialect }

// Path returns the SQLite file, "" on PostgreSQL.
func (db *DB) Path() string { return db.path }

// Close waits for running writes and closes the pools.
func (db *DB) Close() error {
	if db.group != nil {
		db.group.close()
	}
	err := errors.Join(db.aside.Close(), db.read.Close(), db.write.Close())
	if db.hold != nil { // last: until then the log is ours
		err = errors.Join(err, db.hold.Release())
	}
	return err
}

// Read runs fn on one snapshot of the data.
func (db *DB) Read(ctx context.Context, fn func(Tx) error) error {
	if tx, together := db.sharing(ctx); together {
		return fn(tx)
	}
	if db.dialect == SQLite {
		return db.noted(db.readSQLite(ctx, fn))
	}
	return db.noted(db.readPostgreSQL(ctx, fn))
}

// Glance is Read for a function that asks one query: that is a snapshot by itself, and PostgreSQL needs
// neither BEGIN nor ROLLBACK around it.
func (db *DB) Glance(ctx context.Context, fn func(Tx) error) error {
	if _, together := db.sharing(ctx); together || db.dialect == SQLite {
		return db.Read(ctx, fn)
	}
	return db.noted(db.glance(ctx, fn))
}

func (db *DB) glance(ctx context.Context, fn func(Tx) error) error {
	began := time.Now()
	conn, err := db.readers(ctx).Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // gives the connection back
	var end func()
	err = onPostgres(conn, func(c *postgresConn) (err error) {
		end, err = c.glance(ctx)
		return err
	})
	if err != nil {
		return err
	}
	defer end()
	return fn(Tx{run: conn, dialect: PostgreSQL, pending: &pending{}, conn: conn, began: began, watched: ctx})
}

func (db *DB) readPostgreSQL(ctx context.Context, fn func(Tx) error) error {
	began := time.Now()
	conn, err := db.readers(ctx).Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // gives the connection back
	h, err := holdPostgres(ctx, conn, driver.TxOptions{ReadOnly: true, Isolation: driver.IsolationLevel(sql.LevelRepeatableRead)})
	if err != nil {
		return err
	}
	defer h.Close()
	return fn(Tx{run: conn, dialect: PostgreSQL, pending: &pending{}, conn: conn, began: began, watched: ctx})
}

func (db *DB) readSQLite(ctx context.Context, fn func(Tx) error) error {
	began := time.Now()
	h, err := hold(ctx, db.readers(ctx), driver.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer h.Close()
	defer h.watch(ctx)()
	return fn(Tx{run: h.conn, dialect: SQLite, pending: &pending{}, began: began, watched: ctx})
}

// Wake returns a channel that receives after writes of this process, for readers
// of the journal; a missed signal costs nothing, they also poll. Call stop when done.
func (db *DB) Wake() (signal <-chan struct{}, stop func()) {
	db.wakeMu.Lock()
	defer db.wakeMu.Unlock()
	id, c := db.nextID, make(chan struct{}, 1)
	db.nextID++
	db.wake[id] = c
	return c, func() {
		db.wakeMu.Lock()
		defer db.wakeMu.Unlock()
		delete(db.wake, id)
	}
}

func (db *DB) notify() {
	db.wakeMu.Lock()
	defer db.wakeMu.Unlock()
	for _, c := range db.wake {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// translate turns a driver's code into ours, keeping the cause.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return fmt.Errorf("%w: %w", ErrUnique, err)
		case "23503":
			return fmt.Errorf("%w: %w", ErrReference, err)
		}
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return fmt.Errorf("%w: %w", ErrUnique, err)
		case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return fmt.Errorf("%w: %w", ErrReference, err)
		}
	}
	return err
}
