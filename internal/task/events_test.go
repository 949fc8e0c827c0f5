package task

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"task.added 1":           func() any { return &added{} },
		"task.done 1":            func() any { return &done{} },
		"task.dropped 1":         func() any { return &dropped{} },
		"task.handed_over 1":     func() any { return &handedOver{} },
		"task.redated 1":         func() any { return &redated{} },
		"task.received 1":        func() any { return &noted{} },
		"task.planned 1":         func() any { return &noted{} },
		"task.progressed 1":      func() any { return &noted{} },
		"task.reviewed 1":        func() any { return &reviewed{} },
		"task.result_said 1":     func() any { return &noted{} },
		"task.reopened 1":        func() any { return &done{} },
		"task.offered 1":         func() any { return &offered{} },
		"task.offer_withdrawn 1": func() any { return &offered{} },
		"task.offer_answered 1":  func() any { return &answered{} },
		"task.partners_set 1":    func() any { return &partners{} },
		"task.part_done 1":       func() any { return &partDone{} },
		"task.part_reopened 1":   func() any { return &partDone{} },
		"task.series_ended 1":    func() any { return &seriesEnded{} },
	})
}
