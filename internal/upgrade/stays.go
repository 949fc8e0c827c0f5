package upgrade

import (
	"cmp"
)

// stays finds for each stay the entry that wrote it and the one that said it never was,
// and gives a closing its facts: today's closing those of the row, an earlier one what
// its entry says.
func (r *rebuilt) stays(o Opportunity) ([]StayFacts, error) {
	out := make([]StayFacts, len(o.Stays))
	at := map[string]int{}
	for i, s := range o.Stays {
		out[i].Ord, at[s.ID] = s.Ord, i
	}
	for _, e := range o.Entries {
		p, err := e.pay()
		if err != nil {
			return nil, err
		}
		switch e.Kind {
		case "opportunity.created", "opportunity.recorded":
			wrote(out, p, e.Seq)
		case "opportunity.stay_corrected":
			if k, ok := at[p.Voided]; ok {
				out[k].EndedSeq = e.Seq
			}
			if k, ok := at[p.StayID]; ok {
				out[k].Seq = e.Seq
			}
		case "opportunity.moved":
			if k, ok := moved(o.Stays, out, at, e, p); ok {
				out[k].Seq = e.Seq
			}
		case "opportunity.exception_seen":
			accepted(out, o.Stays, e.Seq)
		}
	}
	r.unwritten(out, o)
	return out, nil
}

// wrote marks the stays a record began with: those of its history, or the first alone.
func wrote(out []StayFacts, p payload, seq int64) {
	for i := range out {
		begun := i == 0
		for _, v := range p.Visits {
			begun = begun || v.Ord == out[i].Ord
		}
		if begun {
			out[i].Seq = seq
		}
	}
}

// moved finds the stay a move wrote: by its id, or where the entry does not name it (a
// change of pipeline, a remap) by the instant and the stage. A remap that left a record in
// its stage wrote none.
func moved(stays []Stay, out []StayFacts, at map[string]int, e Entry, p payload) (int, bool) {
	if k, ok := at[p.StayID]; ok {
		return k, true
	}
	for i, s := range stays {
		if out[i].Seq == 0 && s.RecordedAt == e.RecordedAt && s.StageID == p.To && s.VersionID == p.VersionID {
			return i, true
		}
	}
	return 0, false
}

// accepted marks the wins by exception a superior has seen by then.
func accepted(out []StayFacts, stays []Stay, seq int64) {
	for i, s := range stays {
		if s.Exception && s.State == "won" && out[i].Seq != 0 && out[i].AcceptedSeq == 0 {
			out[i].AcceptedSeq = seq
		}
	}
}

// unwritten gives the baseline to what no entry is known of, and ends the stays and values of
// an import that was taken back: they never were.
func (r *rebuilt) unwritten(out []StayFacts, o Opportunity) {
	for i, s := range o.Stays {
		out[i].Seq = cmp.Or(out[i].Seq, r.baseline)
		if s.Voided {
			out[i].EndedSeq = cmp.Or(out[i].EndedSeq, r.baseline)
		}
		out[i].EndedSeq = cmp.Or(out[i].EndedSeq, o.undone())
	}
	for i := range r.out {
		if v := &r.out[i]; int64(v.Seq) != o.undone() {
			v.EndedSeq = o.undone()
		}
	}
}

// undone is the entry that took a record of an import back, nought where none did.
func (o Opportunity) undone() int64 {
	if !o.Undone || !o.Deleted {
		return 0
	}
	seq := int64(0)
	for _, e := range o.Entries {
		if e.Kind == "opportunity.deleted" {
			seq = e.Seq
		}
	}
	return seq
}

// closings fills in the facts of the stays that close; amounts are those in force when each
// was written.
func (r *rebuilt) closings(o Opportunity, out []StayFacts) error {
	last := lastLive(o.Stays)
	said := map[string]payload{}
	for _, e := range o.Entries {
		if e.Kind == "opportunity.moved" {
			p, err := e.pay()
			if err != nil {
				return err
			}
			said[p.StayID] = p
		}
	}
	var before payload
	for i, s := range o.Stays {
		if s.State == "open" {
			continue
		}
		f := &out[i]
		p, ok := said[s.ID]
		if !ok && i > 0 && o.Stays[i-1].Voided && o.Stays[i-1].State == s.State {
			p = before // a corrected closing is the same closing
		}
		before = p
		f.LossKind, f.CompetitorID, f.ContractMinor = p.LossKind, p.CompetitorID, p.ContractMinor
		if s.State != "won" && !s.Exception {
			f.LossReason = s.Reason
		}
		amount := r.amountAt(s, f.Seq)
		f.AmountMinor, f.Currency = amount.minor(), cmp.Or(amount.text, o.Currency)
		if standsFor(o.Stays, i, last) {
			f.LossKind, f.CompetitorID, f.LossReason = o.LossKind, o.CompetitorID, o.LossReason
			f.ContractMinor, f.SignedOn = o.ContractMinor, o.SignedOn
		}
		if s.State == "lost" && f.LossKind == "" {
			f.LossKind = "unknown"
		}
		if s.State == "won" {
			f.LossKind, f.LossReason, f.CompetitorID = "", "", ""
			if f.ContractMinor == nil {
				f.ContractMinor = f.AmountMinor
			}
		} else {
			f.ContractMinor, f.SignedOn = nil, ""
		}
	}
	return nil
}

// standsFor tells whether a stay is the closing a record is in now, or was corrected into it.
func standsFor(stays []Stay, i, last int) bool {
	for i < last && stays[i].Voided && stays[i+1].State == stays[i].State {
		i++
	}
	return i == last
}

// lastLive is the stay a record is in, -1 where it has none.
func lastLive(stays []Stay) int {
	for i := len(stays) - 1; i >= 0; i-- {
		if !stays[i].Voided {
			return i
		}
	}
	return -1
}

// amountAt is the amount in force on a stay's day as known when it was written.
func (r *rebuilt) amountAt(s Stay, seq int64) stated {
	day := cmp.Or(s.EnteredOn, s.RecordedOn)
	var at Value
	for _, v := range r.out {
		if v.Field == "amount" && v.Day <= day && v.counts(seq) && v.after(at) {
			at = v
		}
	}
	out := number(at.Number)
	out.text = at.Text
	return out
}
