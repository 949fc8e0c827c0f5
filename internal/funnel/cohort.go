package funnel

import (
	"context"
	"sort"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// Cohorts is the triangle: of those who first reached a stage in a month, how many had
// reached another by the end of that month, of the next, and so on.
type Cohorts struct {
	AsOf     calendar.Date `json:"asOf"`
	StageID  string        `json:"stageId"`
	Stage    string        `json:"stage"`
	TargetID string        `json:"targetId"`
	Target   string        `json:"target"`
	Rows     []CohortRow   `json:"rows"`
	Undated  int64         `json:"undated" doc:"reached the stage on an unknown day: in no row"`
	Why      string        `json:"why,omitempty" doc:"why there is no figure: nothing_recorded"`
}

// CohortRow is one month's. Entered = advanced + lost + open.
type CohortRow struct {
	Month    string        `json:"month"`
	Entered  int64         `json:"entered"`
	Advanced int64         `json:"advanced"`
	Lost     int64         `json:"lost"`
	Open     int64         `json:"open"`
	TakenOut int64         `json:"takenOut"`
	Undated  int64         `json:"undated" doc:"reached the target on an unknown day: in no cell"`
	Cells    []CohortCount `json:"cells" doc:"by months since entry, from 0; as many as have begun"`
}

// CohortCount is how many had reached the target by the end of a month.
type CohortCount struct {
	Reached int64 `json:"reached"`
	BP      *int  `json:"bp"`
	Running bool  `json:"running" doc:"the month is not over"`
}

// Cohorts answers the triangle of the months in the window, or of the last twelve. The
// stage is the first of the path where none is named, the target the won stage. Faults:
// report.stage_unknown, report.target_before.
func (s *Service) Cohorts(ctx context.Context, a org.Actor, in Ask, stage, target string) (c Cohorts, err error) {
	if err := a.Need(org.ReportRead); err != nil {
		return c, err
	}
	in.Group = ""
	if in.From == "" {
		asOf := in.AsOf
		if asOf == "" {
			asOf = a.Today
		}
		if _, err := calendar.Parse(string(asOf)); err == nil {
			in.From = shift(calendar.Date(asOf.Month()+"-01"), -11)
		}
	}
	err = s.ask(ctx, a, in, func(tx database.Tx, q Query) error {
		c, err = s.cohorts(ctx, tx, q, stage, target)
		return err
	})
	return c, err
}

func (s *Service) cohorts(ctx context.Context, tx database.Tx, q Query, stage, target string) (Cohorts, error) {
	from, to, err := q.rungs(stage, target)
	if err != nil {
		return Cohorts{}, err
	}
	c := Cohorts{AsOf: q.AsOf, StageID: from.ID, Stage: from.Name, TargetID: to.ID, Target: to.Name, Rows: []CohortRow{}}
	if q.Known == NothingKnown {
		c.Why = NothingRecorded
		return c, nil
	}
	cells, err := q.source.Cohorts(ctx, tx, q, from.ID, to.ID)
	if err != nil {
		return c, err
	}
	rows, reached := map[string]*CohortRow{}, map[string][]int64{}
	for _, x := range cells {
		if x.Entered == "" {
			if x.Fate != "out" {
				c.Undated += x.N
			}
			continue
		}
		r := rows[x.Entered]
		if r == nil {
			r = &CohortRow{Month: x.Entered}
			rows[x.Entered], reached[x.Entered] = r, make([]int64, 1+monthsBetween(x.Entered, q.AsOf.Month()))
		}
		switch x.Fate {
		case "advanced":
			r.Advanced += x.N
			if x.Reached == "?" || x.Reached == "" {
				r.Undated += x.N
			} else {
				list := reached[x.Entered]
				list[min(max(0, monthsBetween(x.Entered, x.Reached)), len(list)-1)] += x.N
			}
		case "lost":
			r.Lost += x.N
		case "open":
			r.Open += x.N
		default:
			r.TakenOut += x.N
		}
	}
	for month, r := range rows {
		r.Entered = r.Advanced + r.Lost + r.Open
		var sum int64
		for k, n := range reached[month] {
			sum += n
			r.Cells = append(r.Cells, CohortCount{Reached: sum, BP: rate(sum, r.Entered-sum), Running: k == len(reached[month])-1})
		}
		c.Rows = append(c.Rows, *r)
	}
	sort.Slice(c.Rows, func(i, j int) bool { return c.Rows[i].Month < c.Rows[j].Month })
	return c, nil
}

// rungs finds the two stages of a triangle.
func (q Query) rungs(stage, target string) (from, to pipeline.Stage, err error) {
	if stage == "" {
		stage = q.Pipeline.Stages[0].ID
	}
	if target == "" {
		target = q.Pipeline.OfKind(pipeline.Won).ID
	}
	from, at := q.Pipeline.Stage(stage)
	to, end := q.Pipeline.Stage(target)
	switch {
	case at < 0 || from.Kind != pipeline.Open:
		return from, to, fault.Input("/stage", "report.stage_unknown", "an open stage of the pipeline")
	case end < 0 || to.Kind == pipeline.Lost:
		return from, to, fault.Input("/target", "report.stage_unknown", "an open stage of the pipeline, or the won one")
	case end <= at:
		return from, to, fault.Input("/target", "report.target_before", "the target comes after the stage")
	}
	return from, to, nil
}

// MonthAfter is the month some months after one; text that is no month stays as it is.
func MonthAfter(month string, n int) string {
	d, err := calendar.Parse(month + "-01")
	if err != nil {
		return month
	}
	return shift(d, n).Month()
}

// monthsBetween counts months from one to another, "2026-03" to "2026-05" is 2.
func monthsBetween(from, to string) int {
	f, t := calendar.Date(from+"-01").Time(), calendar.Date(to+"-01").Time()
	return (t.Year()-f.Year())*12 + int(t.Month()) - int(f.Month())
}
