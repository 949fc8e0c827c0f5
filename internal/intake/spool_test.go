package intake

import (
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRowsAreKeptAsTheyWere: rows come back as they were read, as often as they are asked for
// and by two at once, and nothing is left behind.
func TestRowsAreKeptAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	s, err := newSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 && runtime.GOOS != "windows" {
		t.Error("a file of rows has a name, under which it stays where the process is killed")
	}
	type row struct {
		Line  int
		Cells []string
	}
	want := []row{{2, []string{"商机", "", "a\nb"}}, {5, []string{}}, {70_000, []string{strings.Repeat("长", 50_000), "\x00\xff"}}, {70_001, []string{"x"}}}
	for _, r := range want {
		if err := s.add(r.Cells, r.Line); err != nil {
			t.Fatal(err)
		}
	}
	first, err1 := s.rows()
	second, err2 := s.rows()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		for _, next := range []func() ([]string, int, error){first, second} {
			cells, line, err := next()
			if diff := cmp.Diff(w, row{line, append([]string{}, cells...)}); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
	}
	if _, _, err := first(); err != io.EOF {
		t.Errorf("after the last: %v", err)
	}
	if err := s.f.Truncate(s.size - 1); err != nil {
		t.Fatal(err)
	}
	again, err := s.rows()
	for err == nil {
		_, _, err = again()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a row that is cut: %v", err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}
