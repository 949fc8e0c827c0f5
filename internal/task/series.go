package task

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/timetable"
)

// Comes is the kind of the timetable's rows that make what comes again.
const Comes = "task.comes_again"

// Series is a task that comes again: whose the next will be, the last that was made, its day by the rule and the day it
// was due.
type Series struct {
	ID         string
	Rule       Repeat
	MemberID   string
	LastTaskID string
	LastDay    calendar.Date
	LastDueOn  calendar.Date
	Made       int
	EndedAt    *time.Time
}

type seriesRows interface {
	// Series is fault.NotFound where there is none.
	Series(ctx context.Context, tx database.Tx, tenant, id string) (Series, error)
	InsertSeries(ctx context.Context, tx database.Tx, tenant string, s Series) error
	// SaveSeries leaves whose the next is, which PassSeries alone writes: under a task's lock, not the series'.
	SaveSeries(ctx context.Context, tx database.Tx, tenant string, s Series) error
	// PassSeries makes the next another's, where a task is still the last and the next is a member's.
	PassSeries(ctx context.Context, tx database.Tx, tenant, id, last, from, to string) error
}

// Timetable is where what comes again stands; timetable.Service is one.
type Timetable interface {
	Add(ctx context.Context, tx database.Tx, r timetable.Row) (bool, error)
}

// comesAgain notes a new task of a series and has the next made.
func (s *Service) comesAgain(ctx context.Context, tx database.Tx, a org.Actor, t Task) error {
	if t.SeriesID == "" {
		return nil
	}
	of, err := s.noteSeries(ctx, tx, a.TenantID, t)
	if err != nil {
		return err
	}
	return s.schedule(ctx, tx, a, of)
}

// noteSeries writes a series' row for a new task of it.
func (s *Service) noteSeries(ctx context.Context, tx database.Tx, tenant string, t Task) (Series, error) {
	if t.Repeat != nil {
		of := Series{ID: t.SeriesID, Rule: *t.Repeat, MemberID: t.MemberID}
		of.made(t)
		return of, s.Rows.InsertSeries(ctx, tx, tenant, of)
	}
	of, err := s.Rows.Series(ctx, tx, tenant, t.SeriesID)
	if err != nil {
		return of, err
	}
	of.made(t)
	return of, s.Rows.SaveSeries(ctx, tx, tenant, of)
}

// made counts a new task of a series, which ends with the last of a number.
func (of *Series) made(t Task) {
	of.LastTaskID, of.LastDay, of.LastDueOn, of.Made = t.ID, t.SeriesDay, t.DueOn, of.Made+1
	if of.Rule.Count > 0 && of.Made >= of.Rule.Count {
		of.EndedAt = &t.CreatedAt
	}
}

// schedule has the next of a series made when the day the last was due is over: so it is seen coming, and there is one
// at a time. The key is the series and the day of the last, so each is made once.
func (s *Service) schedule(ctx context.Context, tx database.Tx, a org.Actor, of Series) error {
	if of.EndedAt != nil {
		return nil
	}
	_, err := s.Timetable.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: Comes, Key: fmt.Sprintf("%s %s", of.ID, of.LastDay),
		Due: of.LastDueOn.Add(1).In(a.Company.Zone()), Payload: json.RawMessage(fmt.Sprintf("%q", of.ID)), CreatedBy: a.Effective()})
	return err
}

// ComeAgain is the timetable's handler: it makes the next task of a series (timetable.Handler.Fire).
func (s *Service) ComeAgain(ctx context.Context, tx database.Tx, r timetable.Row) error {
	var id string
	if err := json.Unmarshal(r.Payload, &id); err != nil {
		return err
	}
	a, err := s.Job(ctx, tx, r.TenantID)
	if err != nil {
		return err
	}
	if err := record.Take(ctx, tx, r.TenantID, id); err != nil {
		return err
	}
	of, err := s.Rows.Series(ctx, tx, r.TenantID, id)
	if err != nil || of.EndedAt != nil || fmt.Sprintf("%s %s", of.ID, of.LastDay) != r.Key {
		return err
	}
	last, err := s.Rows.Get(ctx, tx, r.TenantID, of.LastTaskID)
	if err != nil {
		return err
	}
	list, err := s.withRecords(ctx, tx, a, []Task{last})
	if err != nil {
		return err
	}
	return s.makeNext(ctx, tx, a, of, list[0])
}

// makeNext makes the task after the last of a series. Where what it hangs on takes nothing new any more, the series ends.
func (s *Service) makeNext(ctx context.Context, tx database.Tx, a org.Actor, of Series, last Task) error {
	times, err := s.Times.Of(ctx, tx, a, of.MemberID)
	if err != nil {
		return err
	}
	at := works(a, times)
	day, due, more := of.Rule.Following(of.LastDay, of.LastDueOn, a.Today, at)
	if !more {
		return s.endSeries(ctx, tx, a, of, &last)
	}
	if err := s.Kinds.MayHang(ctx, tx, a, last.On); fault.As(err) != nil {
		return s.endSeries(ctx, tx, a, of, &last)
	} else if err != nil {
		return err
	}
	next := Task{ID: record.NewID(a.Now), What: last.What, MemberID: of.MemberID, DueOn: due, CreatedAt: a.Now, CreatedBy: last.CreatedBy,
		Version: 1, On: last.On, SeriesID: of.ID, SeriesDay: day}
	for _, p := range last.Parties {
		if p.Part != Was && p.MemberID != of.MemberID && !a.Structure.Gone(p.MemberID, a.Today) {
			next.Parties = append(next.Parties, Party{MemberID: p.MemberID, Part: p.Part})
		}
	}
	next.Long = next.isOrder() && isLong(a.Today, due, at)
	_, err = s.addNew(ctx, tx, a, next)
	return err
}

// endSeries ends a series, which its last task says.
func (s *Service) endSeries(ctx context.Context, tx database.Tx, a org.Actor, of Series, last *Task) error {
	of.EndedAt = &a.Now
	if err := s.Rows.SaveSeries(ctx, tx, a.TenantID, of); err != nil {
		return err
	}
	return s.happen(ctx, tx, a, last, step{"task.series_ended", seriesEnded{of.ID}, Fact{Kind: FactEnded}})
}

// EndSeries ends the series a task is of; what was made stays. Faults: task.no_series and those of mine.
func (s *Service) EndSeries(ctx context.Context, a org.Actor, id string) (Task, error) {
	return database.Write(ctx, s.DB, func(tx database.Tx) (Task, error) {
		t, err := s.mine(ctx, tx, a, id)
		if err != nil {
			return t, err
		}
		if t.SeriesID == "" {
			return t, cmp.Or(a.HasRead(t.Version), error(errNoSeries))
		}
		if err := record.Take(ctx, tx, a.TenantID, t.SeriesID, id); err != nil {
			return t, err
		}
		if t, err = s.mine(ctx, tx, a, id); err == nil {
			err = a.HasRead(t.Version)
		}
		if err != nil {
			return t, err
		}
		of, err := s.Rows.Series(ctx, tx, a.TenantID, t.SeriesID)
		if err == nil && of.EndedAt != nil {
			err = errNoSeries
		}
		if err != nil {
			return t, err
		}
		return t, s.endSeries(ctx, tx, a, of, &t)
	})
}

var errNoSeries = fault.New(fault.Conflict, "task.no_series", "it does not come again")

// SeriesOf is the series of a task, nil of one that does not come again or comes no more.
func (s *Service) SeriesOf(ctx context.Context, a org.Actor, t Task) (out *Series, err error) {
	if t.SeriesID == "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		of, err := s.Rows.Series(ctx, tx, a.TenantID, t.SeriesID)
		if err == nil && of.EndedAt == nil {
			out = &of
		}
		return err
	})
	return out, err
}

// passOn makes the next of a series another's, with the one that was made last.
func (s *Service) passOn(ctx context.Context, tx database.Tx, tenant string, t Task, to string) error {
	return s.passFrom(ctx, tx, tenant, t, t.MemberID, to)
}

// passFrom is passOn of a series whose next is a member's, whoever has the last.
func (s *Service) passFrom(ctx context.Context, tx database.Tx, tenant string, t Task, from, to string) error {
	if t.SeriesID == "" {
		return nil
	}
	return s.Rows.PassSeries(ctx, tx, tenant, t.SeriesID, t.ID, from, to)
}
