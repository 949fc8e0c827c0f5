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
	for what, most := range map[string]int64{"records that are there": 80, "records a dry run would make": 50} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		x, id := &Index{}, record.NewID(time.Now())
		for i := range n {
			if most == 80 {
				id = record.NewID(time.Now())
			}
			x.Set(fmt.Sprint("华新机电有限公司", i), id)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n
		if t.Logf("%s: %d bytes each", what, each); each > most {
			t.Errorf("%s: %d bytes each, at most %d", what, each, most)
		}
		runtime.KeepAlive(x)
	}
}
