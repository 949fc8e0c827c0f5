package httpapi

import (
	"sync"
	"time"
)

// limiter allows perMinute tries a key and minute, on average, with bursts of as many.
type limiter struct {
	mu   sync.Mutex
	keys map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

const perMinute = 30

func newLimiter() *limiter { return &limiter{keys: map[string]*bucket{}} }

func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.keys) > 10_000 { // forget full buckets: they are as good as new
		for k, b := range l.keys {
			if now.Sub(b.at) > time.Minute {
				delete(l.keys, k)
			}
		}
	}
	b := l.keys[key]
	if b == nil {
		b = &bucket{left: perMinute, at: now}
		l.keys[key] = b
	}
	b.left = min(perMinute, b.left+now.Sub(b.at).Minutes()*perMinute)
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
