package audit_test

import (
	"testing"

	"yunchou/internal/audit"
	"yunchou/internal/journal/journaltest"
)

func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"audit.exported 1":             func() any { return &audit.Exported{} },
		"company.audit_policy_saved 1": func() any { return &audit.PolicySaved{} },
		"company.trail_purged 1":       func() any { return &audit.Purged{} },
		"company.backed_up 1":          func() any { return &audit.BackedUp{} },
		"company.restored 1":           func() any { return &audit.Restored{} },
		"company.checked 1":            func() any { return &audit.Checked{} },
	})
}
