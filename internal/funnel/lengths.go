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

// stayed is the lengths of stays in one stage: of those that ended in the window and of those that go
// on in whole working days; of the former in calendar days and in quarters of an hour worked too.
type stayed struct {
	whole, open        []Duration
	calendar, quarters spans
	onTime             int64
}

// spans are lengths of stays that ended, and of those of them that were left forward.
type spans struct{ all, forward []Duration }

func (s *spans) add(x StaySpan) {
	s.all = append(s.all, Duration{x.Length, x.N})
	if x.Forward {
		s.forward = append(s.forward, Duration{x.Length, x.N})
	}
}

// lengths counts the stays of each stage, and of all that were left.
func (s *Service) lengths(
	ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int,
) ([]stayed, error) {
	stays, err := q.source.Stays(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	by := make([]stayed, len(r.Stages))
	for _, x := range stays.Lengths {
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
			l.whole = append(l.whole, Duration{x.Working, x.N})
			d.Left += x.N
			r.Flow.Left += x.N
			if x.Forward && x.Working <= q.Pipeline.Stages[i].StandardDays {
				l.onTime += x.N
				r.Flow.OnTime += x.N
			}
		}
	}
	for _, x := range stays.Days {
		if i, ok := at[x.StageID]; ok {
			by[i].calendar.add(x)
		}
	}
	for _, x := range stays.Worked {
		if i, ok := at[x.StageID]; ok {
			by[i].quarters.add(x)
		}
	}
	r.Flow.OnTimeBP = rate(r.Flow.OnTime, r.Flow.Left-r.Flow.OnTime)
	return by, nil
}

func (s *Service) dwell(ctx context.Context, tx database.Tx, q Query, r *Report, at map[string]int) error {
	by, err := s.lengths(ctx, tx, q, r, at)
	for i := range by {
		if d, l := r.Stages[i].Dwell, &by[i]; d != nil {
			d.Histogram = histogram(l.whole, l.open)
			if len(l.whole)+len(l.open) > 0 {
				d.Calendar, d.ForwardCalendar = Summarise(l.calendar.all), Summarise(l.calendar.forward)
				d.Working, d.Forward = Summarise(l.quarters.all).ofQuarters(), Summarise(l.quarters.forward).ofQuarters()
				d.SurvivalMedian = ofQuarters(SurvivalMedian(l.quarters.all, inQuarters(l.open)))
			}
			d.OnTimeBP = rate(l.onTime, d.Left-l.onTime)
		}
	}
	return err
}

// inQuarters is lengths in whole working days as quarters of an hour worked.
func inQuarters(days []Duration) []Duration {
	out := make([]Duration, len(days))
	for i, d := range days {
		out[i] = Duration{calendar.Quarters * d.Days, d.Count}
	}
	return out
}

// ofQuarters is quarters of an hour worked in working days.
func ofQuarters(quarters *float64) *float64 {
	if quarters == nil {
		return nil
	}
	days := *quarters / calendar.Quarters
	return &days
}

func (d Days) ofQuarters() Days {
	for _, v := range []**float64{&d.Mean, &d.Median, &d.P75, &d.P80, &d.P90} {
		*v = ofQuarters(*v)
	}
	return d
}
