package guidance

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	kinds := map[string]func() any{
		"guidance.looked 1":        func() any { return &looked{} },
		"guidance.rules_set 1":     func() any { return &RulesSet{} },
		"guidance_piece.made 1":    func() any { return &pieced{} },
		"guidance_piece.removed 1": func() any { return &pieced{} },
	}
	for _, kind := range Events {
		kinds[kind+" 1"] = func() any { return &stands{} }
	}
	journaltest.Kept(t, "testdata/entries.txt", kinds)
}
