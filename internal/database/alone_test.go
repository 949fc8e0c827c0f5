package database_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
)

// Two who change the same records, listed in other orders, follow one another.
func TestKeysTakenTogetherAreTakenInOneOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		ctx := context.Background()
		keys := make([]string, 50)
		for i := range keys {
			keys[i] = string(rune('一' + i))
		}
		runs := make([]int, 8) // by writer: more than one is a deadlock that was tried again
		var wg sync.WaitGroup
		for k := range runs {
			mine := slices.Clone(keys)
			if k%2 == 1 {
				slices.Reverse(mine)
			}
			wg.Go(func() {
				err := db.Write(ctx, func(tx database.Tx) error {
					runs[k]++
					return tx.AloneAll(ctx, append(mine, mine[0]))
				})
				if err != nil || runs[k] != 1 {
					t.Errorf("%v after %d runs", err, runs[k])
				}
			})
		}
		wg.Wait()
	})
}

// Where two take keys one by one in other orders, one of them is tried again.
func TestADeadlockIsTriedAgain(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	newTenant(t, db, "a")
	ctx := context.Background()
	var first sync.WaitGroup
	first.Add(2)
	take := func(keys ...string) error {
		again := false
		return db.Write(ctx, func(tx database.Tx) error {
			if err := tx.Alone(ctx, keys[0]); err != nil {
				return err
			}
			if !again { // both hold their first key
				again = true
				first.Done()
				first.Wait()
			}
			return tx.Alone(ctx, keys[1])
		})
	}
	answers := make(chan error, 2)
	go func() { answers <- take("x", "y") }()
	go func() { answers <- take("y", "x") }()
	for range 2 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
}

// Who waits only so long for a key is told that another has it, and may have it afterwards.
func TestAKeyIsWaitedForNoLongerThanSaid(t *testing.T) {
	db := databasetest.PostgreSQL(t)
	ctx := context.Background()
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Write(ctx, func(tx database.Tx) error {
			err := tx.Alone(ctx, "x")
			if err == nil {
				_, err = tx.Exec(ctx, "SELECT 1") // a key is taken with what comes after it
			}
			close(held)
			<-release
			return err
		})
	}()
	<-held
	within := func() error {
		return db.Write(ctx, func(tx database.Tx) error { return tx.AloneWithin(ctx, "x", 100*time.Millisecond) })
	}
	if err := within(); !errors.Is(err, database.ErrBusy) {
		t.Errorf("while it is held: %v", err)
	}
	close(release)
	if err := errors.Join(<-done, within()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A key that another wrote at the same time is met once more, then named.
func TestATakenKeyIsNamed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		newTenant(t, db, "a")
		ctx := context.Background()
		named := fault.New(fault.Conflict, "test.taken", "taken")
		runs := 0
		err := db.Write(ctx, func(tx database.Tx) error {
			runs++
			_, err := tx.Exec(ctx, `INSERT INTO journal_counter (tenant_id, seq) VALUES ('a', 0)`)
			return database.Taken(err, named)
		})
		if fault.CodeOf(err) != "test.taken" || !errors.Is(err, database.ErrUnique) {
			t.Errorf("named %v", err)
		}
		if want := map[database.Dialect]int{database.SQLite: 1, database.PostgreSQL: 2}[db.Dialect()]; runs != want {
			t.Errorf("%d runs, want %d", runs, want)
		}
		other := errors.New("an outage")
		if database.Taken(other, named) != other || database.Taken(nil, named) != nil {
			t.Error("another error was renamed")
		}
	})
}
