package pipeline

import (
	"slices"

	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// Published is a version that is in force from its day on. Version 2 is the first that says
// what its stages are.
type Published struct {
	VersionID string            `json:"versionId"`
	Number    int               `json:"number"`
	Mapping   map[string]string `json:"mapping,omitempty"`
	Stages    []Stage           `json:"stages"`
}

func published(v Version) journal.Event {
	p := Published{VersionID: v.ID, Number: v.Number, Mapping: v.Mapping, Stages: wordless(v.Stages)}
	return journal.Event{Subject: record.Ref{Kind: "pipeline", ID: v.PipelineID}, Kind: "pipeline.published", Version: 2,
		On: v.Effective, Payload: p}
}

// wordless are stages without what people wrote, which stays in their rows.
func wordless(stages []Stage) []Stage {
	out := slices.Clone(stages)
	for i := range out {
		s := &out[i]
		s.Name, s.BuyerStep, s.Milestones = "", "", slices.Clone(s.Milestones)
		for j := range s.Milestones {
			s.Milestones[j].Name = ""
		}
	}
	return out
}
