package pipeline

import (
	"testing"

	"yunchou/internal/fault"
)

// tender is 机会 › 入围 › 方案 › 报价 › 赢单, and 丢单: 入围 needs an accepted scoring sheet,
// 方案 may be skipped, to 机会 nothing is returned.
func tender() Version {
	stage := func(name string, kind Kind, skip, back bool, milestones ...Milestone) Stage {
		return Stage{ID: name, Name: name, Kind: kind, AllowSkip: skip, AllowReturn: back, Milestones: milestones}
	}
	return Version{Stages: []Stage{
		stage("机会", Open, false, false),
		stage("入围", Open, false, true, Milestone{Key: "score", Name: "评分表", Required: true, Acceptance: true}, Milestone{Key: "note", Name: "纪要"}),
		stage("方案", Open, true, true),
		stage("报价", Open, false, true),
		stage("赢单", Won, false, true),
		stage("丢单", Lost, false, true)}}
}

func TestTheGate(t *testing.T) {
	for _, tt := range []struct {
		name, from, score string
		r                 Request
		want              Move
		code              string
	}{
		{"one step forward", "机会", "", Request{To: "入围"}, Advance, ""},
		{"with the sheet accepted", "入围", "accepted", Request{To: "方案"}, Advance, ""},
		{"with no sheet", "入围", "", Request{To: "方案"}, "", "pipeline.milestones_missing"},
		{"with a sheet that waits", "入围", "submitted", Request{To: "方案"}, "", "pipeline.milestones_missing"},
		{"with a sheet that was rejected", "入围", "rejected", Request{To: "方案"}, "", "pipeline.milestones_missing"},
		{"with no sheet, by exception", "入围", "", Request{To: "方案", Exception: "客户催得急"}, Advance, ""},
		{"an exception of blanks is none", "入围", "", Request{To: "方案", Exception: "  "}, "", "pipeline.milestones_missing"},
		{"over a stage that may be skipped", "入围", "accepted", Request{To: "报价"}, Skip, ""},
		{"over one that may not", "机会", "", Request{To: "方案"}, "", "pipeline.skip_not_allowed"},
		{"over one that may not, by exception", "机会", "", Request{To: "方案", Exception: "老客户"}, Skip, ""},
		{"back with a reason", "报价", "", Request{To: "入围", Reason: "需求变了"}, Return, ""},
		{"back without a word", "报价", "", Request{To: "入围", Reason: " "}, "", "pipeline.reason_required"},
		{"back to where nothing is returned", "入围", "", Request{To: "机会", Reason: "重来"}, "", "pipeline.return_not_allowed"},
		{"where it stands", "入围", "", Request{To: "入围"}, "", "pipeline.same_stage"},
		{"to a stage of another pipeline", "入围", "", Request{To: "试用"}, "", "pipeline.stage_unknown"},
		{"from a stage that is gone", "试用", "", Request{To: "入围"}, "", "pipeline.stage_unknown"},
		{"won from the last stage", "报价", "", Request{To: "赢单"}, Win, ""},
		{"won over a stage that may not be skipped", "方案", "", Request{To: "赢单"}, "", "pipeline.skip_not_allowed"},
		{"won over it by exception is a win", "方案", "", Request{To: "赢单", Exception: "单一来源"}, Win, ""},
		{"lost from anywhere, whatever is missing", "入围", "", Request{To: "丢单"}, Lose, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tender().Gate(tt.from, tt.r, func(_, key string) string {
				if key == "score" {
					return tt.score
				}
				return ""
			})
			if got != tt.want || fault.CodeOf(err) != tt.code {
				t.Errorf("%q %v, want %q %q", got, err, tt.want, tt.code)
			}
		})
	}
}

// What is shown before somebody moves is what the gate says when he does.
func TestTheWaysAreWhatTheGateSays(t *testing.T) {
	v := tender()
	for _, from := range []string{"机会", "入围", "方案", "报价"} {
		for _, score := range []string{"", "submitted", "rejected", "accepted"} {
			done := func(_, key string) string {
				if key == "score" {
					return score
				}
				return ""
			}
			ways := v.Ways(from, done)
			_, at := v.Stage(from)
			if want := len(v.Stages) - at - 2; len(ways) != want { // all after it but the lost one
				t.Fatalf("from %s: %d ways, want %d", from, len(ways), want)
			}
			for _, w := range ways {
				move, err := v.Gate(from, Request{To: w.StageID}, done)
				free := len(w.Gaps)+len(w.Passed) == 0
				if free != (err == nil) || free && move != w.Move {
					t.Errorf("from %s to %s with %q: the way says %+v, the gate %q %v", from, w.StageID, score, w, move, err)
				}
				if f := fault.As(err); f != nil {
					if gaps, ok := f.Params["gaps"].([]Gap); !ok || gaps == nil || len(gaps) != len(w.Gaps) {
						t.Errorf("from %s to %s: the gate tells gaps %v, want a list of %d", from, w.StageID, f.Params["gaps"], len(w.Gaps))
					}
				}
			}
		}
	}
	if got := v.Ways("试用", func(_, _ string) string { return "" }); len(got) != 0 {
		t.Errorf("ways from a stage that is gone: %v", got)
	}
}
