package database_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// TestAnotherProcessHearsWhatIsCommitted: on one PostgreSQL, at once, once more after its connection was
// cut, when it is told that it may have missed something; what is taken back nobody hears of.
func TestAnotherProcessHearsWhatIsCommitted(t *testing.T) {
	url := databasetest.PostgreSQLURL(t)
	open := func() *database.DB {
		db, err := database.OpenPostgreSQL(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	one, two := open(), open()
	w := apptest.New(t, one)
	var lost atomic.Int64
	for _, db := range []*database.DB{one, two} {
		go db.Listen(t.Context(), func(error) { lost.Add(1) })
	}
	wait := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("in 20 s not: " + what)
			}
		}
	}
	wait("both listen", func() bool { return one.Listening() && two.Listening() })
	moves := two.Moves()
	defer moves.Stop()
	write := func(fail error) error {
		return one.Write(w.Ctx, func(tx database.Tx) error {
			journal.Append(tx, journal.By{TenantID: w.Admin.TenantID, MemberID: "m", Path: "job", Now: time.Now()},
				journal.Event{Subject: record.Ref{Kind: "test", ID: "x"}, Kind: "test.a"})
			return fail
		})
	}
	head := func() (seq int64) {
		err := one.Read(w.Ctx, func(tx database.Tx) (err error) { seq, err = journal.Head(w.Ctx, tx, w.Admin.TenantID); return err })
		if err != nil {
			t.Fatal(err)
		}
		return seq
	}
	hears := func(seq int64) {
		t.Helper()
		last := database.Seq(0)
		wait("it hears", func() bool {
			to, _ := moves.Take()
			last = max(last, to[w.Admin.TenantID])
			return last == database.Seq(seq)
		})
	}
	if err := write(context.Canceled); err == nil {
		t.Fatal("it was taken back")
	}
	for range 3 {
		if err := write(nil); err != nil {
			t.Fatal(err)
		}
		hears(head())
	}
	err := one.Write(w.Ctx, func(tx database.Tx) error {
		_, err := tx.Exec(w.Ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND (query LIKE 'LISTEN %' OR query LIKE '%pg_notify(%') AND pid <> pg_backend_pid()`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wait("both have lost their connection", func() bool { return lost.Load() >= 2 })
	wait("it says that it was deaf", func() bool { _, missed := moves.Take(); return missed })
	wait("both listen again", func() bool { return one.Listening() && two.Listening() })
	if err := write(nil); err != nil {
		t.Fatal(err)
	}
	hears(head())
}
