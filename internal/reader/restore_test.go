package reader_test

import (
	"path/filepath"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
)

// TestABackupThatWasPutBackIsReadFromWhereItWas: place and effects are of one moment, so each entry of the
// history that goes on from there is applied once, and an effect that is made again has the key it had.
func TestABackupThatWasPutBackIsReadFromWhereItWas(t *testing.T) {
	db := databasetest.SQLite(t)
	execute(t, db, applied)
	tenant := apptest.New(t, db).Admin.TenantID
	p := begin(db, writing("a"))
	write(t, db, tenant, "test.a", "test.b")
	exactlyOnce(t, db, "a")
	p.end()
	write(t, db, tenant, "test.behind") // in the backup, and not applied yet
	dir := t.TempDir()
	if _, err := db.Backup(t.Context(), filepath.Join(dir, database.FileName)); err != nil {
		t.Fatal(err)
	}
	p = begin(db, writing("a"))
	write(t, db, tenant, "test.lost")
	exactlyOnce(t, db, "a")
	p.end()
	const behind = `SELECT count(*) FROM test_applied a JOIN journal j ON j.tenant_id = a.tenant_id AND j.seq = a.seq WHERE j.kind = 'test.behind' AND a.effect_key = $1`
	key := ""
	err := db.Read(t.Context(), func(tx database.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT a.effect_key FROM test_applied a JOIN journal j ON j.tenant_id = a.tenant_id AND j.seq = a.seq
			WHERE j.kind = 'test.behind'`).Scan(&key)
	})
	if err != nil {
		t.Fatal(err)
	}
	back := databasetest.SQLiteIn(t, dir)
	p = begin(back, writing("a"))
	defer p.end()
	write(t, back, tenant, "test.instead")
	exactlyOnce(t, back, "a")
	if n := count(t, back, behind, key); n != 1 {
		t.Errorf("%d effects with the key that was used before", n)
	}
}
