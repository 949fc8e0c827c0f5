package upgrade

import (
	"cmp"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/record"
)

// rebuilt is one record on its way back from how it is.
type rebuilt struct {
	id       string
	first    calendar.Date // the day it was created, or first known of
	seq      int64         // of the entry that wrote it, or the baseline
	told     calendar.Date // the day that entry was written down
	baseline int64
	today    calendar.Date
	begun    map[string]stated // what the entry of the new record says
	out      []Value
}

func (r *rebuilt) emit(field, key string, day calendar.Date, seq int64, v stated, basis string) {
	out := v.value(r.id, field, key)
	out.Day, out.Seq, out.Basis = day, database.Seq(seq), basis
	r.out = append(r.out, Value{Value: out})
}

// basis is "carried" for what is known only from later than the record's first day.
func (r *rebuilt) basis() string {
	if r.first < r.told {
		return record.Carried
	}
	return ""
}

// begin writes the earliest known value from the record's first day on.
func (r *rebuilt) begin(field, key string, v stated) {
	if out := v.value("", field, key); out.Number != nil || out.Text != "" {
		r.emit(field, key, r.first, r.seq, v, r.basis())
	}
}

// unwind walks from how the fields are back through the entries, newest first: each change
// holds from its entry's day, and the earliest known value from the first day. Where the row
// says otherwise than its last entry, the row is right from the upgrade on.
func (r *rebuilt) unwind(now map[string]stated, entries []Entry, begun map[string]stated) error {
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		list, err := e.changes(now)
		if err != nil {
			return err
		}
		for _, c := range list {
			if now[c.field] != c.is {
				r.emit(c.field, "", r.today, r.baseline, now[c.field], "")
			}
			was := c.was
			if !c.wasKnown {
				if was, err = earlier(entries[:i], c.field, c.is, now); err != nil {
					return err
				}
			}
			if was != c.is {
				r.emit(c.field, "", e.On, e.by(), c.is, "")
			}
			now[c.field] = was
		}
	}
	for _, field := range sorted(now) {
		v := now[field]
		if was, ok := begun[field]; ok && was != v {
			r.emit(field, "", r.today, r.baseline, v, "")
			v = was
		}
		r.begin(field, "", v)
	}
	return nil
}

// earlier is what a field became before, by the newest entry that says so; is where none
// does.
func earlier(entries []Entry, field string, is stated, now map[string]stated) (stated, error) {
	for i := len(entries) - 1; i >= 0; i-- {
		list, err := entries[i].changes(now)
		if err != nil {
			return is, err
		}
		for _, c := range list {
			if c.field == field {
				return c.is, nil
			}
		}
	}
	return is, nil
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// redate moves what a corrected move wrote to its right day: those rows never were. Values
// of a new record hold from its first day, whatever its first stay was corrected to.
func (r *rebuilt) redate(o Opportunity, stays []StayFacts) {
	for i, wrong := range stays {
		if wrong.EndedSeq == 0 || wrong.Seq == r.seq || wrong.Seq == r.baseline {
			continue
		}
		for k, right := range stays {
			if right.Seq != wrong.EndedSeq || k <= i {
				continue
			}
			for j := range r.out {
				if v := &r.out[j]; int64(v.Seq) == wrong.Seq && v.EndedSeq == 0 {
					v.EndedSeq = right.Seq
					again := *v
					again.Day, again.Seq, again.EndedSeq = o.Stays[k].EnteredOn, database.Seq(right.Seq), 0
					r.out = append(r.out, again)
				}
			}
		}
	}
}

// settle makes sure that the rows give today what the record says today: a change that was
// dated back behind a later one would not.
func (r *rebuilt) settle(now map[string]stated) {
	for _, field := range sorted(now) {
		var at Value
		for _, v := range r.out {
			if v.Field == field && v.EndedSeq == 0 && v.after(at) {
				at = v
			}
		}
		want := now[field].value("", field, "")
		if at.Text != want.Text || number(at.Number) != number(want.Number) {
			r.emit(field, "", max(r.today, at.Day), r.baseline, now[field], "")
		}
	}
}

// lineState is the product lines behind an entry. Guessed lines are the earliest known
// carried back and shared out over the amount of then.
type lineState struct {
	day     calendar.Date
	seq     int64
	lines   []credit.Product
	known   bool
	guessed bool
	amount  *int64
}

// lines rebuilds product lines. Schema 5 wrote the lines where somebody set them, and not
// how a new amount was shared out over them, which followed one rule.
func (r *rebuilt) lines(o Opportunity, amount stated) error {
	states, err := r.lineStates(o, amount)
	if err != nil {
		return err
	}
	if last := &states[len(states)-1]; !last.known {
		last.lines, last.known = o.Lines, true
	} else if !sameLines(last.lines, o.Lines) {
		states = append(states, lineState{day: r.today, seq: r.baseline, lines: o.Lines, known: true})
	}
	for i := len(states) - 2; i >= 0; i-- {
		if s := &states[i]; !s.known {
			s.lines, s.guessed = reshare(states[i+1].lines, s.amount), true
		}
	}
	r.emitLines(states)
	return nil
}

// lineStates walks forward through what was written of amounts and lines.
func (r *rebuilt) lineStates(o Opportunity, amount stated) ([]lineState, error) {
	states := []lineState{{day: r.first, seq: r.seq, amount: firstAmount(o.Entries, amount)}}
	for _, e := range o.Entries {
		if e.Kind != "opportunity.changed" {
			continue
		}
		p, err := e.pay()
		if err != nil {
			return nil, err
		}
		last := states[len(states)-1]
		next := lineState{day: e.On, seq: e.by(), lines: last.lines, known: last.known, amount: last.amount}
		_, is, priced := pair[*int64](p.AmountMinor)
		if priced {
			next.amount = is
		}
		switch {
		case p.Lines != nil:
			next.lines, next.known = products(*p.Lines), true
		case priced && is != nil:
			next.lines = reshare(last.lines, is)
		default:
			continue
		}
		states = append(states, next)
	}
	return states, nil
}

// firstAmount is what the record was worth before its first change of amount.
func firstAmount(entries []Entry, now stated) *int64 {
	for _, e := range entries {
		if e.Kind != "opportunity.changed" {
			continue
		}
		if p, err := e.pay(); err == nil {
			if was, _, ok := pair[*int64](p.AmountMinor); ok {
				return was
			}
		}
	}
	return now.minor()
}

// reshare shares an amount over lines in their proportion, as the program did.
func reshare(lines []credit.Product, amount *int64) []credit.Product {
	if len(lines) == 0 || amount == nil {
		return nil
	}
	weights, some := make([]int64, len(lines)), false
	for i, l := range lines {
		weights[i] = max(0, l.Minor)
		some = some || weights[i] > 0
	}
	if !some {
		weights[0] = 1
	}
	out := slices.Clone(lines)
	for i, part := range money.Split(*amount, weights) {
		out[i].Minor = part
	}
	return out
}

// byProduct adds up lines of one product.
func byProduct(lines []credit.Product) map[string]int64 {
	out := map[string]int64{}
	for _, l := range lines {
		out[l.ProductLineID] += l.Minor
	}
	return out
}

func sameLines(a, b []credit.Product) bool {
	x, y := byProduct(a), byProduct(b)
	for k, v := range x {
		if w, ok := y[k]; !ok || w != v {
			return false
		}
	}
	return len(x) == len(y)
}

// emitLines writes what differs from state to state.
func (r *rebuilt) emitLines(states []lineState) {
	was := map[string]int64{}
	for i, s := range states {
		is := byProduct(s.lines)
		basis := ""
		if s.guessed {
			basis = record.Carried
		}
		if i == 0 {
			basis = cmp.Or(basis, r.basis())
		}
		for _, id := range sorted(is) {
			if old, ok := was[id]; !ok || old != is[id] {
				r.emit("line", id, s.day, s.seq, stated{number: is[id], known: true}, basis)
			}
		}
		for _, id := range sorted(was) {
			if _, ok := is[id]; !ok {
				r.emit("line", id, s.day, s.seq, stated{}, basis)
			}
		}
		was = is
	}
}

// shares rebuilds who would be credited: the first owner, then as was agreed by hand; an
// open record's whole share went along when it was handed over.
func (r *rebuilt) shares(o Opportunity) ([]shareState, error) {
	states := []shareState{{day: r.first, seq: r.seq, shares: whole(firstOwner(o))}}
	state := "open"
	for i, e := range o.Entries {
		last := states[len(states)-1].shares
		p, err := e.pay()
		if err != nil {
			return nil, err
		}
		next := last
		switch e.Kind {
		case "opportunity.created", "opportunity.recorded", "opportunity.moved":
			state = cmp.Or(p.State, state)
			if i == 0 && len(o.Entries) == 1 {
				state = o.State
			}
		case "opportunity.shares_set":
			if p.Shares != nil {
				next = shares(*p.Shares)
			}
		case "opportunity.handed_over":
			was, is, ok := pair[string](p.OwnerID)
			if ok && state == "open" && len(last) == 1 && last[0].MemberID == was {
				next = []credit.Share{{MemberID: is, Kind: last[0].Kind, BP: last[0].BP}}
			}
		}
		if !sameShares(last, next) {
			states = append(states, shareState{e.On, e.Seq, next})
		}
	}
	if !sameShares(states[len(states)-1].shares, o.Shares) {
		states = append(states, shareState{r.today, r.baseline, o.Shares})
	}
	r.emitShares(states)
	return states, nil
}

type shareState struct {
	day    calendar.Date
	seq    int64
	shares []credit.Share
}

func whole(member string) []credit.Share {
	if member == "" {
		return nil
	}
	return []credit.Share{{MemberID: member, Kind: credit.Direct, BP: 10000}}
}

func firstOwner(o Opportunity) string {
	if len(o.Owners) == 0 {
		return ""
	}
	return o.Owners[0].MemberID
}

func byMember(list []credit.Share) map[string]int64 {
	out := map[string]int64{}
	for _, s := range list {
		out[s.MemberID+":"+s.Kind] = s.BP
	}
	return out
}

func sameShares(a, b []credit.Share) bool {
	x, y := byMember(a), byMember(b)
	for k, v := range x {
		if y[k] != v {
			return false
		}
	}
	return len(x) == len(y)
}

// emitShares writes what differs from state to state.
func (r *rebuilt) emitShares(states []shareState) {
	was := map[string]int64{}
	for i, s := range states {
		is := byMember(s.shares)
		basis := ""
		if i == 0 {
			basis = r.basis()
		}
		for _, key := range sorted(is) {
			if is[key] != was[key] {
				r.emit("share", key, s.day, s.seq, stated{number: is[key], known: true}, basis)
			}
		}
		for _, key := range sorted(was) {
			if _, ok := is[key]; !ok {
				r.emit("share", key, s.day, s.seq, stated{}, basis)
			}
		}
		was = is
	}
}
