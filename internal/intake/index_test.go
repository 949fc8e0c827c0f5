package intake

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"yunchou/internal/record"
)

func TestAnIndexFindsWhatItWasTold(t *testing.T) {
	x := IndexOf(map[string]string{"甲": "0192f7c6-3c4e-7b1a-9d2e-00112233aabb", "乙": "m-1"})
	for text, want := range map[string]string{"甲": "0192f7c6-3c4e-7b1a-9d2e-00112233aabb", "乙": "m-1", "丙": "", "": ""} {
		if got := x.Get(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	x.Set("甲", "m-2") // another form, and back
	x.Set("乙", "0192F7C6-3C4E-7B1A-9D2E-00112233AABB")
	x.Set("丙", "0192f7c6-3c4e-7b1a-9d2e-00112233aabc")
	for text, want := range map[string]string{"甲": "m-2", "乙": "0192F7C6-3C4E-7B1A-9D2E-00112233AABB", "丙": "0192f7c6-3c4e-7b1a-9d2e-00112233aabc"} {
		if got := x.Get(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	var none *Index
	if none.Get("甲") != "" || (&Index{}).Get("甲") != "" {
		t.Error("an empty one knows something")
	}
}

// TestAnIndexTakesAtMost80BytesARecord: a file of a million rows is looked at beside others.
func TestAnIndexTakesAtMost80BytesARecord(t *testing.T) {
	const n = 100_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := &Index{}
	for i := range n {
		x.Set(fmt.Sprint("华新机电有限公司", i), record.NewID(time.Now()))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; each > 80 {
		t.Errorf("%d bytes", each)
	} else {
		t.Logf("%d bytes a record", each)
	}
	runtime.KeepAlive(x)
}
