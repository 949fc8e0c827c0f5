package database

import (
	"context"
	"database/sql"
	"time"
)

// asideIdle is how long a connection that read aside is kept for the next.
const asideIdle = time.Minute

type asideKey struct{}

// Aside is a context whose reads are nobody's who waits for a page: what loads, catches up or is
// computed ahead. They have a few connections of their own, because one that reads for seconds
// would hold a request's, and of those there are few; and being fewer than the processors mostly
// are, they leave requests some of these too. One that reads aside does not wait for another that
// does, or both may wait for the same connection. It shares no transaction with who begins it: that
// one ends before.
func Aside(ctx context.Context) context.Context {
	return context.WithValue(context.WithValue(ctx, asideKey{}, true), sharedKey{}, nil)
}

// IsAside tells whether a context's reads are nobody's who waits for a page.
func IsAside(ctx context.Context) bool { return ctx.Value(asideKey{}) != nil }

// readers are the connections a context reads by.
func (db *DB) readers(ctx context.Context) *sql.DB {
	if IsAside(ctx) {
		return db.aside
	}
	return db.read
}
