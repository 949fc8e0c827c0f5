package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	companies "yunchou/internal/company"
	"yunchou/internal/database"
	"yunchou/internal/safekeep"
)

// rowsWith counts, by table, the rows in which a text is.
func rowsWith(t *testing.T, db *database.DB, text string) map[string]int {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	if db.Dialect() == database.PostgreSQL {
		query = `SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()`
	}
	found := map[string]int{}
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), query)
		names, err := database.All(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
		for _, name := range names {
			if err == nil {
				err = countWith(t.Context(), tx, name, text, found)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(found, "deleted_company") // its id, on purpose
	return found
}

func countWith(ctx context.Context, tx database.Tx, table, text string, found map[string]int) error {
	rows, err := tx.Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for err == nil && rows.Next() {
		if err = rows.Scan(into...); err == nil && strings.Contains(fmt.Sprint(values...), text) {
			found[table]++
		}
	}
	return errors.Join(err, rows.Err())
}

// filesWith are the files under a directory that hold one of some texts.
func filesWith(t *testing.T, dir string, texts ...string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, text := range texts {
			if bytes.Contains(raw, []byte(text)) {
				paths = append(paths, filepath.Base(path)+": "+text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// idOf is the id `company add` printed.
func idOf(out string) string {
	_, after, _ := strings.Cut(out, "(")
	id, _, _ := strings.Cut(after, ")")
	return id
}

// TestACompanyIsTakenOutAndDeletedBesideAServer: the operator says its name; it is exported as
// it closed and leaves no row and no file, while another company works on.
func TestACompanyIsTakenOutAndDeletedBesideAServer(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		o := operator{t, args}
		v := start(t, bin, args)
		defer func() { _ = v.cmd.Process.Kill(); _ = v.cmd.Wait() }()
		v.signIn(t, "/api/setup", setUp)
		made := o.must("company", "add", "--name", "要删的企业有限公司", "--login", "admin")
		id := idOf(made)
		if code, _ := v.tries(t, "admin", secret(made), "要删的企业"); code != 200 {
			t.Fatal(code)
		}
		uploads := filepath.Join(args[1], "uploads", id)
		if err := errors.Join(os.MkdirAll(uploads, 0o700), os.WriteFile(filepath.Join(uploads, "x"), []byte("要删的企业"), 0o600)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "out.zip")
		o.refused("either where all of it is taken out to", "company", "delete", "--company", "要删的企业", "--yes", "要删的企业有限公司")
		o.refused("either where all of it is taken out to", "company", "delete", "--company", "要删的企业", "--without-export", "--export", file)
		o.refused("not its name: nothing was changed", "company", "delete", "--company", "要删的企业", "--export", file, "--yes", "测试")
		o.refused("no company is called", "company", "delete", "--company", "没有", "--without-export", "--yes", "没有")
		o.refused("say which", "company", "delete", "--without-export", "--yes", "测试")
		typed = strings.NewReader("测试\n")
		o.refused("nothing was changed", "company", "delete", "--company", id, "--without-export")
		o.refused("there is no folder", "company", "delete", "--company", id, "--yes", id, "--export", filepath.Join(args[1], "no", "such.zip"))
		if out := o.must("company", "list"); strings.Contains(out, companies.Closing) {
			t.Errorf("left closed: %s", out)
		}
		out := o.must("company", "delete", "--company", "要删的企业", "--yes", "要删的企业有限公司", "--export", file)
		m, err := companies.Verify(file)
		if err != nil || m.Company.ID != id || !strings.Contains(out, "Deleted ") {
			t.Errorf("%v %+v\n%s", err, m.Company, out)
		}
		if about, err := os.Stat(file); err != nil || about.Mode().Perm() != 0o600 {
			t.Error(about.Mode(), err)
		}
		if code, err := v.call("GET", "/api/session", "", nil); code != 200 || err != nil {
			t.Errorf("the other company: %d %v", code, err)
		}
		if code, _ := v.tries(t, "admin", secret(made), "要删的企业"); code != 401 {
			t.Errorf("who was of it is answered %d", code)
		}
		o.refused("no company is called", "company", "delete", "--company", id, "--yes", id, "--without-export")
		db, err := open()
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if left := rowsWith(t, db, id); len(left) > 0 {
			t.Errorf("rows are left: %v", left)
		}
		if left := filesWith(t, args[1], "要删的企业"); len(left) > 0 {
			t.Errorf("files hold it: %v", left)
		}
		if left := filesWith(t, args[1], id); len(left) == 0 || db.Dialect() == database.PostgreSQL && len(left) != 1 {
			t.Errorf("its id is told in %v", left)
		}
	})
}

// TestADeletedCompanyDoesNotComeBackWithABackup: put back, it is deleted from it; who
// says that nobody was ever erased has it back.
func TestADeletedCompanyDoesNotComeBackWithABackup(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	o := operator{t, []string{"--data", dir}}
	o.must("company", "add", "--name", "留下的", "--login", "admin")
	id := idOf(o.must("company", "add", "--name", "要删的企业", "--login", "admin"))
	backup := filepath.Join(away, "b.db")
	o.must("backup", "--to", backup)
	if err := os.Remove(filepath.Join(away, safekeep.ListName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	o.must("company", "delete", "--company", id, "--yes", id, "--without-export")
	if left := filesWith(t, dir, "要删的企业"); len(left) > 0 {
		t.Errorf("after deleting: %v", left)
	}
	out := o.must("restore", "--from", backup)
	if list := o.must("company", "list"); strings.Contains(list, id) || !strings.Contains(list, "留下的") {
		t.Errorf("%s\n%s", out, list)
	}
	if err := os.Remove(filepath.Join(dir, safekeep.ListName)); err != nil {
		t.Fatal(err)
	}
	o.must("restore", "--from", backup, "--no-erasures")
	if list := o.must("company", "list"); !strings.Contains(list, id) {
		t.Errorf("who says that nothing was ever deleted has it: %s", list)
	}
}

// TestAnExportIsSealed for who is to read it, and not written over anything.
func TestAnExportIsSealed(t *testing.T) {
	o := operator{t, []string{"--data", t.TempDir()}}
	o.must("company", "add", "--name", "甲企业", "--login", "admin")
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.zip.age")
	o.must("company", "export", "--to", file, "--recipient", key.Recipient().String())
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := age.Decrypt(f, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	opened := filepath.Join(t.TempDir(), "x.zip")
	if err := errors.Join(err, os.WriteFile(opened, raw, 0o600)); err != nil {
		t.Fatal(err)
	}
	if m, err := companies.Verify(opened); err != nil || m.Company.Name != "甲企业" {
		t.Errorf("%v %+v", err, m.Company)
	}
	o.refused("file already exists", "company", "export", "--to", file)
	o.refused("--recipient", "company", "export", "--to", file+"2", "--recipient", "nobody")
	o.refused("--to FILE", "company", "export")
}

func deleteKills() int {
	if os.Getenv("YUNCHOU_SOAK") != "" {
		return 200
	}
	return 5
}

// TestDeletingSurvivesKills: killed at random moments and run again it ends, nothing is left, and the
// other company's rows are what they were.
func TestDeletingSurvivesKills(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		o := operator{t, args}
		id := idOf(o.must("company", "add", "--name", "要删的企业", "--login", "admin"))
		other := idOf(o.must("company", "add", "--name", "留下的", "--login", "admin"))
		db, err := open()
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		byHand(t, db, `INSERT INTO journal (tenant_id, seq, id, recorded_at, happened_on, actor_id, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
			SELECT t.id, 100000 + i, CAST(i AS text), '2026-03-02T02:00:00.000Z', '2026-03-02', '', 'job', 'x', 'x', 'x', 'x', 'x', 1, '{}' FROM n, tenant t`)
		before := rowsWith(t, db, other)
		kills := 0
		for range deleteKills() {
			cmd := exec.Command(bin, append([]string{"company", "delete", "--company", id, "--yes", id, "--without-export"}, args...)...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(time.Duration(rand.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			if err := cmd.Wait(); err == nil {
				break
			}
			kills++
		}
		if _, err := o.try("company", "delete", "--company", id, "--yes", id, "--without-export"); err != nil && kills == deleteKills() &&
			!strings.Contains(err.Error(), "no company is called") {
			t.Errorf("after %d kills: %v", kills, err)
		}
		if left := rowsWith(t, db, id); len(left) > 0 {
			t.Errorf("after %d kills rows are left: %v", kills, left)
		}
		for table, n := range rowsWith(t, db, other) {
			if n != before[table] {
				t.Errorf("%s of the other company: %d rows of %d", table, n, before[table])
			}
		}
		t.Log(kills, "kills")
	})
}
