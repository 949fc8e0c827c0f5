package pipeline

import (
	"testing"

	"yunchou/internal/journal/journaltest"
)

// TestEveryEntryEverWrittenIsRead: testdata/entries.txt keeps one of each kind and version.
func TestEveryEntryEverWrittenIsRead(t *testing.T) {
	published := func() any { return &Published{} }
	journaltest.Kept(t, "testdata/entries.txt", map[string]func() any{
		"pipeline.published 1": published, // which stages there were is in the rows alone
		"pipeline.published 2": published,
	})
}

// TestAPublishedVersionHoldsNoWords: what people call stages and milestones, and what the
// customer does there, stays in the rows.
func TestAPublishedVersionHoldsNoWords(t *testing.T) {
	v := Version{Name: "大客户", Business: "设备", Stages: []Stage{{ID: "1", Name: "报价", BuyerStep: "比价",
		Milestones: []Milestone{{Key: "agreement", Name: "协议"}}}}}
	journaltest.Wordless(t, published(v), "大客户", "设备", "报价", "比价", "协议")
	if v.Stages[0].Name == "" || v.Stages[0].Milestones[0].Name == "" {
		t.Error("telling of a version takes its words from it")
	}
}
