package savedview

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"saved_view.saved 1":   func() any { return &Saved{} },
		"saved_view.deleted 1": func() any { return &Deleted{} },
		"saved_view.renamed 1": func() any { return &Renamed{} },
	})
}

// TestAViewHoldsNoWords: what a view is called and what it searches for stays in the row.
func TestAViewHoldsNoWords(t *testing.T) {
	v := View{ID: "1", MemberID: "2", Screen: "accounts", Name: "我的客户", Query: "q=王强"}
	journaltest.Wordless(t, saved(v, "2026-03-02"), "我的客户", "王强")
	journaltest.Wordless(t, deleted(v, "2026-03-02"), "我的客户", "王强")
	journaltest.Wordless(t, renamed(v, "2026-03-02"), "我的客户", "王强")
}
