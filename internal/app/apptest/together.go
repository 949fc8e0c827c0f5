package apptest

import (
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// AtOnce runs what each of n does, all at the same time, and returns how they were answered,
// by the codes of their faults; "" is well.
func AtOnce(n int, each func(i int) error) (codes map[string]int) {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = each(i) })
	}
	wg.Wait()
	codes = map[string]int{}
	for _, err := range errs {
		codes[fault.CodeOf(err)]++
	}
	return codes
}

// Deadlocks is how many PostgreSQL has counted in this database, all told by now: none is
// one, though it is tried again, and the answers are right. SQLite has one writer and none.
func (w *World) Deadlocks() int64 {
	w.T.Helper()
	if w.DB.Dialect() != database.PostgreSQL {
		return 0
	}
	n, err := database.Write(w.Ctx, w.DB, func(tx database.Tx) (n int64, err error) {
		if _, err := tx.Exec(w.Ctx, `SELECT pg_stat_force_next_flush()`); err != nil {
			return n, err
		}
		err = tx.QueryRow(w.Ctx, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&n)
		return n, err
	})
	w.must(err)
	return n
}
