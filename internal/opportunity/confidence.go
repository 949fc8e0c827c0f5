package opportunity

import (
	"cmp"
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// One rule of confidence: while a record is in a stage it moved to, its confidence is at most
// the stage's cap, on every day as known now. A move dated back, or put on another day, holds
// what was stated since to it too; so the column, which says how it is today, and the facts of
// today say the same. A remap and a change of pipeline move a record without its doing and
// leave its confidence.

// heldTo are the values it takes to hold a confidence to a cap from a day on, until another, ""
// is for ever.
func heldTo(cap int64, values []record.Value, from, until calendar.Date, seq database.Seq) (out []record.Value) {
	days := []calendar.Date{from}
	for _, v := range values {
		if v.Field == fieldConfidence && v.Day > from && (until == "" || v.Day < until) {
			days = append(days, v.Day)
		}
	}
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		v := record.On(values, day)[[2]string{fieldConfidence, ""}]
		if v.Number == nil || *v.Number <= cap {
			continue
		}
		v.Day, v.Seq, v.Number, v.Basis = day, seq, &cap, ""
		out = append(out, v)
	}
	return out
}

// capOf is what confidence a stay allows, false where it is one that does not ask.
func (s *Service) capOf(ctx context.Context, tx database.Tx, tenant string, st Stay) (int64, bool, error) {
	if st.State != Open || st.Move == pipeline.Create || st.Move == pipeline.Remap || st.Move == pipeline.Change {
		return 0, false, nil
	}
	v, err := s.Pipelines.Version(ctx, tx, tenant, st.VersionID)
	stage, _ := v.Stage(st.StageID)
	return int64(stage.ConfidenceCapBP), err == nil, err
}

// movedValues are the values a move writes, from its day on.
func (s *Service) movedValues(ctx context.Context, tx database.Tx, a org.Actor, was, o Opportunity, next Stay, seq database.Seq) ([]record.Value, error) {
	out := changed(was, o, next.EnteredOn, seq)
	if next.State != Open || next.EnteredOn >= a.Today {
		return out, nil
	}
	limit, asks, err := s.capOf(ctx, tx, a.TenantID, next)
	if err != nil || !asks {
		return out, err
	}
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return out, err
	}
	out = slices.DeleteFunc(out, func(v record.Value) bool { return v.Field == fieldConfidence })
	return append(out, heldTo(limit, values, next.EnteredOn, "", seq)...), nil
}

// cap holds a record's confidence to what a stage of a version allows.
func (o *Opportunity) cap(v pipeline.Version, stage string) {
	if st, _ := v.Stage(stage); o.ConfidenceBP != nil && *o.ConfidenceBP > int64(st.ConfidenceCapBP) {
		capped := int64(st.ConfidenceCapBP)
		o.ConfidenceBP = &capped
	}
}

// heldAgain holds a corrected record's confidence to the caps of its stays, as if each had been
// entered as it is known now, and has the columns of an open one say what its facts say of today.
func (s *Service) heldAgain(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, h history, seq database.Seq) error {
	values, err := s.Values.Of(ctx, tx, a.TenantID, o.ID)
	if err != nil {
		return err
	}
	stated, were := h.caps(values)
	var are []record.Value
	for i, st := range h.counted {
		limit, asks, err := s.capOf(ctx, tx, a.TenantID, st)
		if err != nil {
			return err
		}
		if !asks || st.Seq == h.all[0].Seq { // what another system knows keeps no such rule
			continue
		}
		more := heldTo(limit, stated, st.day(), h.until(i), seq)
		if h.until(i) == st.day() { // passed on one day, and perhaps said afterwards
			more = slices.DeleteFunc(more, func(record.Value) bool { return saidAfter(stated, st) })
		}
		are, stated = append(are, more...), inOrder(append(stated, more...))
	}
	if o.State == Open {
		now := record.On(stated, a.Today)
		amount := now[[2]string{fieldAmount, ""}]
		o.AmountMinor, o.Currency = amount.Number, cmp.Or(amount.Text, o.Currency)
		o.ConfidenceBP = now[[2]string{fieldConfidence, ""}].Number
	}
	if slices.EqualFunc(were, are, func(x, y record.Value) bool { return x.Day == y.Day && *x.Number == *y.Number }) {
		return nil
	}
	var written []database.Seq
	for _, v := range were {
		written = append(written, v.Seq)
	}
	slices.Sort(written)
	s.Values.EndField(tx, a.TenantID, o.ID, fieldConfidence, slices.Compact(written), seq)
	return s.Values.Insert(ctx, tx, a.TenantID, are)
}

// caps parts what was stated from what moves and corrections held to a cap.
func (h history) caps(values []record.Value) (stated, caps []record.Value) {
	by := map[database.Seq]bool{}
	for _, st := range h.all[1:] {
		by[st.Seq] = true
	}
	for _, st := range h.all {
		by[st.EndedSeq] = by[st.EndedSeq] || st.EndedSeq != 0
	}
	by[h.all[0].Seq] = false
	for _, v := range values {
		if v.Field == fieldConfidence && by[v.Seq] && v.Number != nil {
			caps = append(caps, v)
		} else {
			stated = append(stated, v)
		}
	}
	return stated, caps
}

// saidAfter tells whether a confidence was stated on the day of a stay and after it.
func saidAfter(values []record.Value, st Stay) bool {
	v := record.On(values, st.day())[[2]string{fieldConfidence, ""}]
	return v.Day == st.day() && st.Seq > 0 && v.Seq > st.Seq
}

// inOrder sorts values as they are read; of one day what was added last is last.
func inOrder(values []record.Value) []record.Value {
	slices.SortStableFunc(values, func(x, y record.Value) int {
		return cmp.Or(cmp.Compare(x.Field, y.Field), cmp.Compare(x.Key, y.Key), cmp.Compare(x.Day, y.Day))
	})
	return values
}

// until is the day the next stay counts from, "" for the last.
func (h history) until(i int) calendar.Date {
	if i+1 < len(h.counted) {
		return h.counted[i+1].day()
	}
	return ""
}
