package database

import (
	"context"
	"time"
)

// SetBound changes the longest a write may take; no write is on its way meanwhile.
func (db *DB) SetBound(d time.Duration) { db.bound = d }

// Waiting is how many writes stand in SQLite's queue.
func (db *DB) Waiting() int { return len(db.group.queue) }

// MigrateTo makes an empty database that of an older program.
func (db *DB) MigrateTo(ctx context.Context, schema int64) error {
	provider, err := db.provider(db.write)
	if err == nil {
		_, err = provider.UpTo(ctx, schema)
	}
	return err
}

// CarefulGroups is how many groups go behind savepoints after one was taken back.
const CarefulGroups = carefulGroups

// Gather takes a group after one of so many, who come back while it waits at most so long.
func Gather(last int, patient time.Duration, back ...chan struct{}) int {
	w := &groupWriter{queue: make(chan *writeRequest, maxGroup), last: last, durable: time.Hour, patient: patient}
	for _, come := range back {
		go func() {
			<-come
			w.queue <- &writeRequest{ctx: context.Background()}
		}()
	}
	group, _ := w.gather(&writeRequest{ctx: context.Background()})
	return len(group)
}
