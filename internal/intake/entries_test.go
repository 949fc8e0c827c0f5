package intake

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"import.cancelled 1":      func() any { return &ended{} },
		"import.done 1":           func() any { return &ended{} },
		"import.failed 1":         func() any { return &ended{} },
		"import.started 1":        func() any { return &started{} },
		"import.undo_cancelled 1": func() any { return &undone{} },
		"import.undo_started 1":   func() any { return &undoStarted{} },
		"import.undone 1":         func() any { return &undone{} },
	})
}
