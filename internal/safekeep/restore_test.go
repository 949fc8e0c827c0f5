package safekeep

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
)

// company makes a database with companies of these names, the last of which is only in the log.
func company(t *testing.T, dir string, names ...string) {
	t.Helper()
	db, err := database.OpenSQLite(dir)
	if err == nil {
		err = db.Migrate(t.Context(), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, n := range names {
		err := db.Write(t.Context(), func(tx database.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO tenant (id, name, currency, time_zone, locale, created_at)
				VALUES ($1, $1, 'CNY', 'Asia/Shanghai', 'zh-CN', '2026-01-01T00:00:00.000Z')`, n)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// names are the companies of a database, log and all, which is not touched.
func names(t *testing.T, dir string) string {
	t.Helper()
	other := t.TempDir()
	if err := fetch(dir, filepath.Join(other, database.FileName), ""); err != nil {
		t.Fatal(err)
	}
	db, err := database.OpenSQLite(other)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out string
	err = db.Read(t.Context(), func(tx database.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT group_concat(id, ' ' ORDER BY id) FROM tenant`).Scan(&out)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// killed leaves a directory as a killed server does: the log beside the database.
func killed(t *testing.T, names ...string) string {
	t.Helper()
	from, dir := t.TempDir(), t.TempDir()
	company(t, from, names...)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := copyFile(filepath.Join(from, database.FileName+suffix), filepath.Join(dir, database.FileName+suffix)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func held(t *testing.T, dir string) *database.Hold {
	t.Helper()
	h, err := database.HoldDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Release() })
	return h
}

// TestWhatWasThereBeforeIsKeptWithItsLog: the last write before the kill is in the log alone,
// and restoring what was kept brings it back.
func TestWhatWasThereBeforeIsKeptWithItsLog(t *testing.T) {
	dir, backup := killed(t, "a", "b", "late"), killed(t, "old")
	h := held(t, dir)
	first, err := Restore{From: backup, Now: time.Now}.Run(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	if first.In.Rows["tenant"] != 1 || first.In.Schema != database.Schema() {
		t.Errorf("found %+v", first.In)
	}
	if got := names(t, dir); got != "old" {
		t.Errorf("restored: %s", got)
	}
	if got := names(t, first.Kept); got != "a b late" {
		t.Errorf("kept: %s", got)
	}
	time.Sleep(2 * time.Millisecond) // what is kept is named after the moment
	second, err := Restore{From: first.Kept, Now: time.Now}.Run(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir) + ", " + names(t, second.Kept); got != "a b late, old" {
		t.Errorf("back again: %s", got)
	}
}

// TestARestoreKilledBetweenAnyTwoOfItsSteps: the one or the other is whole, and the next who
// takes the directory goes on.
func TestARestoreKilledBetweenAnyTwoOfItsSteps(t *testing.T) {
	const kept = keptPrefix + "x"
	steps := []struct {
		name string
		do   func(ctx context.Context, dir, backup string) error
	}{
		{"copied", func(ctx context.Context, dir, backup string) error {
			_, err := Restore{From: backup}.ready(ctx, dir)
			return err
		}},
		{"decided", func(_ context.Context, dir, _ string) error { return decide(dir, plan{Kept: kept}) }},
		{"half kept", func(_ context.Context, dir, _ string) error {
			part := filepath.Join(dir, kept+".part")
			return errors.Join(os.Mkdir(part, 0o700), os.Link(filepath.Join(dir, database.FileName), filepath.Join(part, database.FileName)))
		}},
		{"kept", func(_ context.Context, dir, _ string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, kept+".part")), keep(dir, kept))
		}},
		{"the log is gone", func(_ context.Context, dir, _ string) error {
			return os.Remove(filepath.Join(dir, database.FileName+"-wal"))
		}},
		{"placed", func(_ context.Context, dir, _ string) error { return place(dir) }},
	}
	for n := range len(steps) + 1 {
		dir, backup := killed(t, "a", "late"), killed(t, "old")
		at := "nothing"
		for _, s := range steps[:n] {
			at = s.name
			if err := s.do(t.Context(), dir, backup); err != nil {
				t.Fatal(at, err)
			}
		}
		if cut := Pending(dir) != nil; cut != (n >= 2) {
			t.Errorf("%s: a reader is told %v", at, cut)
		}
		did, err := Settle(held(t, dir))
		if err != nil {
			t.Fatal(at, err)
		}
		if (did == "") != (n < 2) {
			t.Errorf("%s: says %q", at, did)
		}
		if n < 4 {
			if got := names(t, dir); got != "a late" {
				t.Errorf("%s: the database has %s", at, got)
			}
		} else if got := names(t, dir) + ", " + names(t, filepath.Join(dir, kept)); got != "old, a late" {
			t.Errorf("%s: there and kept is %s", at, got)
		}
		if Pending(dir) != nil {
			t.Errorf("%s: it is never over", at)
		}
		left, err := filepath.Glob(filepath.Join(dir, "*restor*"))
		if err != nil || n < 4 && len(left) > 0 || n >= 4 && len(left) != 1 {
			t.Errorf("%s: left %v %v", at, left, err)
		}
	}
}

// TestWhatIsNoBackupTouchesNothing: another's file, half a file, a newer program's.
func TestWhatIsNoBackupTouchesNothing(t *testing.T) {
	whole := killed(t, "old")
	if err := database.Fold(t.Context(), filepath.Join(whole, database.FileName)); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(whole, database.FileName))
	if err != nil {
		t.Fatal(err)
	}
	dir := killed(t, "a", "late")
	h := held(t, dir)
	before := names(t, dir)
	for name, content := range map[string][]byte{"none": nil, "text": []byte(strings.Repeat("no database ", 1000)), "half": raw[:len(raw)/8192*4096]} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (Restore{From: path, Now: time.Now}).Run(t.Context(), h); !errors.Is(err, database.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if got := names(t, dir); got != before || Pending(dir) != nil {
			t.Errorf("%s: the database has %s", name, got)
		}
	}
	if _, err := (Restore{From: "not there", Now: time.Now}).Run(t.Context(), h); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestADirectoryIsOneProcess: the second is refused until the first has let it go.
func TestADirectoryIsOneProcess(t *testing.T) {
	dir := t.TempDir()
	h, err := database.HoldDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := database.HoldDir(dir); !errors.Is(err, database.ErrHeld) {
		t.Errorf("a second: %v", err)
	}
	db, err := h.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	held(t, dir)
}
