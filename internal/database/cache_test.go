package database_test

import (
	"runtime"
	"testing"

	"yunchou/internal/database"
)

// TestReadersShareOneCache: what SQLite keeps of pages does not grow with the processors of the
// machine, beyond a megabyte for each.
func TestReadersShareOneCache(t *testing.T) {
	db, err := database.OpenSQLite(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var kept int
	err = db.Read(t.Context(), func(tx database.Tx) error { return tx.QueryRow(t.Context(), `PRAGMA cache_size`).Scan(&kept) })
	if readers := max(4, runtime.NumCPU()); err != nil || kept >= 0 || -kept*readers > max(32_000, 1000*readers) {
		t.Errorf("%d readers keep %d KB each, %v", readers, -kept, err)
	}
}
