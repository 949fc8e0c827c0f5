package database

import "time"

// SetBound changes the longest a write may take; no write is on its way meanwhile.
func (db *DB) SetBound(d time.Duration) { db.bound = d }

// Waiting is how many writes stand in SQLite's queue.
func (db *DB) Waiting() int { return len(db.group.queue) }
