package grid_test

import (
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/grid"
	"yunchou/internal/grid/gridtest"
)

// TestMutatedWorkbooksAreReadOrRefused: each ends, with rows or with a fault of its own, and
// little memory. The seed is fixed, so that what fails once fails again.
func TestMutatedWorkbooksAreReadOrRefused(t *testing.T) {
	count := 60
	if os.Getenv("YUNCHOU_SOAK") != "" {
		count = 500
	}
	rng := rand.New(rand.NewPCG(9, 1))
	codes := map[string]int{}
	for n := range count {
		raw := gridtest.Mutated(t, rng)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rows, err := readAll(t, raw, grid.Usual)
		runtime.ReadMemStats(&after)
		code := fault.CodeOf(err)
		codes[code]++
		if code == "internal" || code == "file.too_slow" {
			t.Errorf("workbook %d: %d rows, %v", n, rows, err)
		}
		if rows > grid.Usual.Rows {
			t.Errorf("workbook %d has %d rows", n, rows)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 64<<20 {
			t.Errorf("workbook %d: the heap grew by %d MiB", n, grown>>20)
		}
	}
	t.Logf("%d workbooks: %v", count, codes)
	if codes[""] == 0 || codes["file.not_spreadsheet"] == 0 {
		t.Error("the mutations are too mild, or too wild")
	}
}

// FuzzWorkbook looks for what the mutations did not think of: go test -fuzz FuzzWorkbook.
func FuzzWorkbook(f *testing.F) {
	for _, parts := range gridtest.Sound(f) {
		f.Add(gridtest.Zip(f, parts))
	}
	f.Add(gridtest.Written(f))
	f.Add(gridtest.Zip(f, gridtest.Plain(`<row r="1048577"><c r="XFD1048577"><v>1</v></c></row>`)))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := readAll(t, raw, grid.Usual); fault.CodeOf(err) == "internal" || fault.CodeOf(err) == "file.too_slow" {
			t.Error(err)
		}
	})
}
