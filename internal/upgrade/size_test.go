package upgrade_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/upgrade"
)

// TestALargeCompanyIsCarriedOver upgrades a copy of the data directory named by YUNCHOU_V5
// (made by the released program) and prints how long each part took. docs/upgrade.md has
// the figures.
func TestALargeCompanyIsCarriedOver(t *testing.T) {
	from := os.Getenv("YUNCHOU_V5")
	if from == "" {
		t.Skip("YUNCHOU_V5 names no data directory of schema 5")
	}
	dir := t.TempDir()
	in, err := os.Open(filepath.Join(from, database.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(dir, database.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := database.OpenSQLite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	began := time.Now()
	if err := db.Migrate(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	schema, atSchema := time.Since(began), mostMemory()
	s := service(db)
	s.Now = time.Now
	var records int64
	s.Tell = func(p upgrade.Progress) { records = max(records, p.Done) }
	began = time.Now()
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("backup, check and schema %.1f s, %d records %.1f s, at most %s of memory, %s for the schema", schema.Seconds(), records, time.Since(began).Seconds(), mostMemory(), atSchema)
}

// mostMemory is the most this process ever held, where the system says so.
func mostMemory() string {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "?"
	}
	_, after, _ := strings.Cut(string(raw), "VmHWM:")
	most, _, _ := strings.Cut(strings.TrimSpace(after), "\n")
	return most
}
