package opportunity

import (
	"strings"
	"testing"

	"yunchou/internal/journal/journaltest"
)

// payloads are what each kind and version of entry about opportunities decodes into.
var payloads = map[string]func() any{
	"opportunity.created 3":         func() any { return &created{} },
	"opportunity.recorded 3":        func() any { return &created{} },
	"opportunity.retold 3":          func() any { return &retold{} },
	"opportunity.unrecorded 3":      func() any { return &unrecorded{} },
	"opportunity.moved 3":           func() any { return &moved{} },
	"opportunity.taken_over 3":      func() any { return &takenOver{} },
	"opportunity.stay_corrected 3":  func() any { return &corrected{} },
	"opportunity.changed 3":         func() any { return &changes{} },
	"opportunity.reverted 3":        func() any { return &reverted{} },
	"opportunity.deleted 3":         func() any { return &hidden{} },
	"opportunity.restored 3":        func() any { return &hidden{} },
	"opportunity.handed_over 3":     func() any { return &handedOver{} },
	"opportunity.team_moved 3":      func() any { return &teamMoved{} },
	"opportunity.shares_set 3":      func() any { return &list[Share]{} },
	"opportunity.team_set 3":        func() any { return &list[memberOf]{} },
	"opportunity.contacts_set 3":    func() any { return &list[roleOf]{} },
	"opportunity.competitors_set 3": func() any { return &list[string]{} },
	"opportunity.win_accepted 3":    func() any { return &winAccepted{} },
	"opportunity.exception_seen 1":  func() any { return &exceptionSeen{} },
	"opportunity.exported 1":        func() any { return &exported{} },
	"evidence.submitted 2":          func() any { return &evidenceEvent{} },
	"evidence.accepted 2":           func() any { return &evidenceEvent{} },
	"evidence.rejected 2":           func() any { return &evidenceEvent{} },
}

// TestEveryEntryEverWrittenIsRead: one of each kind and version is kept, and each kind that is
// played has its payload.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", payloads)
	kinds := map[string]bool{}
	for kind := range payloads {
		name, _, _ := strings.Cut(kind, " ")
		kinds[name] = true
	}
	for kind := range (&Service{}).Replays() {
		if !kinds[kind] {
			t.Errorf("%s has no payload", kind)
		}
	}
}
