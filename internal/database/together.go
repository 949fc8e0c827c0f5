package database

import "context"

type sharedKey struct{}

// shared is a transaction several writes of one caller share.
type shared struct {
	db *DB
	tx Tx
}

// Together runs fn, whose reads and writes with the context it is given share one
// transaction: all of them are there, or none. It is for work nobody waits for, such as
// years of a company that are simulated; MaxRecords bounds it as any transaction.
func (db *DB) Together(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.Write(Long(ctx), func(tx Tx) error { return fn(context.WithValue(ctx, sharedKey{}, shared{db, tx})) })
}

// Together is DB.Together for a function with an answer.
func Together[T any](ctx context.Context, db *DB, fn func(ctx context.Context) (T, error)) (T, error) {
	return Write(Long(ctx), db, func(tx Tx) (T, error) { return fn(context.WithValue(ctx, sharedKey{}, shared{db, tx})) })
}

// sharing is the transaction a context shares, if it does.
func (db *DB) sharing(ctx context.Context) (Tx, bool) {
	s, ok := ctx.Value(sharedKey{}).(shared)
	return s.tx, ok && s.db == db
}
