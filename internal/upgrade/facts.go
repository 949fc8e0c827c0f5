package upgrade

import (
	"cmp"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/money"
	"yunchou/internal/record"
)

// opportunity rebuilds one record's facts.
func (f *Facts) opportunity(c Company, o Opportunity) error {
	r, err := c.opportunity(o)
	if err != nil {
		return err
	}
	now := map[string]stated{"amount": priced(o.AmountMinor, o.Currency), "tax": tax(o.WithTax), "expected": {text: string(o.ExpectedOn)},
		"confidence": number(o.ConfidenceBP), "account": {text: o.AccountID}, "region": {text: o.Region}, "deleted": deleted(o.Deleted)}
	today := copied(now)
	if err := belong(o.Entries); err != nil {
		return err
	}
	if err := r.unwind(now, o.Entries, r.begun); err != nil {
		return err
	}
	if err := r.lines(o, today["amount"]); err != nil {
		return err
	}
	agreed, err := r.shares(o)
	if err != nil {
		return err
	}
	stays, err := r.stays(o)
	if err != nil {
		return err
	}
	r.redate(o, stays)
	if o.undone() == 0 {
		r.settle(today)
	}
	if err := r.closings(o, stays); err != nil {
		return err
	}
	lines := &crediting{r: r, o: o, facts: stays, shares: agreed, seat: c.Seat, newID: NewID}
	lines.run()
	f.Values = append(f.Values, r.out...)
	f.Stays[o.ID] = stays
	owners := r.owners(o.Owners, o.Entries)
	if followed := c.follow(o, owners, stays); len(followed) > len(owners) {
		owners = followed
		f.Teams[o.ID] = teamOn(followed, c.Today)
		f.Followed = append(f.Followed, o.ID)
	}
	for i := range owners {
		owners[i].EndedSeq = o.undone()
	}
	f.Owners[o.ID] = owners
	f.Credit = append(f.Credit, lines.out...)
	f.Lines = append(f.Lines, lines.patches...)
	if rate, ok := c.Rates[o.Currency]; ok && o.AmountMinor != nil && o.Currency != c.Currency {
		minor, err := money.Convert(*o.AmountMinor, o.Currency, c.Currency, rate)
		if err == nil { // beyond what can be held it is not ordered by amount
			f.Reporting[o.ID] = minor
		}
	}
	return nil
}

func copied(m map[string]stated) map[string]stated {
	out := make(map[string]stated, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// opportunity readies the way back: the first day of a record is the first that is known of
// it, its creation or the entering of a stage.
func (c Company) opportunity(o Opportunity) (*rebuilt, error) {
	r := &rebuilt{id: o.ID, seq: c.Baseline, baseline: c.Baseline, today: c.Today, told: c.Today, first: o.CreatedOn}
	written := calendar.Date("")
	for _, s := range o.Stays {
		r.first, written = earliest(r.first, s.EnteredOn), earliest(written, s.RecordedOn)
	}
	for _, e := range o.Entries {
		if e.Kind != "opportunity.created" && e.Kind != "opportunity.recorded" {
			continue
		}
		p, err := e.pay()
		if err != nil {
			return nil, err
		}
		r.seq, r.told, r.begun = e.Seq, c.Day(e.RecordedAt), p.begun()
		break
	}
	r.first = cmp.Or(r.first, written, r.told)
	return r, nil
}

// account rebuilds one account's facts.
func (f *Facts) account(c Company, a Account) error {
	r := &rebuilt{id: a.ID, seq: c.Baseline, baseline: c.Baseline, today: c.Today, told: c.Today, first: a.CreatedOn}
	for _, e := range a.Entries {
		if e.Kind != "account.created" {
			continue
		}
		p, err := e.pay()
		if err != nil {
			return err
		}
		r.seq, r.told = e.Seq, c.Day(e.RecordedAt)
		if p.BatchID == "" {
			r.first = earliest(r.first, e.On)
		}
		break
	}
	r.first = cmp.Or(r.first, record.Start) // an import does not say when it became one
	now := map[string]stated{"class": {text: a.Class}, "region": {text: a.Region}, "deleted": deleted(a.Deleted)}
	today := copied(now)
	if err := r.unwind(now, a.Entries, nil); err != nil {
		return err
	}
	r.settle(today)
	f.Values = append(f.Values, r.out...)
	f.Owners[a.ID] = r.owners(a.Owners, a.Entries)
	return nil
}

// owners finds the entries that wrote the intervals of whose a record is.
func (r *rebuilt) owners(list []Owner, entries []Entry) []OwnerFacts {
	out := make([]OwnerFacts, len(list))
	for i, w := range list {
		out[i] = OwnerFacts{Owner: w, Seq: r.baseline}
		if i == 0 {
			out[i].Seq = r.seq
			if w.From < r.told {
				out[i].Basis = record.Carried
			}
		}
		for _, e := range entries {
			if w.HandoverID == "" || e.Kind != "opportunity.handed_over" {
				continue
			}
			if p, err := e.pay(); err == nil && p.HandoverID == w.HandoverID {
				out[i].Seq = e.Seq
			}
		}
	}
	return out
}

// follow adds the intervals in which an open record's team followed its owner, who was
// transferred: schema 5 asked where he sat on the day, and wrote nothing down.
func (c Company) follow(o Opportunity, owners []OwnerFacts, stays []StayFacts) []OwnerFacts {
	var out []OwnerFacts
	for i, w := range owners {
		out = append(out, w)
		team := w.TeamID
		for _, t := range c.Transfers {
			next := calendar.Date("9999-12-31")
			if i+1 < len(owners) {
				next = owners[i+1].From
			}
			if t.MemberID != w.MemberID || t.Before != team || t.On >= next || t.On <= w.From && t.Seq <= w.Seq {
				continue
			}
			seq := max(t.Seq, w.Seq)
			if i+1 < len(owners) && seq > owners[i+1].Seq || !o.openAt(seq, stays) {
				continue
			}
			team = t.After
			add := OwnerFacts{Owner: Owner{MemberID: w.MemberID, TeamID: team, From: max(t.On, w.From)}, Seq: seq, Basis: record.Carried}
			out = append(out, add)
		}
	}
	for i := range out {
		out[i].Ord = int64(i + 1)
	}
	return out
}

// openAt tells whether a record was open and not deleted, as known at an entry.
func (o Opportunity) openAt(seq int64, stays []StayFacts) bool {
	state, gone := "", false
	for i, s := range stays {
		if s.Seq <= seq && (s.EndedSeq == 0 || s.EndedSeq > seq) {
			state = o.Stays[i].State
		}
	}
	for _, e := range o.Entries {
		if e.Seq <= seq && (e.Kind == "opportunity.deleted" || e.Kind == "opportunity.restored") {
			gone = e.Kind == "opportunity.deleted"
		}
	}
	return state == "open" && !gone
}

// teamOn is the team of the last interval begun by a day.
func teamOn(owners []OwnerFacts, day calendar.Date) (team string) {
	for _, w := range owners {
		if w.From <= day {
			team = w.TeamID
		}
	}
	return team
}

// NewID makes an id.
func NewID() string { return record.NewID(time.Time{}) }
