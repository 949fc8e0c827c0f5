package database

import (
	"context"
	"errors"
)

type sharedKey struct{}

// shared is a transaction several writes or reads of one caller share.
type shared struct {
	db    *DB
	tx    Tx
	reads bool // it takes no writes
}

// errReads: a write within a snapshot.
var errReads = errors.New("database: nothing is written within AtOnce")

// AtOnce runs fn, whose reads with the context it is given are of one snapshot, in one transaction;
// it writes nothing, and waits for nothing that takes long: it holds a connection. It is for an
// answer several capabilities have a part in.
func (db *DB) AtOnce(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.Read(ctx, func(tx Tx) error {
		if _, already := db.sharing(ctx); already {
			return fn(ctx)
		}
		return fn(context.WithValue(ctx, sharedKey{}, shared{db, tx, true}))
	})
}

// Together runs fn, whose reads and writes with the context it is given share one
// transaction: all of them are there, or none. It is for work nobody waits for, such as
// years of a company that are simulated; MaxRecords bounds it as any transaction.
func (db *DB) Together(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.Write(Long(ctx), func(tx Tx) error { return fn(context.WithValue(ctx, sharedKey{}, shared{db, tx, false})) })
}

// Together is DB.Together for a function with an answer.
func Together[T any](ctx context.Context, db *DB, fn func(ctx context.Context) (T, error)) (T, error) {
	return Write(Long(ctx), db, func(tx Tx) (T, error) { return fn(context.WithValue(ctx, sharedKey{}, shared{db, tx, false})) })
}

// sharing is the transaction a context shares, if it does.
func (db *DB) sharing(ctx context.Context) (Tx, bool) {
	s, ok := ctx.Value(sharedKey{}).(shared)
	return s.tx, ok && s.db == db
}

// readsOnly tells that the transaction a context shares takes no writes.
func readsOnly(ctx context.Context) bool {
	s, _ := ctx.Value(sharedKey{}).(shared)
	return s.reads
}
