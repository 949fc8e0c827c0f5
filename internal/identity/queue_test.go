package identity

import (
	"context"
	"testing"

	"yunchou/internal/fault"
)

func TestWhoComesWhenTooManyWaitIsToldToComeAgain(t *testing.T) {
	q := newQueue(1, 2)
	begun, hold := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 3)
	go func() { ended <- q.do(context.Background(), func() { close(begun); <-hold }) }()
	<-begun
	given, giveUp := context.WithCancel(context.Background())
	for range 2 {
		go func() { ended <- q.do(given, func() {}) }()
	}
	for len(q.waiting) < 3 {
		continue // two have come; they wait for the first
	}
	err := q.do(context.Background(), func() { t.Error("it was run") })
	if !fault.Is(err, fault.Busy) || fault.As(err).RetryAfter == 0 {
		t.Errorf("the fourth is answered %v", err)
	}
	giveUp() // who no longer waits makes room
	if a, b := <-ended, <-ended; a != context.Canceled || b != context.Canceled {
		t.Errorf("given up: %v, %v", a, b)
	}
	close(hold)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := q.do(context.Background(), func() {}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestEachGuessWaitsTwiceAsLongUpToAQuarterOfAnHour(t *testing.T) {
	for spent, want := range map[int]string{0: "0s", 4: "0s", 5: "2s", 6: "4s", 9: "32s", 13: "8m32s", 14: "15m0s", 99: "15m0s"} {
		if got := ofName.wait(spent).String(); got != want {
			t.Errorf("after %d guesses: %s, want %s", spent, got, want)
		}
	}
}
