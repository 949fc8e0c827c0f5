package opportunityimport

import (
	"slices"
	"strings"

	"yunchou/internal/intake"
	"yunchou/internal/intake/form"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/text"
)

// outcomes are the columns that say how a deal ended beside the one of its stage: another system's Status
// is Open, Won or Lost, and its Stage where the deal stood by then.
var outcomes = intake.Target{Name: "outcome", Holds: intake.Few, Columns: []string{"status", "deal status", "opportunity status", "商机状态", "项目状态", "状态",
	"结果", "result", "outcome", "销售结果", "输赢", "赢输", "成交状态", "最终结果", "项目结果", "跟进状态", "state", "won/lost", "投标结果", "中标结果", "商机结果", "当前状态"}}

// goingOn are words for a deal that has not ended.
var goingOn = []string{"open", "active", "in progress", "ongoing", "进行中", "进行", "跟进中", "跟进", "在跟", "未关闭", "未结束", "活动", "有效", "正常", "推进中", "洽谈中", "跟踪中", "跟踪",
	"在途", "在谈", "未成交", "未完成", "待定", "打开", "开启", "开放", "进展中", "offen", "en cours", "abierto", "abierta", "aberto"}

// endOf reads how a deal ended: won, lost or withdrawn, "" while it goes on; known is false of a text that
// says none of these.
func endOf(said string) (end string, known bool) {
	key := strings.ToLower(text.Simplified(text.Fold(said)))
	if form.Nothing(key) || slices.Contains(goingOn, key) {
		return "", true
	}
	end = pipelineimport.KindOf(said)
	return end, end != ""
}

// sayHowItEnded tells whether the texts of a column are all of how deals end or go on.
func sayHowItEnded(texts []string) bool {
	some := false
	for _, said := range texts {
		end, known := endOf(said)
		if !known || len(texts) > 12 {
			return false
		}
		some = some || end != "" || !form.Nothing(strings.ToLower(said))
	}
	return some
}

// suggestOutcome finds the column that says how deals ended beside the one of their stages; where the one
// taken for the stage says only that, another that is called like a stage is it.
func (i Importer) suggestOutcome(f *intake.FileSpec, s *intake.Sample) {
	stage, ok := f.Columns["stage"]
	if !ok {
		return
	}
	k := i.opportunities()
	if sayHowItEnded(s.Values(stage.Column)) {
		named, _ := k.Target("stage")
		for _, column := range s.Free(k, named) {
			if values := s.Values(column); len(values) > 0 && !sayHowItEnded(values) && s.TakeNamed(column) {
				f.Columns["outcome"], f.Columns["stage"] = stage, intake.Cell{Column: column}
				return
			}
		}
		return
	}
	for _, column := range s.Free(k, outcomes) {
		if sayHowItEnded(s.Values(column)) && s.TakeNamed(column) {
			f.Columns["outcome"] = intake.Cell{Column: column}
			return
		}
	}
}

// outcome is how a row says that its record ended, "" where it goes on or the row does not say.
func (d *Deals) outcome(x *intake.Row) string {
	said := x.Text("outcome")
	end, known := endOf(said)
	if !known {
		x.Issue("warning", "outcome", "import.outcome_unknown", "neither open nor an end: won, lost or withdrawn")
	}
	return end
}

// ended is the path of a record that another column than its stage says has ended: where it stood by then
// is known, from when on is not.
func (d *Deals) ended(x *intake.Row, v pipeline.Version, st pipeline.Stage, end string, h *opportunity.History, path []opportunity.Visit) []opportunity.Visit {
	last := opportunity.Visit{State: opportunity.State(end)}
	if end != string(opportunity.Withdrawn) {
		last.StageID = v.OfKind(pipeline.Kind(end)).ID
	}
	if last.On = d.closedOn(x, h, last.State); last.On == "" {
		x.Note("closedOn", "closed_undated", x.Text("outcome"), "")
	}
	if st.ID != "" && !slices.ContainsFunc(path, func(p opportunity.Visit) bool { return p.StageID == st.ID }) {
		path = append(path, opportunity.Visit{StageID: st.ID, State: opportunity.Open})
	}
	if end == string(opportunity.Lost) {
		h.LossKind = pipelineimport.LossOf(x.Text("outcome"))
	}
	if end == string(opportunity.Lost) && len(path) == 0 {
		x.Note("stage", "lost_stage_unknown", "", "")
	}
	return append(d.until(x, path, last.On), last)
}
