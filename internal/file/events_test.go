package file

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"file.attached 1": func() any { return &attached{} },
		"file.attached 2": func() any { return &attached{} },
		"file.removed 1":  func() any { return &removed{} },
	})
}
