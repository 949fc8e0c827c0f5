package noticehttp

import (
	"testing"
	"time"
)

// TestLinesBeatInTurns: whenever a line is opened, its turn comes within a beat, and all lines of one turn beat at one
// instant: a beat is 45 s here and a turn each 3 s, so that turn 4 is at 12 s, 57 s, 102 s.
func TestLinesBeatInTurns(t *testing.T) {
	const beat = 45 * time.Second
	for _, tt := range []struct {
		now  time.Duration
		turn int
		want time.Duration
	}{
		{0, 0, beat}, {0, 4, 12 * time.Second}, {12 * time.Second, 4, beat}, {12*time.Second + time.Millisecond, 4, beat - time.Millisecond},
		{50 * time.Second, 4, 7 * time.Second}, {46 * time.Second, 0, 44 * time.Second}, {89 * time.Second, 14, 43 * time.Second},
	} {
		if got := untilTurn(tt.now, beat, tt.turn); got != tt.want {
			t.Errorf("%v after the beginning turn %d comes in %v, want %v", tt.now, tt.turn, got, tt.want)
		}
	}
	instants := map[time.Duration]int{}
	for now := time.Duration(0); now < beat; now += 7 * time.Millisecond {
		for turn := range turns {
			wait := untilTurn(now, beat, turn)
			if wait <= 0 || wait > beat {
				t.Fatalf("%v after the beginning turn %d comes in %v", now, turn, wait)
			}
			instants[(now+wait)%beat]++
		}
	}
	if len(instants) != turns {
		t.Errorf("lines beat at %d instants of a beat, want %d", len(instants), turns)
	}
}
