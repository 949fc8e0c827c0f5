package field

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	said := func() any { return &Defined{} }
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"field.defined 1":  said, // where the field stands was not said
		"field.defined 2":  said,
		"field.renamed 1":  func() any { return &Renamed{} },
		"field.rechosen 1": func() any { return &Rechosen{} },
		"field.moved 1":    func() any { return &Moved{} },
		"field.retired 1":  func() any { return &Retired{} },
		"field.restored 1": func() any { return &Restored{} },
	})
}

// TestADefinedFieldHoldsNoWords: what a field and its choices are called stays in the row.
func TestADefinedFieldHoldsNoWords(t *testing.T) {
	f := Field{ID: "1", Record: "account", Key: "grade", Label: "等级", Type: Choice, Options: []string{"甲", "乙"}}
	journaltest.Wordless(t, defined(f, 3, "2026-03-02"), "等级", "甲", "乙")
}
