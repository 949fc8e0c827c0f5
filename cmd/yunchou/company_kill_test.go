package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
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
)

// TestASealedExportHasEveryRow of every table it does not name as left out, counted in the opened
// file line by line and in the database by plain SQL.
func TestASealedExportHasEveryRow(t *testing.T) {
	for name, pg := range map[string]bool{"sqlite": false, "postgresql": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, args := lived(t, pg)
			w.File("陈露", w.Opportunity("陈露", "四期").ID)
			key := must(age.GenerateX25519Identity())
			file := filepath.Join(t.TempDir(), "x.zip.age")
			operator{t, args}.must("company", "export", "--to", file, "--recipient", key.Recipient().String())
			z := opened(t, file, key)
			var m companies.Manifest
			if err := json.Unmarshal(z["manifest.json"], &m); err != nil {
				t.Fatal(err)
			}
			inFile := map[string]int{}
			for _, p := range m.Tables {
				lines := bufio.NewScanner(bytes.NewReader(z[p.File]))
				for lines.Buffer(nil, 64<<20); lines.Scan(); inFile[p.Name]++ {
					if row := map[string]any{}; json.Unmarshal(lines.Bytes(), &row) != nil || len(row) != len(p.Columns) {
						t.Errorf("%s: %s", p.Name, lines.Text())
					}
				}
			}
			compared, rows := 0, 0
			for table, n := range rowsWith(t, w.DB, w.Admin.TenantID) {
				if _, left := m.LeftOut[table]; !left {
					compared, rows = compared+1, rows+n
					if inFile[table] != n {
						t.Errorf("%s: %d rows of %d", table, inFile[table], n)
					}
				}
			}
			if compared < 15 || rows < 60 || m.Files.Count != 1 {
				t.Errorf("%d tables with %d rows and %d files were compared", compared, rows, m.Files.Count)
			}
		})
	}
}

// opened is a sealed archive, part by part.
func opened(t *testing.T, file string, key age.Identity) map[string][]byte {
	t.Helper()
	sealed := must(os.Open(file))
	defer sealed.Close()
	raw := must(io.ReadAll(must(age.Decrypt(sealed, key))))
	z := must(zip.NewReader(bytes.NewReader(raw), int64(len(raw))))
	parts := map[string][]byte{}
	for _, f := range z.File {
		r := must(f.Open())
		parts[f.Name] = must(io.ReadAll(r))
		r.Close()
	}
	return parts
}

// TestACompanyIsNeverHalfOut: an export, and a deletion that exports first, are killed at any moment.
// A file that has its name is whole; while there is none the company has every row; run again, both
// end. 6 kills each (100 in make soak).
func TestACompanyIsNeverHalfOut(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		o := operator{t, args}
		id := idOf(o.must("company", "add", "--name", "要删的企业", "--login", "admin"))
		o.must("company", "add", "--name", "留下的", "--login", "admin")
		db := must(open())
		defer db.Close()
		byHand(t, db, `INSERT INTO journal (tenant_id, seq, id, recorded_at, happened_on, actor_id, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
			SELECT t.id, 100000 + i, CAST(i AS text), '2026-03-02T02:00:00.000Z', '2026-03-02', '', 'job', 'x', 'x', 'x', 'x', 'x', 1, '{}' FROM n, tenant t`)
		all := rowsWith(t, db, id)["journal"]
		dir := t.TempDir()
		from, to := rounds(t, 6, 100)
		kills := 0
		killed := func(round int, words ...string) {
			cmd := exec.Command(bin, append(words, args...)...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(11, uint64(round)))
			late := time.AfterFunc(time.Duration(rng.IntN(500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			if err := cmd.Wait(); err != nil {
				kills++
			}
			late.Stop()
		}
		for round := from; round < to; round++ {
			file := filepath.Join(dir, fmt.Sprint("a", round, ".zip"))
			killed(round, "company", "export", "--company", id, "--to", file)
			wholeOrNone(t, file, id)
			if n := rowsWith(t, db, id)["journal"]; n != all {
				t.Fatalf("an export took %d rows of %d", all-n, all)
			}
			last := filepath.Join(dir, fmt.Sprint("b", round, ".zip"))
			killed(round+1000, "company", "delete", "--company", id, "--yes", id, "--export", last)
			if wholeOrNone(t, last, id) {
				break // from now on it is in a file, and may be gone
			}
			if n := rowsWith(t, db, id)["journal"]; n != all {
				t.Fatalf("of %d rows %d are left, and no file has them", all, n)
			}
		}
		rest, err := o.try("company", "delete", "--company", id, "--yes", id, "--export", filepath.Join(dir, "rest.zip"))
		if err != nil && !strings.Contains(err.Error(), "no company is called") {
			t.Errorf("%v %s", err, rest)
		}
		wholeOrNone(t, filepath.Join(dir, "rest.zip"), id)
		if left := rowsWith(t, db, id); len(left) > 0 {
			t.Errorf("rows are left: %v", left)
		}
		if kills == 0 {
			t.Error("nothing was killed")
		}
		t.Log(kills, "kills")
	})
}

// wholeOrNone tells whether an export has its name; then it is all there.
func wholeOrNone(t *testing.T, file, id string) bool {
	t.Helper()
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if m, err := companies.Verify(file); err != nil || m.Company.ID != id {
		t.Errorf("%s: %+v %v", file, m.Company, err)
	}
	return true
}
