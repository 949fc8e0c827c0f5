package upgrade

import (
	"encoding/json"
	"testing"

	"yunchou/internal/journal/journaltest"
)

// old is an entry of schema 5: what the upgrade asks of it, and what the timeline alone shows.
type old struct {
	payload
	Seen map[string]json.RawMessage
}

func (o *old) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &o.payload); err != nil {
		return err
	}
	return json.Unmarshal(raw, &o.Seen)
}

// TestEveryEntryOfSchema5IsRead: testdata/entries.txt keeps one of each kind schema 5 had of
// opportunities and what hung on them; what it had of all else is kept where that is written.
func TestEveryEntryOfSchema5IsRead(t *testing.T) {
	payloads := map[string]func() any{
		"upgrade.baseline 1": func() any { return &companyBaseline{} },
		"record.baseline 1":  func() any { return &recordBaseline{} },
	}
	for _, kind := range []string{"opportunity.created", "opportunity.recorded", "opportunity.changed", "opportunity.moved",
		"opportunity.stay_corrected", "opportunity.handed_over", "opportunity.deleted", "opportunity.restored",
		"opportunity.shares_set", "opportunity.team_set", "opportunity.contacts_set", "opportunity.competitors_set",
		"opportunity.exception_seen", "opportunity.exported", "evidence.submitted", "evidence.accepted", "evidence.rejected",
		"next_step.added", "next_step.redated", "next_step.done"} {
		payloads[kind+" 1"] = func() any { return &old{} }
	}
	journaltest.Old(t, "testdata/entries.txt", payloads)
}
