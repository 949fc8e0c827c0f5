// Package desk is what waits for a member (指挥台): signs that capabilities find, put together by the record
// they are of, weighed by one rule, cut at what a person can look after, and decided on one by one. It knows no
// capability: each is a Source, and a new one adds itself. What was decided is kept here; whether a line stands
// is computed when it is read.
package desk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/money"
	"yunchou/internal/record"
)

// Sign is one reason for which a record needs somebody.
type Sign struct {
	Kind string
	// Late tells that it comes before what is weighed: a promised day, or a key person, that is over.
	Late bool
	// Days are the working days it is over its limit, or has waited where it has none.
	Days  int
	Limit int           // working days; 0 is none
	On    calendar.Date // the day it is about, or since when it waits
	// Who and what it tells of: the screen's words are made of them.
	MemberID, ID, Name, Text string
	ToID                     string // of a person who follows another, where the reader sees him
	Count                    int64
	// Facts tell when it is another one, and do not change by a day that goes by.
	Facts []string
	// At is when an answer is due.
	At *time.Time
	// Aside tells more of a record, and is no reason for a line.
	Aside bool
	// Own waits for the reader himself, on whatever level he is.
	Own bool
	// Accept waits to be accepted, which no decision on the line does: who ends it says why.
	Accept bool
}

// Found is a sign of a record.
type Found struct {
	On record.Ref
	Sign
}

// Line is a record with all signs of it, as it stands on a desk.
type Line struct {
	On      record.Ref
	OwnerID string
	Name    string
	Signs   []Sign
	// WorthMinor is the amount in the company's currency at today's rate, nil where there is none.
	WorthMinor *int64
	// RateBP is the calibrated rate of its stage, by which the amount is weighed.
	RateBP int
	// Facts are what a decision was about.
	Facts Facts
	last  string // the reader's decision on it when it was read
	marks *Marks // what was decided on it, once that was looked up
	// Level is how far above its owner the reader is: 0 is the owner, 1 the lowest manager.
	Level int
}

// MostDays bounds what a line weighs: what nobody looked after for a year does not hide the rest.
const MostDays = 20

// Capped is how many working days over a limit count at most; 0 is no limit.
func Capped(limit int) int {
	if limit > 0 {
		return 2 * limit // as opportunity.Excess counts them
	}
	return MostDays
}

// SignAsked is a question of the reader's that waits for its answer; its id is the note's.
const SignAsked = "asked"

// Asks tells whether there is a reason for a line.
func Asks(signs []Sign) bool {
	return slices.ContainsFunc(signs, func(s Sign) bool { return !s.Aside })
}

// Own tells whether it waits for the reader himself.
func (l *Line) Own() bool { return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Own }) }

// asked tells whether a question of the reader's waits for its answer.
func (l *Line) asked(note string) bool {
	return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Kind == SignAsked && s.ID == note })
}

// accepts tells whether something of it waits to be accepted.
func (l *Line) accepts() bool {
	return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Accept })
}

// Late tells whether a line comes before what is weighed.
func (l *Line) Late() bool { return slices.ContainsFunc(l.Signs, func(s Sign) bool { return s.Late }) }

// Days are the most working days one of its signs is over, as they count.
func (l *Line) Days() (days int) {
	for _, s := range l.Signs {
		if s.Aside {
			continue
		}
		days = max(days, min(s.Days, Capped(s.Limit)))
	}
	return days
}

// Cost is what it weighs: the calibrated amount, in the company's currency, times the working days over.
func (l *Line) Cost() int64 {
	if l.WorthMinor == nil {
		return 0
	}
	return money.Weighted(*l.WorthMinor, l.RateBP) * int64(l.Days())
}

// Weight is what of a line the rule looks at.
type Weight struct {
	late        bool
	cost, worth int64 // in minor units; a worth of -1 is none
	days        int
	on          record.Ref
}

// Weight is what the rule looks at.
func (l *Line) Weight() Weight {
	w := Weight{late: l.Late(), cost: l.Cost(), worth: -1, days: l.Days(), on: l.On}
	if l.WorthMinor != nil {
		w.worth = *l.WorthMinor
	}
	return w
}

// Compare is the rule (优先规则), and the only place of it: promised days and key people first when late, the
// longest over in front of those of one weight; then what weighs most; then what is worth most, and what
// waited longest.
func (w Weight) Compare(o Weight) int {
	if w.late != o.late {
		if w.late {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(o.cost, w.cost), cmp.Compare(o.days, w.days), cmp.Compare(o.worth, w.worth),
		cmp.Compare(w.on.Kind, o.on.Kind), cmp.Compare(w.on.ID, o.on.ID))
}

// Before tells whether a line comes before every one that weighs so much, whichever it is.
func (w *Weight) Before(late bool, cost, worth int64, days int) bool {
	return w.Compare(Weight{late, cost, worth, days, w.on}) < 0
}

// Compare orders lines by the rule.
func Compare(a, b Line) int { return a.Weight().Compare(b.Weight()) }

// Facts are what a line says as numbers: a decision holds as long as nothing is among them that was not there.
type Facts []uint64

// FactsOf are the facts of signs and of whose the record is. A kind is part of each: a limit that is newly
// crossed is a new fact.
func FactsOf(owner string, signs []Sign) Facts {
	f := make(Facts, 0, len(signs)+1)
	if owner != "" {
		f = append(f, OwnerFact(owner))
	}
	for _, s := range signs {
		if s.Kind == SignAsked { // what waits is no news
			continue
		}
		f = append(f, Fact(s.Kind, s.Facts...))
	}
	slices.Sort(f)
	return slices.Compact(f)
}

// OwnerFact is the number of whose a record is.
func OwnerFact(owner string) uint64 { return Fact("owner", owner) }

// Fact is the number of a sign of a kind by what it says.
func Fact(kind string, facts ...string) uint64 {
	one := numbered(noFact, kind)
	for _, part := range facts {
		one = numbered(one, part)
	}
	return one
}

const noFact = 14695981039346656037 // where FNV-1a begins

// numbered adds a part, and its end, to a number of FNV-1a.
func numbered(h uint64, part string) uint64 {
	for n := range len(part) {
		h = (h ^ uint64(part[n])) * 1099511628211
	}
	return h * 1099511628211 // of a zero byte
}

// Within tells whether all facts were among others: some may be gone, none is new.
func (f Facts) Within(known Facts) bool {
	return !slices.ContainsFunc(f, func(one uint64) bool { return !slices.Contains(known, one) })
}

// Text is how facts are kept and sent.
func (f Facts) Text() string {
	parts := make([]string, len(f))
	for n, one := range f {
		parts[n] = strconv.FormatUint(one, 36)
	}
	return strings.Join(parts, " ")
}

// ParseFacts reads Text; what is none is left out.
func ParseFacts(text string) (f Facts) {
	for part := range strings.FieldsSeq(text) {
		if one, err := strconv.ParseUint(part, 36, 64); err == nil {
			f = append(f, one)
		}
	}
	return f
}
