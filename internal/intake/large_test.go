package intake

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"yunchou/internal/grid"
)

// TestALargeFileTakesLittleMemory: 200 MB of text are read, looked at and kept for a run within 100
// MiB of heap. Without the soak it is a tenth of that.
func TestALargeFileTakesLittleMemory(t *testing.T) {
	rows := 100_000
	if os.Getenv("YUNCHOU_SOAK") != "" {
		rows *= 10
	}
	path := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "编号,客户名称,阶段,备注")
	for n := range rows {
		fmt.Fprintf(w, "K%d,客户 %d,线索,%s %d\n", n, n, strings.Repeat("很长的说明。", 10), n)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := open(t.Context(), path, grid.Stated{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stage := values{}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, c := range row.Cells {
			stage.add(c)
		}
		if err := kept.add(row.Cells, row.Line); err != nil {
			t.Fatal(err)
		}
	}
	next, err := kept.rows()
	n := 0
	for ; err == nil; n++ {
		_, _, err = next()
	}
	runtime.ReadMemStats(&after)
	if err := errors.Join(r.close(), kept.close()); err != nil {
		t.Error(err)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); n-1 != rows || grown > 100<<20 {
		t.Errorf("%d of %d rows, the heap grew by %d MiB", n-1, rows, grown>>20)
	}
}
