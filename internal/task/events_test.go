package task

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"task.added 1":       func() any { return &added{} },
		"task.done 1":        func() any { return &done{} },
		"task.dropped 1":     func() any { return &dropped{} },
		"task.handed_over 1": func() any { return &handedOver{} },
		"task.redated 1":     func() any { return &redated{} },
	})
}
