package database

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrBusy: another transaction held a key for longer than one was willing to wait.
var ErrBusy = errors.New("database: another transaction works on this")

// Alone makes transactions that name the same key follow one another until they
// end: what is asked after it is asked once the others have ended. SQLite has one writer anyway.
func (tx Tx) Alone(ctx context.Context, key string) error {
	if tx.dialect == SQLite {
		return nil
	}
	return tx.Soon(ctx, takeAlone, key)
}

const takeAlone = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"

// Beside makes transactions that name a key wait for the one that is Alone with it, and that
// one for them, until they end; they do not wait for each other.
func (tx Tx) Beside(ctx context.Context, key string) error {
	if tx.dialect == SQLite {
		return nil
	}
	return tx.Soon(ctx, "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", key)
}

// AloneAll is Alone for several keys. Whoever needs more than one names them all at once,
// before anything else: they are taken in one order, so that two who need the same, listed
// differently, do not wait for each other.
func (tx Tx) AloneAll(ctx context.Context, keys []string) error {
	if tx.dialect == SQLite || len(keys) == 0 {
		return nil
	}
	if len(keys) > MaxRecords {
		return fmt.Errorf("database: %d keys at once, at most %d", len(keys), MaxRecords)
	}
	// The order is that of what is locked, not of the keys it is made of.
	return tx.Soon(ctx, `SELECT pg_advisory_xact_lock(lock) FROM
		(SELECT DISTINCT hashtextextended(key, 0) AS lock FROM unnest(CAST($1 AS text[])) AS key ORDER BY lock) AS ordered`, slices.Clone(keys))
}

// AloneWithin is Alone for who waits no longer than so; then it is ErrBusy.
func (tx Tx) AloneWithin(ctx context.Context, key string, wait time.Duration) error {
	if tx.dialect == SQLite {
		return nil
	}
	if _, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", max(1, wait.Milliseconds()))); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, takeAlone, key)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "55P03" {
		return errors.Join(ErrBusy, err)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "SET LOCAL lock_timeout TO DEFAULT")
	return err
}
