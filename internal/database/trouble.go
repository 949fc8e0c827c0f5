package database

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Trouble is a failure that is neither the caller's rule broken nor a bug.
type Trouble int

const (
	// NoTrouble is everything else.
	NoTrouble Trouble = iota
	// BadText: PostgreSQL keeps no zero bytes and no broken UTF-8.
	BadText
	// Away: the database does not answer, is starting or ending, or has become a
	// standby. What was being written may or may not be there.
	Away
	// Full: the disk is. Nothing was written.
	Full
	// Damaged: a file of the database is not what was written to it.
	Damaged
	// ReadOnly: the database may be read and not written.
	ReadOnly
	// Slow: the write took too long, or waited too long for others. Nothing was written.
	Slow
)

// String is the trouble's name, one of the few above.
func (t Trouble) String() string {
	return [...]string{"none", "bad_text", "away", "full", "damaged", "read_only", "slow"}[t]
}

// TroubleOf classifies an error of a database.
func TroubleOf(err error) Trouble {
	switch {
	case errors.Is(err, ErrUnknown):
		return Away
	case errors.Is(err, ErrTooLong):
		return Slow
	case errors.Is(err, ErrDamaged):
		return Damaged
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "22021" || pg.Code == "22P05":
			return BadText
		case pg.Code == "53100":
			return Full
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P0"), pg.Code == "53300", pg.Code == "25006":
			return Away
		}
		return NoTrouble
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff { // the extended codes tell more than is needed
		case sqlite3.SQLITE_FULL:
			return Full
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return Damaged
		case sqlite3.SQLITE_READONLY:
			return ReadOnly
		case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY:
			return Away
		}
	}
	if errors.Is(err, errLost) {
		return Away
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	if errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, errClosed) ||
		err != nil && strings.Contains(err.Error(), "conn closed") {
		return Away
	}
	return NoTrouble
}
