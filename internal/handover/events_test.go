package handover

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"handover.confirmed 1": func() any { return &confirmed{} },
		"handover.made 1":      func() any { return &made{} },
		"handover.went_on 1":   func() any { return &wentOn{} },
	})
}
