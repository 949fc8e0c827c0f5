package funnel

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/pipeline"
)

func (s *Service) reached(
	ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int,
) (map[string]calendar.Date, error) {
	rows, err := q.source.Reached(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	youngest := map[string]calendar.Date{}
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok {
			continue
		}
		st := &r.Stages[i]
		if !x.Dated && st.Cohort != nil && x.Fate != "out" {
			st.Cohort.Undated += x.N
		}
		if !x.Dated && q.Windowed() {
			continue // in no cohort of the stage
		}
		if x.Fate != "out" {
			st.Reached += x.N
			if !x.Stayed && st.Kind == pipeline.Open {
				st.Skipped += x.N
			}
		}
		if st.Cohort == nil {
			continue
		}
		switch x.Fate {
		case "advanced":
			st.Cohort.Advanced += x.N
		case "lost":
			st.Cohort.Lost += x.N
		case "open":
			st.Cohort.Open += x.N
		default:
			st.Cohort.TakenOut += x.N
		}
		youngest[x.StageID] = max(youngest[x.StageID], x.Youngest)
	}
	return youngest, nil
}

// stayed is the lengths of stays in one stage: of those that ended in the window in calendar and
// in working days, of those of them that were left forward, and of those that go on.
type stayed struct {
	calendar, working, open         []Duration
	calendarForward, workingForward []Duration
	onTime                          int64
}

// lengths counts the stays of each stage, and of all that were left.
func (s *Service) lengths(
	ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int,
) ([]stayed, error) {
	rows, days, err := q.source.Stays(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	by := make([]stayed, len(r.Stages))
	for _, x := range rows {
		i, ok := at[x.StageID]
		if !ok || r.Stages[i].Dwell == nil {
			continue
		}
		d, l := r.Stages[i].Dwell, &by[i]
		if x.Move == string(pipeline.Return) && x.BeganWindow {
			r.Stages[i].Returns += x.N
		}
		switch {
		case !x.Known:
			d.Undated += x.N
		case !x.Ended:
			d.Open += x.N
			l.open = append(l.open, Duration{x.Working, x.N})
		case x.InWindow:
			l.working = append(l.working, Duration{x.Working, x.N})
			d.Left += x.N
			r.Flow.Left += x.N
			if x.Forward {
				l.workingForward = append(l.workingForward, Duration{x.Working, x.N})
			}
			if x.Forward && x.Working <= q.Pipeline.Stages[i].StandardDays {
				l.onTime += x.N
				r.Flow.OnTime += x.N
			}
		}
	}
	for _, x := range days {
		if i, ok := at[x.StageID]; ok {
			by[i].calendar = append(by[i].calendar, Duration{x.Days, x.N})
			if x.Forward {
				by[i].calendarForward = append(by[i].calendarForward, Duration{x.Days, x.N})
			}
		}
	}
	r.Flow.OnTimeBP = rate(r.Flow.OnTime, r.Flow.Left-r.Flow.OnTime)
	return by, nil
}

func (s *Service) dwell(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) error {
	by, err := s.lengths(ctx, tx, q, r, at)
	for i := range by {
		if d, l := r.Stages[i].Dwell, &by[i]; d != nil {
			d.Histogram = histogram(l.working, l.open)
			if len(l.working)+len(l.open) > 0 {
				d.Calendar, d.Working = Summarise(l.calendar), Summarise(l.working)
				d.ForwardCalendar, d.Forward = Summarise(l.calendarForward), Summarise(l.workingForward)
				d.SurvivalMedian = SurvivalMedian(l.working, l.open)
			}
			d.OnTimeBP = rate(l.onTime, d.Left-l.onTime)
		}
	}
	return err
}
