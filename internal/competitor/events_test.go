package competitor

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	read := map[string]func() any{}
	for _, kind := range Events {
		read[kind+" 1"] = func() any { return &stands{} }
	}
	for _, kind := range EntryEvents {
		read[kind+" 1"] = func() any { return &entryStands{} }
	}
	journaltest.Kept(t, "testdata/entries.txt", read)
}
