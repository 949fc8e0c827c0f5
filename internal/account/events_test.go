package account

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	type keyed struct {
		OwnerID   string   `json:"ownerId"`
		TeamID    string   `json:"teamId"`
		Region    string   `json:"region"`
		Class     string   `json:"class"`
		CreatedOn string   `json:"createdOn"`
		Custom    []string `json:"custom"`
	}
	nothing := func() any { return &noMore{} }
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"account.created 2":           func() any { return &created{} },
		"account.changed 2":           func() any { return &changed{} },
		"account.handed_over 1":       func() any { return &handedOver{} },
		"account.deleted 1":           func() any { return &hidden{} },
		"account.restored 1":          func() any { return &hidden{} },
		"account.unrecorded 1":        nothing,
		"account.exported 1":          func() any { return &exported{} },
		"contact.exported 1":          func() any { return &exported{} },
		"contact.created 2":           func() any { return &contactCreated{} },
		"contact.moved 2":             func() any { return &contactMoved{} },
		"contact.changed 2":           func() any { return &contactChanged{} },
		"contact.erased 1":            nothing,
		"contact.erased 2":            func() any { return &erased{} },
		"contact.taken_out 1":         nothing,
		"contact.unrecorded 1":        nothing,
		"account.merged 1":            func() any { return &merged{} },
		"account.unmerged 1":          func() any { return &merged{} },
		"contact.merged 1":            func() any { return &merged{} },
		"contact.unmerged 1":          func() any { return &merged{} },
		"product_line.added 2":        func() any { return &productLineAdded{} },
		"product_line.expert_named 1": func() any { return &expertSaid{} },
		"product_line.expert_ended 1": func() any { return &expertSaid{} },
		"competitor.added 1":          nothing,
		"competitor.split 1":          nothing,
		"competitor.named 1":          func() any { return &competitorNamed{} },
		"competitor.merged 1":         func() any { return &competitorMerged{} },
		"contact.gone 2":              func() any { return &contactGone{} },
		"contact.stayed 2":            func() any { return &contactGone{} },
		"contact.posted 2":            func() any { return &contactPosted{} },
		"contact.unposted 2":          func() any { return &contactUnposted{} },
		// Of own fields these said the keys alone.
		"account.created 1": func() any { return &keyed{} },
		"account.changed 1": func() any {
			return &struct {
				Industry, Region, Class, ParentID [2]string
				Renamed                           bool
				Custom                            []string
			}{}
		},
		"contact.created 1":    nothing,
		"contact.changed 1":    nothing,
		"contact.moved 1":      func() any { return &struct{ AccountID [2]string }{} },
		"product_line.added 1": nothing,
	})
}
