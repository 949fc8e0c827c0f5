// Package tally counts what happens in a process, for whoever runs it: how often each of a few
// named things did. It knows no metrics format; internal/server shows the counts.
package tally

import (
	"maps"
	"sync"
)

// Counts counts by name. A name is kept for ever, so it is one of a fixed set the program
// knows: never what a sender can invent. The zero value is ready.
type Counts struct {
	mu sync.Mutex
	n  map[string]int64
}

// Add counts n more.
func (c *Counts) Add(name string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int64{}
	}
	c.n[name] += n
}

// All is every count since the process began.
func (c *Counts) All() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}
