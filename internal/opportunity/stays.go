package opportunity

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// history is what a change of stage is judged by: every stay, those that count, the
// record's version, and the evidence.
type history struct {
	all, counted []Stay
	version      pipeline.Version
	evidence     []Evidence
}

func (s *Service) historyOf(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity) (h history, err error) {
	if h.version, err = s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID); err != nil {
		return h, err
	}
	err = tx.Abreast(ctx,
		func(tx database.Tx) (err error) { h.all, err = s.Rows.Stays(ctx, tx, a.TenantID, o.ID); return },
		func(tx database.Tx) (err error) { h.evidence, err = s.Rows.Evidence(ctx, tx, a.TenantID, o.ID); return },
	)
	h.counted = live(h.all)
	return h, err
}

func (h history) last() Stay { return h.counted[len(h.counted)-1] }

// nextOrd leaves room for corrections between two stays.
func (h history) nextOrd() int64 { return h.all[len(h.all)-1].Ord/ordStep*ordStep + ordStep }

// with is the history once another stay follows.
func (h history) with(next Stay) history {
	h.counted = append(append([]Stay{}, h.counted...), next)
	return h
}

// without is the history once a stay never was.
func (h history) without(ord int64) history {
	counted := make([]Stay, 0, len(h.counted))
	for _, st := range h.counted {
		if st.Ord != ord {
			counted = append(counted, st)
		}
	}
	h.counted = counted
	return h
}

// never is the history of what never was.
func (h history) never() history {
	h.counted = nil
	return h
}

// Counted are the stays of a record that count, in order.
func (s *Service) Counted(ctx context.Context, tx database.Tx, a org.Actor, id string) ([]Stay, error) {
	all, err := s.Rows.Stays(ctx, tx, a.TenantID, id)
	return live(all), err
}

// tick derives a record's clocks from its history.
func (s *Service) tick(ctx context.Context, tx database.Tx, a org.Actor, h history, o *Opportunity) error {
	paths, err := s.paths(ctx, tx, a.TenantID, h)
	if err != nil {
		return err
	}
	p := progressOf(h.counted, paths, h.evidence, a.Today, a.Company.Zone(), s.Calendar(a.TenantID))
	p.tell(o)
	return nil
}

// paths are the paths of the versions a history has stays in. One version alone, which is
// most of the time, needs no other.
func (s *Service) paths(ctx context.Context, tx database.Tx, tenant string, h history) (map[string]pipeline.Path, error) {
	out := map[string]pipeline.Path{}
	versions := map[string][]pipeline.Version{} // by pipeline
	for _, st := range h.counted {
		if _, known := out[st.VersionID]; known {
			continue
		}
		v, err := s.Pipelines.Version(ctx, tx, tenant, st.VersionID)
		if err != nil {
			return nil, err
		}
		out[st.VersionID] = pipeline.NewPath(v, []pipeline.Version{v})
		versions[v.PipelineID] = append(versions[v.PipelineID], v)
	}
	for id, some := range versions {
		if len(some) == 1 {
			continue
		}
		all, err := s.Pipelines.Versions(ctx, tx, tenant, id)
		if err != nil {
			return nil, err
		}
		for _, v := range some {
			out[v.ID] = pipeline.NewPath(v, all)
		}
	}
	return out, nil
}

// closedFor lets what was said with a closing hold from its day, also where something else was
// in force by then or was written for a later day.
func (s *Service) closedFor(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, by entry) error {
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	lines, err := s.Rows.Lines(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	days := []calendar.Date{by.on}
	for _, v := range values {
		if v.Day > by.on && (v.Field == fieldAmount || v.Field == fieldLine) {
			days = append(days, v.Day)
		}
	}
	slices.Sort(days)
	amount := number(o.AmountMinor, o.Currency)
	for _, day := range slices.Compact(days) {
		should := amount.value(o.ID, fieldAmount, "", day, by.seq)
		write := record.Missing([]record.Value{should}, upTo(values, day))
		write = append(write, keyed(o.ID, fieldLine, linesByProduct(linesOn(values, day)), linesByProduct(lines), day, by.seq)...)
		if err := s.Values.Insert(ctx, tx, a.TenantID, write); err != nil {
			return err
		}
	}
	return nil
}

// upTo are the values of days until one.
func upTo(values []record.Value, day calendar.Date) (out []record.Value) {
	for _, v := range values {
		if v.Day <= day {
			out = append(out, v)
		}
	}
	return out
}

// worth gives a loss or withdrawal of an earlier day the amount that was in force then. Where
// nothing was stated by then it has none, in the currency that was stated first.
func (s *Service) worth(ctx context.Context, tx database.Tx, a org.Actor, id string, st *Stay) error {
	if st.State != Lost && st.State != Withdrawn || st.EnteredOn == "" || st.EnteredOn >= a.Today {
		return nil
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, id)
	if err != nil {
		return err
	}
	amount, stated := record.On(values, st.EnteredOn)[[2]string{fieldAmount, ""}]
	if !stated {
		first := slices.IndexFunc(values, func(v record.Value) bool { return v.Field == fieldAmount }) // by day
		if first < 0 {
			st.AmountMinor = nil
			return nil
		}
		amount.Text = values[first].Text
	}
	st.AmountMinor, st.Currency = amount.Number, amount.Text
	return nil
}
