package intake

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yunchou/internal/fault"
)

// TestUploadsHaveRoomForAllAndForEach: what a company and one member of it may keep has an
// end, as what a member sends at the same time; after some days it is swept.
func TestUploadsHaveRoomForAllAndForEach(t *testing.T) {
	s := &Service{Dir: t.TempDir()}
	dir, err := s.uploads("t")
	if err != nil {
		t.Fatal(err)
	}
	keep := func(id, member string, size int) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, id+"~"+member), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := room{company: 100, member: 50, days: 7}
	for _, x := range []struct {
		id, member string
		size       int
		mine, his  string
	}{
		{"a", "我", 49, "", ""}, {"b", "我", 1, "import.uploads_full", ""}, {"c", "他", 49, "import.uploads_full", ""},
		{"d", "她", 1, "import.uploads_full", "import.uploads_full"},
	} {
		keep(x.id, x.member, x.size)
		if mine, his := fault.CodeOf(r.left(dir, "我")), fault.CodeOf(r.left(dir, "他")); mine != x.mine || his != x.his {
			t.Errorf("with %s: %q %q", x.id, mine, his)
		}
	}
	if err := s.sweep("t", time.Now().Add(8*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if code := fault.CodeOf(r.left(dir, "我")); code != "" {
		t.Errorf("after the sweep: %s", code)
	}
	var sent receiving
	ends := []func(){}
	for range 3 {
		end, err := sent.begin("我", 3)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	if _, err := sent.begin("我", 3); fault.CodeOf(err) != "import.uploads_at_once" {
		t.Error(err)
	}
	for _, end := range ends {
		end()
	}
	if len(sent.by) != 0 {
		t.Errorf("%v remembered", sent.by)
	}
}

// TestAFileThatComesIsHeldAgainstTheRoomOnItsWay, not only before.
func TestAFileThatComesIsHeldAgainstTheRoomOnItsWay(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	asked := 0
	full := fault.New(fault.Full, "import.uploads_full", "")
	err = receive(f, bytes.NewReader(make([]byte, 40<<20)), func() error {
		if asked++; asked > 2 {
			return full
		}
		return nil
	})
	if info, e := f.Stat(); fault.CodeOf(err) != full.Code || e != nil || info.Size() != 2*checkEvery {
		t.Errorf("%v after %d", err, info.Size())
	}
}
