package conversation

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"thread.opened 1":      func() any { return &opened{} },
		"message.said 1":       func() any { return &said{} },
		"message.edited 1":     func() any { return &edited{} },
		"message.taken_back 1": func() any { return &takenBack{} },
	})
}
