package main

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// soaking tells whether this is make soak, where everything takes as long as it must.
func soaking() bool { return os.Getenv("YUNCHOU_SOAK") != "" }

// rounds are the numbers of the rounds a test does, which are their seeds too: few in make test,
// all in make soak, or with YUNCHOU_SOAK_PART=2/3 the second third of all, where a machine has
// not the time for more at once.
func rounds(t *testing.T, short, long int) (from, to int) {
	t.Helper()
	if !soaking() {
		return 0, short
	}
	part, of := 1, 1
	if text := os.Getenv("YUNCHOU_SOAK_PART"); text != "" {
		if n, err := fmt.Sscanf(text, "%d/%d", &part, &of); n != 2 || err != nil || part < 1 || part > of {
			t.Fatalf("YUNCHOU_SOAK_PART=%s is no part such as 2/3", text)
		}
	}
	return long * (part - 1) / of, long * part / of
}

// often tells how far a long test is, once a minute.
type often struct{ last time.Time }

func (o *often) tell(t *testing.T, format string, args ...any) {
	t.Helper()
	if now := time.Now(); soaking() && now.Sub(o.last) > time.Minute {
		o.last = now
		t.Logf(format, args...)
	}
}
