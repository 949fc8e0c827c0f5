package desk

import (
	"testing"

	"yunchou/internal/journal/journaltest"
	"yunchou/internal/record"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"desk.decided 1":    func() any { return &Decided{} },
		"desk.levels_set 1": func() any { return &LevelsSet{} },
	})
}

// TestADecisionHoldsNoWords: why a line is none stays in the row.
func TestADecisionHoldsNoWords(t *testing.T) {
	m := Mark{ID: "1", MemberID: "2", Of: record.Ref{Kind: "opportunity", ID: "3"}, Kinds: []string{"stalled"}, Decision: NotIssue, Reason: "王强出差"}
	journaltest.Wordless(t, decided(m), "王强出差")
}
