package opportunity

import (
	"testing"

	"yunchou/internal/calendar"
	"yunchou/internal/pipeline"
)

// TestTheStayOfAPhase runs to Friday 2026-03-27; 机会 and 入围 are early, 方案 is middle,
// 报价 late.
func TestTheStayOfAPhase(t *testing.T) {
	phases := map[string]pipeline.Phase{"机会": pipeline.Early, "入围": pipeline.Early, "方案": pipeline.Middle, "报价": pipeline.Late, "赢单": pipeline.Late}
	const today = calendar.Date("2026-03-27")
	for _, tt := range []struct {
		name, path string
		phase      pipeline.Phase
		since      calendar.Date
		days       int
		atLeast    bool
	}{
		{"one stage", "机会 03-02", pipeline.Early, "2026-03-02", 19, false},
		{"two stages in a row", "机会 03-02, 入围 03-20", pipeline.Early, "2026-03-02", 19, false},
		{"the next phase begins it anew", "机会 03-02, 入围 03-09, 方案 03-20", pipeline.Middle, "2026-03-20", 5, false},
		{"a return into an earlier one too", "机会 03-02, 方案 03-09, 机会 03-16, 入围 03-20", pipeline.Early, "2026-03-16", 9, false},
		{"of an unknown day it is at least since it was written down", "机会 ?, 入围 03-25", pipeline.Early, "2026-03-20", 5, true},
		{"a stay of an unknown day in between is of the row", "机会 03-02, 入围 ?", pipeline.Early, "2026-03-02", 19, false},
		{"from the reopening on", "报价 03-02, 赢单 03-09, 报价 03-16", pipeline.Late, "2026-03-16", 9, false},
		{"entered on a day to come it is none yet", "机会 03-30", pipeline.Early, "2026-03-30", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := phaseStay(path(t, tt.path), func(s Stay) pipeline.Phase { return phases[s.StageID] }, today, calendar.China)
			if got == nil || got.Phase != tt.phase || got.Since != tt.since || got.WorkingDays != tt.days || got.AtLeast != tt.atLeast {
				t.Errorf("%+v, want %s since %s, %d days, at least %v", got, tt.phase, tt.since, tt.days, tt.atLeast)
			}
		})
	}
	if got := phaseStay(path(t, "报价 03-02, 赢单 03-09"), func(s Stay) pipeline.Phase { return phases[s.StageID] }, today, calendar.China); got != nil {
		t.Errorf("a won record stands in a phase: %+v", got)
	}
	long := phaseStay(path(t, "机会 03-02"), func(Stay) pipeline.Phase { return pipeline.Early }, "2028-02-01", calendar.China)
	if len(long.Uncertain) != 2 || long.Uncertain[1] != (calendar.YearStatus{Year: 2028, Status: calendar.Missing}) {
		t.Errorf("years that are not certain: %v", long.Uncertain)
	}
}
