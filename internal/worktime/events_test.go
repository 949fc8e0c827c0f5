package worktime

import (
	"testing"
	"time"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"team.working_time_set 1":    func() any { return &TeamSet{} },
		"member.absence_entered 1":   func() any { return &AbsenceSaid{} },
		"member.absence_changed 1":   func() any { return &AbsenceChanged{} },
		"member.absence_withdrawn 1": func() any { return &AbsenceSaid{} },
	})
}

// TestTheJournalDoesNotSayWhy: why somebody is away may be an illness, and stays in the row.
func TestTheJournalDoesNotSayWhy(t *testing.T) {
	b := Absence{ID: "1", MemberID: "2", Away: Away{time.Now(), time.Now()}, Kind: "sick", Note: "住院"}
	journaltest.Wordless(t, entered(b, "2026-03-02"), "sick", "住院")
	journaltest.Wordless(t, withdrawn(b, "2026-03-02"), "sick", "住院")
	journaltest.Wordless(t, changed(b, b, "2026-03-02"), "sick", "住院")
}
