package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/replay/replaytest"
)

// TestFlippedBitsAreRefusedOrHarmless flips bits in copies of a database, 30 (200 in make
// soak). Where SQLite can tell, check, backup and restore refuse the copy. Where it cannot, and
// the rows are the same, so is the report; else what was flipped is in a row's own content.
func TestFlippedBitsAreRefusedOrHarmless(t *testing.T) {
	_, copies := rounds(t, 30, 200)
	w, args := lived(t, false)
	for i := range 40 {
		w.Opportunity("陈露", fmt.Sprint("商机", i))
	}
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(args[1], database.FileName))
	if err != nil {
		t.Fatal(err)
	}
	want, err := said(t, args[1])
	if err != nil {
		t.Fatal(err)
	}
	rows := content(t, args[1])
	rng := rand.New(rand.NewPCG(9, 4))
	counts := map[string]int{}
	for n := range copies {
		flipped := bytes.Clone(raw)
		for range 1 + rng.IntN(1+n%16) {
			flipped[rng.IntN(len(flipped))] ^= 1 << rng.IntN(8)
		}
		dir := t.TempDir()
		path := filepath.Join(dir, database.FileName)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := database.Inspect(t.Context(), path); err != nil {
			counts["refused"]++
			refused(t, n, dir)
			continue
		}
		got, err := said(t, dir)
		switch {
		case err != nil:
			counts["no report"]++
		case content(t, dir) != rows:
			counts["in the content of a row"]++
		case got != want:
			t.Errorf("copy %d: silently another report", n)
		default:
			counts["harmless"]++
		}
	}
	t.Logf("%d copies: %v", copies, counts)
	if counts["refused"] == 0 || counts["harmless"] == 0 {
		t.Error("the flips show nothing")
	}
}

// refused has every command that could pass damage on refuse it.
func refused(t *testing.T, n int, dir string) {
	t.Helper()
	other := t.TempDir()
	for _, args := range [][]string{
		{"restore", "--data", other, "--from", filepath.Join(dir, database.FileName)},
		{"check", "--data", dir},
		{"backup", "--data", dir, "--to", filepath.Join(other, "backup.db")},
	} {
		if err := dispatch(context.Background(), args, io.Discard); err == nil {
			t.Errorf("copy %d: %s takes it", n, args[0])
		}
	}
	if left, err := os.ReadDir(other); err != nil || len(left) > 1 || len(left) == 1 && left[0].Name() != database.LockName {
		t.Errorf("copy %d: left %v %v", n, left, err)
	}
}

// said is the report of a directory's company.
func said(t *testing.T, dir string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := dispatch(t.Context(), []string{"report", "funnel", "--data", dir, "--pipeline", "投标流程", "--as-of", "2026-03-05", "--json"}, &out)
	return out.String(), err
}

// content is every row of every table, "" where one cannot be read.
func content(t *testing.T, dir string) string {
	t.Helper()
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	err = db.Read(t.Context(), func(tx database.Tx) error {
		for _, table := range replaytest.Tables(t, db) {
			rows, err := tx.Query(t.Context(), `SELECT * FROM "`+table+`"`)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			for err == nil && rows.Next() {
				err = rows.Scan(into...)
				fmt.Fprintln(&out, table, values)
			}
			if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return ""
	}
	return out.String()
}
